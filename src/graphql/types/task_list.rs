//! Task lists.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    amendment, import_question, period_schedule, reporting_period, section, task, task_list, unit, urge_rule,
};

use super::amendment::AmendmentConnection;
use super::assignment_response::TaskListAcknowledgement;
use super::directory::Unit;
use super::import_question::{ImportQuestionConnection, ImportQuestionFilter, ImportQuestionOrder};
use super::object_of_row;
use super::reporting::{ReportingPeriodConnection, ReportingPeriodFilter, ReportingPeriodOrder};
use super::schedule::PeriodScheduleConnection;
use super::section::{SectionConnection, SectionFilter, SectionOrder};
use super::task::{TaskConnection, TaskFilter, TaskOrder};
use super::urge_rule::UrgeRuleConnection;
use super::viewer_can::Permission;
use crate::authz::Action;
use crate::graphql::context::{self, id};
use crate::graphql::enums::TaskListStatus;
use crate::graphql::filter::{
    DateFilter, IdFilter, IntFilter, StringFilter, TaskListStatusFilter, filter_input, filter_or_default, order_input,
};
use crate::graphql::loader::ReceiptOf;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::{amendments, lists, notices, periods, reports};

object_of_row! {
    /// A task list.
    TaskList, task_list::Model
}

connection! {
    /// 清单的分页列表。
    /// A page of task lists.
    TaskListConnection,
    /// 清单及其游标。
    /// A task list with its cursor.
    TaskListEdge, TaskList, task_list::Model
}

filter_input! {
    /// 清单筛选。
    /// Which task lists.
    TaskListFilter => lists::TaskListLeaf {
        /// 年度。
        /// The year.
        year: IntFilter => |v| v.into(),
        /// 标题。
        /// The title.
        title: StringFilter => |v| v.into(),
        /// 文号。
        /// The document number.
        document_number: StringFilter => |v| v.into(),
        /// 状态。
        /// The state.
        status: TaskListStatusFilter => |v| v.into(),
        /// 发文单位。
        /// The issuing unit.
        issuer: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 印发日期。
        /// The day it was issued.
        issued_on: DateFilter => |v| v.into(),
    }
}

