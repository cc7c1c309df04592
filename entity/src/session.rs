//! A sign-in that can be taken back.

use sea_orm::entity::prelude::*;

/// A sign-in that can be taken back.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who signed in.
    pub user_id: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
    /// What it was opened for.
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// When it was last used, to the minute; nothing for those that were made at the machine.
    pub last_used_at: Option<DateTimeUtc>,
    /// When it ends if it is not used until then; nothing for those that were made at the machine.
    pub idle_ends_at: Option<DateTimeUtc>,
    /// From which address it was opened.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    /// What opened it, in its own words.
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    /// The scopes it is narrowed to, separated by spaces; nothing where it is as wide as the grants.
    #[sea_orm(column_type = "Text", nullable)]
    pub scopes: Option<String>,
    /// The secret of a service account that opened it.
    pub service_secret_id: Option<Uuid>,
    /// The identity at another service that opened it.
    pub external_identity_id: Option<Uuid>,
    /// Whether that service has asked for a second factor.
    pub second_factor_elsewhere: bool,
    /// When its user had come in before.
    pub previous_sign_in_at: Option<DateTimeUtc>,
    /// From which address that was.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_sign_in_address: Option<String>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
