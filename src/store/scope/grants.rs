//! Fence 3 for rights: the SELECTs on grants and on requests for them start here.

use entity::vocabulary::Role;
use entity::{role_grant, role_grant_list, role_grant_request, role_grant_request_list};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, ids_of, nobody, subtree};
use crate::authz::Actor;

/// What the keepers of grants and of the audit trail see, of the units at and below theirs.
fn kept<C: ColumnTrait>(actor: &Actor, unit: C) -> Condition {
    let units = actor.units_with(Role::SecurityAdmin).chain(actor.units_with(Role::AuditAdmin));
    units.fold(nobody(), |any, at| any.add(unit.in_subquery(subtree(at))))
}

fn seen_grants(actor: &Actor) -> Condition {
    kept(actor, role_grant::Column::UnitId).add(role_grant::Column::UserId.eq(actor.user_id))
}

fn seen_requests(actor: &Actor) -> Condition {
    kept(actor, role_grant_request::Column::UnitId).add(role_grant_request::Column::RequestedBy.eq(actor.user_id))
}

/// Grants: one's own, and what one keeps or audits.
pub(in crate::store) fn role_grants(actor: &Actor) -> Select<role_grant::Entity> {
    all().filter(seen_grants(actor))
}

/// Requests for grants: what one asked for, and what one keeps or audits. The user it is about learns nothing of it.
pub(in crate::store) fn role_grant_requests(actor: &Actor) -> Select<role_grant_request::Entity> {
    all().filter(seen_requests(actor))
}

/// The lists named by visible grants.
pub(in crate::store) fn role_grant_lists(actor: &Actor) -> Select<role_grant_list::Entity> {
    let grants = ids_of::<role_grant::Entity>(role_grant::Column::Id, seen_grants(actor));
    all().filter(role_grant_list::Column::RoleGrantId.in_subquery(grants))
}

/// The lists named by visible requests.
pub(in crate::store) fn role_grant_request_lists(actor: &Actor) -> Select<role_grant_request_list::Entity> {
    let requests = ids_of::<role_grant_request::Entity>(role_grant_request::Column::Id, seen_requests(actor));
    all().filter(role_grant_request_list::Column::RoleGrantRequestId.in_subquery(requests))
}

impl Scoped for role_grant::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        role_grants(actor)
    }
    fn key() -> Self::Column {
        role_grant::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}

impl Scoped for role_grant_request::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        role_grant_requests(actor)
    }
    fn key() -> Self::Column {
        role_grant_request::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}
