//! What a unit takes over from those that became part of it.

use entity::vocabulary::UnitChangeKind;
use entity::{progress_report, unit, unit_change};
use sea_orm::sea_query::{CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, UnionType, WithClause};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{all, ids_of};
use crate::authz::Actor;

/// The mergers that are in force: of units that are out of use since. One that is in use again speaks for itself.
fn merged() -> Condition {
    let gone = ids_of::<unit::Entity>(unit::Column::Id, Condition::all().add(unit::Column::Active.eq(false)));
    Condition::all()
        .add(unit_change::Column::Kind.eq(UnitChangeKind::Merged))
        .add(unit_change::Column::FromUnitId.in_subquery(gone))
}

/// The units that became part of `unit`, over however many mergers.
fn predecessors(unit: Uuid) -> SelectStatement {
    let first = merged().add(unit_change::Column::ToUnitId.eq(unit));
    let further = Query::select()
        .column((unit_change::Entity, unit_change::Column::FromUnitId))
        .from(unit_change::Entity)
        .inner_join(
            "predecessor",
            Expr::col((unit_change::Entity, unit_change::Column::ToUnitId)).equals(("predecessor", "id")),
        )
        .cond_where(merged())
        .take();
    let line = ids_of::<unit_change::Entity>(unit_change::Column::FromUnitId, first)
        .union(UnionType::Distinct, further)
        .take();
    let line = CommonTableExpression::new().table_name("predecessor").column("id").query(line).to_owned();
    Query::select()
        .column("id")
        .from("predecessor")
        .with_cte(WithClause::new().recursive(true).cte(line).to_owned())
        .take()
}

/// Rows that are the unit's own or were those of its predecessors: whoever does a task reads what was written on it by the
/// units it came from.
pub(super) fn own_or_inherited<C: ColumnTrait>(column: C, unit: Uuid) -> Condition {
    Condition::any().add(column.eq(unit)).add(column.in_subquery(predecessors(unit)))
}

/// The reports of a unit's predecessors, once they were handed in; what somebody only began to write stays with him.
pub(super) fn inherited_reports(unit: Uuid) -> Condition {
    Condition::all()
        .add(progress_report::Column::UnitId.in_subquery(predecessors(unit)))
        .add(progress_report::Column::Revision.gt(0))
}

/// The mergers that are in force, of the actor's root.
pub(in crate::store) fn mergers(actor: &Actor) -> Select<unit_change::Entity> {
    all().filter(unit_change::Column::RootId.eq(actor.root_id)).filter(merged())
}
