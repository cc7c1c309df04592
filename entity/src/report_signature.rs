//! What an approver decided inside the unit before a report went to the office (签发、退回填报人).

use sea_orm::entity::prelude::*;

use crate::vocabulary::SignatureDecision;

/// What an approver decided inside the unit before a report went to the office (签发、退回填报人).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_signature")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub progress_report_id: Uuid,
    /// What was decided.
    pub decision: SignatureDecision,
    /// The revision that was signed; none when it was sent back.
    pub revision: Option<i32>,
    /// Why; always there when it was sent back.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who decided.
    pub user_id: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// The row behind `progress_report_id`.
    #[sea_orm(belongs_to, from = "progress_report_id", to = "id")]
    pub progress_report: BelongsTo<super::progress_report::Entity>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
