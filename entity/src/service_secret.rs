//! A secret by which a service account gets its tokens.

use sea_orm::entity::prelude::*;

/// A secret by which a service account gets its tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_secret")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The service account.
    pub user_id: Uuid,
    /// The SHA-256 digest of the secret; the secret itself is kept nowhere.
    #[sea_orm(column_type = "Text", unique)]
    pub secret_digest: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// By whom it was made.
    pub made_by: Option<Uuid>,
    /// The last day on which it is good; nothing for one without end.
    pub expires_on: Option<Date>,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
    /// When it was last used.
    pub last_used_at: Option<DateTimeUtc>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
