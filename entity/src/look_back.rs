//! A round of looking back at a list (回头看).

use sea_orm::entity::prelude::*;

use crate::vocabulary::LookBackStatus;

/// A round of looking back at a list (回头看).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "look_back")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// What it is called.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// The day by which the findings are to be written.
    pub due_on: Date,
    /// Only what was due by this day is looked at; everything when there is none.
    pub deadlines_by: Option<Date>,
    /// Where it is in its life.
    pub status: LookBackStatus,
    /// Who began it.
    pub created_by: Uuid,
    /// Who finished it.
    pub finished_by: Option<Uuid>,
    /// When it was finished.
    pub finished_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `created_by`.
    #[sea_orm(belongs_to, from = "created_by", to = "id")]
    pub creator: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
