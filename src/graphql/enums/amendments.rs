//! Words of what comes after a list's issue.

use async_graphql::Enum;
use entity::vocabulary;

/// 任务状态。
/// Whether a task is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::TaskStatus")]
pub enum TaskStatus {
    /// 有效。
    /// In force.
    Active,
    /// 已撤销。
    /// Taken back by an amendment.
    Withdrawn,
}

/// 单位对任务的答复。
/// What a unit answers to an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ResponseKind")]
pub enum AssignmentResponseKind {
    /// 签收。
    /// Received.
    Acknowledged,
    /// 异议。
    /// Objected to.
    Declined,
}

/// 对异议的处理。
/// What the office decides about an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ResponseDecision")]
pub enum ObjectionDecision {
    /// 采纳，撤回该指派。
    /// The assignment is withdrawn.
    Upheld,
    /// 不予采纳。
    /// The assignment stays.
    Rejected,
}

/// 调整事项的种类。
/// What a change of an amendment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AmendmentChangeKind")]
pub enum AmendmentChangeKind {
    /// 增加任务。
    /// Adds a task.
    AddTask,
    /// 修改任务。
    /// Changes a task.
    ChangeTask,
    /// 撤销任务。
    /// Withdraws a task.
    WithdrawTask,
    /// 增加单位。
    /// Adds an assignment.
    AddAssignment,
    /// 撤回单位。
    /// Withdraws an assignment.
    WithdrawAssignment,
}

/// 单位变动的种类。
/// What became of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::UnitChangeKind")]
pub enum UnitChangeKind {
    /// 更名。
    /// Got another name.
    Renamed,
    /// 合并。
    /// Became part of another.
    Merged,
    /// 拆分。
    /// Gave parts to another.
    Split,
}

/// 对照的内容项。
/// The text that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::domain::amendment::Field")]
pub enum RedlineField {
    /// 任务名称。
    /// The title.
    Title,
    /// 具体要求。
    /// The requirement.
    Requirement,
    /// 牵头单位原文。
    /// The lead units as printed.
    LeadText,
    /// 责任单位原文。
    /// The responsible units as printed.
    ResponsibilityText,
    /// 时限。
    /// The deadline and the further ones.
    Deadline,
    /// 指派的单位。
    /// The unit of an assignment.
    Assignment,
}
