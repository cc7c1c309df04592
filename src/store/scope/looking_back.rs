//! The scopes of looking back, and of where tasks come from.
//!
//! A finding and a rectification are the office's word to one unit, as a review is: a lead does not read what its co-unit
//! was told. Of a round that is not finished units see nothing, not even that there is one. A finding is seen with its task;
//! a rectification as long as it is the unit's, for an amendment does not undo the problem.

use entity::vocabulary::LookBackStatus;
use entity::{
    look_back, look_back_evidence, look_back_item, rectification, rectification_step, task_lineage, task_list,
};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{all, ids_of, in_whole_lists, list_condition, nobody, task_ids, union, visible_tasks};
use crate::authz::{Actor, Area, Reach};

/// The rounds that are finished.
fn finished() -> SelectStatement {
    ids_of::<look_back::Entity>(
        look_back::Column::Id,
        Condition::all().add(look_back::Column::Status.eq(LookBackStatus::Finished)),
    )
}

/// What was found about a unit, as long as it is on the task.
fn items_about(reach: &Reach<'_>, unit: Uuid) -> Condition {
    Condition::all()
        .add(look_back_item::Column::UnitId.eq(unit))
        .add(look_back_item::Column::TaskId.in_subquery(task_ids(reach)))
        .add(look_back_item::Column::LookBackId.in_subquery(finished()))
}

fn item_condition(reach: &Reach<'_>) -> Condition {
    match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(reach, look_back_item::Column::TaskListId),
        Reach::Unit(unit) => items_about(reach, *unit),
    }
}

fn rectification_condition(reach: &Reach<'_>) -> Condition {
    match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(reach, rectification::Column::TaskListId),
        // Not only while it is on the task: what it has to put right it has to see to the end.
        Reach::Unit(unit) => Condition::all().add(rectification::Column::UnitId.eq(*unit)),
    }
}

fn visible_items(actor: &Actor) -> SelectStatement {
    ids_of::<look_back_item::Entity>(
        look_back_item::Column::Id,
        union(actor, Area::Reports, |reach| item_condition(&reach)),
    )
}

fn visible_rectifications(actor: &Actor) -> SelectStatement {
    ids_of::<rectification::Entity>(
        rectification::Column::Id,
        union(actor, Area::Reports, |reach| rectification_condition(&reach)),
    )
}

/// Rounds: of whole lists; of a unit the finished ones in which something was found about it.
pub(super) fn look_backs(actor: &Actor) -> Select<look_back::Entity> {
    all().filter(union(actor, Area::Reports, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, look_back::Column::TaskListId),
        Reach::Unit(unit) => {
            let own = ids_of::<look_back_item::Entity>(look_back_item::Column::LookBackId, items_about(&reach, unit));
            Condition::all().add(look_back::Column::Id.in_subquery(own))
        }
    }))
}

/// Items with their findings: of whole lists; of a unit those about itself, once the round is finished.
pub(super) fn look_back_items(actor: &Actor) -> Select<look_back_item::Entity> {
    all().filter(union(actor, Area::Reports, |reach| item_condition(&reach)))
}

/// Rectifications: of whole lists; of a unit its own, whatever became of its assignment since.
pub(super) fn rectifications(actor: &Actor) -> Select<rectification::Entity> {
    all().filter(union(actor, Area::Reports, |reach| rectification_condition(&reach)))
}

/// Steps: with the rectification.
pub(super) fn rectification_steps(actor: &Actor) -> Select<rectification_step::Entity> {
    all().filter(rectification_step::Column::RectificationId.in_subquery(visible_rectifications(actor)))
}

/// What stands behind a visible finding or a visible rectification.
pub(super) fn shown_evidence(actor: &Actor) -> Condition {
    Condition::any()
        .add(look_back_evidence::Column::LookBackItemId.in_subquery(visible_items(actor)))
        .add(look_back_evidence::Column::RectificationId.in_subquery(visible_rectifications(actor)))
}

/// Evidence: with the finding or the rectification.
pub(super) fn look_back_evidences(actor: &Actor) -> Select<look_back_evidence::Entity> {
    all().filter(shown_evidence(actor))
}

/// Where tasks come from: seen by whoever sees both tasks.
pub(super) fn task_lineages(actor: &Actor) -> Select<task_lineage::Entity> {
    all()
        .filter(task_lineage::Column::TaskId.in_subquery(visible_tasks(actor, Area::Lists)))
        .filter(task_lineage::Column::OriginTaskId.in_subquery(visible_tasks(actor, Area::Lists)))
}

/// The lists an actor sees whole, not only by tasks of a unit.
pub(in crate::store) fn lists_seen_whole(actor: &Actor) -> Select<task_list::Entity> {
    all().filter(union(actor, Area::Lists, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => list_condition(&reach),
        Reach::Unit(_) => nobody(),
    }))
}
