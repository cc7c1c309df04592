//! The answer to a mutation, kept for its repetition.

use sea_orm::entity::prelude::*;

/// The answer to a mutation, kept for its repetition.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_result")]
pub struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// What was asked.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operation: String,
    /// The key the client chose.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// The digest of the input.
    #[sea_orm(column_type = "Text")]
    pub input_digest: String,
    /// The answer.
    #[sea_orm(column_type = "JsonBinary")]
    pub result: Json,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
