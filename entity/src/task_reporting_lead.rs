//! Which of several leads reports for all (牵头汇总单位).

use sea_orm::entity::prelude::*;

/// Which of several leads reports for all (牵头汇总单位).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_reporting_lead")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The task, which has one at most.
    #[sea_orm(unique)]
    pub task_id: Uuid,
    /// The assignment of the lead.
    pub assignment_id: Uuid,
    /// Who named it.
    pub named_by: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `assignment_id`.
    #[sea_orm(belongs_to, from = "assignment_id", to = "id")]
    pub assignment: BelongsTo<super::assignment::Entity>,
    /// The row behind `named_by`.
    #[sea_orm(belongs_to, from = "named_by", to = "id")]
    pub named_by_user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
