//! What comes after the issue of a list.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Whether a task is in force.
    TaskStatus {
        /// In force.
        Active = "ACTIVE",
        /// Taken back by an amendment.
        Withdrawn = "WITHDRAWN",
    }
}

vocabulary! {
    /// What a unit answers to an assignment.
    ResponseKind {
        /// 签收.
        Acknowledged = "ACKNOWLEDGED",
        /// 异议.
        Declined = "DECLINED",
    }
}

vocabulary! {
    /// What the office decides about an objection.
    ResponseDecision {
        /// 采纳: the assignment is withdrawn.
        Upheld = "UPHELD",
        /// 不予采纳.
        Rejected = "REJECTED",
    }
}

vocabulary! {
    /// What an amendment does.
    AmendmentChangeKind {
        /// 增加任务.
        AddTask = "ADD_TASK",
        /// 修改任务.
        ChangeTask = "CHANGE_TASK",
        /// 撤销任务.
        WithdrawTask = "WITHDRAW_TASK",
        /// 增加单位.
        AddAssignment = "ADD_ASSIGNMENT",
        /// 撤回单位.
        WithdrawAssignment = "WITHDRAW_ASSIGNMENT",
    }
}

vocabulary! {
    /// What became of a unit.
    UnitChangeKind {
        /// 更名.
        Renamed = "RENAMED",
        /// 合并.
        Merged = "MERGED",
        /// 拆分.
        Split = "SPLIT",
    }
}
