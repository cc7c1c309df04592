//! What a unit answered to an assignment that was issued to it (签收, 异议).

use sea_orm::entity::prelude::*;

use crate::vocabulary::{ResponseDecision, ResponseKind};

/// What a unit answered to an assignment that was issued to it (签收, 异议).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_response")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The assignment.
    pub assignment_id: Uuid,
    /// The list, copied from the task.
    pub task_list_id: Uuid,
    /// The task, copied from the assignment.
    pub task_id: Uuid,
    /// The unit that answers.
    pub unit_id: Uuid,
    /// Received, or objected to.
    pub kind: ResponseKind,
    /// Why it is objected to; kept when the unit acknowledges later.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who answered.
    pub by_user_id: Uuid,
    /// When.
    pub responded_at: DateTimeUtc,
    /// What the office decided about the objection.
    pub decision: Option<ResponseDecision>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
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
    /// The row behind `assignment_id`.
    #[sea_orm(belongs_to, from = "assignment_id", to = "id")]
    pub assignment: BelongsTo<super::assignment::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
