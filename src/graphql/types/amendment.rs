//! Amendments: the numbered versions of a list in force.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{amendment, amendment_change, assignment, task, task_list, unit};

use super::assignment::Assignment;
use super::directory::Unit;
use super::object_of_row;
use super::report_history::TextSegment;
use super::task::Task;
use super::task_list::TaskList;
use crate::domain::amendment::{Snapshot, redlines};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{AmendmentChangeKind, AssignmentRole, AssignmentTarget, RedlineField};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::amendments;

object_of_row! {
    /// An amendment.
    Amendment, amendment::Model
}
object_of_row! {
    /// A change of an amendment.
    AmendmentChange, amendment_change::Model
}

connection! {
    /// 调整的分页列表。
    /// A page of amendments.
    AmendmentConnection,
    /// 调整及其游标。
    /// An amendment with its cursor.
    AmendmentEdge, Amendment, amendment::Model
}
connection! {
    /// 调整事项的分页列表。
    /// A page of the changes of an amendment.
    AmendmentChangeConnection,
    /// 调整事项及其游标。
    /// A change with its cursor.
    AmendmentChangeEdge, AmendmentChange, amendment_change::Model
}

/// 清单印发后的一次调整，即清单的一个有编号的版本。
/// An amendment: a numbered version of a list after its issue.
#[Object]
impl Amendment {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Amendment, self.0.id)
    }

    /// 第几次调整，从 1 起。
    /// Its number, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// 理由。
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// 文号。
    /// The document number.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// 所调整的清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 调整单位。
    /// The unit that amended.
    async fn by_unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.by_unit_id).await?.map(Unit::from))
    }

    /// 调整时间。
    /// When.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 调整事项；单位只见当时与其有关的事项。
    /// The changes; a unit sees those it was concerned by then.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<AmendmentChangeConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = amendments::amendment_changes(page);
        Ok(request.nested::<amendment_change::Entity>(self.0.id, query).await?.into())
    }
}

fn snapshot(stored: Option<&serde_json::Value>) -> Option<Snapshot> {
    serde_json::from_value(stored?.clone()).ok()
}

/// 一项调整。
/// A change of an amendment.
#[Object]
impl AmendmentChange {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::AmendmentChange, self.0.id)
    }

    /// 种类。
    /// What was done.
    async fn kind(&self) -> AmendmentChangeKind {
        self.0.kind.into()
    }

    /// 所属调整。
    /// The amendment.
    async fn amendment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Amendment>> {
        Ok(context::of(ctx)?.row::<amendment::Entity>(self.0.amendment_id).await?.map(Amendment::from))
    }

    /// 任务；不再可见时为空。
    /// The task; null when it is not visible any more.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 增加的指派；已撤回的为空。
    /// The assignment that was added; null when it was withdrawn.
    async fn assignment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        match self.0.assignment_id {
            Some(key) => Ok(context::of(ctx)?.row::<assignment::Entity>(key).await?.map(Assignment::from)),
            None => Ok(None),
        }
    }

    /// 增加或撤回的单位。
    /// The unit that was added or withdrawn.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        match self.0.unit_id {
            Some(key) => Ok(context::of(ctx)?.row::<unit::Entity>(key).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 调整前；新增的为空。
    /// How it was; null for what is new.
    async fn before(&self) -> Option<AmendmentSnapshot> {
        snapshot(self.0.before.as_ref()).map(Into::into)
    }

    /// 调整后；撤回的为空。
    /// How it is; null for what was withdrawn.
    async fn after(&self) -> Option<AmendmentSnapshot> {
        snapshot(self.0.after.as_ref()).map(Into::into)
    }

    /// 文字对照，只含有变化的内容项。
    /// The texts compared; those that did not change are left out.
    async fn redline(&self) -> Vec<RedlineText> {
        let (before, after) = (snapshot(self.0.before.as_ref()), snapshot(self.0.after.as_ref()));
        redlines(before.as_ref(), after.as_ref())
            .into_iter()
            .map(|(field, segments)| RedlineText {
                field: field.into(),
                segments: segments.into_iter().map(Into::into).collect(),
            })
            .collect()
    }
}

/// 任务或指派在某一时刻的内容；关于指派时，任务只列编号和名称。
/// A task or an assignment at one moment; beside an assignment the task is only named.
#[derive(SimpleObject)]
pub struct AmendmentSnapshot {
    /// 任务编号。
    /// The number of the task.
    number: String,
    /// 任务名称。
    /// The title.
    title: Option<String>,
    /// 具体要求。
    /// The requirement.
    requirement: Option<String>,
    /// 牵头单位原文。
    /// The lead units as printed.
    lead_text: Option<String>,
    /// 责任单位原文。
    /// The responsible units as printed.
    responsibility_text: Option<String>,
    /// 时限原文。
    /// The deadline as printed.
    deadline_text: Option<String>,
    /// 截止日期。
    /// The day of the deadline.
    due_on: Option<Date>,
    /// 其他时限原文。
    /// The further deadlines as printed.
    further_deadline_texts: Vec<String>,
    /// 是否激励性指标；关于指派时为空。
    /// Whether it is marked 激励性指标; null beside an assignment.
    incentive: Option<bool>,
    /// 指派的名称。
    /// The name of the assignment.
    name: Option<String>,
    /// 指派的角色。
    /// The role of the assignment.
    role: Option<AssignmentRole>,
    /// 指派的对象类型。
    /// What the assignment names.
    target: Option<AssignmentTarget>,
    /// 指派的职责范围。
    /// The part the assignment is limited to.
    scope_note: Option<String>,
}

impl From<Snapshot> for AmendmentSnapshot {
    fn from(snapshot: Snapshot) -> Self {
        let assignment = snapshot.assignment;
        Self {
            number: snapshot.number,
            title: snapshot.title,
            requirement: snapshot.requirement,
            lead_text: snapshot.lead_text,
            responsibility_text: snapshot.unit_text,
            deadline_text: snapshot.deadline,
            due_on: snapshot.due_on.map(Date),
            further_deadline_texts: snapshot.further_deadlines,
            incentive: assignment.is_none().then_some(snapshot.incentive),
            role: assignment.as_ref().map(|row| row.role.into()),
            target: assignment.as_ref().map(|row| row.target.into()),
            scope_note: assignment.as_ref().and_then(|row| row.scope_note.clone()),
            name: assignment.map(|row| row.name),
        }
    }
}

/// 一项内容的文字对照。
/// One text compared.
#[derive(SimpleObject)]
pub struct RedlineText {
    /// 内容项。
    /// Which text.
    field: RedlineField,
    /// 各段文字，依次连缀：保留加删除即原文，保留加新增即新文。
    /// The pieces in order: what stays and goes is the old text, what stays and comes the new one.
    segments: Vec<TextSegment>,
}
