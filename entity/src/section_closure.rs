//! Every pair of a section and one at or below it.

use sea_orm::entity::prelude::*;

/// Every pair of a section and one at or below it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section_closure")]
pub struct Model {
    /// The upper section.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_id: Uuid,
    /// The lower section, or the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub descendant_id: Uuid,
    /// How many steps lie between; 0 for itself.
    pub depth: i32,
}

impl ActiveModelBehavior for ActiveModel {}
