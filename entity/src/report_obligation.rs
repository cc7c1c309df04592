//! A report that is expected (应报).

use sea_orm::entity::prelude::*;

/// A report that is expected (应报).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_obligation")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The period.
    pub reporting_period_id: Uuid,
    /// The list, copied from the period.
    pub task_list_id: Uuid,
    /// The task, copied from the assignment.
    pub task_id: Uuid,
    /// The assignment it follows from.
    pub assignment_id: Uuid,
    /// The unit that owes it.
    pub unit_id: Uuid,
    /// Its own due day, where more time was granted; else the period's holds.
    pub due_on: Option<Date>,
    /// How many times at least the task has to have happened by the end of the period, for a recurring one.
    pub expected_count: Option<i32>,
    /// Since when it is owed no more, because its assignment was withdrawn; what the office has received of it counts on.
    pub released_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `assignment_id`.
    #[sea_orm(belongs_to, from = "assignment_id", to = "id")]
    pub assignment: BelongsTo<super::assignment::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
