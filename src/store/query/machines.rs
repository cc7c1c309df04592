//! Service accounts and their secrets.

use entity::{service_secret, user_account};

use super::{OrderBy, order_fields, query};
use crate::authz::Actor;
use crate::store::page::{PageArgs, PageQuery};
use crate::store::scope::kept_machines;

order_fields! {
    /// Orders of service accounts.
    MachineOrder for user_account {
        /// As they were made.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of secrets.
    SecretOrder for service_secret {
        /// As they were made.
        CreatedAt => CreatedAt,
    }
}

/// The service accounts that the actor keeps or audits, the latest first.
pub fn accounts(actor: &Actor, page: PageArgs) -> PageQuery<user_account::Entity> {
    query(kept_machines(actor), OrderBy { field: MachineOrder::CreatedAt, descending: true }, page, None)
}

/// The secrets of a service account, the latest first.
pub fn secrets(page: PageArgs) -> PageQuery<service_secret::Entity> {
    let order = OrderBy { field: SecretOrder::CreatedAt, descending: true };
    query(sea_orm::Condition::all(), order, page, Some(service_secret::Column::UserId))
}
