//! A right that somebody asked for, and what a second person decided.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{Realm, Role, RoleGrantRequestStatus};

/// A right that somebody asked for, and what a second person decided.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant_request")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For whom.
    pub user_id: Uuid,
    /// What it would allow.
    pub role: Role,
    /// The side of the house that role and user are on.
    pub realm: Realm,
    /// Where it would hold.
    pub unit_id: Uuid,
    /// The root above that unit.
    pub root_id: Uuid,
    /// The scopes of an integration, separated by spaces; empty for people.
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    /// Whether it would reach only the lists named in `role_grant_request_list`.
    pub named_lists: bool,
    /// The last day on which it would hold.
    pub valid_until: Option<Date>,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// What became of it.
    pub status: RoleGrantRequestStatus,
    /// Who asked.
    pub requested_by: Uuid,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// What was said.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
    /// From when on nobody can approve it any more.
    pub lapses_at: DateTimeUtc,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
