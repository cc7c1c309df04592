//! Who somebody is at another sign-in service.

use sea_orm::entity::prelude::*;

/// Who somebody is at another sign-in service.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_identity")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The user here.
    pub user_id: Uuid,
    /// The service, as it names itself.
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    /// The person there; one of them is one user here, as long as it is not ended.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// When it was linked.
    pub created_at: DateTimeUtc,
    /// By whom it was linked.
    pub made_by: Option<Uuid>,
    /// When somebody last signed in with it.
    pub last_used_at: Option<DateTimeUtc>,
    /// When the link was taken away.
    pub ended_at: Option<DateTimeUtc>,
    /// By whom it was taken away.
    pub ended_by: Option<Uuid>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
