//! Identities at other sign-in services: one's own, and those of the users whom one keeps or audits.

use entity::vocabulary::Role;
use entity::{external_identity, user_account};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, ids_of, nobody, subtree};
use crate::authz::Actor;

/// Those that are in use, and those that were taken away.
pub(in crate::store) fn external_identities(actor: &Actor) -> Select<external_identity::Entity> {
    // A token that was made narrow knows nothing of how its account signs in; machines do not do it this way at all.
    let own = match actor.narrowed {
        None => Condition::any().add(external_identity::Column::UserId.eq(actor.user_id)),
        Some(_) => nobody(),
    };
    let keeps = actor.units_with(Role::SystemAdmin).chain(actor.units_with(Role::AuditAdmin));
    let units = keeps.fold(nobody(), |any, unit| any.add(user_account::Column::UnitId.in_subquery(subtree(unit))));
    let kept = ids_of::<user_account::Entity>(user_account::Column::Id, units);
    all().filter(own.add(external_identity::Column::UserId.in_subquery(kept)))
}

impl Scoped for external_identity::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        external_identities(actor)
    }
    fn key() -> Self::Column {
        external_identity::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}
