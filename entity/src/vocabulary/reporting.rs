//! Periods, reports and what is decided about them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// How a reporting period counts.
    PeriodKind {
        /// 1–X月: from January on.
        Cumulative = "CUMULATIVE",
        /// A span of its own.
        Plain = "PLAIN",
    }
}

vocabulary! {
    /// Whether reports are taken for a period.
    PeriodStatus {
        /// Reports are taken.
        Open = "OPEN",
        /// Closed; the roll-up is frozen.
        Closed = "CLOSED",
    }
}

vocabulary! {
    /// The life of a progress report.
    ReportStatus {
        /// Being written.
        Draft = "DRAFT",
        /// 待签发: handed in, waits for the unit's own approver.
        Signing = "SIGNING",
        /// Handed to the office.
        Submitted = "SUBMITTED",
        /// 退回: to be mended by the unit.
        Returned = "RETURNED",
        /// 通过.
        Accepted = "ACCEPTED",
    }
}

vocabulary! {
    /// How far the work is.
    Completion {
        /// 未启动.
        NotStarted = "NOT_STARTED",
        /// 有限进展.
        Limited = "LIMITED",
        /// 基本完成.
        Substantial = "SUBSTANTIAL",
        /// 已完成.
        Completed = "COMPLETED",
        /// 本期无新增情况.
        NothingToReport = "NOTHING_TO_REPORT",
        /// 不适用, with a reason in the narrative.
        NotApplicable = "NOT_APPLICABLE",
    }
}

vocabulary! {
    /// What the office decided.
    ReviewDecision {
        /// 通过.
        Accepted = "ACCEPTED",
        /// 退回.
        Returned = "RETURNED",
    }
}

vocabulary! {
    /// What an approver decided inside the unit.
    SignatureDecision {
        /// 签发: it goes to the office.
        Signed = "SIGNED",
        /// 退回填报人: to be mended first.
        SentBack = "SENT_BACK",
    }
}

vocabulary! {
    /// What a piece of evidence is.
    EvidenceKind {
        /// A web page.
        Link = "LINK",
        /// 文号.
        DocumentNumber = "DOCUMENT_NUMBER",
        /// A file that was brought in.
        File = "FILE",
    }
}

vocabulary! {
    /// How often a schedule opens a period.
    ScheduleEvery {
        /// 每月.
        Month = "MONTH",
        /// 每季度.
        Quarter = "QUARTER",
        /// 每半年.
        HalfYear = "HALF_YEAR",
    }
}

vocabulary! {
    /// Why the sums of a period were frozen.
    FreezeCause {
        /// The period was closed.
        Closing = "CLOSING",
        /// A report was accepted while the period was reopened for its unit.
        Reopening = "REOPENING",
    }
}

vocabulary! {
    /// What became of a request for more time.
    ExtensionStatus {
        /// 待批.
        Pending = "PENDING",
        /// 同意.
        Granted = "GRANTED",
        /// 不同意.
        Refused = "REFUSED",
        /// Taken back by the unit.
        Withdrawn = "WITHDRAWN",
    }
}
