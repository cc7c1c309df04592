//! What somebody has to do: the questions behind 我的工作.

use entity::vocabulary::{PeriodStatus, RectificationStatus, Role, TaskListStatus};
use entity::{progress_report, rectification, report_obligation, reporting_period, task, task_list, unit_closure};
use sea_orm::sea_query::{ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::lists::TaskOrder;
use super::look_back::RectificationOrder;
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

/// The periods in which something can still be done: open, of lists in force.
fn open_periods(actor: &Actor) -> SelectStatement {
    let open = Condition::all().add(reporting_period::Column::Status.eq(PeriodStatus::Open)).add(
        reporting_period::Column::TaskListId
            .in_subquery(lists(actor, task_list::Column::Status.eq(TaskListStatus::Issued))),
    );
    scope::keys::<reporting_period::Entity>(actor, reporting_period::Column::Id, open)
}

/// The obligations of the actor's own units that wait for them.
pub(in crate::store) fn owed_condition(actor: &Actor, late: &LateDays, what: Owed) -> Condition {
    let lies_in = |places: &[Place]| due::report_in(actor, statuses_in(places));
    let all_but = |kept: &[Place]| -> Vec<Place> { Place::ALL.iter().copied().filter(|p| !kept.contains(p)).collect() };
    let own = Condition::all()
        .add(report_obligation::Column::UnitId.is_in(own_units(actor)))
        .add(report_obligation::Column::ReportingPeriodId.in_subquery(open_periods(actor)))
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
pub fn owed(actor: &Actor, late: &LateDays, what: Owed, page: PageArgs) -> PageQuery<report_obligation::Entity> {
    let order = OrderBy { field: ReportObligationOrder::DueOn, descending: false };
    query(owed_condition(actor, late, what), order, page, None)
}

/// The reports that wait for the actor's signature: of the units it signs for, handed in by somebody else.
pub(in crate::store) fn to_sign_condition(actor: &Actor) -> Condition {
    Condition::all()
        .add(progress_report::Column::Status.is_in(statuses_in(&[Place::ToSign])))
        .add(progress_report::Column::UnitId.is_in(actor.units_with(Role::Approver)))
        .add(
            Condition::any()
                .add(progress_report::Column::ReporterUserId.is_null())
                .add(progress_report::Column::ReporterUserId.ne(actor.user_id)),
        )
        .add(progress_report::Column::ReportingPeriodId.in_subquery(open_periods(actor)))
}

/// The reports that wait for the actor's signature, the oldest change first.
pub fn to_sign(actor: &Actor, page: PageArgs) -> PageQuery<progress_report::Entity> {
    let order = OrderBy { field: ProgressReportOrder::UpdatedAt, descending: false };
    query(to_sign_condition(actor), order, page, None)
}

/// The reports that wait for a decision of the office the actor holds.
pub(in crate::store) fn to_review_condition(actor: &Actor) -> Condition {
    Condition::all()
        .add(progress_report::Column::Status.is_in(statuses_in(&[Place::ToReview])))
        .add(progress_report::Column::TaskListId.in_subquery(steered_lists(actor)))
        .add(progress_report::Column::ReportingPeriodId.in_subquery(open_periods(actor)))
}

/// The reports that wait for a decision of the office, the oldest change first.
pub fn to_review(actor: &Actor, page: PageArgs) -> PageQuery<progress_report::Entity> {
    let order = OrderBy { field: ProgressReportOrder::UpdatedAt, descending: false };
    query(to_review_condition(actor), order, page, None)
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

/// The visible tasks of a period of which something is counted, in printed order.
pub fn tasks_of_period(actor: &Actor, period: Uuid, page: PageArgs) -> PageQuery<task::Entity> {
    let of_period = report_obligation::Column::ReportingPeriodId.eq(period);
    let owed = Condition::all().add(of_period).add(due::counted(actor));
    let owed = scope::keys::<report_obligation::Entity>(actor, report_obligation::Column::TaskId, owed);
    let order = OrderBy { field: TaskOrder::Position, descending: false };
    query(Condition::all().add(task::Column::Id.in_subquery(owed)), order, page, None)
}
