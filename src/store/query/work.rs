//! What somebody has to do: the questions behind 我的工作.

use chrono::NaiveDate;
use entity::vocabulary::{PeriodStatus, RectificationStatus, Role, TaskListStatus};
use entity::{
    period_reopening, progress_report, rectification, report_obligation, reporting_period, task, task_list,
    unit_closure, urge_notice,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::lists::TaskOrder;
use super::look_back::RectificationOrder;
use super::notices::{UrgeNoticeOrder, reply_open};
use super::reports::{ProgressReportOrder, ReportObligationOrder};
use super::{OrderBy, query};
use crate::authz::{Actor, Area, Reach};
use crate::domain::due::{LateDays, Place, statuses_in};
use crate::domain::rectification::with_unit;
use crate::store::page::{PageArgs, PageQuery};
use crate::store::{due, scope};

/// The parts of what a unit has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Nothing is handed in yet.
    ToReport,
    /// It was returned.
    Returned,
    /// Either of them, and it is too late.
    Overdue,
}

/// The units the actor reports for.
fn own_units(actor: &Actor) -> Vec<Uuid> {
    let own = actor.reach(Area::Reports).into_iter().filter_map(|reach| match reach {
        Reach::Unit(unit) => Some(unit),
        Reach::Issuer(_) | Reach::Lists(..) => None,
    });
    own.filter(|unit| actor.reports_for(*unit)).collect()
}

/// Such lists, of those reporting stands on.
fn lists(actor: &Actor, such: SimpleExpr) -> SelectStatement {
    scope::reported_lists(actor).filter(such).select_only().column(task_list::Column::Id).into_query()
}

/// The lists the actor steers: issued at or below a unit whose office it holds.
pub(in crate::store) fn steered_lists(actor: &Actor) -> SelectStatement {
    let below = Query::select()
        .column(unit_closure::Column::DescendantId)
        .from(unit_closure::Entity)
        .and_where(unit_closure::Column::AncestorId.is_in(actor.units_with(Role::Office)))
        .take();
    lists(actor, task_list::Column::IssuerUnitId.in_subquery(below))
}

/// The rows about which something can still be done on `today`: of lists in force, in open periods and in closed ones that
/// are open again for the unit. `list`, `period` and `unit` are the columns of the row.
fn can_be_done<C: ColumnTrait>(actor: &Actor, today: NaiveDate, list: C, period: C, unit: C) -> Condition {
    let open = Condition::all().add(reporting_period::Column::Status.eq(PeriodStatus::Open));
    let open = scope::keys::<reporting_period::Entity>(actor, reporting_period::Column::Id, open);
    // Whoever sees the row sees what was opened again for it: the unit itself and the office.
    let of = |column: period_reopening::Column, row: C| {
        Expr::col((period_reopening::Entity, column)).equals(row.as_column_ref())
    };
    let again = Query::select()
        .expr(Expr::val(1))
        .from(period_reopening::Entity)
        .and_where(of(period_reopening::Column::ReportingPeriodId, period))
        .and_where(of(period_reopening::Column::UnitId, unit))
        .and_where(period_reopening::Column::EndedAt.is_null())
        .and_where(period_reopening::Column::UntilOn.gte(today))
        .take();
    Condition::all()
        .add(list.in_subquery(lists(actor, task_list::Column::Status.eq(TaskListStatus::Issued))))
        .add(Condition::any().add(period.in_subquery(open)).add(Expr::exists(again)))
}

fn reports_that_can_be_decided(actor: &Actor, today: NaiveDate) -> Condition {
    use progress_report::Column::{ReportingPeriodId, TaskListId, UnitId};
    can_be_done(actor, today, TaskListId, ReportingPeriodId, UnitId)
}

/// The obligations of the actor's own units that wait for them.
fn owed_condition(actor: &Actor, today: NaiveDate, late: &LateDays, what: Owed) -> Condition {
    use report_obligation::Column::{ReportingPeriodId, TaskListId, UnitId};
    let lies_in = |places: &[Place]| due::report_in(actor, statuses_in(places));
    let all_but = |kept: &[Place]| -> Vec<Place> { Place::ALL.iter().copied().filter(|p| !kept.contains(p)).collect() };
    let own = Condition::all()
        .add(UnitId.is_in(own_units(actor)))
        .add(can_be_done(actor, today, TaskListId, ReportingPeriodId, UnitId))
        .add(due::owed());
    match what {
        Owed::ToReport => own.add(lies_in(&all_but(&[Place::ToReport])).not()),
        Owed::Returned => own.add(lies_in(&[Place::Returned])),
        Owed::Overdue => {
            let elsewhere = all_but(&[Place::ToReport, Place::ToSign, Place::Returned]);
            own.add(lies_in(&elsewhere).not()).add(due::not_received(actor)).add(due::too_late(actor, late))
        }
    }
}

