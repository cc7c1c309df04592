//! A yearly list of tasks (任务清单、分工表).

use sea_orm::entity::prelude::*;

use crate::vocabulary::TaskListStatus;

/// A yearly list of tasks (任务清单、分工表).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_list")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of the tree it belongs to.
    pub root_id: Uuid,
    /// The unit that issues it.
    pub issuer_unit_id: Uuid,
    /// The year it is for.
    pub year: i32,
    /// The title as printed.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// The document number (文号).
    #[sea_orm(column_type = "Text", nullable)]
    pub document_number: Option<String>,
    /// The issuer as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub issuer_text: Option<String>,
    /// Where it is in its life.
    pub status: TaskListStatus,
    /// The reporting period as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub reporting_period_text: Option<String>,
    /// The headings of the printed table.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub columns: Option<Json>,
    /// Whether supporting units owe reports too.
    pub support_reports: bool,
    /// The day printed as the day of issue.
    pub issued_on: Option<Date>,
    /// When it was issued here.
    pub issued_at: Option<DateTimeUtc>,
    /// When it was closed here.
    pub closed_at: Option<DateTimeUtc>,
    /// The digest of the file it was read from.
    #[sea_orm(column_type = "Text", nullable)]
    pub import_digest: Option<String>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `issuer_unit_id`.
    #[sea_orm(belongs_to, from = "issuer_unit_id", to = "id")]
    pub issuer: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
