//! The day an obligation is due, in SQL. Whatever moves the day of one obligation is put in here and nowhere else.

use chrono::NaiveDate;
use entity::vocabulary::ReportStatus;
use entity::{progress_report, report_obligation, reporting_period};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr};

use super::Engine;
use super::filter::{DayRange, Terms};
use super::scope;
use crate::authz::Actor;
use crate::domain::due::{LateDays, received_statuses};

/// The day of an obligation: its own, where it was granted a later one than its period has. Beside its period's row.
pub(super) fn due_beside_period() -> SimpleExpr {
    let own = Expr::col((report_obligation::Entity, report_obligation::Column::DueOn));
    let period = Expr::col((reporting_period::Entity, reporting_period::Column::DueOn));
    CaseStatement::new().case(own.clone().gt(period.clone()), own).finally(period).into()
}

/// Something of the period of an obligation, which is visible where the obligation is.
fn of_period(what: SimpleExpr) -> SimpleExpr {
    let found = Query::select()
        .expr(what)
        .from(reporting_period::Entity)
        .and_where(
            Expr::col((reporting_period::Entity, reporting_period::Column::Id))
                .equals((report_obligation::Entity, report_obligation::Column::ReportingPeriodId)),
        )
        .take();
    SimpleExpr::SubQuery(None, Box::new(found.into()))
}

/// The day of an obligation, to be sorted by.
pub(super) fn due_on() -> SimpleExpr {
    of_period(due_beside_period())
}

/// The obligations of periods that are so.
fn in_periods(actor: &Actor, such: Condition) -> Condition {
    let periods = scope::keys::<reporting_period::Entity>(actor, reporting_period::Column::Id, such);
    Condition::all().add(report_obligation::Column::ReportingPeriodId.in_subquery(periods))
}

/// The obligations whose day lies so. Few have a day of their own; the others go by their period, which is one look for all.
pub(super) fn due_within(actor: &Actor, days: &DayRange) -> Condition {
    let mut terms = Terms::new();
    terms.range(reporting_period::Column::DueOn, Some(days));
    let own = report_obligation::Column::DueOn;
    Condition::any()
        .add(in_periods(actor, terms.0).add(own.is_null()))
        .add(days.holds_for(&due_on()).add(own.is_not_null()))
}

/// The obligations for which it is too late; the twin of `domain::due::due_state`.
pub(super) fn too_late(actor: &Actor, late: &LateDays) -> Condition {
    let by_grace = |(grace, last): (i32, NaiveDate)| {
        Condition::all()
            .add(reporting_period::Column::GraceWorkingDays.eq(grace))
            .add(reporting_period::Column::DueOn.lte(last))
    };
    let periods = late.by_grace().fold(Condition::any(), |any, one| any.add(by_grace(one)));
    // Late are both the period's day and its own: the later one counts.
    let grace = || Expr::col((reporting_period::Entity, reporting_period::Column::GraceWorkingDays));
    let last = late.by_grace().fold(CaseStatement::new(), |case, (days, last)| case.case(grace().eq(days), last));
    let own = report_obligation::Column::DueOn;
    let own_too = Condition::any().add(own.is_null()).add(own.into_simple_expr().lte(of_period(last.into())));
    in_periods(actor, periods).add(own_too)
}

/// The obligations of which the office has received nothing that still counts, as far as the actor sees.
pub(super) fn not_received(actor: &Actor) -> Condition {
    owed().add(report_that(actor, Condition::all().add(received())).not())
}

/// The obligations that are owed: no amendment has taken away what they follow from.
pub(super) fn owed() -> Condition {
    Condition::all().add(report_obligation::Column::ReleasedAt.is_null())
}

/// The obligations that are counted: what is owed, and what the office has received although it is owed no more.
pub(super) fn counted(actor: &Actor) -> Condition {
    Condition::any().add(owed()).add(report_that(actor, Condition::all().add(received())))
}

/// The obligations that are counted, whoever sees the reports.
pub(super) fn counted_for_all() -> Condition {
    Condition::any().add(owed()).add(any_report_that(received()))
}

/// The reports of obligations that are counted.
pub(super) fn report_counted() -> Condition {
    let released = Query::select()
        .expr(Expr::val(1))
        .from(report_obligation::Entity)
        .and_where(
            Expr::col((report_obligation::Entity, report_obligation::Column::Id))
                .equals((progress_report::Entity, progress_report::Column::ReportObligationId)),
        )
        .and_where(report_obligation::Column::ReleasedAt.is_not_null())
        .take();
    received().add(Expr::exists(released).not())
}

/// Reports that the office has received; one under correction was accepted, and that still counts.
fn received() -> Condition {
    Condition::any()
        .add(progress_report::Column::Status.is_in(received_statuses()))
        .add(progress_report::Column::AcceptedRevision.is_not_null())
}

/// The obligations whose report is seen and in one of these states.
pub(super) fn report_in(actor: &Actor, statuses: Vec<ReportStatus>) -> SimpleExpr {
    report_that(actor, Condition::all().add(progress_report::Column::Status.is_in(statuses)))
}

fn report_that(actor: &Actor, such: Condition) -> SimpleExpr {
    any_report_that(such.add(scope::seen_reports(actor)))
}

/// The obligations of which the office has received nothing that still counts, whoever sees the reports.
pub(super) fn nothing_received() -> Condition {
    owed().add(any_report_that(received()).not())
}

fn any_report_that(such: Condition) -> SimpleExpr {
    // Looked up for each obligation, because what is asked about is a small part of all reports.
    let report = Query::select()
        .expr(Expr::val(1))
        .from(progress_report::Entity)
        .and_where(
            Expr::col((progress_report::Entity, progress_report::Column::ReportObligationId))
                .equals((report_obligation::Entity, report_obligation::Column::Id)),
        )
        .cond_where(such)
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
