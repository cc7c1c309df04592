//! The scope of what comes after a list's issue: receipts and objections, amendments, the history of units.
//!
//! The same reaches as in [`super`], where every SELECT of these functions starts.

use entity::{amendment, amendment_audience, amendment_change, assignment, assignment_response, unit_change};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, ids_of, in_whole_lists, scoped, task_ids, union};
use crate::authz::{Actor, Area, Reach};

/// What units answered: of whole lists; of a unit its own, while it is on the task. A lead does not read its co-unit's
/// objection.
pub(in crate::store) fn assignment_responses(actor: &Actor) -> Select<assignment_response::Entity> {
    all().filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, assignment_response::Column::TaskListId),
        Reach::Unit(unit) => Condition::all()
            .add(assignment_response::Column::UnitId.eq(unit))
            .add(assignment_response::Column::TaskId.in_subquery(task_ids(&reach))),
    }))
}

/// The assignments whose answers the actor sees: counts of answers are taken over these.
pub(in crate::store) fn answerable_assignments(actor: &Actor) -> Select<assignment::Entity> {
    super::assignments(actor).filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => {
            Condition::all().add(assignment::Column::TaskId.in_subquery(task_ids(&reach)))
        }
        Reach::Unit(unit) => Condition::all().add(assignment::Column::UnitId.eq(unit)),
    }))
}

/// The changes `unit` was there for.
fn heard(unit: Uuid) -> SelectStatement {
    ids_of::<amendment_audience::Entity>(
        amendment_audience::Column::AmendmentChangeId,
        Condition::all().add(amendment_audience::Column::UnitId.eq(unit)),
    )
}

/// Amendments: of whole lists; of a unit those with a change it was there for.
pub(in crate::store) fn amendments(actor: &Actor) -> Select<amendment::Entity> {
    all().filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, amendment::Column::TaskListId),
        Reach::Unit(unit) => {
            let heard = ids_of::<amendment_change::Entity>(
                amendment_change::Column::AmendmentId,
                Condition::all().add(amendment_change::Column::Id.in_subquery(heard(unit))),
            );
            Condition::all().add(amendment::Column::Id.in_subquery(heard))
        }
    }))
}

/// Changes: of whole lists; of a unit those it was there for, frozen then. What it saw then it may read again; what came
/// after its assignment was withdrawn it never hears of.
pub(in crate::store) fn amendment_changes(actor: &Actor) -> Select<amendment_change::Entity> {
    all().filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, amendment_change::Column::TaskListId),
        Reach::Unit(unit) => Condition::all().add(amendment_change::Column::Id.in_subquery(heard(unit))),
    }))
}

/// The history of units: as the units.
pub(in crate::store) fn unit_changes(actor: &Actor) -> Select<unit_change::Entity> {
    all().filter(unit_change::Column::RootId.eq(actor.root_id))
}

scoped! {
    assignment_response => assignment_responses,
    amendment => amendments,
    amendment_change => amendment_changes,
    unit_change => unit_changes,
}
