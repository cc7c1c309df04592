//! The public half of a key that signs tokens.

use sea_orm::entity::prelude::*;

/// The public half of a key that signs tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// The key id (kid).
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The one algorithm it may be used with.
    #[sea_orm(column_type = "Text")]
    pub algorithm: String,
    /// The public half, base64url.
    #[sea_orm(column_type = "Text")]
    pub public_key: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it stopped being accepted.
    pub retired_at: Option<DateTimeUtc>,
    /// From when it signs; nothing where it did from the beginning.
    pub signs_from: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
