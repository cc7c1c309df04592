//! Periods.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{extension_request, period_freeze, period_reopening, report_obligation, reporting_period, task_list};

use super::close_gate::CloseGate;
use super::extension::ExtensionRequestConnection;
use super::object_of_row;
use super::obligation::ReportObligationConnection;
use super::obligation_filter::{ReportObligationFilter, ReportObligationOrder};
use super::reopening::{self, PeriodFreezeConnection, PeriodReopeningConnection};
use super::roll_up::RollUp;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::{Action, State};
use crate::domain::period::late_from;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{PeriodKind, PeriodStatus};
use crate::graphql::filter::{DateFilter, PeriodStatusFilter, filter_input, filter_or_default, order_input};
use crate::graphql::loader::{CountsOfPeriod, LatestFreezeOf};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::{periods, reports};

object_of_row! {
    /// A reporting period.
    ReportingPeriod, reporting_period::Model
}
connection! {
    /// 报告期的分页列表。
    /// A page of reporting periods.
    ReportingPeriodConnection,
    /// 报告期及其游标。
    /// A reporting period with its cursor.
    ReportingPeriodEdge, ReportingPeriod, reporting_period::Model
}
filter_input! {
    /// 报告期筛选。
    /// Which reporting periods.
    ReportingPeriodFilter => reports::ReportingPeriodLeaf {
        /// 状态。
        /// The state.
        status: PeriodStatusFilter => |v| v.into(),
        /// 截止日（报告内容）。
        /// The last day of the period.
        ends_on: DateFilter => |v| v.into(),
        /// 报送截止日。
        /// The day reports are due.
        due_on: DateFilter => |v| v.into(),
    }
}

order_input! {
    /// 报告期排序。
    /// In which order periods come.
    ReportingPeriodOrder,
    /// 报告期排序依据。
    /// By what periods are ordered.
    ReportingPeriodOrderField => reports::ReportingPeriodOrder, default EndsOn {
        /// 报告期截止日。
        /// By the last day.
        EndsOn,
        /// 报送截止日。
        /// By the due day.
        DueOn,
    }
}

/// 对报告期可做的操作。
/// What the caller may do with a reporting period.
#[derive(SimpleObject)]
pub struct ReportingPeriodPermissions {
    /// 关闭。
    /// Close it.
    close: Permission,
    /// 修改名称、截止日、宽限期。
    /// Change its label, due day or grace.
    update: Permission,
    /// 关闭后对个别单位重新开放。
    /// Open it again for one unit after it was closed.
    reopen: Permission,
}

/// 报告期，如“1–6月”。
/// A reporting period of a list.
#[Object]
impl ReportingPeriod {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportingPeriod, self.0.id)
    }

    /// 类型。
    /// The kind.
    async fn kind(&self) -> PeriodKind {
        self.0.kind.into()
    }

    /// 名称，如“1–6月”。
    /// The label, as offices write it.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// 起始日。
    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// 截止日。
    /// The last day.
    async fn ends_on(&self) -> Date {
        Date(self.0.ends_on)
    }

    /// 报送截止日。
    /// The day reports are due.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 最初的报送截止日；未改过时与 dueOn 相同。
    /// The day reports were due at first; the same as `dueOn` as long as it was not moved.
    async fn first_due_on(&self) -> Date {
        Date(self.0.first_due_on.unwrap_or(self.0.due_on))
    }

    /// 宽限期：截止日之后仍按时计的工作日数。
    /// The grace: working days after the due day in which a report still counts as on time.
    async fn grace_working_days(&self) -> i32 {
        self.0.grace_working_days
    }

    /// 自该日起算逾期；缺少当年节假日安排时为空，见 missingCalendarYear。
    /// The first day on which a report is late; null when the holidays of the year are not known, see `missingCalendarYear`.
    async fn late_from(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        let calendar = context::of(ctx)?.service.calendar();
        Ok(late_from(self.0.due_on, self.0.grace_working_days, calendar).ok().map(Date))
    }

    /// 推算工作日所缺的节假日年份；不缺时为空。
    /// The year whose holidays are not known and would be needed; null when nothing is missing.
    async fn missing_calendar_year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let calendar = context::of(ctx)?.service.calendar();
        Ok(late_from(self.0.due_on, self.0.grace_working_days, calendar).err().map(|missing| missing.0))
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> PeriodStatus {
        self.0.status.into()
    }

    /// 开启时间。
    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// 关闭时间。
    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// 所在清单。
    /// The list it belongs to.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 应报事项。
    /// The obligations to report.
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
        let of = reports::ObligationsOf::Period;
        let query = reports::report_obligations(request.actor(), &request.late_days(), &filter, order, page, of);
        Ok(request.nested::<report_obligation::Entity>(self.0.id, query).await?.into())
    }

    /// 汇总。
    /// The roll-up under the caller's own scope.
    async fn roll_up(&self, ctx: &Context<'_>) -> async_graphql::Result<RollUp> {
        Ok(context::of(ctx)?.load(CountsOfPeriod(self.0.id)).await?.unwrap_or_default().into())
    }

    /// 关闭时固定的汇总数（最近一次）；未关闭或不能查看整份清单时为空。
    /// The sums as they were frozen last, over everybody's reports; null while it is open, and for those who do not see the whole list.
    async fn frozen_roll_up(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<RollUp>> {
        let row = context::of(ctx)?.load(LatestFreezeOf(self.0.id)).await?;
        row.map(|row| reopening::sums(&row)).transpose()
    }

    /// 历次固定的汇总数；仅能查看整份清单者可见。
    /// Every freezing of the sums; only for those who see the whole list.
    async fn freezes(
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
    ) -> async_graphql::Result<PeriodFreezeConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<period_freeze::Entity>(self.0.id, periods::period_freezes(page)).await?.into())
    }

    /// 关闭后对个别单位的重新开放；单位只见本单位的。
    /// The reopenings for single units after the closing; a unit sees its own only.
    async fn reopenings(
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
    ) -> async_graphql::Result<PeriodReopeningConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<period_reopening::Entity>(self.0.id, periods::period_reopenings(page)).await?.into())
    }

    /// 延期申请；单位只见本单位的。
    /// The requests for more time; a unit sees its own only.
    async fn extension_requests(
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
    ) -> async_graphql::Result<ExtensionRequestConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request
            .nested::<extension_request::Entity>(
                self.0.id,
                periods::extension_requests(page, periods::ExtensionsOf::Period),
            )
            .await?
            .into())
    }

    /// 关闭前的核对：尚缺什么。
    /// What still stands in the way of closing.
    async fn close_gate(&self) -> CloseGate {
        CloseGate(self.0.clone())
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
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<ReportingPeriodPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let state = State { period: Some(self.0.status), ..state };
        let ask = |action| Permission::ask(action, subject, state, request.lang);
        Ok(ReportingPeriodPermissions {
            close: ask(Action::PeriodClose),
            update: ask(Action::PeriodUpdate),
            reopen: ask(Action::PeriodReopen),
        })
    }
}
