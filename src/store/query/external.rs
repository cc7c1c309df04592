//! Identities at other sign-in services.

use entity::external_identity;

use super::{OrderBy, order_fields, query};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of identities.
    ExternalIdentityOrder for external_identity {
        /// As they were linked.
        CreatedAt => CreatedAt,
    }
}

/// The identities of a user, the latest first.
pub fn of_user(page: PageArgs) -> PageQuery<external_identity::Entity> {
    let order = OrderBy { field: ExternalIdentityOrder::CreatedAt, descending: true };
    query(sea_orm::Condition::all(), order, page, Some(external_identity::Column::UserId))
}
