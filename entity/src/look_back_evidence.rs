//! What shows that a finding is right, or that a problem was put right.

use sea_orm::entity::prelude::*;

use crate::vocabulary::EvidenceKind;

/// What shows that a finding is right, or that a problem was put right.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "look_back_evidence")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The item whose finding it shows.
    pub look_back_item_id: Option<Uuid>,
    /// The rectification whose result it shows.
    pub rectification_id: Option<Uuid>,
    /// What it is.
    pub kind: EvidenceKind,
    /// What it is called.
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
    /// The address of a link.
    #[sea_orm(column_type = "Text", nullable)]
    pub url: Option<String>,
    /// The number of a document (文号).
    #[sea_orm(column_type = "Text", nullable)]
    pub document_number: Option<String>,
    /// The file.
    pub file_id: Option<Uuid>,
    /// Who added it.
    pub added_by: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `look_back_item_id`.
    #[sea_orm(belongs_to, from = "look_back_item_id", to = "id")]
    pub look_back_item: BelongsTo<Option<super::look_back_item::Entity>>,
    /// The row behind `rectification_id`.
    #[sea_orm(belongs_to, from = "rectification_id", to = "id")]
    pub rectification: BelongsTo<Option<super::rectification::Entity>>,
    /// The row behind `file_id`.
    #[sea_orm(belongs_to, from = "file_id", to = "id")]
    pub file: BelongsTo<Option<super::file::Entity>>,
    /// The row behind `added_by`.
    #[sea_orm(belongs_to, from = "added_by", to = "id")]
    pub added_by_user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
