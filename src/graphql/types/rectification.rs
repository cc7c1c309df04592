//! Rectifications, and the steps they took.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{look_back_evidence, look_back_item, rectification, rectification_step, task, unit, user_account};

use super::directory::Unit;
use super::look_back::LookBackItem;
use super::look_back_evidence::LookBackEvidenceConnection;
use super::object_of_row;
use super::task::Task;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, LookBackAction, State, Subject};
use crate::domain::deadline::days_left;
use crate::domain::rectification::{is_overdue, is_running};
use crate::graphql::context::{self, id};
use crate::graphql::enums::RectificationStatus;
use crate::graphql::filter::{DateFilter, IdFilter, RectificationStatusFilter, filter_input, order_input};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::look_back as queries;

object_of_row! {
    /// A problem that is to be put right.
    Rectification, rectification::Model
}
object_of_row! {
    /// A step in the life of a rectification.
    RectificationStep, rectification_step::Model
}

connection! {
    /// 整改的分页列表。
    /// A page of rectifications.
    RectificationConnection,
    /// 整改及其游标。
    /// A rectification with its cursor.
    RectificationEdge, Rectification, rectification::Model
}
connection! {
    /// 整改经过的分页列表。
    /// A page of the steps of a rectification.
    RectificationStepConnection,
    /// 整改的一步及其游标。
    /// A step with its cursor.
    RectificationStepEdge, RectificationStep, rectification_step::Model
}

filter_input! {
    /// 整改筛选。
    /// Which rectifications.
    RectificationFilter => queries::RectificationLeaf {
        /// 状态。
        /// The state.
        status: RectificationStatusFilter => |v| v.into(),
        /// 整改单位。
        /// The unit.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 任务。
        /// The task.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 回头看。
        /// The round.
        look_back: IdFilter => |v| v.keys(Kind::LookBack)?,
        /// 整改期限。
        /// The day it is due.
        due_on: DateFilter => |v| v.into(),
        /// 是否逾期未销号。
        /// Whether its day is over and it is not closed.
        overdue: bool => |v| v,
    }
}

