//! A code by which somebody sets a password, once.

use sea_orm::entity::prelude::*;

use crate::vocabulary::CodeKind;

/// A code by which somebody sets a password, once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_code")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For whom.
    pub user_id: Uuid,
    /// What for.
    pub kind: CodeKind,
    /// The SHA-256 digest of the code; the code itself is kept nowhere.
    #[sea_orm(column_type = "Text", unique)]
    pub code_digest: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// From when it is good for nothing.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
    /// By whom it was made; nothing for the operator at the machine.
    pub made_by: Option<Uuid>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
