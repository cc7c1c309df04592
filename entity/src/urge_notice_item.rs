//! What a notice is about.

use sea_orm::entity::prelude::*;

/// An obligation a notice is about.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "urge_notice_item")]
pub struct Model {
    /// The notice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub urge_notice_id: Uuid,
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_obligation_id: Uuid,
    /// The row behind `urge_notice_id`.
    #[sea_orm(belongs_to, from = "urge_notice_id", to = "id")]
    pub urge_notice: BelongsTo<super::urge_notice::Entity>,
    /// The row behind `report_obligation_id`.
    #[sea_orm(belongs_to, from = "report_obligation_id", to = "id")]
    pub report_obligation: BelongsTo<super::report_obligation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
