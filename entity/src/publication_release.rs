//! Something that a secrecy review let through.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PersonalDataKind, PublicationField};

/// Something that a secrecy review let through: who did it, when and in which round stands in the step.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_release")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The step by which it was let through.
    pub publication_step_id: Uuid,
    /// The list, copied from the publication.
    pub task_list_id: Uuid,
    /// The order in the document as it was then, from 1.
    pub position: i32,
    /// What it was taken for.
    pub kind: PersonalDataKind,
    /// The text it stood in.
    pub field: PublicationField,
    /// The number of the task, masked.
    #[sea_orm(column_type = "Text", nullable)]
    pub task_number: Option<String>,
    /// Where the text stood in the document (RFC 6901).
    #[sea_orm(column_type = "Text")]
    pub pointer: String,
    /// Its surroundings, masked.
    #[sea_orm(column_type = "Text")]
    pub excerpt: String,
    /// Why it was let through.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// The row behind `publication_step_id`.
    #[sea_orm(belongs_to, from = "publication_step_id", to = "id")]
    pub publication_step: BelongsTo<super::publication_step::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
