//! A report as it was submitted once.

use sea_orm::entity::prelude::*;

use crate::vocabulary::Completion;

/// A report as it was submitted once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_report_revision")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub progress_report_id: Uuid,
    /// Which submission it is, from 1.
    pub revision: i32,
    /// What was done, in words.
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    /// How far the work is.
    pub completion: Completion,
    /// How far the work is, 0 to 100.
    pub percent: Option<i32>,
    /// How often the task was done, for a recurring one.
    pub done_count: Option<i32>,
    /// Who submitted it.
    pub submitted_by: Uuid,
    /// When it was submitted.
    pub submitted_at: DateTimeUtc,
    /// When the unit took it back, if it did.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Who signed it; none where the unit asks for no signature.
    pub signed_by: Option<Uuid>,
    /// The day the unit wrote on it.
    pub filled_on: Option<Date>,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<super::progress_report::Entity>,
    /// The row behind `submitted_by`.
    #[sea_orm(belongs_to, from = "submitted_by", to = "id")]
    pub submitter: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
