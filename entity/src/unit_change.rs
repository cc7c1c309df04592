//! What became of a unit: a line of its history.

use sea_orm::entity::prelude::*;

use crate::vocabulary::UnitChangeKind;

/// What became of a unit: a line of its history.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_change")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The top of its tree.
    pub root_id: Uuid,
    /// The unit in whose history the line stands.
    pub unit_id: Uuid,
    /// What happened.
    pub kind: UnitChangeKind,
    /// The unit it came from.
    pub from_unit_id: Uuid,
    /// The unit it became; the same when only the name changed.
    pub to_unit_id: Uuid,
    /// The name of the first, until then.
    #[sea_orm(column_type = "Text")]
    pub old_name: String,
    /// The name of the second, from then on.
    #[sea_orm(column_type = "Text")]
    pub new_name: String,
    /// Since which day.
    pub changed_on: Date,
    /// 文号, if it was announced under one.
    #[sea_orm(column_type = "Text", nullable)]
    pub document_number: Option<String>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
