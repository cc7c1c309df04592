//! Fence 3, the row scope: the only place where a SELECT on a table starts.
//!
//! One function per table, `&Actor → Select<_>`. Rights are the union of the actor's reaches ([`Reach`], matched
//! exhaustively); an actor without any reach selects nothing. Every nested question (who is on a task, what belongs to a
//! list) is asked as a sub-select of the same scope, so a row can't be seen by way of its parent, child or neighbour.

pub(super) mod after_issue;
mod audit;
mod directory;
mod external;
mod files;
pub(super) mod grants;
mod looking_back;
mod machines;
mod notices;
mod periods;
mod predecessors;
mod publishing;
mod reporting;
mod sessions;

use entity::vocabulary::{AssignmentRole, AssignmentStatus, ReportStatus, TaskListStatus, TaskStatus};
use entity::{
    assignment, deadline, evidence, export_job, extension_request, file, import_question, look_back,
    look_back_evidence, look_back_item, period_freeze, period_reopening, period_schedule, progress_report,
    progress_report_revision, rectification, rectification_step, report_obligation, report_part, report_review,
    report_signature, reporting_period, section, section_closure, task, task_lineage, task_list, task_reporting_lead,
    unit, unit_alias, unit_closure, unit_group, unit_group_alias, unit_group_member, user_account,
};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

pub(super) use self::directory::{unit_aliases, unit_group_aliases, unit_group_members, unit_groups, units, users};
pub(super) use self::files::{export_jobs, file_chunks, files};
pub(super) use self::looking_back::lists_seen_whole;
use self::looking_back::{
    look_back_evidences, look_back_items, look_backs, rectification_steps, rectifications, shown_evidence,
    task_lineages,
};
pub(super) use self::machines::kept_machines;
use self::periods::{extension_requests, period_freezes, period_reopenings, period_schedules};
pub(super) use self::predecessors::mergers;
use self::predecessors::{inherited_reports, own_or_inherited};
pub(super) use self::publishing::public;
use self::reporting::{evidences, report_parts, report_signatures, task_reporting_leads};
pub(super) use self::sessions::kept_from;
use crate::authz::{Actor, Area, Reach};

/// A table that can be read under an actor's scope.
pub trait Scoped: EntityTrait<Model: Clone + Send + Sync + 'static> {
    /// The rows of this table that the actor may see.
    fn scoped(actor: &Actor) -> Select<Self>;
    /// The key every order ends in.
    fn key() -> Self::Column;
    /// The key of a row.
    fn key_of(row: &Self::Model) -> Uuid;
}

#[expect(clippy::disallowed_methods, reason = "this module owns the start of every SELECT")]
pub(super) fn all<E: EntityTrait>() -> Select<E> {
    E::find()
}

/// A condition nothing meets. Every union of reaches starts with it, because an empty union would mean "no condition".
fn nobody() -> Condition {
    Condition::any().add(sea_orm::sea_query::Expr::cust("1 = 0"))
}

pub(super) fn union<F: Fn(Reach<'_>) -> Condition>(actor: &Actor, area: Area, condition: F) -> Condition {
    actor.reach(area).into_iter().fold(nobody(), |any, reach| any.add(condition(reach)))
}

/// The units at and below `unit`.
fn subtree(unit: Uuid) -> SelectStatement {
    Query::select()
        .column(unit_closure::Column::DescendantId)
        .from(unit_closure::Entity)
        .and_where(unit_closure::Column::AncestorId.eq(unit))
        .take()
}

pub(super) fn ids_of<E: EntityTrait>(column: E::Column, condition: Condition) -> SelectStatement {
    Query::select().column((E::default(), column)).from(E::default()).cond_where(condition).take()
}

/// The lists that have left the draft.
fn published_lists() -> SelectStatement {
    ids_of::<task_list::Entity>(
        task_list::Column::Id,
        Condition::all().add(task_list::Column::Status.ne(TaskListStatus::Draft)),
    )
}

/// The tasks `unit` is assigned to, in whatever role.
fn assigned_tasks(unit: Uuid) -> SelectStatement {
    ids_of::<assignment::Entity>(assignment::Column::TaskId, active_at(unit))
}

/// The tasks `unit` leads.
fn led_tasks(unit: Uuid) -> SelectStatement {
    ids_of::<assignment::Entity>(
        assignment::Column::TaskId,
        active_at(unit).add(assignment::Column::Role.eq(AssignmentRole::Lead)),
    )
}

fn active_at(unit: Uuid) -> Condition {
    Condition::all()
        .add(assignment::Column::UnitId.eq(unit))
        .add(assignment::Column::Status.eq(AssignmentStatus::Active))
}

fn list_condition(reach: &Reach<'_>) -> Condition {
    match reach {
        Reach::Issuer(unit) => Condition::all().add(task_list::Column::IssuerUnitId.in_subquery(subtree(*unit))),
        Reach::Lists(lists, root) => Condition::all()
            .add(task_list::Column::Id.is_in(lists.iter().copied()))
            .add(task_list::Column::RootId.eq(*root)),
        Reach::Unit(unit) => Condition::all().add(task_list::Column::Status.ne(TaskListStatus::Draft)).add(
            task_list::Column::Id.in_subquery(ids_of::<task::Entity>(
                task::Column::TaskListId,
                Condition::all().add(task::Column::Id.in_subquery(assigned_tasks(*unit))),
            )),
        ),
    }
}

