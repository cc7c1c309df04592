//! A rule by which periods open by themselves (月自查、季督查).

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PeriodKind, ScheduleEvery};

/// A rule by which periods open by themselves (月自查、季督查).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_schedule")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// Cumulative from January or a span of its own.
    pub kind: PeriodKind,
    /// How often.
    pub every: ScheduleEvery,
    /// Its name, shown behind that of the span.
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// Days after the last day of the span on which it opens; before it when negative.
    pub opens_after_days: i32,
    /// Working days after the last day of the span by which reports are due.
    pub due_working_days: i32,
    /// The grace of the periods it opens.
    pub grace_working_days: i32,
    /// Whether it opens anything.
    pub active: bool,
    /// The last day of the latest span it is done with.
    pub last_ends_on: Option<Date>,
    /// The period of the latest span for which it opened nothing, because there was one already.
    pub skipped_period_id: Option<Uuid>,
    /// When it opened nothing.
    pub skipped_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `skipped_period_id`.
    #[sea_orm(belongs_to, from = "skipped_period_id", to = "id")]
    pub skipped_period: BelongsTo<Option<super::reporting_period::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
