//! Where the chain of the audit trail stands.

use sea_orm::entity::prelude::*;

/// The end of the chain: one row, locked by whoever adds to it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The number of the last row; 0 before the first.
    pub sequence: i64,
    /// Its hash; empty before the first.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
    /// How many rows were there before the chain began; they bear no number.
    pub unchained: i64,
}

impl ActiveModelBehavior for ActiveModel {}
