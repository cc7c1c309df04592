//! Something a person is told.

use sea_orm::entity::prelude::*;

use crate::vocabulary::NotificationKind;

/// Something a person is told. What it says is made when it is read, from what that person may see then.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is told.
    pub user_id: Uuid,
    /// The unit as whose person; of what the office is told, the unit that did it.
    pub unit_id: Uuid,
    /// Of what.
    pub kind: NotificationKind,
    /// The list, period, report or notice it is about.
    pub subject_id: Uuid,
    /// What it came of, so that nobody is told twice.
    #[sea_orm(column_type = "Text")]
    pub origin: String,
    /// When it happened.
    pub created_at: DateTimeUtc,
    /// When it was read.
    pub read_at: Option<DateTimeUtc>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
