//! What a lead took over from a co-unit's report into its own.

use sea_orm::entity::prelude::*;

use crate::vocabulary::Completion;

/// What a lead took over from a co-unit's report into its own.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_part")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The lead's report.
    pub progress_report_id: Uuid,
    /// The co-unit's report.
    pub source_report_id: Uuid,
    /// Which revision of it.
    pub source_revision: i32,
    /// The co-unit.
    pub unit_id: Uuid,
    /// The place among the parts.
    pub position: i32,
    /// What was done, as it was taken over.
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    /// How far the co-unit's work was.
    pub completion: Completion,
    /// How far the co-unit's work was, 0 to 100.
    pub percent: Option<i32>,
    /// How often it had done the task, for a recurring one.
    pub done_count: Option<i32>,
    /// The first revision of the lead's report it belongs to.
    pub added_in: i32,
    /// The revision it was taken out of; none while it stands.
    pub removed_in: Option<i32>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<super::progress_report::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