/// The lists whose every row the reach sees; `None` for a reach that goes by tasks.
fn whole_lists(reach: &Reach<'_>) -> Option<SelectStatement> {
    match reach {
        Reach::Issuer(_) | Reach::Lists(..) => {
            Some(ids_of::<task_list::Entity>(task_list::Column::Id, list_condition(reach)))
        }
        Reach::Unit(_) => None,
    }
}

fn task_condition(reach: &Reach<'_>) -> Condition {
    match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(reach, task::Column::TaskListId),
        Reach::Unit(unit) => Condition::all()
            .add(task::Column::Status.eq(TaskStatus::Active))
            .add(task::Column::Id.in_subquery(assigned_tasks(*unit)))
            .add(task::Column::TaskListId.in_subquery(published_lists())),
    }
}

pub(super) fn in_whole_lists<C: ColumnTrait>(reach: &Reach<'_>, column: C) -> Condition {
    match whole_lists(reach) {
        Some(lists) => Condition::all().add(column.in_subquery(lists)),
        None => nobody(),
    }
}

pub(super) fn task_ids(reach: &Reach<'_>) -> SelectStatement {
    ids_of::<task::Entity>(task::Column::Id, task_condition(reach))
}

fn visible_tasks(actor: &Actor, area: Area) -> SelectStatement {
    ids_of::<task::Entity>(task::Column::Id, union(actor, area, |reach| task_condition(&reach)))
}

fn visible_lists(actor: &Actor, area: Area) -> SelectStatement {
    ids_of::<task_list::Entity>(task_list::Column::Id, union(actor, area, |reach| list_condition(&reach)))
}

/// Lists: of the office and inspectors those issued at or below them, drafts too; of a unit those in force with a task
/// of its own.
pub(super) fn task_lists(actor: &Actor) -> Select<task_list::Entity> {
    all().filter(union(actor, Area::Lists, |reach| list_condition(&reach)))
}

/// Sections: of visible lists; a unit sees those with a task of its own, and the headings above them.
pub(super) fn sections(actor: &Actor) -> Select<section::Entity> {
    all().filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, section::Column::TaskListId),
        Reach::Unit(_) => {
            let own = ids_of::<task::Entity>(task::Column::SectionId, task_condition(&reach));
            let with_headings = ids_of::<section_closure::Entity>(
                section_closure::Column::AncestorId,
                Condition::all().add(section_closure::Column::DescendantId.in_subquery(own)),
            );
            Condition::all().add(section::Column::Id.in_subquery(with_headings))
        }
    }))
}

/// Tasks: see [`task_condition`].
pub(super) fn tasks(actor: &Actor) -> Select<task::Entity> {
    all().filter(union(actor, Area::Lists, |reach| task_condition(&reach)))
}

/// Deadlines of visible tasks.
pub(super) fn deadlines(actor: &Actor) -> Select<deadline::Entity> {
    all().filter(deadline::Column::TaskId.in_subquery(visible_tasks(actor, Area::Lists)))
}

/// What the reader of a file asks: of those who see the whole list; a unit is not asked, and gets the answers.
pub(super) fn import_questions(actor: &Actor) -> Select<import_question::Entity> {
    all().filter(union(actor, Area::Lists, |reach| in_whole_lists(&reach, import_question::Column::TaskListId)))
}

/// Assignments in force of visible tasks: who else is in it.
pub(super) fn assignments(actor: &Actor) -> Select<assignment::Entity> {
    all()
        .filter(assignment::Column::TaskId.in_subquery(visible_tasks(actor, Area::Lists)))
        .filter(assignment::Column::Status.eq(AssignmentStatus::Active))
}

/// Lists as reporting stands on them: who may report for a list may not be one who may read it, so the store gives
/// their issuer and state away and nothing else.
pub(super) fn reported_lists(actor: &Actor) -> Select<task_list::Entity> {
    all().filter(union(actor, Area::Reports, |reach| list_condition(&reach)))
}

/// Periods of visible lists.
pub(super) fn reporting_periods(actor: &Actor) -> Select<reporting_period::Entity> {
    all().filter(reporting_period::Column::TaskListId.in_subquery(visible_lists(actor, Area::Reports)))
}

/// Obligations: of whole lists; of a unit its own and its predecessors', and those of the co-units on the tasks it leads.
pub(super) fn report_obligations(actor: &Actor) -> Select<report_obligation::Entity> {
    all().filter(union(actor, Area::Reports, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, report_obligation::Column::TaskListId),
        Reach::Unit(unit) => Condition::all().add(report_obligation::Column::TaskId.in_subquery(task_ids(&reach))).add(
            own_or_inherited(report_obligation::Column::UnitId, actor, unit)
                .add(report_obligation::Column::TaskId.in_subquery(led_tasks(unit))),
        ),
    }))
}

