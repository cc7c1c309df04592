//! Assignments and deadlines.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::{assignment, deadline, task, unit, unit_group};

use super::assignment_response::AssignmentResponse;
use super::directory::{Unit, UnitGroup};
use super::object_of_row;
use super::report::ProgressReport;
use super::task::Task;
use crate::domain::rule;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{AssignmentRole, AssignmentTarget, DeadlineKind, DeadlineSource};
use crate::graphql::filter::{AssignmentRoleFilter, AssignmentTargetFilter, IdFilter, filter_input, order_input};
use crate::graphql::loader::{AddedSince, LatestReportOf, ResponseTo};
use crate::graphql::page::connection;
use crate::graphql::scalar::Date;
use crate::id::Kind;
use crate::store::query::lists;

object_of_row! {
    /// An assignment.
    Assignment, assignment::Model
}
object_of_row! {
    /// A deadline.
    Deadline, deadline::Model
}

connection! {
    /// 指派的分页列表。
    /// A page of assignments.
    AssignmentConnection,
    /// 指派及其游标。
    /// An assignment with its cursor.
    AssignmentEdge, Assignment, assignment::Model
}
connection! {
    /// 时限的分页列表。
    /// A page of deadlines.
    DeadlineConnection,
    /// 时限及其游标。
    /// A deadline with its cursor.
    DeadlineEdge, Deadline, deadline::Model
}

filter_input! {
    /// 指派筛选。
    /// Which assignments.
    AssignmentFilter => lists::AssignmentLeaf {
        /// 角色。
        /// The role.
        role: AssignmentRoleFilter => |v| v.into(),
        /// 对象类型。
        /// What it names.
        target: AssignmentTargetFilter => |v| v.into(),
        /// 单位。
        /// The unit.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
    }
}

order_input! {
    /// 指派排序。
    /// In which order assignments come.
    AssignmentOrder,
    /// 指派排序依据。
    /// By what assignments are ordered.
    AssignmentOrderField => lists::AssignmentOrder, default Position {
        /// 印发顺序，展开的组员在后。
        /// As printed; units expanded from groups follow.
        Position,
        /// 名称。
        /// By name.
        Name,
    }
}

