//! A file: what it is called and how large it is; its bytes stand in `file_chunk`.

use sea_orm::entity::prelude::*;

use super::vocabulary::{FilePurpose, MediaType};

/// A file.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is kept for.
    pub purpose: FilePurpose,
    /// Whose it is.
    pub owner_user_id: Uuid,
    /// The unit the owner acted for.
    pub unit_id: Uuid,
    /// The name without any folder.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What it is, by its content.
    pub media_type: MediaType,
    /// Bytes.
    pub size: i64,
    /// The digest of its content, in hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// When it was kept.
    pub created_at: DateTimeUtc,
    /// From when it is gone; never, when there is none.
    pub expires_at: Option<DateTimeUtc>,
    /// The row behind `owner_user_id`.
    #[sea_orm(belongs_to, from = "owner_user_id", to = "id")]
    pub owner: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
