//! A key that seals personal data: since when, and until when.

use sea_orm::entity::prelude::*;

/// A key that seals personal data; the key itself stands in the key folders only.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_key")]
pub struct Model {
    /// The key id.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// What only the holder of the key can say, so that another key of the same id is told apart.
    #[sea_orm(column_type = "Text")]
    pub proof: String,
    /// When it was made known.
    pub created_at: DateTimeUtc,
    /// From when on it seals, if there is none newer.
    pub seals_from: DateTimeUtc,
    /// When nothing was left under it.
    pub retired_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
