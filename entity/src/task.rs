//! One task of a list (具体要求).

use sea_orm::entity::prelude::*;

use crate::vocabulary::TaskStatus;

/// One task of a list (具体要求).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The heading it stands under.
    pub section_id: Option<Uuid>,
    /// The place in the list.
    pub position: i32,
    /// The number as printed, unique in the list.
    #[sea_orm(column_type = "Text")]
    pub number: String,
    /// The title as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
    /// The requirement as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub requirement: Option<String>,
    /// The cell of the lead units as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub lead_text: Option<String>,
    /// The cell of the responsible units as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub unit_text: Option<String>,
    /// Whether the units were taken from the cell above.
    pub inherited: bool,
    /// Whether it is marked 激励性指标.
    pub incentive: bool,
    /// Whether a person has to look at what was understood.
    pub needs_review: bool,
    /// What the person is asked.
    #[sea_orm(column_type = "Text", nullable)]
    pub review_note: Option<String>,
    /// Whether it is in force.
    pub status: TaskStatus,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `section_id`.
    #[sea_orm(belongs_to, from = "section_id", to = "id")]
    pub section: BelongsTo<Option<super::section::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
