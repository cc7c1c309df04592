//! Something a detector found in the text of a publication.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PersonalDataKind, PublicationField};

/// Something a detector found in the text of a publication.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_finding")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The publication.
    pub publication_id: Uuid,
    /// The list, copied from the publication.
    pub task_list_id: Uuid,
    /// The order in the document, from 1.
    pub position: i32,
    /// What it is taken for.
    pub kind: PersonalDataKind,
    /// The text it stands in.
    pub field: PublicationField,
    /// The number of the task, masked.
    #[sea_orm(column_type = "Text", nullable)]
    pub task_number: Option<String>,
    /// Where the text stands in the document (RFC 6901).
    #[sea_orm(column_type = "Text")]
    pub pointer: String,
    /// Its surroundings, masked.
    #[sea_orm(column_type = "Text")]
    pub excerpt: String,
    /// Who let it through.
    pub released_by: Option<Uuid>,
    /// When it was let through.
    pub released_at: Option<DateTimeUtc>,
    /// Why it was let through.
    #[sea_orm(column_type = "Text", nullable)]
    pub release_reason: Option<String>,
    /// The row behind `publication_id`.
    #[sea_orm(belongs_to, from = "publication_id", to = "id")]
    pub publication: BelongsTo<super::publication::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
