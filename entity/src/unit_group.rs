//! A named set of units (各乡镇人民政府).

use sea_orm::entity::prelude::*;

use crate::vocabulary::GroupExpansion;

/// A named set of units (各乡镇人民政府).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_group")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of the tree it belongs to.
    pub root_id: Uuid,
    /// The code, unique under the root.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// The name as printed, unique under the root.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// How it becomes units when a list is issued.
    pub expansion: GroupExpansion,
    /// Whether the office has confirmed that nobody is missing.
    pub members_complete: bool,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
