//! A step in the life of a rectification.

use sea_orm::entity::prelude::*;

use crate::vocabulary::RectificationStatus;

/// A step in the life of a rectification.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification_step")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The rectification.
    pub rectification_id: Uuid,
    /// What it came to by this step.
    pub status: RectificationStatus,
    /// What was said.
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    /// Who took it.
    pub user_id: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// The row behind `rectification_id`.
    #[sea_orm(belongs_to, from = "rectification_id", to = "id")]
    pub rectification: BelongsTo<super::rectification::Entity>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
