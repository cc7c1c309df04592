//! Another name of a unit (简称, 曾用名).

use sea_orm::entity::prelude::*;

/// Another name of a unit (简称, 曾用名).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_alias")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of the tree in which the alias is unique.
    pub root_id: Uuid,
    /// The unit that is meant.
    pub unit_id: Uuid,
    /// The other name.
    #[sea_orm(column_type = "Text")]
    pub alias: String,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