order_input! {
    /// 清单排序。
    /// In which order task lists come.
    TaskListOrder,
    /// 清单排序依据。
    /// By what task lists are ordered.
    TaskListOrderField => lists::TaskListOrder, default Year {
        /// 年度。
        /// By year.
        Year,
        /// 标题。
        /// By title.
        Title,
        /// 创建时间。
        /// By the time it was made.
        CreatedAt,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}

/// 对清单可做的操作。
/// What the caller may do with a task list.
#[derive(SimpleObject)]
pub struct TaskListPermissions {
    /// 修改草稿。
    /// Change the draft.
    edit: Permission,
    /// 删除草稿。
    /// Remove the draft.
    delete: Permission,
    /// 印发。
    /// Issue it.
    issue: Permission,
    /// 办结。
    /// Close it.
    close: Permission,
    /// 归档。
    /// Put it away.
    archive: Permission,
    /// 开启报告期。
    /// Open a reporting period.
    open_period: Permission,
    /// 印发后调整。
    /// Amend it.
    amend: Permission,
}

/// 任务清单（分工表、台账）。
/// A yearly list of tasks.
#[Object]
impl TaskList {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::TaskList, self.0.id)
    }

    /// 年度。
    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 标题。
    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 文号。
    /// The document number.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// 文中所印的发文单位。
    /// The issuer as printed.
    async fn issuer_text(&self) -> Option<&str> {
        self.0.issuer_text.as_deref()
    }

    /// 发文单位。
    /// The issuing unit.
    async fn issuer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.issuer_unit_id).await?.map(Unit::from))
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> TaskListStatus {
        self.0.status.into()
    }

    /// 文中所印的报告期，如“1-X月”。
    /// The reporting period as printed.
    async fn reporting_period_text(&self) -> Option<&str> {
        self.0.reporting_period_text.as_deref()
    }

    /// 配合单位是否也须报送。
    /// Whether supporting units have to report too.
    async fn support_reports(&self) -> bool {
        self.0.support_reports
    }

    /// 印发日期。
    /// The day it was issued.
    async fn issued_on(&self) -> Option<Date> {
        self.0.issued_on.map(Date)
    }

    /// 印发操作时间。
    /// When it was issued.
    async fn issued_at(&self) -> Option<DateTime> {
        self.0.issued_at.map(DateTime)
    }

    /// 办结时间。
    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// 章节（工作任务大项），含各级。
    /// The sections, of all levels.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<SectionFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<SectionOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<SectionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = lists::sections(&filter_or_default(filter)?, SectionOrder::or_default(order_by), page);
        Ok(request.nested::<section::Entity>(self.0.id, query).await?.into())
    }

    /// 任务（具体要求小项）。
    /// The tasks.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<TaskFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<TaskOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<TaskConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, TaskOrder::or_default(order_by));
        let query = lists::tasks(request.actor(), request.today, &filter, order, page, lists::TasksOf::List);
        Ok(request.nested::<task::Entity>(self.0.id, query).await?.into())
    }

    /// 导入时须人工确认的问题；仅能查看整份清单者可见。
    /// What the reader of the file asks; only for those who see the whole list.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn import_questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<ImportQuestionFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<ImportQuestionOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ImportQuestionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let order = ImportQuestionOrder::or_default(order_by);
        let query = lists::import_questions(&filter_or_default(filter)?, order, page);
        Ok(request.nested::<import_question::Entity>(self.0.id, query).await?.into())
    }

    /// 报告期。
    /// The reporting periods.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn reporting_periods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<ReportingPeriodFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<ReportingPeriodOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportingPeriodConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let order = ReportingPeriodOrder::or_default(order_by);
        let query = reports::reporting_periods(&filter_or_default(filter)?, order, page);
        Ok(request.nested::<reporting_period::Entity>(self.0.id, query).await?.into())
    }

    /// 定期自动开启报告期的规则；仅能查看整份清单者可见。
    /// The rules by which periods open by themselves; only for those who see the whole list.
    async fn period_schedules(
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
    ) -> async_graphql::Result<PeriodScheduleConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<period_schedule::Entity>(self.0.id, periods::period_schedules(page)).await?.into())
    }

    /// 自动提醒、催办的规则；仅能查看整份清单者可见。
    /// The rules by which units are reminded and urged; only for those who see the whole list.
    async fn urge_rules(
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
    ) -> async_graphql::Result<UrgeRuleConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<urge_rule::Entity>(self.0.id, notices::urge_rules(page)).await?.into())
    }

    /// 印发后的历次调整，最近的在前；单位只见与其有关的。
    /// The amendments after the issue, the latest first; a unit sees those that concerned it.
    async fn amendments(
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
    ) -> async_graphql::Result<AmendmentConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<amendment::Entity>(self.0.id, amendments::amendments(page)).await?.into())
    }

    /// 签收情况；草稿为空。
    /// How far the receipt is; null for a draft.
    async fn acknowledgement(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskListAcknowledgement>> {
        Ok(context::of(ctx)?.load(ReceiptOf(self.0.id)).await?.map(Into::into))
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
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<TaskListPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_list(self.0.id).await?;
        let ask = |action| Permission::ask(action, subject, state, request.lang);
        Ok(TaskListPermissions {
            edit: ask(Action::ListEdit),
            delete: ask(Action::ListDelete),
            issue: ask(Action::ListIssue),
            close: ask(Action::ListClose),
            archive: ask(Action::ListArchive),
            open_period: ask(Action::PeriodOpen),
            amend: ask(Action::ListAmend),
        })
    }
}
