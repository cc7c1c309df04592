//! What a unit takes over from those it comes from.

use entity::vocabulary::UnitChangeKind;
use entity::{progress_report, unit, unit_change};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{all, ids_of};
use crate::authz::Actor;

/// The mergers and splits under a root that are in force: of units that are out of use since. One that goes on, or is in
/// use again, speaks for itself.
pub(in crate::store) fn mergers(root: Uuid) -> Select<unit_change::Entity> {
    let gone = ids_of::<unit::Entity>(unit::Column::Id, Condition::all().add(unit::Column::Active.eq(false)));
    all()
        .filter(unit_change::Column::RootId.eq(root))
        .filter(unit_change::Column::Kind.is_in([UnitChangeKind::Merged, UnitChangeKind::Split]))
        .filter(unit_change::Column::FromUnitId.in_subquery(gone))
}

/// Rows that are the unit's own or were those of its predecessors: whoever does a task reads what was written on it by the
/// units it came from.
pub(super) fn own_or_inherited<C: ColumnTrait>(column: C, actor: &Actor, unit: Uuid) -> Condition {
    Condition::any().add(column.is_in(actor.predecessors(unit).chain([unit])))
}

/// The reports of a unit's predecessors, once they were handed in; what somebody only began to write stays with him.
pub(super) fn inherited_reports(actor: &Actor, unit: Uuid) -> Condition {
    Condition::all()
        .add(progress_report::Column::UnitId.is_in(actor.predecessors(unit)))
        .add(progress_report::Column::Revision.gt(0))
}
