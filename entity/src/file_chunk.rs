//! A part of a file's content.

use sea_orm::entity::prelude::*;

/// A part of a file's content.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_chunk")]
pub struct Model {
    /// The file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: Uuid,
    /// Its place, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The bytes; all parts but the last are of the same size.
    #[sea_orm(column_type = "Blob")]
    pub bytes: Vec<u8>,
    /// The row behind `file_id`.
    #[sea_orm(belongs_to, from = "file_id", to = "id")]
    pub file: BelongsTo<super::file::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
