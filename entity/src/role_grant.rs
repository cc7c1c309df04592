//! A right of a user: a role at a unit.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{GrantOrigin, Realm, Role, RoleGrantRequestStatus};

/// A right of a user: a role at a unit.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// What it allows.
    pub role: Role,
    /// The side of the house that role and user are on.
    pub realm: Realm,
    /// Where it holds.
    pub unit_id: Uuid,
    /// The scopes of an integration, separated by spaces; empty for people.
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    /// Whether it reaches only the lists named in `role_grant_list`.
    pub named_lists: bool,
    /// The last day on which it holds.
    pub valid_until: Option<Date>,
    /// Where it comes from.
    pub origin: GrantOrigin,
    /// The request it was approved for; none for what was given at the machine.
    pub request_id: Option<Uuid>,
    /// What became of that request: the key that joins them carries it along.
    pub request_status: Option<RoleGrantRequestStatus>,
    /// When it was taken away, or found to be over.
    pub ended_at: Option<DateTimeUtc>,
    /// Who took it away.
    pub ended_by: Option<Uuid>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub end_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
