//! What shows that a report is true (佐证材料): a link, a document number or a file.

use sea_orm::entity::prelude::*;

use crate::vocabulary::EvidenceKind;

/// What shows that a report is true (佐证材料): a link, a document number or a file.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub progress_report_id: Uuid,
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
    /// The first revision it belongs to.
    pub added_in: i32,
    /// The revision it was taken out of; none while it stands.
    pub removed_in: Option<i32>,
    /// Who added it.
    pub added_by: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<super::progress_report::Entity>,
    /// The row behind `file_id`.
    #[sea_orm(belongs_to, from = "file_id", to = "id")]
    pub file: BelongsTo<Option<super::file::Entity>>,
    /// The row behind `added_by`.
    #[sea_orm(belongs_to, from = "added_by", to = "id")]
    pub added_by_user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
