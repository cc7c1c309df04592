//! The day an obligation is due, in SQL. Whatever moves the day of one obligation is put in here and nowhere else.

use chrono::NaiveDate;
use entity::vocabulary::ReportStatus;
use entity::{progress_report, report_obligation, reporting_period};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::Engine;
use super::filter::{DayRange, Terms};
use super::scope;
use crate::authz::Actor;
use crate::domain::due::received_statuses;

/// The day of an obligation, to be sorted by. Of its own period, which is visible where the obligation is.
pub(super) fn due_on() -> SimpleExpr {
    let day = Query::select()
        .column((reporting_period::Entity, reporting_period::Column::DueOn))
        .from(reporting_period::Entity)
        .and_where(
            Expr::col((reporting_period::Entity, reporting_period::Column::Id))
                .equals((report_obligation::Entity, report_obligation::Column::ReportingPeriodId)),
        )
        .take();
    SimpleExpr::SubQuery(None, Box::new(day.into()))
}

/// The obligations whose day lies so.
pub(super) fn due_within(actor: &Actor, days: &DayRange) -> Condition {
    let mut terms = Terms::new();
    terms.range(reporting_period::Column::DueOn, Some(days));
    let periods = scope::keys::<reporting_period::Entity>(actor, reporting_period::Column::Id, terms.0);
    Condition::all().add(report_obligation::Column::ReportingPeriodId.in_subquery(periods))
}

/// The obligations for which it is too late by `today`; the twin of `domain::due::due_state`.
pub(super) fn too_late(actor: &Actor, today: NaiveDate) -> Condition {
    due_within(actor, &DayRange { lt: Some(today), ..DayRange::default() })
}

/// The obligations of which the office has received nothing that still counts, as far as the actor sees.
pub(super) fn not_received(actor: &Actor) -> Condition {
    Condition::all().add(report_in(actor, received_statuses()).not())
}

/// The obligations whose report is seen and in one of these states.
pub(super) fn report_in(actor: &Actor, statuses: Vec<ReportStatus>) -> SimpleExpr {
    // Looked up for each obligation, because what is asked about is a small part of all reports.
    let report = Query::select()
        .expr(Expr::val(1))
        .from(progress_report::Entity)
        .and_where(
            Expr::col((progress_report::Entity, progress_report::Column::ReportObligationId))
                .equals((report_obligation::Entity, report_obligation::Column::Id)),
        )
        .and_where(progress_report::Column::Status.is_in(statuses))
        .cond_where(scope::seen_reports(actor))
        .take();
    Expr::exists(report)
}

/// The day of a moment where the offices are, as `clock::day_of` has it.
pub(super) fn day_of(engine: Engine, moment: SimpleExpr) -> SimpleExpr {
    match engine {
        Engine::Sqlite => Func::cust("date").arg(moment).arg("+8 hours").into(),
        Engine::Postgres => Expr::cust_with_exprs("($1 AT TIME ZONE INTERVAL '+08:00')::date", [moment]),
    }
}
