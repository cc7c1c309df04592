//! Sessions: one's own, and for the keeper of users those of the users he keeps; what has ended is not there. And what two
//! people decide about how somebody signs in.

use entity::vocabulary::Role;
use entity::{role_grant, session, totp_removal, user_account};
use sea_orm::sea_query::SelectStatement;
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
    let units = actor.units_with(Role::SystemAdmin);
    let any = units
        .fold(Condition::any().add(own), |any, unit| any.add(session::Column::UserId.in_subquery(kept_from(unit))));
    all()
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(actor.at))
        .filter(
            Condition::any().add(session::Column::IdleEndsAt.is_null()).add(session::Column::IdleEndsAt.gt(actor.at)),
        )
        .filter(any)
}

/// The users of a unit and those below it, without those who hold something elsewhere, above most of all: they are not kept
/// from here.
pub(in crate::store) fn kept_from(unit: Uuid) -> SelectStatement {
    let elsewhere = Condition::all()
        .add(role_grant::Column::EndedAt.is_null())
        .add(role_grant::Column::UnitId.not_in_subquery(subtree(unit)));
    let elsewhere = ids_of::<role_grant::Entity>(role_grant::Column::UserId, elsewhere);
    let kept = Condition::all()
        .add(user_account::Column::UnitId.in_subquery(subtree(unit)))
        .add(user_account::Column::Id.not_in_subquery(elsewhere));
    ids_of::<user_account::Entity>(user_account::Column::Id, kept)
}

/// Requests that one-time passwords be taken away: about oneself, and about those whom one keeps or whose rights one keeps.
impl Scoped for totp_removal::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        let own = Condition::any().add(totp_removal::Column::UserId.eq(actor.user_id));
        let units = actor.units_with(Role::SystemAdmin).chain(actor.units_with(Role::SecurityAdmin));
        all().filter(units.fold(own, |any, unit| any.add(totp_removal::Column::UserId.in_subquery(kept_from(unit)))))
    }
    fn key() -> Self::Column {
        totp_removal::Column::UserId
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.user_id
    }
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
