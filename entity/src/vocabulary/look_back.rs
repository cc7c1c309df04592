//! The words of looking back, and of where tasks come from.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// The life of a look-back round.
    LookBackStatus {
        /// Findings are being written; units see nothing of it.
        Open = "OPEN",
        /// Every item has its finding; units see those about themselves.
        Finished = "FINISHED",
    }
}

vocabulary! {
    /// What looking back found about a unit's part of a task.
    LookBackFinding {
        /// 已完成.
        Done = "DONE",
        /// 部分完成.
        PartlyDone = "PARTLY_DONE",
        /// 未完成.
        NotDone = "NOT_DONE",
        /// 虚报: reported as done, and it was not.
        DoneOnPaperOnly = "DONE_ON_PAPER_ONLY",
        /// 不再适用.
        NotApplicable = "NOT_APPLICABLE",
    }
}

vocabulary! {
    /// The life of a rectification.
    RectificationStatus {
        /// 待报措施: a problem was named.
        Opened = "OPENED",
        /// 整改中: the unit said what it will do.
        Planned = "PLANNED",
        /// 待复核: the unit says it is done.
        Reported = "REPORTED",
        /// 退回: looked at again, and not done.
        Returned = "RETURNED",
        /// 已销号.
        Closed = "CLOSED",
        /// 已撤销: opened by mistake.
        Cancelled = "CANCELLED",
    }
}

vocabulary! {
    /// How a task came out of another one.
    LineageKind {
        /// 结转: what was left open goes on in a later list of the same issuer.
        CarriedOver = "CARRIED_OVER",
        /// 分解: a unit's own list takes up a task of the list above.
        Derived = "DERIVED",
    }
}
