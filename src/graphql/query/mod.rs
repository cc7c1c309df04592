//! The root queries.

mod audit;
mod charts;
mod grants;
mod look_back;
mod machines;
mod notices;
mod publishing;
mod status;

use async_graphql::{Context, ID, MergedObject, Object};
use entity::{progress_report, report_obligation, reporting_period, task, task_list, unit, unit_group};

use super::context::{self, key};
use super::filter::filter_or_default;
use super::node::NodeQuery;
use super::page::Asked;
use super::types::directory::{
    Unit, UnitConnection, UnitFilter, UnitGroup, UnitGroupConnection, UnitGroupFilter, UnitGroupOrder, UnitOrder,
};
use super::types::obligation::ReportObligationConnection;
use super::types::obligation_filter::{ReportObligationFilter, ReportObligationOrder};
use super::types::report::{ProgressReport, ProgressReportConnection, ProgressReportFilter, ProgressReportOrder};
use super::types::reporting::ReportingPeriod;
use super::types::task::{Task, TaskConnection, TaskFilter, TaskOrder};
use super::types::task_list::{TaskList, TaskListConnection, TaskListFilter, TaskListOrder};
use super::types::user::Viewer;
use crate::id::Kind;
use crate::store::query::{directory, lists, reports};

/// 查询。
/// The queries.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    DirectoryQuery,
    ListQuery,
    ReportQuery,
    charts::ChartQuery,
    status::StatusQuery,
    notices::NoticeQuery,
    look_back::LookBackQuery,
    publishing::PublishingQuery,
    audit::AuditQuery,
    machines::MachineQuery,
    grants::GrantQuery,
);

/// The viewer and the directory.
#[derive(Default)]
pub struct DirectoryQuery;

#[Object]
impl DirectoryQuery {
    /// 当前登录者。
    /// The principal of this request.
    async fn viewer(&self) -> Viewer {
        Viewer
    }

    /// 一个单位。
    /// One unit; null when absent or invisible.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(key(Kind::Unit, &id)?).await?.map(Unit::from))
    }

    /// 单位名录。
    /// The directory of units.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<UnitFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<UnitOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, UnitOrder::or_default(order_by));
        Ok(request.page(directory::units(request.actor(), &filter, order, page, false)).await?.into())
    }

    /// 一个单位组。
    /// One group; null when absent or invisible.
    async fn unit_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<UnitGroup>> {
        Ok(context::of(ctx)?.row::<unit_group::Entity>(key(Kind::UnitGroup, &id)?).await?.map(UnitGroup::from))
    }

    /// 单位组。
    /// The groups of units.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn unit_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<UnitGroupFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<UnitGroupOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitGroupConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, UnitGroupOrder::or_default(order_by));
        Ok(request.page(directory::unit_groups(&filter, order, page)).await?.into())
    }
}

/// Lists and tasks.
#[derive(Default)]
pub struct ListQuery;

#[Object]
impl ListQuery {
    /// 一份清单。
    /// One task list; null when absent or invisible.
    async fn task_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(key(Kind::TaskList, &id)?).await?.map(TaskList::from))
    }

    /// 清单。
    /// The task lists the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn task_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<TaskListFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<TaskListOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<TaskListConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, TaskListOrder::or_default(order_by));
        Ok(request.page(lists::task_lists(&filter, order, page)).await?.into())
    }

    /// 一项任务。
    /// One task; null when absent or invisible.
    async fn task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(key(Kind::Task, &id)?).await?.map(Task::from))
    }

    /// 任务，跨清单。
    /// The tasks the caller sees, across lists.
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
        let query = lists::tasks(request.actor(), request.today, &filter, order, page, lists::TasksOf::All);
        Ok(request.page(query).await?.into())
    }
}

/// Periods, obligations, reports.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// 一个报告期。
    /// One reporting period; null when absent or invisible.
    async fn reporting_period(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<ReportingPeriod>> {
        let key = key(Kind::ReportingPeriod, &id)?;
        Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from))
    }

    /// 应报事项，跨清单。
    /// The obligations the caller sees, across lists.
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
        let of = reports::ObligationsOf::All;
        let query = reports::report_obligations(request.actor(), &request.late_days(), &filter, order, page, of);
        Ok(request.page::<report_obligation::Entity>(query).await?.into())
    }

    /// 一份报告。
    /// One progress report; null when absent or invisible.
    async fn progress_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<ProgressReport>> {
        let key = key(Kind::ProgressReport, &id)?;
        Ok(context::of(ctx)?.row::<progress_report::Entity>(key).await?.map(ProgressReport::from))
    }

    /// 报告，跨清单。
    /// The progress reports the caller sees, across lists.
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
        Ok(request.page(reports::progress_reports(&filter, order, page, reports::ReportsOf::All)).await?.into())
    }
}
