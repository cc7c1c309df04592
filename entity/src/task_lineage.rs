//! Where a task comes from: another list's task, carried over or taken up.

use sea_orm::entity::prelude::*;

use crate::vocabulary::LineageKind;

/// Where a task comes from: another list's task, carried over or taken up.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_lineage")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The task that was made.
    pub task_id: Uuid,
    /// Its list.
    pub task_list_id: Uuid,
    /// The task it comes from.
    pub origin_task_id: Uuid,
    /// The list of that one.
    pub origin_task_list_id: Uuid,
    /// How it came out of it.
    pub kind: LineageKind,
    /// Why it was carried over.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who made it.
    pub made_by: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `made_by`.
    #[sea_orm(belongs_to, from = "made_by", to = "id")]
    pub maker: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
