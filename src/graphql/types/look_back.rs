//! Rounds of looking back, and what they look at.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    assignment, look_back, look_back_evidence, look_back_item, rectification, task, task_list, unit, user_account,
};

use super::assignment::Assignment;
use super::directory::Unit;
use super::look_back_evidence::LookBackEvidenceConnection;
use super::object_of_row;
use super::rectification::{RectificationConnection, RectificationFilter, RectificationOrder};
use super::task::Task;
use super::task_list::TaskList;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, LookBackAction, State};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{LookBackFinding, LookBackStatus};
use crate::graphql::filter::{
    DateFilter, IdFilter, LookBackFindingFilter, LookBackStatusFilter, filter_input, filter_or_default, order_input,
};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::look_back as queries;

object_of_row! {
    /// A round of looking back.
    LookBack, look_back::Model
}
object_of_row! {
    /// A part of a task that is looked back at.
    LookBackItem, look_back_item::Model
}

connection! {
    /// 回头看的分页列表。
    /// A page of rounds.
    LookBackConnection,
    /// 回头看及其游标。
    /// A round with its cursor.
    LookBackEdge, LookBack, look_back::Model
}
connection! {
    /// 回头看事项的分页列表。
    /// A page of what a round looks at.
    LookBackItemConnection,
    /// 回头看事项及其游标。
    /// Something a round looks at, with its cursor.
    LookBackItemEdge, LookBackItem, look_back_item::Model
}

filter_input! {
    /// 回头看筛选。
    /// Which rounds.
    LookBackFilter => queries::LookBackLeaf {
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 状态。
        /// The state.
        status: LookBackStatusFilter => |v| v.into(),
        /// 完成期限。
        /// The day it is due.
        due_on: DateFilter => |v| v.into(),
    }
}

order_input! {
    /// 回头看排序。
    /// In which order rounds come.
    LookBackOrder,
    /// 回头看排序依据。
    /// By what rounds are ordered.
    LookBackOrderField => queries::LookBackOrder, default CreatedAt {
        /// 发起时间。
        /// By the time they were begun.
        CreatedAt,
        /// 完成期限。
        /// By the day they are due.
        DueOn,
    }
}

filter_input! {
    /// 回头看事项筛选。
    /// Which of what a round looks at.
    LookBackItemFilter => queries::LookBackItemLeaf {
        /// 单位。
        /// The unit.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 任务。
        /// The task.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 结论。
        /// What was found.
        finding: LookBackFindingFilter => |v| v.into(),
        /// 是否已有结论。
        /// Whether anything was found yet.
        found: bool => |v| v,
    }
}

order_input! {
    /// 回头看事项排序。
    /// In which order the items of a round come.
    LookBackItemOrder,
    /// 回头看事项排序依据。
    /// By what the items of a round are ordered.
    LookBackItemOrderField => queries::LookBackItemOrder, default Position {
        /// 清单次序。
        /// As in the list.
        Position,
        /// 任务时限。
        /// By the day of the deadline.
        DueOn,
    }
}

/// 对回头看可做的操作。
/// What the caller may do with a round.
#[derive(SimpleObject)]
pub struct LookBackPermissions {
    /// 填写结论。
    /// Write findings.
    record: Permission,
    /// 结束。
    /// Finish it.
    finish: Permission,
    /// 删除。
    /// Remove it.
    delete: Permission,
}

/// 对回头看事项可做的操作。
/// What the caller may do with an item of a round.
#[derive(SimpleObject)]
pub struct LookBackItemPermissions {
    /// 填写结论。
    /// Write the finding.
    record: Permission,
    /// 交办整改。
    /// Open a rectification.
    open_rectification: Permission,
}

