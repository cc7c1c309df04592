//! A rule by which units are reminded and urged by themselves.

use sea_orm::entity::prelude::*;

use crate::vocabulary::UrgeGrade;

/// A rule by which units are reminded and urged by themselves.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "urge_rule")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// Working days from the day reports are due: before it when negative, behind it and its grace when positive.
    pub offset_working_days: i32,
    /// How urgent its notices are; before the day and on it there is none, and units are only reminded.
    pub grade: Option<UrgeGrade>,
    /// What is said besides what is owed.
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    /// Working days within which a reply is wanted; none is wanted without.
    pub reply_within_working_days: Option<i32>,
    /// Whether it does anything.
    pub active: bool,
    /// In whose name its notices are sent: who made it or changed it last.
    pub sender_user_id: Uuid,
    /// The unit that user acted for.
    pub sender_unit_id: Uuid,
    /// The day it was followed last.
    pub ran_on: Option<Date>,
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
