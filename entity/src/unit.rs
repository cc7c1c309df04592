//! A unit of the administration, in a tree.

use sea_orm::entity::prelude::*;

/// A unit of the administration, in a tree.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of its tree; the root names itself.
    pub root_id: Uuid,
    /// The unit above, none for the root.
    pub parent_id: Option<Uuid>,
    /// The code, unique under the root.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// The full name, unique under the root.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The short name (简称).
    #[sea_orm(column_type = "Text", nullable)]
    pub short_name: Option<String>,
    /// What sort of unit it is, in the words of the office.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// The place among its siblings.
    pub position: i32,
    /// Whether it still exists.
    pub active: bool,
    /// Whether its reports need the signature of its approver before they go to the office.
    pub report_signing: bool,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
