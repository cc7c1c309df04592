//! The directory: units and groups with their other names, and people.

use entity::vocabulary::Role;
use entity::{unit, unit_alias, unit_group, unit_group_alias, unit_group_member, user_account};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::{all, ids_of, nobody, subtree};
use crate::authz::Actor;

/// Units: every principal under the same root sees the directory.
pub(in crate::store) fn units(actor: &Actor) -> Select<unit::Entity> {
    all().filter(unit::Column::RootId.eq(actor.root_id))
}

/// Other names of units: as the units.
pub(in crate::store) fn unit_aliases(actor: &Actor) -> Select<unit_alias::Entity> {
    all().filter(unit_alias::Column::RootId.eq(actor.root_id))
}

/// Groups: as the units.
pub(in crate::store) fn unit_groups(actor: &Actor) -> Select<unit_group::Entity> {
    all().filter(unit_group::Column::RootId.eq(actor.root_id))
}

/// Other names of groups: as the units.
pub(in crate::store) fn unit_group_aliases(actor: &Actor) -> Select<unit_group_alias::Entity> {
    all().filter(unit_group_alias::Column::RootId.eq(actor.root_id))
}

/// Members of groups: as the units.
pub(in crate::store) fn unit_group_members(actor: &Actor) -> Select<unit_group_member::Entity> {
    let groups = ids_of::<unit_group::Entity>(
        unit_group::Column::Id,
        Condition::all().add(unit_group::Column::RootId.eq(actor.root_id)),
    );
    all().filter(unit_group_member::Column::UnitGroupId.in_subquery(groups))
}

/// People and service accounts: the own unit's, and for the office and the keepers of users and grants those of the
/// units at and below theirs. Everybody sees himself.
pub(in crate::store) fn users(actor: &Actor) -> Select<user_account::Entity> {
    let mut any = nobody().add(user_account::Column::Id.eq(actor.user_id));
    for grant in &actor.grants {
        any = match grant.role {
            // An audit administrator reads who did something, so he sees those who may.
            Role::Office | Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => {
                any.add(user_account::Column::UnitId.in_subquery(subtree(grant.unit_id)))
            }
            Role::Reporter | Role::Approver => any.add(user_account::Column::UnitId.eq(grant.unit_id)),
            Role::Inspector | Role::Integration => any,
        };
    }
    all().filter(any)
}
