//! A time by which a task is due (时限).

use sea_orm::entity::prelude::*;

use crate::vocabulary::{DeadlineKind, DeadlineSource};

/// A time by which a task is due (时限).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The task.
    pub task_id: Uuid,
    /// 0 for the task's own time, 1 and up for further ones.
    pub position: i32,
    /// What sort of time it is.
    pub kind: DeadlineKind,
    /// The time as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    /// The last day, where it can be computed.
    pub due_on: Option<Date>,
    /// The first day of a window.
    pub from_on: Option<Date>,
    /// What else was understood, as far as the kind needs it.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub rule: Option<Json>,
    /// Where it was printed.
    pub source: Option<DeadlineSource>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
