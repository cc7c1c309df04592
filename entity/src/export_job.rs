//! A file that is to be made for somebody, and how far it is.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{ExportFormat, ExportStatus, ExportView};

/// A file that is to be made for somebody, and how far it is.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "export_job")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The period, for the views that are about one.
    pub reporting_period_id: Option<Uuid>,
    /// The unit whose sheet it is, for the views that are about one.
    pub subject_unit_id: Option<Uuid>,
    /// Who asked for it.
    pub owner_user_id: Uuid,
    /// The unit the owner acted for.
    pub unit_id: Uuid,
    /// What it shows.
    pub view: ExportView,
    /// The form of the file.
    pub format: ExportFormat,
    /// In the usual columns instead of the list's own.
    pub standard_layout: bool,
    /// Telephone numbers in the clear, as far as the owner may read them.
    pub clear_phones: bool,
    /// The language of what is not printed text.
    #[sea_orm(column_type = "Text")]
    pub lang: String,
    /// How far it is.
    pub status: ExportStatus,
    /// In percent.
    pub progress: i32,
    /// How often it was begun.
    pub attempts: i32,
    /// The file that came of it.
    pub file_id: Option<Uuid>,
    /// Why nothing came of it, in the language asked for.
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it was last begun.
    pub started_at: Option<DateTimeUtc>,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// The scopes of the session that asked, separated by spaces; nothing where it was as wide as the grants.
    #[sea_orm(column_type = "Text", nullable)]
    pub scopes: Option<String>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `owner_user_id`.
    #[sea_orm(belongs_to, from = "owner_user_id", to = "id")]
    pub owner: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
