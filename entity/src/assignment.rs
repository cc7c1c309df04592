//! Who does what for a task.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget};

/// Who does what for a task.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The task.
    pub task_id: Uuid,
    /// The place in the printed cell.
    pub position: i32,
    /// Lead, responsible or support.
    pub role: AssignmentRole,
    /// One unit, a group or nobody in particular.
    pub target: AssignmentTarget,
    /// The name as printed.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The unit, once known.
    pub unit_id: Option<Uuid>,
    /// The group, once known.
    pub unit_group_id: Option<Uuid>,
    /// The group assignment it was expanded from.
    pub source_assignment_id: Option<Uuid>,
    /// The part it is limited to, as printed in brackets.
    #[sea_orm(column_type = "Text", nullable)]
    pub scope_note: Option<String>,
    /// Whether it is in force.
    pub status: AssignmentStatus,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<Option<super::unit::Entity>>,
    /// The row behind `unit_group_id`.
    #[sea_orm(belongs_to, from = "unit_group_id", to = "id")]
    pub unit_group: BelongsTo<Option<super::unit_group::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
