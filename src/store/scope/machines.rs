//! Fence 3 for the secrets of service accounts: nobody reads what they are, and few that they are there.

use entity::vocabulary::{Role, UserKind};
use entity::{service_secret, user_account};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, ids_of, nobody, subtree};
use crate::authz::Actor;

/// Service accounts of the units at and below those where the actor keeps users or reads the trail.
pub(in crate::store) fn kept_machines(actor: &Actor) -> Condition {
    let keeps = actor.units_with(Role::SystemAdmin).chain(actor.units_with(Role::AuditAdmin));
    let units = keeps.fold(nobody(), |any, unit| any.add(user_account::Column::UnitId.in_subquery(subtree(unit))));
    Condition::all().add(user_account::Column::Kind.eq(UserKind::Service)).add(units)
}

/// The secrets of those.
pub(in crate::store) fn service_secrets(actor: &Actor) -> Select<service_secret::Entity> {
    let machines = ids_of::<user_account::Entity>(user_account::Column::Id, kept_machines(actor));
    all().filter(service_secret::Column::UserId.in_subquery(machines))
}

impl Scoped for service_secret::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        service_secrets(actor)
    }
    fn key() -> Self::Column {
        service_secret::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}
