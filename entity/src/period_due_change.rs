//! The day and the grace of a period as they were until they were changed.

use sea_orm::entity::prelude::*;

/// The day and the grace of a period as they were until they were changed; what holds now stands on the period.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_due_change")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The period.
    pub reporting_period_id: Uuid,
    /// The day by which reports were due.
    pub due_on: Date,
    /// The working days of grace there were.
    pub grace_working_days: i32,
    /// Since when it was so.
    pub since_at: DateTimeUtc,
    /// When it was changed.
    pub until_at: DateTimeUtc,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
