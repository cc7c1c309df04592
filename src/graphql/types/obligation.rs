//! What is owed: one report per assignment and period.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use entity::{assignment, extension_request, report_obligation, reporting_period, task, unit};

use super::assignment::Assignment;
use super::directory::Unit;
use super::due::ReportDue;
use super::extension::ExtensionRequestConnection;
use super::object_of_row;
use super::report::ProgressReport;
use super::reporting::ReportingPeriod;
use super::task::Task;
use crate::domain::period::{due_for, late_from};
use crate::graphql::context::{self, id};
use crate::graphql::loader::ReportOfObligation;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::periods;

object_of_row! {
    /// An obligation to report.
    ReportObligation, report_obligation::Model
}

connection! {
    /// 应报事项的分页列表。
    /// A page of obligations.
    ReportObligationConnection,
    /// 应报事项及其游标。
    /// An obligation with its cursor.
    ReportObligationEdge, ReportObligation, report_obligation::Model
}

impl ReportObligation {
    /// The day it is due, and the grace behind it.
    async fn due_day(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<(NaiveDate, i32)>> {
        let period = context::of(ctx)?.row::<reporting_period::Entity>(self.0.reporting_period_id).await?;
        Ok(period.map(|row| (due_for(row.due_on, self.0.due_on), row.grace_working_days)))
    }
}

/// 应报事项：一项指派在一个报告期内应报送的落实情况。
/// What one assignment owes for one period; so "missing" is a fact.
#[Object]
impl ReportObligation {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportObligation, self.0.id)
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        Ok(context::of(ctx)?
            .row::<reporting_period::Entity>(self.0.reporting_period_id)
            .await?
            .map(ReportingPeriod::from))
    }

    /// 任务。
    /// The task.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 指派。
    /// The assignment.
    async fn assignment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        Ok(context::of(ctx)?.row::<assignment::Entity>(self.0.assignment_id).await?.map(Assignment::from))
    }

    /// 应报单位。
    /// The unit that owes.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 报告；尚无或不可见时为空。
    /// The report; null when there is none or it is invisible.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        Ok(context::of(ctx)?.load(ReportOfObligation(self.0.id)).await?.map(ProgressReport::from))
    }

    /// 现行报送截止日：报告期的截止日，或获准延期后的日期，取较晚者。
    /// The day its report is due: the period's, or the one granted to the unit, whichever is later.
    async fn due_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        Ok(self.due_day(ctx).await?.map(|(due_on, _)| Date(due_on)))
    }

    /// 最初的报送截止日。
    /// The day its report was due at first.
    async fn first_due_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        let period = context::of(ctx)?.row::<reporting_period::Entity>(self.0.reporting_period_id).await?;
        Ok(period.map(|row| Date(row.first_due_on.unwrap_or(row.due_on))))
    }

    /// 自该日起算逾期（截止日加宽限期之后）；缺少当年节假日安排时为空，见 missingCalendarYear。
    /// The first day on which its report is late, behind the due day and its grace; null when the holidays of the year are not known, see `missingCalendarYear`.
    async fn late_from(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        let due = self.due_day(ctx).await?;
        let calendar = context::of(ctx)?.service.calendar();
        Ok(due.and_then(|(due_on, grace)| late_from(due_on, grace, calendar).ok()).map(Date))
    }

    /// 推算工作日所缺的节假日年份；不缺时为空。
    /// The year whose holidays are not known and would be needed; null when nothing is missing.
    async fn missing_calendar_year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let due = self.due_day(ctx).await?;
        let calendar = context::of(ctx)?.service.calendar();
        Ok(due.and_then(|(due_on, grace)| late_from(due_on, grace, calendar).err()).map(|missing| missing.0))
    }

    /// 时限状态：是否按时、逾期几日。
    /// How it stands to the day it is due.
    async fn due(&self, ctx: &Context<'_>) -> async_graphql::Result<ReportDue> {
        ReportDue::of(context::of(ctx)?, &self.0).await
    }

    /// 至报告期末至少应完成的次数（“每季度至少一次”等）；非周期性任务为空。
    /// How many times at least the task has to have happened by the end of the period; null when it is not a recurring one.
    async fn expected_count(&self) -> Option<i32> {
        self.0.expected_count
    }

    /// 指派撤回后不再应报的时间；政务公开办已收到的报告仍计入。
    /// Since when it is owed no more, because its assignment was withdrawn; what the office has received of it still counts.
    async fn released_at(&self) -> Option<DateTime> {
        self.0.released_at.map(DateTime)
    }

    /// 延期申请；仅本单位与政务公开办可见。
    /// The requests for more time; for the unit itself and the office only.
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
                periods::extension_requests(page, periods::ExtensionsOf::Obligation),
            )
            .await?
            .into())
    }

    /// 产生时间。
    /// When it arose.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do about it.
    async fn viewer_can(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<super::report_permissions::ReportPermissions> {
        let request = context::of(ctx)?;
        let report = request.load(ReportOfObligation(self.0.id)).await?;
        super::report_permissions::permissions(request, &self.0, report.as_deref()).await
    }
}
