//! Tasks.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{assignment, deadline, progress_report, report_obligation, section, task, task_list};

use super::assignment::{
    Assignment, AssignmentConnection, AssignmentFilter, AssignmentOrder, Deadline, DeadlineConnection,
};
use super::object_of_row;
use super::obligation::ReportObligationConnection;
use super::obligation_filter::{ReportObligationFilter, ReportObligationOrder};
use super::report::{ProgressReportConnection, ProgressReportFilter, ProgressReportOrder};
use super::section::Section;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::Action;
use crate::graphql::context::{self, RequestContext, id, key};
use crate::graphql::enums::{AssignmentRole, TaskStatus};
use crate::graphql::filter::{
    DateFilter, DeadlineKindFilter, IdFilter, StringFilter, filter_input, filter_or_default, order_input,
};
use crate::graphql::loader::{OwnAssignmentsOn, ReportingLeadOn};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::user_error::bad_request;
use crate::id::Kind;
use crate::store::query::{lists, reports};
use crate::store::{PageArgs, Visible};

object_of_row! {
    /// A task.
    Task, task::Model
}

connection! {
    /// 任务的分页列表。
    /// A page of tasks.
    TaskConnection,
    /// 任务及其游标。
    /// A task with its cursor.
    TaskEdge, Task, task::Model
}

filter_input! {
    /// 任务筛选。
    /// Which tasks.
    TaskFilter => lists::TaskLeaf {
        /// 印发的编号。
        /// The number as printed.
        number: StringFilter => |v| v.into(),
        /// 名称或要求包含。
        /// Title or requirement contains this.
        text: String => |v| v,
        /// 所在章节（仅该节）。
        /// The section itself.
        section: IdFilter => |v| v.keys(Kind::Section)?,
        /// 所在章节及其下级。
        /// The section or one below it.
        within_section: ID => |v| key(Kind::Section, &v)?,
        /// 是否激励性指标。
        /// Marked as an incentive.
        incentive: bool => |v| v,
        /// 是否待人工确认。
        /// Waits for a person to look at it.
        needs_review: bool => |v| v,
        /// 涉及此单位。
        /// This unit is assigned.
        unit: ID => |v| key(Kind::Unit, &v)?,
        /// 有单位任此角色；与 unit 同用时指该单位的角色。
        /// Some unit has this role; together with `unit`, that unit.
        role: AssignmentRole => |v| v.into(),
        /// 时限类型。
        /// The kind of the deadline.
        deadline_kind: DeadlineKindFilter => |v| v.into(),
        /// 时限日期。
        /// The day of the deadline.
        due_on: DateFilter => |v| v.into(),
        /// 涉及本单位。
        /// Assigned to the caller's own unit.
        mine: bool => |v| v,
        /// 是否已过时限（清单执行中）。
        /// Past its deadline while the list is in force.
        overdue: bool => |v| v,
        /// 今日起若干天内到期，0 至 3660。
        /// Due within so many days from today, 0 to 3660.
        due_within_days: i32 => |v| u32::try_from(v).ok().filter(|days| *days <= 3660)
            .ok_or_else(|| bad_request("dueWithinDays lies between 0 and 3660"))?,
        /// 此报告期仍有应报未报。
        /// Somebody visible still owes the report for this period.
        missing_report_in: ID => |v| key(Kind::ReportingPeriod, &v)?,
    }
}