/// 指派：某单位、单位组或泛指对象在任务中的角色。
/// What a unit, a group or nobody in particular is to a task.
#[Object]
impl Assignment {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Assignment, self.0.id)
    }

    /// 角色。
    /// The role.
    async fn role(&self) -> AssignmentRole {
        self.0.role.into()
    }

    /// 对象类型。
    /// What it names.
    async fn target(&self) -> AssignmentTarget {
        self.0.target.into()
    }

    /// 印发的名称。
    /// The name as printed.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 职责范围说明，如“负责市政府规章”。
    /// The part it is assigned for, as printed in brackets.
    async fn scope_note(&self) -> Option<&str> {
        self.0.scope_note.as_deref()
    }

    /// 单位；未能对应名录时为空。
    /// The unit; null while the name is not resolved.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        match self.0.unit_id {
            Some(key) => Ok(context::of(ctx)?.row::<unit::Entity>(key).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 单位组。
    /// The group.
    async fn unit_group(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<UnitGroup>> {
        match self.0.unit_group_id {
            Some(key) => Ok(context::of(ctx)?.row::<unit_group::Entity>(key).await?.map(UnitGroup::from)),
            None => Ok(None),
        }
    }

    /// 由哪一项单位组指派展开而来。
    /// The group assignment it was expanded from when the list was issued.
    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        match self.0.source_assignment_id {
            Some(key) => Ok(context::of(ctx)?.row::<assignment::Entity>(key).await?.map(Assignment::from)),
            None => Ok(None),
        }
    }

    /// 任务。
    /// The task.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 最近一个报告期的报告；不可见时为空。
    /// The report of the latest period; null when there is none or it is invisible.
    async fn latest_report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        Ok(context::of(ctx)?.load(LatestReportOf(self.0.id)).await?.map(ProgressReport::from))
    }

    /// 单位的签收或异议；未答复或不可见时为空。
    /// What the unit answered; null while it did not, or when invisible.
    async fn response(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AssignmentResponse>> {
        Ok(context::of(ctx)?.load(ResponseTo(self.0.id)).await?.map(AssignmentResponse::from))
    }

    /// 印发后加入该单位组、尚未承担本任务的单位。
    /// The units that joined the group after the issue and are not on the task.
    async fn added_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Unit>> {
        if self.0.unit_group_id.is_none() {
            return Ok(Vec::new());
        }
        let units = context::of(ctx)?.load(AddedSince(self.0.id)).await?.unwrap_or_default();
        Ok(units.into_iter().map(Unit::from).collect())
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// 时限：印发原文与可推算的内容。
/// A deadline: the text as printed and what was understood from it.
#[Object]
impl Deadline {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Deadline, self.0.id)
    }

    /// 类型。
    /// The kind.
    async fn kind(&self) -> DeadlineKind {
        self.0.kind.into()
    }

    /// 印发原文。
    /// The text as printed.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// 可推算的截止日期。
    /// The last day, where one can be computed.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// 时段的起始日期。
    /// The first day of a window.
    async fn from_on(&self) -> Option<Date> {
        self.0.from_on.map(Date)
    }

    /// 出处；补录的时限为空。
    /// Where it was printed; null when it was added by hand.
    async fn source(&self) -> Option<DeadlineSource> {
        self.0.source.map(Into::into)
    }

    /// 相对或周期规则的文字，如“收到申请后 20 个工作日”。
    /// The rule of a relative or recurring deadline.
    async fn rule(&self) -> Option<DeadlineRule> {
        let rule: crate::domain::rule::Rule = serde_json::from_value(self.0.rule.clone()?).ok()?;
        Some(rule.into())
    }

    /// 是否已过期。
    /// Whether the day has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(crate::domain::deadline::is_overdue(self.0.due_on, context::of(ctx)?.today))
    }

    /// 剩余天数，负数为已超期。
    /// Days left, negative when past.
    async fn days_left(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let left = crate::domain::deadline::days_left(self.0.due_on, context::of(ctx)?.today);
        Ok(left.and_then(|days| i32::try_from(days).ok()))
    }
}

/// 时限规则：相对某事件，或定期若干次。
/// The rule of a deadline without a day of its own: so long after an event, or so often per span.
#[derive(SimpleObject)]
pub struct DeadlineRule {
    /// 起算事件，如“收到申请”。
    /// The event that starts the clock, as printed.
    event: Option<String>,
    /// 事件后的数量，负数为之前。
    /// How much after the event; negative means before it.
    offset: Option<i32>,
    /// 数量的单位。
    /// What the offset counts.
    unit: Option<DeadlineUnit>,
    /// 适用条件。
    /// Under which condition the deadline holds.
    condition: Option<String>,
    /// 周期，如 year、month、2 weeks。
    /// The spans of a recurring deadline, such as year, month or 2 weeks.
    every: Vec<String>,
    /// 每个周期至少几次。
    /// How often per span at least.
    min_times: Option<i32>,
    /// 未能细分的文字。
    /// Words that say no more.
    words: Option<String>,
}

/// 相对时限的计量单位。
/// What a relative deadline counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::OffsetUnit")]
pub enum DeadlineUnit {
    /// 自然日。
    /// Calendar days.
    Day,
    /// 工作日。
    /// Working days.
    Workday,
    /// 月。
    /// Calendar months.
    Month,
}

impl From<rule::Rule> for DeadlineRule {
    fn from(rule: rule::Rule) -> Self {
        let empty = Self {
            event: None,
            offset: None,
            unit: None,
            condition: None,
            every: Vec::new(),
            min_times: None,
            words: None,
        };
        match rule {
            rule::Rule::Relative(relative) => Self {
                event: Some(relative.event),
                offset: Some(relative.offset),
                unit: Some(relative.unit.into()),
                condition: relative.condition,
                ..empty
            },
            rule::Rule::Recurring(recurring) => Self {
                every: recurring.every.spans().iter().map(ToString::to_string).collect(),
                min_times: recurring.min_times.and_then(|times| i32::try_from(times).ok()),
                ..empty
            },
            rule::Rule::Words(words) => Self { words: Some(words), ..empty },
        }
    }
}
