//! A unit is urged (催办).

use sea_orm::entity::prelude::*;

use crate::vocabulary::UrgeGrade;

/// A unit is urged (催办), by a numbered notice of a list and year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "urge_notice")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The period.
    pub reporting_period_id: Uuid,
    /// The unit that is urged.
    pub unit_id: Uuid,
    /// The year it is numbered in.
    pub year: i32,
    /// Its number in that year, from 1.
    pub number: i32,
    /// How urgent it is.
    pub grade: UrgeGrade,
    /// What the office says besides what is owed.
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    /// Days overdue when it was sent, counted from the day reports were due; 0 when that day had not come.
    pub days_overdue: i32,
    /// The day by which the unit has to reply, if it has to.
    pub reply_due_on: Option<Date>,
    /// Who sent it.
    pub sender_user_id: Uuid,
    /// For which unit.
    pub sender_unit_id: Uuid,
    /// When somebody of the unit marked it as read.
    pub read_at: Option<DateTimeUtc>,
    /// What the unit replied.
    #[sea_orm(column_type = "Text", nullable)]
    pub reply: Option<String>,
    /// When it replied.
    pub replied_at: Option<DateTimeUtc>,
    /// Who replied.
    pub replier_user_id: Option<Uuid>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
