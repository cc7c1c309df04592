//! A unit's part of a task that is looked back at, and what was found.

use sea_orm::entity::prelude::*;

use crate::vocabulary::LookBackFinding;

/// A unit's part of a task that is looked back at, and what was found.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "look_back_item")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The round.
    pub look_back_id: Uuid,
    /// The list, copied from the round.
    pub task_list_id: Uuid,
    /// The task, copied from the assignment.
    pub task_id: Uuid,
    /// The assignment.
    pub assignment_id: Uuid,
    /// The unit, copied from the assignment.
    pub unit_id: Uuid,
    /// The place in the round.
    pub position: i32,
    /// The day by which it was due when the round began.
    pub due_on: Date,
    /// The deadline as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub deadline_text: Option<String>,
    /// What was found; none while nobody has looked.
    pub finding: Option<LookBackFinding>,
    /// What was found, in words.
    #[sea_orm(column_type = "Text", nullable)]
    pub finding_text: Option<String>,
    /// Who looked.
    pub found_by: Option<Uuid>,
    /// When the finding was written.
    pub found_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `look_back_id`.
    #[sea_orm(belongs_to, from = "look_back_id", to = "id")]
    pub look_back: BelongsTo<super::look_back::Entity>,
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
    /// The row behind `found_by`.
    #[sea_orm(belongs_to, from = "found_by", to = "id")]
    pub finder: BelongsTo<Option<super::user_account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
