//! A numbered version of a list after its issue (调整).

use sea_orm::entity::prelude::*;

/// A numbered version of a list after its issue (调整).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// Counts the amendments of the list, from 1.
    pub number: i32,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// 文号, if it was announced under one.
    #[sea_orm(column_type = "Text", nullable)]
    pub document_number: Option<String>,
    /// Who amended.
    pub by_user_id: Uuid,
    /// For which unit.
    pub by_unit_id: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `by_unit_id`.
    #[sea_orm(belongs_to, from = "by_unit_id", to = "id")]
    pub by_unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