/// 回头看：对一份已印发清单中有责任单位、有明确日期的任务逐项核查。结束前各单位不可见，结束后各单位只见对本单位的结论。
/// A round of looking back at an issued list: at every part of a task that has a unit and a day. Units see nothing of it before it is finished, and afterwards what was found about themselves.
#[Object]
impl LookBack {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::LookBack, self.0.id)
    }

    /// 清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 名称。
    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 核查完成期限。
    /// The day by which the findings are to be written.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 只核查时限不晚于此日的任务；为空即全部。
    /// Only what was due by this day is looked at; null means everything.
    async fn deadlines_by(&self) -> Option<Date> {
        self.0.deadlines_by.map(Date)
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> LookBackStatus {
        self.0.status.into()
    }

    /// 核查事项；单位只见对本单位的。
    /// What it looks at; a unit sees what is about itself.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<LookBackItemFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<LookBackItemOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<LookBackItemConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let order = LookBackItemOrder::or_default(order_by);
        let query = queries::look_back_items(&filter_or_default(filter)?, order, page);
        Ok(request.nested::<look_back_item::Entity>(self.0.id, query).await?.into())
    }

    /// 发起人；不可见时为空。
    /// Who began it; null when invisible.
    async fn created_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.created_by).await?.map(User::from))
    }

    /// 结束时间。
    /// When it was finished.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 发起时间。
    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<LookBackPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let state = State { look_back: Some(self.0.status), ..state };
        let ask = |action| Permission::ask(Action::LookBack(action), subject, state, request.lang);
        Ok(LookBackPermissions {
            record: ask(LookBackAction::Record),
            finish: ask(LookBackAction::Finish),
            delete: ask(LookBackAction::Delete),
        })
    }
}

/// 回头看事项：一个单位承担的一项任务及核查结论。
/// One unit's part of a task, and what was found of it.
#[Object]
impl LookBackItem {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::LookBackItem, self.0.id)
    }

    /// 所属回头看。
    /// The round.
    async fn look_back(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LookBack>> {
        Ok(context::of(ctx)?.row::<look_back::Entity>(self.0.look_back_id).await?.map(LookBack::from))
    }

    /// 任务。
    /// The task.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 指派；已撤回时为空。
    /// The assignment; null when it was withdrawn.
    async fn assignment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        Ok(context::of(ctx)?.row::<assignment::Entity>(self.0.assignment_id).await?.map(Assignment::from))
    }

    /// 单位。
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 发起时的任务时限。
    /// The day by which it was due when the round began.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 时限原文。
    /// The deadline as printed.
    async fn deadline_text(&self) -> Option<&str> {
        self.0.deadline_text.as_deref()
    }

    /// 结论；尚未核查时为空。
    /// What was found; null while nobody has looked.
    async fn finding(&self) -> Option<LookBackFinding> {
        self.0.finding.map(Into::into)
    }

    /// 核查情况。
    /// What was found, in words.
    async fn text(&self) -> Option<&str> {
        self.0.finding_text.as_deref()
    }

    /// 核查佐证材料。
    /// What shows it.
    async fn evidence(
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
    ) -> async_graphql::Result<LookBackEvidenceConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = queries::look_back_evidence(page, queries::EvidenceOf::Item);
        Ok(request.nested::<look_back_evidence::Entity>(self.0.id, query).await?.into())
    }

    /// 由此交办的整改。
    /// The rectifications that came out of it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn rectifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<RectificationFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<RectificationOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<RectificationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, RectificationOrder::or_default(order_by));
        let of = queries::RectificationsOf::Item;
        let query = queries::rectifications(request.today, &filter, order, page, of);
        Ok(request.nested::<rectification::Entity>(self.0.id, query).await?.into())
    }

    /// 核查人；不可见时为空。
    /// Who looked; null when invisible.
    async fn found_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.found_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 填写结论的时间。
    /// When the finding was written.
    async fn found_at(&self) -> Option<DateTime> {
        self.0.found_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<LookBackItemPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let round = request.row::<look_back::Entity>(self.0.look_back_id).await?;
        let state = State { look_back: round.map(|row| row.status), ..state };
        let ask = |action| Permission::ask(Action::LookBack(action), subject, state, request.lang);
        Ok(LookBackItemPermissions {
            record: ask(LookBackAction::Record),
            open_rectification: ask(LookBackAction::Open),
        })
    }
}
