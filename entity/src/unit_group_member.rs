//! A unit in a group.

use sea_orm::entity::prelude::*;

/// A unit in a group.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_group_member")]
pub struct Model {
    /// The group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_group_id: Uuid,
    /// The member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// Since when it is a member.
    pub added_at: DateTimeUtc,
    /// The row behind `unit_group_id`.
    #[sea_orm(belongs_to, from = "unit_group_id", to = "id")]
    pub unit_group: BelongsTo<super::unit_group::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
