//! A handle of a sign-in by another service that was used, kept until it would be over anyway.

use sea_orm::entity::prelude::*;

/// A handle of a sign-in by another service that was used, kept until it would be over anyway.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "used_handle")]
pub struct Model {
    /// What the handle is called.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When it is over.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
