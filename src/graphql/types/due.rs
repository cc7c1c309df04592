//! Until when something is owed, and how it stands to that day.

use async_graphql::SimpleObject;
use entity::vocabulary::ReportStatus;
use entity::{progress_report, report_obligation, reporting_period};

use crate::clock::day_of;
use crate::domain::due;
use crate::domain::period::due_for;
use crate::graphql::context::RequestContext;
use crate::graphql::enums::ReportDueState;
use crate::graphql::loader::ReportOfObligation;
use crate::graphql::scalar::Date;

/// 应报事项的时限。
/// Until when an obligation is due, and how it stands to that day.
#[derive(SimpleObject)]
pub struct ReportDue {
    /// 到期日；无时限时为空。
    /// The day it is due; null when nothing says so.
    on: Option<Date>,
    /// 时限状态，就所见而言。
    /// How it stands to that day, as far as the caller sees.
    state: ReportDueState,
    /// 逾期天数（自然日）；未逾期时为空。
    /// Days since the day it was due; null unless it is overdue.
    days_overdue: Option<i32>,
    /// 逾期工作日数；未逾期或工作日历缺该年度时为空。
    /// Working days since then; null unless it is overdue, and where the calendar of a year is missing.
    working_days_overdue: Option<i32>,
}

impl ReportDue {
    /// Of an obligation.
    pub(super) async fn of(
        request: &RequestContext,
        obligation: &report_obligation::Model,
    ) -> async_graphql::Result<Self> {
        let period = request.row::<reporting_period::Entity>(obligation.reporting_period_id);
        let report = request.load(ReportOfObligation(obligation.id));
        let (period, report) = futures_util::future::try_join(period, report).await?;
        Ok(Self::by(request, period.as_deref(), obligation, report.as_deref()))
    }

    /// Of an obligation with its period and its report, as far as they are visible.
    pub(super) fn by(
        request: &RequestContext,
        period: Option<&reporting_period::Model>,
        obligation: &report_obligation::Model,
        report: Option<&progress_report::Model>,
    ) -> Self {
        // One under correction was accepted, and that counts.
        let status = report.map(|row| row.accepted_revision.map_or(row.status, |_| ReportStatus::Accepted));
        let handed_in_on = report.and_then(|report| report.received_at.or(report.submitted_at)).map(day_of);
        // What is owed no more is due on no day.
        let owed = obligation.released_at.is_none() || due::is_received(status);
        let due = period
            .filter(|_| owed)
            .map(|period| (due_for(period.due_on, obligation.due_on), period.grace_working_days));
        let today = request.today;
        let on = due.map(|(day, _)| day);
        let late_from = due.map(|(day, grace)| due::late_day(day, grace, request.service.calendar()));
        let state = due::due_state(on, late_from, handed_in_on, status, today);
        let since = on.filter(|_| state == due::DueState::Overdue);
        let working = since.and_then(|day| request.service.calendar().working_days_between(day, today).ok());
        Self {
            on: on.map(Date),
            state: state.into(),
            days_overdue: since.and_then(|day| i32::try_from((today - day).num_days()).ok()),
            working_days_overdue: working.and_then(|days| i32::try_from(days).ok()),
        }
    }
}
