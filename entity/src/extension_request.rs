//! A request for more time, and what became of it.

use sea_orm::entity::prelude::*;

use crate::vocabulary::ExtensionStatus;

/// A request for more time, and what became of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extension_request")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The obligation.
    pub report_obligation_id: Uuid,
    /// The period, copied from the obligation.
    pub reporting_period_id: Uuid,
    /// The list, copied from the obligation.
    pub task_list_id: Uuid,
    /// The task, copied from the obligation.
    pub task_id: Uuid,
    /// The unit that asks, copied from the obligation.
    pub unit_id: Uuid,
    /// The day asked for.
    pub until_on: Date,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// What became of it.
    pub status: ExtensionStatus,
    /// The day granted.
    pub granted_until: Option<Date>,
    /// What the office said.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
    /// Who asked.
    pub requested_by: Uuid,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `report_obligation_id`.
    #[sea_orm(belongs_to, from = "report_obligation_id", to = "id")]
    pub report_obligation: BelongsTo<super::report_obligation::Entity>,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
    /// The row behind `requested_by`.
    #[sea_orm(belongs_to, from = "requested_by", to = "id")]
    pub requester: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
