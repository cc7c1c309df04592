//! A closed period opened again for one unit, until a day, with a reason.

use sea_orm::entity::prelude::*;

/// A closed period opened again for one unit, until a day, with a reason.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_reopening")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The period.
    pub reporting_period_id: Uuid,
    /// The list, copied from the period.
    pub task_list_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The last day on which it holds.
    pub until_on: Date,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Who reopened it.
    pub reopened_by: Uuid,
    /// When the office ended it before its day.
    pub ended_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
    /// The row behind `reopened_by`.
    #[sea_orm(belongs_to, from = "reopened_by", to = "id")]
    pub reopener: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
