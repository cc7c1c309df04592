//! A problem that a unit has to put right (整改).

use sea_orm::entity::prelude::*;

use crate::vocabulary::RectificationStatus;

/// A problem that a unit has to put right (整改).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The item in which the problem was found.
    pub look_back_item_id: Uuid,
    /// The round, copied from the item.
    pub look_back_id: Uuid,
    /// The list, copied from the item.
    pub task_list_id: Uuid,
    /// The task, copied from the item.
    pub task_id: Uuid,
    /// The unit, copied from the item.
    pub unit_id: Uuid,
    /// The problem.
    #[sea_orm(column_type = "Text")]
    pub problem: String,
    /// The day by which it is to be put right.
    pub due_on: Date,
    /// Where it is in its life.
    pub status: RectificationStatus,
    /// What the unit does about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub measure: Option<String>,
    /// What was done, in the unit's words.
    #[sea_orm(column_type = "Text", nullable)]
    pub result: Option<String>,
    /// What the office said when it looked again, or why it was called off.
    #[sea_orm(column_type = "Text", nullable)]
    pub recheck_text: Option<String>,
    /// How often it was sent back.
    pub return_count: i32,
    /// Who named the problem.
    pub opened_by: Uuid,
    /// Who said last that it is done, who does not look at it again.
    pub reported_by: Option<Uuid>,
    /// When the unit said that it is done.
    pub reported_at: Option<DateTimeUtc>,
    /// When it was closed or called off.
    pub closed_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `look_back_item_id`.
    #[sea_orm(belongs_to, from = "look_back_item_id", to = "id")]
    pub look_back_item: BelongsTo<super::look_back_item::Entity>,
    /// The row behind `look_back_id`.
    #[sea_orm(belongs_to, from = "look_back_id", to = "id")]
    pub look_back: BelongsTo<super::look_back::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
    /// The row behind `opened_by`.
    #[sea_orm(belongs_to, from = "opened_by", to = "id")]
    pub opener: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
