//! One link of the chain by which a session goes on.

use sea_orm::entity::prelude::*;

/// One link of the chain by which a session goes on.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The session, which is the family: all of it ends at once.
    pub session_id: Uuid,
    /// The SHA-256 digest of the token; the token itself is kept nowhere.
    #[sea_orm(column_type = "Text", unique)]
    pub token_digest: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When the next took its place.
    pub used_at: Option<DateTimeUtc>,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// The row behind `session_id`.
    #[sea_orm(belongs_to, from = "session_id", to = "id")]
    pub session: BelongsTo<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
