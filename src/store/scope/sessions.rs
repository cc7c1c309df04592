//! Sessions: one's own, and for the keeper of users those of the users he keeps; what has ended is not there.

use entity::vocabulary::Role;
use entity::{role_grant, session, user_account};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, ids_of, subtree};
use crate::authz::Actor;

/// Sessions that live at the moment of the request.
pub(in crate::store) fn sessions(actor: &Actor) -> Select<session::Entity> {
    // A session that is narrower than its account knows of itself alone.
    let own = match actor.narrowed {
        None => session::Column::UserId.eq(actor.user_id),
        Some(_) => session::Column::Id.eq(actor.session_id),
    };
    let mut any = Condition::any().add(own);
    for unit in actor.units_with(Role::SystemAdmin) {
        // Whoever holds something elsewhere, above most of all, is not kept from here.
        let elsewhere = Condition::all()
            .add(role_grant::Column::EndedAt.is_null())
            .add(role_grant::Column::UnitId.not_in_subquery(subtree(unit)));
        let elsewhere = ids_of::<role_grant::Entity>(role_grant::Column::UserId, elsewhere);
        let kept = Condition::all()
            .add(user_account::Column::UnitId.in_subquery(subtree(unit)))
            .add(user_account::Column::Id.not_in_subquery(elsewhere));
        any = any
            .add(session::Column::UserId.in_subquery(ids_of::<user_account::Entity>(user_account::Column::Id, kept)));
    }
    all()
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(actor.at))
        .filter(
            Condition::any().add(session::Column::IdleEndsAt.is_null()).add(session::Column::IdleEndsAt.gt(actor.at)),
        )
        .filter(any)
}

impl Scoped for session::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        sessions(actor)
    }
    fn key() -> Self::Column {
        session::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}
