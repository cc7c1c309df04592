//! The words of publishing.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What is published.
    PublicationKind {
        /// The list as issued.
        List = "LIST",
        /// The accepted reports of a closed period.
        Progress = "PROGRESS",
        /// The sums of a closed period, from accepted reports.
        AnnualReport = "ANNUAL_REPORT",
    }
}

vocabulary! {
    /// The life of a publication (先审后发).
    PublicationStatus {
        /// Prepared; its text may still be redacted.
        Draft = "DRAFT",
        /// 内容审核 passed.
        ContentReviewed = "CONTENT_REVIEWED",
        /// 保密审查 passed.
        SecrecyReviewed = "SECRECY_REVIEWED",
        /// 签发.
        Approved = "APPROVED",
        /// Anybody may read it.
        Published = "PUBLISHED",
        /// Nobody outside reads it any more.
        Withdrawn = "WITHDRAWN",
    }
}

vocabulary! {
    /// What was done to a publication.
    PublicationAct {
        /// The snapshot was taken.
        Preparation = "PREPARATION",
        /// Text of the snapshot was replaced.
        Redaction = "REDACTION",
        /// 内容审核.
        ContentReview = "CONTENT_REVIEW",
        /// 保密审查.
        SecrecyReview = "SECRECY_REVIEW",
        /// 签发.
        Approval = "APPROVAL",
        /// It was put before the public.
        Publishing = "PUBLISHING",
        /// It was taken back.
        Withdrawal = "WITHDRAWAL",
    }
}

vocabulary! {
    /// What a reviewer of a publication decided.
    PublicationDecision {
        /// 通过.
        Passed = "PASSED",
        /// 退回: it is a draft again.
        Returned = "RETURNED",
    }
}

vocabulary! {
    /// What a detector takes something for.
    PersonalDataKind {
        /// A telephone number, mobile or not.
        Phone = "PHONE",
        /// An identity number.
        IdCard = "ID_CARD",
        /// The number of a bank card.
        BankCard = "BANK_CARD",
        /// A mail address.
        Email = "EMAIL",
    }
}

vocabulary! {
    /// A text of a publication.
    PublicationField {
        /// Its own title.
        Title = "TITLE",
        /// The title of the list.
        ListTitle = "LIST_TITLE",
        /// The document number of the list.
        DocumentNumber = "DOCUMENT_NUMBER",
        /// Who issues it.
        Issuer = "ISSUER",
        /// The name of the period.
        Period = "PERIOD",
        /// A section, its label or title.
        Section = "SECTION",
        /// The number of a task.
        TaskNumber = "TASK_NUMBER",
        /// The title of a task.
        TaskTitle = "TASK_TITLE",
        /// The requirement of a task.
        Requirement = "REQUIREMENT",
        /// The units of a task, or of a sum.
        Units = "UNITS",
        /// The deadline as printed.
        Deadline = "DEADLINE",
        /// 落实情况.
        Narrative = "NARRATIVE",
        /// The paragraph of sums.
        Paragraph = "PARAGRAPH",
    }
}
