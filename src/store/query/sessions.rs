//! Sessions.

use entity::session;
use sea_orm::{ColumnTrait, Condition};

use super::{OrderBy, order_fields, query};
use crate::authz::Actor;
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of sessions.
    SessionOrder for session {
        /// As they were opened.
        CreatedAt => CreatedAt,
    }
}

/// The caller's own sessions, the latest first.
pub fn own(actor: &Actor, page: PageArgs) -> PageQuery<session::Entity> {
    let own = Condition::all().add(session::Column::UserId.eq(actor.user_id));
    query(own, OrderBy { field: SessionOrder::CreatedAt, descending: true }, page, None)
}

/// The sessions of a user, the latest first.
pub fn of_user(page: PageArgs) -> PageQuery<session::Entity> {
    let order = OrderBy { field: SessionOrder::CreatedAt, descending: true };
    query(Condition::all(), order, page, Some(session::Column::UserId))
}
