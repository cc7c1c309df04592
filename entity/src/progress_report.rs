//! What a unit says about its task in a period (落实情况).

use sea_orm::entity::prelude::*;

use crate::vocabulary::{Completion, ReportStatus};

/// What a unit says about its task in a period (落实情况).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_report")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The obligation it answers, one to one.
    #[sea_orm(unique)]
    pub report_obligation_id: Uuid,
    /// The period, copied from the obligation.
    pub reporting_period_id: Uuid,
    /// The list, copied from the obligation.
    pub task_list_id: Uuid,
    /// The task, copied from the obligation.
    pub task_id: Uuid,
    /// The unit, copied from the obligation.
    pub unit_id: Uuid,
    /// Where it is in its life.
    pub status: ReportStatus,
    /// What was done, in words.
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    /// How far the work is.
    pub completion: Option<Completion>,
    /// How far the work is, 0 to 100.
    pub percent: Option<i32>,
    /// How often the task was done by the end of the period, for a recurring one.
    pub done_count: Option<i32>,
    /// Who wrote it.
    pub reporter_user_id: Option<Uuid>,
    /// The name of the contact.
    #[sea_orm(column_type = "Text", nullable)]
    pub reporter_name: Option<String>,
    /// The telephone number of the contact, encrypted.
    #[sea_orm(column_type = "Text", nullable)]
    pub reporter_phone_ciphertext: Option<String>,
    /// When name and number were removed, because nobody needs them any more.
    pub reporter_removed_at: Option<DateTimeUtc>,
    /// The day the unit writes on it (填报时间).
    pub filled_on: Option<Date>,
    /// Since when it waits for the unit's approver.
    pub signing_since: Option<DateTimeUtc>,
    /// Who signed what is with the office.
    pub signed_by_user_id: Option<Uuid>,
    /// How often it was submitted.
    pub revision: i32,
    /// When it was last submitted.
    pub submitted_at: Option<DateTimeUtc>,
    /// When the office last decided.
    pub decided_at: Option<DateTimeUtc>,
    /// When the revision was handed in that the office accepted first. Whether it was late goes by it, so that a correction
    /// makes nothing late.
    pub received_at: Option<DateTimeUtc>,
    /// The revision that counts: the one accepted last, also while a correction of it is on its way.
    pub accepted_revision: Option<i32>,
    /// How far the work is by that revision, copied so that counts need no other table.
    pub accepted_completion: Option<Completion>,
    /// How often it was sent back.
    pub return_count: i32,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `report_obligation_id`.
    #[sea_orm(belongs_to, from = "report_obligation_id", to = "id")]
    pub report_obligation: BelongsTo<super::report_obligation::Entity>,
    /// The row behind `reporting_period_id`.
    #[sea_orm(belongs_to, from = "reporting_period_id", to = "id")]
    pub reporting_period: BelongsTo<super::reporting_period::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
    /// The row behind `reporter_user_id`.
    #[sea_orm(belongs_to, from = "reporter_user_id", to = "id")]
    pub reporter: BelongsTo<Option<super::user_account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
