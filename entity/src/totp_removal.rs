//! That somebody's one-time passwords be taken away, as one person asked and another decides.

use sea_orm::entity::prelude::*;

use crate::vocabulary::RoleGrantRequestStatus;

/// That somebody's one-time passwords be taken away, as one person asked and another decides; the last request of each user.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp_removal")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// What became of it.
    pub status: RoleGrantRequestStatus,
    /// Who asked.
    pub requested_by: Uuid,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// From when on nobody can approve it any more.
    pub lapses_at: DateTimeUtc,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
