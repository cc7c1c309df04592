//! Another name of a group of units.

use sea_orm::entity::prelude::*;

/// Another name of a group of units.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_group_alias")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of the tree in which the alias is unique.
    pub root_id: Uuid,
    /// The group that is meant.
    pub unit_group_id: Uuid,
    /// The other name.
    #[sea_orm(column_type = "Text")]
    pub alias: String,
    /// The row behind `unit_group_id`.
    #[sea_orm(belongs_to, from = "unit_group_id", to = "id")]
    pub unit_group: BelongsTo<super::unit_group::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
