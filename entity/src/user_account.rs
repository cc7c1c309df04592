//! A person or service that can sign in.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{Realm, UserKind};

/// A person or service that can sign in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// A person or a machine.
    pub kind: UserKind,
    /// On which side of the house, for good.
    pub realm: Realm,
    /// The unit it acts for.
    pub unit_id: Uuid,
    /// The sign-in name, unique.
    #[sea_orm(column_type = "Text", unique)]
    pub login: String,
    /// The name shown to others.
    #[sea_orm(column_type = "Text")]
    pub display_name: String,
    /// The telephone number, encrypted.
    #[sea_orm(column_type = "Text", nullable)]
    pub phone_ciphertext: Option<String>,
    /// Since when it may not act any more.
    pub disabled_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
