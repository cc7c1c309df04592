//! The closed word lists as GraphQL enums.

mod administration;
mod amendments;
mod files;
mod imports;
mod look_back;
mod notices;
mod periods;
mod publishing;
mod signing;
mod status;

pub use administration::{Realm, RoleGrantRequestStatus};
pub use amendments::{
    AmendmentChangeKind, AssignmentResponseKind, ObjectionDecision, RedlineField, TaskStatus, UnitChangeKind,
};
pub use files::{ExportFormat, ExportStatus, ExportView, FilePurpose, PeriodChartGrouping, PeriodChartKind};
pub use imports::{ImportQuestionKind, ImportQuestionStatus};
pub use look_back::{LineageKind, LookBackFinding, LookBackStatus, RecheckDecision, RectificationStatus};
pub use notices::{NotificationKind, UrgeGrade};
pub use periods::{ExtensionDecision, ExtensionStatus, FreezeCause, ScheduleEvery};
pub use publishing::{
    PersonalDataKind, PublicationAct, PublicationDecision, PublicationField, PublicationFigureName, PublicationKind,
    PublicationReviewStep, PublicationStatus,
};
pub use status::{ReportDueState, ReportingStatusGrouping};

pub use signing::{EvidenceKind, RevisionField, SignatureDecision, TextChange};

use async_graphql::Enum;
use entity::vocabulary;

/// 授权角色：与单位一起构成一项授权。
/// What a grant allows, together with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::Role")]
pub enum Role {
    /// 政务公开办：查看并推进本级及以下发出的清单。
    /// The office: sees and steers lists issued at or below its unit.
    Office,
    /// 填报人：填写本单位的落实情况。
    /// Writes the reports of the unit.
    Reporter,
    /// 审签人：签批本单位的报告。
    /// Signs the reports of the unit.
    Approver,
    /// 督查、第三方评估：只读。
    /// Reads a subtree or named lists, writes nothing.
    Inspector,
    /// 系统管理员：管理单位、用户和密钥，不看业务数据。
    /// Keeps units, users and keys; sees no business data.
    SystemAdmin,
    /// 安全管理员：管理授权，不看业务数据。
    /// Keeps grants and policies; sees no business data.
    SecurityAdmin,
    /// 审计管理员：查看审计记录，不看业务数据。
    /// Keeps the audit trail; sees no business data.
    AuditAdmin,
    /// 对接系统的服务账号。
    /// A service account of another system.
    Integration,
}

/// 用户类别。
/// What a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::UserKind")]
pub enum UserKind {
    /// 自然人。
    /// A person.
    Person,
    /// 服务账号。
    /// A service account.
    Service,
}

/// 单位组在印发时如何展开。
/// How a group becomes units when a list is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::GroupExpansion")]
pub enum GroupExpansion {
    /// 全部成员。
    /// All members.
    Members,
    /// 除牵头单位外的成员（如“其他股室”）。
    /// Members without the leads of the task.
    ExceptLeads,
}

/// 清单状态。
/// The state of a task list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::TaskListStatus")]
pub enum TaskListStatus {
    /// 草稿，仅政务公开办可见。
    /// Being written; only the office sees it.
    Draft,
    /// 已印发，执行中。
    /// In force.
    Issued,
    /// 已办结。
    /// The year is over.
    Closed,
    /// 已归档。
    /// Put away.
    Archived,
}

/// 单位在任务中的角色。
/// What a unit is to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentRole")]
pub enum AssignmentRole {
    /// 牵头。
    /// Leads.
    Lead,
    /// 责任。
    /// Is responsible.
    Responsible,
    /// 配合。
    /// Supports.
    Support,
}

/// 指派的对象类型。
/// What an assignment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentTarget")]
pub enum AssignmentTarget {
    /// 一个单位。
    /// One unit.
    Unit,
    /// 一个单位组。
    /// A group of units.
    Group,
    /// 泛指（如“等相关部门”）。
    /// Nobody in particular.
    Open,
}

/// 指派状态。
/// Whether an assignment is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentStatus")]
pub enum AssignmentStatus {
    /// 有效。
    /// In force.
    Active,
    /// 已撤回。
    /// Withdrawn.
    Withdrawn,
}

/// 时限类型。
/// The kinds of deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::DeadlineKind")]
pub enum DeadlineKind {
    /// 具体日期。
    /// A day.
    FixedDate,
    /// 月底。
    /// The end of a month.
    MonthEnd,
    /// 全年。
    /// All year.
    AllYear,
    /// 持续推进。
    /// Ongoing.
    Ongoing,
    /// 自某事件起若干日。
    /// So many days after an event.
    Relative,
    /// 定期、至少若干次。
    /// At least so many times per span.
    Recurring,
    /// 某一时段内。
    /// Between two days.
    Window,
    /// 未写明。
    /// Nothing printed.
    None,
}

/// 时限出处。
/// Where a deadline was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::DeadlineSource")]
pub enum DeadlineSource {
    /// 时限栏。
    /// In the deadline column.
    Column,
    /// 任务正文。
    /// In the text of the task.
    Text,
}

/// 报告期类型。
/// How a reporting period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PeriodKind")]
pub enum PeriodKind {
    /// 累计（1–X月）。
    /// From January on.
    Cumulative,
    /// 单独时段。
    /// A span of its own.
    Plain,
}

/// 报告期状态。
/// Whether reports are taken for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PeriodStatus")]
pub enum PeriodStatus {
    /// 开放填报。
    /// Reports are taken.
    Open,
    /// 已关闭。
    /// Closed.
    Closed,
}

/// 报告状态。
/// The state of a progress report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ReportStatus")]
pub enum ReportStatus {
    /// 草稿。
    /// Being written.
    Draft,
    /// 已提交，待本单位审签人签发。
    /// Handed in, waiting for the unit's own approver.
    Signing,
    /// 已提交，待审核。
    /// Handed in, waiting for a decision.
    Submitted,
    /// 已退回。
    /// Returned to be mended.
    Returned,
    /// 已通过。
    /// Accepted.
    Accepted,
}

/// 完成程度。
/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::Completion")]
pub enum Completion {
    /// 未启动。
    /// Not started.
    NotStarted,
    /// 有一定进展。
    /// Some progress.
    Limited,
    /// 基本完成。
    /// Substantially done.
    Substantial,
    /// 已完成。
    /// Completed.
    Completed,
    /// 本期无新增情况。
    /// Nothing to report this time.
    NothingToReport,
    /// 不适用，须在落实情况中写明理由。
    /// Not applicable; the narrative says why.
    NotApplicable,
}

/// 审核结论。
/// What the office decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ReviewDecision")]
pub enum ReviewDecision {
    /// 通过。
    /// Accepted.
    Accepted,
    /// 退回。
    /// Returned.
    Returned,
}
