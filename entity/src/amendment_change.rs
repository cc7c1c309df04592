//! One change of an amendment.

use sea_orm::entity::prelude::*;

use crate::vocabulary::AmendmentChangeKind;

/// One change of an amendment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment_change")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The amendment.
    pub amendment_id: Uuid,
    /// The list, copied from the amendment.
    pub task_list_id: Uuid,
    /// The place in the amendment.
    pub position: i32,
    /// What was done.
    pub kind: AmendmentChangeKind,
    /// The task.
    pub task_id: Uuid,
    /// The assignment, where one was added or withdrawn.
    pub assignment_id: Option<Uuid>,
    /// The unit of that assignment.
    pub unit_id: Option<Uuid>,
    /// How it was; nothing for what is new.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// How it is; nothing for what was withdrawn.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    /// The row behind `amendment_id`.
    #[sea_orm(belongs_to, from = "amendment_id", to = "id")]
    pub amendment: BelongsTo<super::amendment::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `assignment_id`.
    #[sea_orm(belongs_to, from = "assignment_id", to = "id")]
    pub assignment: BelongsTo<Option<super::assignment::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
