//! The sums of a period as they were frozen, numbered from 1.

use sea_orm::entity::prelude::*;

use crate::vocabulary::FreezeCause;

/// The sums of a period as they were frozen, numbered from 1.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_freeze")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The period.
    pub reporting_period_id: Uuid,
    /// The list, copied from the period.
    pub task_list_id: Uuid,
    /// Counts the freezes of the period, from 1.
    pub number: i32,
    /// Why it was made.
    pub cause: FreezeCause,
    /// The totals.
    #[sea_orm(column_type = "JsonBinary")]
    pub roll_up: Json,
    /// The report whose acceptance made it, under a reopening.
    pub progress_report_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<Option<super::progress_report::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
