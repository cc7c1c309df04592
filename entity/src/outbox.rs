//! A message to be delivered after the commit.

use sea_orm::entity::prelude::*;

/// A message to be delivered after the commit.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is about.
    #[sea_orm(column_type = "Text")]
    pub topic: String,
    /// The message.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Not to be delivered before.
    pub available_at: DateTimeUtc,
    /// How often delivery was tried.
    pub attempts: i32,
    /// When it was delivered.
    pub delivered_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
