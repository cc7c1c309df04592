//! A unit that was on the task of a change then, and therefore sees it.

use sea_orm::entity::prelude::*;

/// A unit that was on the task of a change then, and therefore sees it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment_audience")]
pub struct Model {
    /// The change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub amendment_change_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// The row behind `amendment_change_id`.
    #[sea_orm(belongs_to, from = "amendment_change_id", to = "id")]
    pub amendment_change: BelongsTo<super::amendment_change::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
