//! Who owes what.

use async_graphql::{Context, ID, Object};
use entity::{report_obligation, reporting_period, task};

use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::ReportingStatusGrouping;
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::{Asked, PageInfo, Slice};
use crate::graphql::scalar::Date;
use crate::graphql::types::obligation::ReportObligationConnection;
use crate::graphql::types::obligation_filter::{ReportObligationFilter, ReportObligationOrder};
use crate::graphql::types::reporting::ReportingPeriod;
use crate::graphql::types::status::{
    ReportingMatrixRow, ReportingMatrixRowConnection, ReportingMatrixRowEdge, ReportingStatusRowConnection,
};
use crate::graphql::types::task::Task;
use crate::graphql::user_error::top_level;
use crate::id::Kind;
use crate::service::status::{Cell, RowKey};
use crate::store::filter::{Filter, KeyMatch};
use crate::store::query::reports::{self, ReportObligationLeaf};
use crate::store::query::work;

/// Who owes what.
#[derive(Default)]
pub struct StatusQuery;

/// A filter narrowed to a period and a list.
fn narrowed(
    filter: Option<ReportObligationFilter>,
    period: Option<&ID>,
    list: Option<&ID>,
) -> async_graphql::Result<Filter<ReportObligationLeaf>> {
    let only = |id: Option<&ID>, kind| -> async_graphql::Result<Option<KeyMatch>> {
        Ok(optional_key(kind, id)?.map(|key| KeyMatch { eq: Some(key), ..KeyMatch::default() }))
    };
    let leaf = ReportObligationLeaf {
        period: only(period, Kind::ReportingPeriod)?,
        task_list: only(list, Kind::TaskList)?,
        ..ReportObligationLeaf::default()
    };
    Ok(Filter { and: vec![filter_or_default(filter)?], leaf, ..Filter::default() })
}

#[Object]
impl StatusQuery {
    /// 报送情况：应报、已报、通过、退回、逾期等数字，只统计本人可见的内容。按固有次序排列，不作排名。
    /// Who owes what: expected, received, accepted, returned, late and so on, over exactly what the caller sees, in the order of the directory or of the list; nobody is ranked.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn reporting_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期；不填则不限。\nThe period; any unless said.")] period: Option<ID>,
        #[graphql(desc = "清单；不填则不限。\nThe list; any unless said.")] task_list: Option<ID>,
        #[graphql(desc = "分组，默认按应报单位。\nWhat the rows are; units unless said.")] group_by: Option<
            ReportingStatusGrouping,
        >,
        #[graphql(
            desc = "截至某日终了时的情况，默认为现在；到期日、宽限期、应报事项、报告状态和筛选均以当日为准，分组和权限以现在为准。\nAs it stood at the end of a day; now unless said. Days, grace, what was owed, the state of reports and the filter are those of that day; the grouping and the rights are those of today."
        )]
        as_of: Option<Date>,
        #[graphql(desc = "筛选。\nWhich obligations.")] filter: Option<ReportObligationFilter>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportingStatusRowConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let filter = narrowed(filter, period.as_ref(), task_list.as_ref())?;
        let by = group_by.unwrap_or(ReportingStatusGrouping::Unit).into();
        let as_of = as_of.map(|day| day.0);
        let status = request.service.reporting_status(&request.caller, filter, by, as_of).await.map_err(top_level)?;
        let slice = Slice::of(status.rows, |(key, _): &(RowKey, _)| key.id(), &page)?;
        Ok(ReportingStatusRowConnection::new(slice, &status.totals, Date(as_of.unwrap_or(request.today))))
    }

    /// 一个报告期的任务与单位表，每页若干任务；只含本人可见的内容。
    /// The table of a period, tasks by units, a page of tasks at a time; exactly what the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn reporting_matrix(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期。\nThe period.")] period: ID,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<Option<ReportingMatrixRowConnection>> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let period = key(Kind::ReportingPeriod, &period)?;
        let Some(period) = request.row::<reporting_period::Entity>(period).await?.map(ReportingPeriod::from) else {
            return Ok(None);
        };
        let tasks = work::tasks_of_period(request.actor(), period.0.id, page);
        let tasks = request.page::<task::Entity>(tasks).await?;
        let ids: Vec<_> = tasks.rows.iter().map(|(_, row)| row.id).collect();
        let (units, cells) =
            request.service.reporting_cells(&request.caller, period.0.id, &ids).await.map_err(top_level)?;
        let none: Vec<Cell> = Vec::new();
        let row = |task: &Task| {
            let cells = cells.get(&task.0.id).unwrap_or(&none);
            ReportingMatrixRow::new(request, &period, task.clone(), cells)
        };
        let tasks_of_page: Vec<(String, Task)> =
            tasks.rows.into_iter().map(|(cursor, task)| (cursor, task.into())).collect();
        Ok(Some(ReportingMatrixRowConnection {
            page_info: PageInfo {
                has_next_page: tasks.has_next,
                has_previous_page: tasks.has_previous,
                start_cursor: tasks_of_page.first().map(|(cursor, _)| cursor.clone()),
                end_cursor: tasks_of_page.last().map(|(cursor, _)| cursor.clone()),
            },
            nodes: tasks_of_page.iter().map(|(_, task)| row(task)).collect(),
            edges: tasks_of_page
                .iter()
                .map(|(cursor, task)| ReportingMatrixRowEdge::new(cursor.clone(), row(task)))
                .collect(),
            total_count: i32::try_from(tasks.total.unwrap_or_default()).unwrap_or(i32::MAX),
            units: units.into_iter().map(Into::into).collect(),
        }))
    }

    /// 应报未报和退回待重报的事项，先到期的在前；只含本人可见的内容。
    /// What is missing or was returned, what is due first in front; exactly what the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn missing_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期；不填则不限。\nThe period; any unless said.")] period: Option<ID>,
        #[graphql(desc = "清单；不填则不限。\nThe list; any unless said.")] task_list: Option<ID>,
        #[graphql(desc = "筛选；overdue 只取逾期的。\nWhich ones; `overdue` for those that are too late.")]
        filter: Option<ReportObligationFilter>,
        #[graphql(desc = "排序，默认按到期日。\nIn which order; by the due day unless said.")] order_by: Option<
            ReportObligationOrder,
        >,
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
        let mut filter = narrowed(filter, period.as_ref(), task_list.as_ref())?;
        filter.leaf.missing_report = Some(true);
        let order = ReportObligationOrder::or_due(order_by);
        let of = reports::ObligationsOf::All;
        let query = reports::report_obligations(request.actor(), &request.late_days(), &filter, order, page, of);
        Ok(request.page::<report_obligation::Entity>(query).await?.into())
    }
}
