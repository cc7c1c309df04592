//! Fence 3 for the audit trail: the SELECTs on its rows start here.

use entity::audit_entry;
use entity::vocabulary::Role;
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, nobody, subtree};
use crate::authz::Actor;

/// What was done for units at and below those where the actor is audit administrator; at the root also what was done for no
/// unit: at the machine, and by time itself. Nobody else sees anything of it.
pub(in crate::store) fn audit_entries(actor: &Actor) -> Select<audit_entry::Entity> {
    let mut seen = actor.units_with(Role::AuditAdmin).fold(nobody(), |any, unit| {
        any.add(Condition::all().add(audit_entry::Column::UnitId.in_subquery(subtree(unit))))
    });
    if actor.audits_all() {
        seen = seen.add(Condition::all().add(audit_entry::Column::UnitId.is_null()));
    }
    all().filter(seen)
}

impl Scoped for audit_entry::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        audit_entries(actor)
    }
    fn key() -> Self::Column {
        audit_entry::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}
