//! A signed statement of how far the audit trail had come.

use sea_orm::entity::prelude::*;

/// A signed statement of how far the audit trail had come.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_anchor")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number of the row it is about.
    #[sea_orm(unique)]
    pub sequence: i64,
    /// The statement, a JWS in compact form.
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