order_input! {
    /// 任务排序。
    /// In which order tasks come.
    TaskOrder,
    /// 任务排序依据。
    /// By what tasks are ordered.
    TaskOrderField => lists::TaskOrder, default Position {
        /// 印发顺序。
        /// As printed.
        Position,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}

/// 对任务可做的操作。
/// What the caller may do with a task.
#[derive(SimpleObject)]
pub struct TaskPermissions {
    /// 修改草稿中的任务及其指派。
    /// Change the task and its assignments in the draft.
    edit: Permission,
}

/// 任务（具体要求小项）。
/// One numbered task of a list.
#[Object]
impl Task {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Task, self.0.id)
    }

    /// 印发的编号，不含点号。
    /// The number as printed, without its dot.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// 在清单中的次序。
    /// The place in the list.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// 任务名称。
    /// The title, when the list has such a column.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// 任务要求。
    /// What is required.
    async fn requirement(&self) -> Option<&str> {
        self.0.requirement.as_deref()
    }

    /// 牵头单位栏原文。
    /// The cell of the lead units as printed.
    async fn lead_text(&self) -> Option<&str> {
        self.0.lead_text.as_deref()
    }

    /// 责任单位栏原文。
    /// The cell of the responsible units as printed.
    async fn responsibility_text(&self) -> Option<&str> {
        self.0.unit_text.as_deref()
    }

    /// 单位是否承自上方合并或空白单元格。
    /// Whether the units come from a merged or blank cell above.
    async fn inherited(&self) -> bool {
        self.0.inherited
    }

    /// 是否激励性指标。
    /// Whether it is marked as an incentive.
    async fn incentive(&self) -> bool {
        self.0.incentive
    }

    /// 是否待人工确认。
    /// Whether a person has to look at it before the list is issued.
    async fn needs_review(&self) -> bool {
        self.0.needs_review
    }

    /// 待确认的问题。
    /// What is asked of that person.
    async fn review_note(&self) -> Option<&str> {
        self.0.review_note.as_deref()
    }

    /// 所在清单。
    /// The list it belongs to.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 所在章节。
    /// The section it stands under.
    async fn section(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Section>> {
        match self.0.section_id {
            Some(key) => Ok(context::of(ctx)?.row::<section::Entity>(key).await?.map(Section::from)),
            None => Ok(None),
        }
    }

    /// 时限；未写明时为空。
    /// The deadline; null when none is printed.
    async fn deadline(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Deadline>> {
        Ok(own_deadline(context::of(ctx)?, &self.0).await?.map(Deadline::from))
    }

    /// 时限原文。
    /// The deadline as printed.
    async fn deadline_text(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(own_deadline(context::of(ctx)?, &self.0).await?.and_then(|row| row.text.clone()))
    }

    /// 可推算的时限日期。
    /// The day of the deadline, where one can be computed.
    async fn due_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        Ok(own_deadline(context::of(ctx)?, &self.0).await?.and_then(|row| row.due_on).map(Date))
    }

    /// 是否已过时限（清单执行中且有日期）。
    /// Whether the deadline has passed while the list is in force.
    async fn is_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let request = context::of(ctx)?;
        let (due, list) = (
            own_deadline(request, &self.0).await?.and_then(|row| row.due_on),
            request.row::<task_list::Entity>(self.0.task_list_id).await?,
        );
        let in_force = list.is_some_and(|list| list.status == entity::vocabulary::TaskListStatus::Issued);
        Ok(in_force && crate::domain::deadline::is_overdue(due, request.today))
    }

    /// 距时限的天数，负数为已超期；无日期时为空。
    /// Days left until the deadline, negative when past; null without a day.
    async fn days_left(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let request = context::of(ctx)?;
        let due = own_deadline(request, &self.0).await?.and_then(|row| row.due_on);
        Ok(crate::domain::deadline::days_left(due, request.today).and_then(|days| i32::try_from(days).ok()))
    }

    /// 全部时限：首项为任务时限，其后为文中另外写明的时间。
    /// All deadlines: the task's own first, then further times in its text.
    async fn deadlines(
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
    ) -> async_graphql::Result<DeadlineConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<deadline::Entity>(self.0.id, lists::deadlines(page)).await?.into())
    }

    /// 指派：哪些单位以何种角色承担。
    /// The assignments: which units carry it, in which role.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<AssignmentFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<AssignmentOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<AssignmentConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = lists::assignments(&filter_or_default(filter)?, AssignmentOrder::or_default(order_by), page);
        Ok(request.nested::<assignment::Entity>(self.0.id, query).await?.into())
    }

    /// 当前登录者所属单位在该任务中的角色。
    /// The roles of the caller's own units on this task, the strongest first.
    async fn viewer_roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AssignmentRole>> {
        let own = context::of(ctx)?.load(OwnAssignmentsOn(self.0.id)).await?.unwrap_or_default();
        let mut roles: Vec<_> = own.iter().map(|row| row.role).collect();
        roles.sort_unstable();
        roles.dedup();
        Ok(roles.into_iter().map(Into::into).collect())
    }

    /// 应报事项。
    /// The obligations to report on it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn report_obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<ReportObligationFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<ReportObligationOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, ReportObligationOrder::or_default(order_by));
        let of = reports::ObligationsOf::Task;
        let query = reports::report_obligations(request.actor(), &request.late_days(), &filter, order, page, of);
        Ok(request.nested::<report_obligation::Entity>(self.0.id, query).await?.into())
    }

    /// 落实情况报告。
    /// The progress reports on it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn progress_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<ProgressReportFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<ProgressReportOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ProgressReportConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, ProgressReportOrder::or_default(order_by));
        let query = reports::progress_reports(&filter, order, page, reports::ReportsOf::Task);
        Ok(request.nested::<progress_report::Entity>(self.0.id, query).await?.into())
    }

    /// 牵头汇总单位的指派：只有一个牵头单位时即为该单位，有多个时由政务公开办指定；未定时为空。
    /// The assignment of the lead that reports for all: the only lead, or the one the office named; null until one of several is named.
    async fn reporting_lead(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        Ok(context::of(ctx)?.load(ReportingLeadOn(self.0.id)).await?.map(Assignment::from))
    }

    /// 状态；撤销的任务不再列出，只能按标识查看。
    /// Whether it is in force; what was withdrawn is listed no more and found by its identifier only.
    async fn status(&self) -> TaskStatus {
        self.0.status.into()
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<TaskPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_list(self.0.task_list_id).await?;
        Ok(TaskPermissions { edit: Permission::ask(Action::ListEdit, subject, state, request.lang) })
    }
}

/// The first deadline, which is the task's own when it stands at place 0.
async fn own_deadline(
    request: &RequestContext,
    task: &task::Model,
) -> async_graphql::Result<Option<Visible<deadline::Model>>> {
    let first = PageArgs { size: 1, rows: true, ..PageArgs::default() };
    let page = request.nested::<deadline::Entity>(task.id, lists::deadlines(first)).await?;
    Ok(page.rows.into_iter().map(|(_, row)| row).find(|row| row.position == 0))
}
