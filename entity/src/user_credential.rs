//! What somebody signs in with.

use sea_orm::entity::prelude::*;

/// What somebody signs in with.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_credential")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The password as an Argon2id hash (PHC); nothing until an invitation or reset is taken up.
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    /// When the password was set.
    pub changed_at: Option<DateTimeUtc>,
    /// The password has to be changed before anything else.
    pub must_change: bool,
    /// Failures since the last success or lock.
    pub failures: i32,
    /// Until when nobody signs in with it.
    pub locked_until: Option<DateTimeUtc>,
    /// The secret of one-time passwords, encrypted.
    #[sea_orm(column_type = "Text", nullable)]
    pub totp_ciphertext: Option<String>,
    /// Since when one-time passwords are asked for.
    pub totp_confirmed_at: Option<DateTimeUtc>,
    /// The last time step whose one-time password was used.
    pub totp_last_step: Option<i64>,
    /// When he last came in.
    pub last_sign_in_at: Option<DateTimeUtc>,
    /// From which address that was.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_sign_in_address: Option<String>,
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
