//! The text of a publication, as the office and its reviewers read it.

use sea_orm::entity::prelude::*;

/// The text of a publication, as the office and its reviewers read it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_snapshot")]
pub struct Model {
    /// The publication, one to one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list, copied from the publication.
    pub task_list_id: Uuid,
    /// The document, byte for byte; its checksum stands with the publication.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// The row behind `id`.
    #[sea_orm(belongs_to, from = "id", to = "id")]
    pub publication: BelongsTo<super::publication::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