order_input! {
    /// 整改排序。
    /// In which order rectifications come.
    RectificationOrder,
    /// 整改排序依据。
    /// By what rectifications are ordered.
    RectificationOrderField => queries::RectificationOrder, default CreatedAt {
        /// 交办时间。
        /// By the time they were opened.
        CreatedAt,
        /// 整改期限。
        /// By the day they are due.
        DueOn,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}

/// 对整改可做的操作。
/// What the caller may do with a rectification.
#[derive(SimpleObject)]
pub struct RectificationPermissions {
    /// 填报整改措施。
    /// Say what will be done.
    plan: Permission,
    /// 报整改完成。
    /// Say that it is done.
    report: Permission,
    /// 复核。
    /// Look again.
    recheck: Permission,
    /// 撤销。
    /// Call it off.
    cancel: Permission,
}

/// 整改：由核查结论交办的问题，经单位填报措施、报完成，由政务公开办复核销号。仅发文的政务公开办、督查和整改单位可见，牵头单位不见其他单位的整改；指派撤回后整改单位仍可见并须办结，单位合并的由合并后的单位承接。
/// A problem that came out of a finding: the unit says what it will do and when it is done, the office looks again and closes it. Between those who see the whole list and that unit; a lead does not see those of its co-units. The unit keeps it when its assignment is withdrawn, and the successor takes it over when units merge.
#[Object]
impl Rectification {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Rectification, self.0.id)
    }

    /// 所据的回头看事项；不可见时为空。
    /// The item in which the problem was found; null when invisible.
    async fn item(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LookBackItem>> {
        let key = self.0.look_back_item_id;
        Ok(context::of(ctx)?.row::<look_back_item::Entity>(key).await?.map(LookBackItem::from))
    }

    /// 任务；不再承担该任务时为空。
    /// The task; null for a unit that is on it no more.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 整改单位。
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 问题。
    /// The problem.
    async fn problem(&self) -> &str {
        &self.0.problem
    }

    /// 整改期限。
    /// The day by which it is to be put right.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> RectificationStatus {
        self.0.status.into()
    }

    /// 整改措施。
    /// What the unit will do.
    async fn measure(&self) -> Option<&str> {
        self.0.measure.as_deref()
    }

    /// 整改结果。
    /// What was done, in the unit's words.
    async fn result(&self) -> Option<&str> {
        self.0.result.as_deref()
    }

    /// 最近一次复核意见或撤销理由。
    /// What the office said when it looked last, or why it was called off.
    async fn recheck_text(&self) -> Option<&str> {
        self.0.recheck_text.as_deref()
    }

    /// 被退回次数。
    /// How often it was sent back.
    async fn return_count(&self) -> i32 {
        self.0.return_count
    }

    /// 是否逾期未销号。
    /// Whether its day is over and it is not closed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(is_overdue(self.0.status, self.0.due_on, context::of(ctx)?.today))
    }

    /// 距期限的天数（自然日），负数为已逾期；已销号或撤销时为空。
    /// Days left, negative when it is overdue; null when it is over.
    async fn days_left(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let due = Some(self.0.due_on).filter(|_| is_running(self.0.status));
        Ok(days_left(due, context::of(ctx)?.today).and_then(|days| i32::try_from(days).ok()))
    }

    /// 逾期工作日数；未逾期或工作日历缺该年度时为空。
    /// Working days since the day it was due; null unless it is overdue, and where the calendar of a year is missing.
    async fn working_days_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let request = context::of(ctx)?;
        if !is_overdue(self.0.status, self.0.due_on, request.today) {
            return Ok(None);
        }
        let days = request.service.calendar().working_days_between(self.0.due_on, request.today);
        Ok(days.ok().and_then(|days| i32::try_from(days).ok()))
    }

    /// 整改佐证材料。
    /// What shows that it was put right.
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
        let query = queries::look_back_evidence(page, queries::EvidenceOf::Rectification);
        Ok(request.nested::<look_back_evidence::Entity>(self.0.id, query).await?.into())
    }

    /// 经过，由先到后。
    /// The steps it took, the first one first.
    async fn steps(
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
    ) -> async_graphql::Result<RectificationStepConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = queries::rectification_steps(page);
        Ok(request.nested::<rectification_step::Entity>(self.0.id, query).await?.into())
    }

    /// 报完成的时间。
    /// When the unit said that it is done.
    async fn reported_at(&self) -> Option<DateTime> {
        self.0.reported_at.map(DateTime)
    }

    /// 销号或撤销的时间。
    /// When it was closed or called off.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 交办时间。
    /// When it was opened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<RectificationPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_rectification(self.0.id).await?;
        let reported_it = self.0.reported_by == Some(request.actor().user_id);
        let subject = Subject { reporter: request.actor().reports_for(self.0.unit_id), reported_it, ..subject };
        let state = State { rectification: Some(self.0.status), ..state };
        let ask = |action| Permission::ask(Action::LookBack(action), subject, state, request.lang);
        Ok(RectificationPermissions {
            plan: ask(LookBackAction::Plan),
            report: ask(LookBackAction::Report),
            recheck: ask(LookBackAction::Recheck),
            cancel: ask(LookBackAction::Cancel),
        })
    }
}

/// 整改的一步。
/// A step in the life of a rectification.
#[Object]
impl RectificationStep {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::RectificationStep, self.0.id)
    }

    /// 此步之后的状态。
    /// What it came to by this step.
    async fn status(&self) -> RectificationStatus {
        self.0.status.into()
    }

    /// 所写内容。
    /// What was said.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// 操作人；不可见时为空。
    /// Who took it; null when invisible.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 时间。
    /// When it was taken.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
