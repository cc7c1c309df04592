//! A heading of a list (工作任务), in a tree.

use sea_orm::entity::prelude::*;

/// A heading of a list (工作任务), in a tree.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The heading above.
    pub parent_id: Option<Uuid>,
    /// The place in the list.
    pub position: i32,
    /// The number as printed (一、).
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// The heading as printed.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
