//! A span for which reports are taken (1–X月).

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PeriodKind, PeriodStatus};

/// A span for which reports are taken (1–X月).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_period")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// Cumulative from January or a span of its own.
    pub kind: PeriodKind,
    /// The name shown to people.
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// The day by which reports are due.
    pub due_on: Date,
    /// Working days after the due day in which a report still counts as on time (宽限期).
    pub grace_working_days: i32,
    /// The first due day, once it was moved.
    pub first_due_on: Option<Date>,
    /// Whether reports are taken.
    pub status: PeriodStatus,
    /// When it was opened.
    pub opened_at: DateTimeUtc,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// The totals frozen at closing.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub roll_up: Option<Json>,
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