fn report_condition(actor: &Actor, reach: &Reach<'_>) -> Condition {
    match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(reach, progress_report::Column::TaskListId),
        Reach::Unit(unit) => Condition::all().add(progress_report::Column::TaskId.in_subquery(task_ids(reach))).add(
            Condition::any()
                .add(progress_report::Column::UnitId.eq(*unit))
                .add(submitted_to_lead(*unit))
                .add(inherited_reports(actor, *unit)),
        ),
    }
}

/// What a lead unit sees of its co-units: reports that are handed in or accepted. A returned one is being rewritten and
/// is the unit's own affair until it comes back.
fn submitted_to_lead(unit: Uuid) -> Condition {
    Condition::all()
        .add(progress_report::Column::Status.is_in([ReportStatus::Submitted, ReportStatus::Accepted]))
        .add(progress_report::Column::TaskId.in_subquery(led_tasks(unit)))
}

/// Reports: of whole lists with drafts; of a unit its own, and what its predecessors handed in; of a lead also its
/// co-units' once submitted.
pub(super) fn progress_reports(actor: &Actor) -> Select<progress_report::Entity> {
    all().filter(seen_reports(actor))
}

/// The same, for joins.
pub(super) fn seen_reports(actor: &Actor) -> Condition {
    union(actor, Area::Reports, |reach| report_condition(actor, &reach))
}

/// What was handed in, revision by revision: with the report.
pub(super) fn progress_report_revisions(actor: &Actor) -> Select<progress_report_revision::Entity> {
    all().filter(progress_report_revision::Column::ProgressReportId.in_subquery(visible_reports(actor)))
}

/// The reports an actor sees, as a sub-select.
fn visible_reports(actor: &Actor) -> SelectStatement {
    ids_of::<progress_report::Entity>(progress_report::Column::Id, seen_reports(actor))
}

/// The reports whose inner story an actor sees, as a sub-select.
fn own_story(actor: &Actor) -> SelectStatement {
    ids_of::<progress_report::Entity>(progress_report::Column::Id, seen_with_reviews(actor))
}

/// Reviews: between the office and the reporting unit; a lead does not read what its co-unit was told.
pub(super) fn report_reviews(actor: &Actor) -> Select<report_review::Entity> {
    all().filter(report_review::Column::ProgressReportId.in_subquery(own_story(actor)))
}

/// The reports whose inner story an actor sees: of whole lists, of a unit's own and of its predecessors'; a lead reads none
/// of its co-units'.
pub(super) fn seen_with_reviews(actor: &Actor) -> Condition {
    union(actor, Area::Reports, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => report_condition(actor, &reach),
        Reach::Unit(unit) => {
            report_condition(actor, &reach).add(own_or_inherited(progress_report::Column::UnitId, actor, unit))
        }
    })
}

macro_rules! scoped {
    ($($table:ident => $function:ident),+ $(,)?) => {
        $(impl Scoped for $table::Entity {
            fn scoped(actor: &Actor) -> Select<Self> {
                $function(actor)
            }
            fn key() -> Self::Column {
                $table::Column::Id
            }
            fn key_of(row: &Self::Model) -> Uuid {
                row.id
            }
        })+
    };
}
pub(super) use scoped;

/// Members are paged within their group, where the unit is the key.
impl Scoped for unit_group_member::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        unit_group_members(actor)
    }
    fn key() -> Self::Column {
        unit_group_member::Column::UnitId
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.unit_id
    }
}

scoped! {
    unit => units,
    unit_alias => unit_aliases,
    unit_group => unit_groups,
    unit_group_alias => unit_group_aliases,
    user_account => users,
    task_list => task_lists,
    section => sections,
    task => tasks,
    deadline => deadlines,
    import_question => import_questions,
    assignment => assignments,
    reporting_period => reporting_periods,
    report_obligation => report_obligations,
    progress_report => progress_reports,
    progress_report_revision => progress_report_revisions,
    report_review => report_reviews,
    file => files,
    export_job => export_jobs,
    period_schedule => period_schedules,
    period_reopening => period_reopenings,
    period_freeze => period_freezes,
    extension_request => extension_requests,
    report_signature => report_signatures,
    evidence => evidences,
    report_part => report_parts,
    task_reporting_lead => task_reporting_leads,
    look_back => look_backs,
    look_back_item => look_back_items,
    look_back_evidence => look_back_evidences,
    rectification => rectifications,
    rectification_step => rectification_steps,
    task_lineage => task_lineages,
}

/// The keys of the rows an actor may see, as a sub-select for conditions on related tables.
pub(super) fn keys<E: Scoped>(actor: &Actor, column: E::Column, condition: Condition) -> SelectStatement {
    E::scoped(actor).filter(condition).select_only().column(column).into_query()
}

/// Selects outside any actor's scope: sign-in, housekeeping and the tables that hold no business data.
///
/// Only the store's own modules reach these; each caller says why.
pub(super) mod unscoped {
    use super::{EntityTrait, Select, all};

    /// All rows of a table.
    pub(in crate::store) fn rows<E: EntityTrait>() -> Select<E> {
        all()
    }
}