/// What waits for the actor's own units, what is due first in front.
pub fn owed(
    actor: &Actor,
    today: NaiveDate,
    late: &LateDays,
    what: Owed,
    page: PageArgs,
) -> PageQuery<report_obligation::Entity> {
    let order = OrderBy { field: ReportObligationOrder::DueOn, descending: false };
    query(owed_condition(actor, today, late, what), order, page, None)
}

/// The reports that wait for the actor's signature: of the units it signs for, handed in by somebody else.
fn to_sign_condition(actor: &Actor, today: NaiveDate) -> Condition {
    Condition::all()
        .add(progress_report::Column::Status.is_in(statuses_in(&[Place::ToSign])))
        .add(progress_report::Column::UnitId.is_in(actor.units_with(Role::Approver)))
        .add(not_by(actor, progress_report::Column::ReporterUserId))
        .add(reports_that_can_be_decided(actor, today))
}

/// The reports that wait for the actor's signature, the oldest change first.
pub fn to_sign(actor: &Actor, today: NaiveDate, page: PageArgs) -> PageQuery<progress_report::Entity> {
    let order = OrderBy { field: ProgressReportOrder::UpdatedAt, descending: false };
    query(to_sign_condition(actor, today), order, page, None)
}

/// The actor has no part in this column of a report.
fn not_by(actor: &Actor, column: progress_report::Column) -> Condition {
    Condition::any().add(column.is_null()).add(column.ne(actor.user_id))
}

/// The reports that wait for a decision of the office the actor holds, and that it neither handed in nor signed.
fn to_review_condition(actor: &Actor, today: NaiveDate) -> Condition {
    Condition::all()
        .add(progress_report::Column::Status.is_in(statuses_in(&[Place::ToReview])))
        .add(progress_report::Column::TaskListId.in_subquery(steered_lists(actor)))
        .add(not_by(actor, progress_report::Column::ReporterUserId))
        .add(not_by(actor, progress_report::Column::SignedByUserId))
        .add(reports_that_can_be_decided(actor, today))
}

/// The reports that wait for a decision of the office, the oldest change first.
pub fn to_review(actor: &Actor, today: NaiveDate, page: PageArgs) -> PageQuery<progress_report::Entity> {
    let order = OrderBy { field: ProgressReportOrder::UpdatedAt, descending: false };
    query(to_review_condition(actor, today), order, page, None)
}

/// What the actor's own units still have to put right: they have to say what they will do, or that it is done.
pub(in crate::store) fn to_rectify_condition(actor: &Actor) -> Condition {
    Condition::all()
        .add(rectification::Column::Status.is_in(with_unit()))
        .add(rectification::Column::UnitId.is_in(own_units(actor)))
}

/// What the actor's own units still have to put right, what is due first in front.
pub fn to_rectify(actor: &Actor, page: PageArgs) -> PageQuery<rectification::Entity> {
    let order = OrderBy { field: RectificationOrder::DueOn, descending: false };
    query(to_rectify_condition(actor), order, page, None)
}

/// What units say they have put right, and the office the actor holds has to look at again.
pub(in crate::store) fn to_recheck_condition(actor: &Actor) -> Condition {
    Condition::all()
        .add(rectification::Column::Status.eq(RectificationStatus::Reported))
        .add(rectification::Column::TaskListId.in_subquery(steered_lists(actor)))
}

/// What the office has to look at again, the oldest change first.
pub fn to_recheck(actor: &Actor, page: PageArgs) -> PageQuery<rectification::Entity> {
    let order = OrderBy { field: RectificationOrder::UpdatedAt, descending: false };
    query(to_recheck_condition(actor), order, page, None)
}

/// The notices to which the actor's own units still owe a reply, what is due first in front.
pub fn to_reply(actor: &Actor, page: PageArgs) -> PageQuery<urge_notice::Entity> {
    let order = OrderBy { field: UrgeNoticeOrder::ReplyDueOn, descending: false };
    query(reply_open().add(urge_notice::Column::UnitId.is_in(own_units(actor))), order, page, None)
}

/// The visible tasks of a period of which something is counted, in printed order.
pub fn tasks_of_period(actor: &Actor, period: Uuid, page: PageArgs) -> PageQuery<task::Entity> {
    let of_period = report_obligation::Column::ReportingPeriodId.eq(period);
    let owed = Condition::all().add(of_period).add(due::counted(actor));
    let owed = scope::keys::<report_obligation::Entity>(actor, report_obligation::Column::TaskId, owed);
    let order = OrderBy { field: TaskOrder::Position, descending: false };
    query(Condition::all().add(task::Column::Id.in_subquery(owed)), order, page, None)
}
