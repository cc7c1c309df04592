//! A decision of the office about a revision (通过, 退回).

use sea_orm::entity::prelude::*;

use crate::vocabulary::ReviewDecision;

/// A decision of the office about a revision (通过, 退回).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_review")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub progress_report_id: Uuid,
    /// The revision that was decided about.
    pub revision: i32,
    /// What was decided.
    pub decision: ReviewDecision,
    /// Why; always there when it was sent back.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who decided.
    pub reviewer_user_id: Uuid,
    /// For which unit.
    pub reviewer_unit_id: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<super::progress_report::Entity>,
    /// The row behind `reviewer_user_id`.
    #[sea_orm(belongs_to, from = "reviewer_user_id", to = "id")]
    pub reviewer: BelongsTo<super::user_account::Entity>,
    /// The row behind `reviewer_unit_id`.
    #[sea_orm(belongs_to, from = "reviewer_unit_id", to = "id")]
    pub reviewer_unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
