//! What is no longer needed goes, a portion at a time. Housekeeping belongs to nobody.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{StoreError, Tx};

/// Rows that go in one transaction, of each kind.
pub const PORTION: u64 = 500;

/// A kind of rows, or of fields, that are kept for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What came of a request with an idempotency key.
    IdempotencyResults,
    /// Messages that were delivered.
    Messages,
    /// What people were told.
    Notifications,
    /// Names and numbers of the reporters of archived lists.
    ReporterContacts,
    /// Passwords and one-time passwords of users who are disabled.
    Credentials,
    /// The hashes of earlier passwords of such users.
    PasswordHistory,
    /// Who such users are at other sign-in services, and who anybody was whose link was taken away; not before the sessions
    /// that it opened.
    ExternalIdentities,
}

impl Kept {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::IdempotencyResults,
        Self::Messages,
        Self::Notifications,
        Self::ReporterContacts,
        Self::Credentials,
        Self::PasswordHistory,
        Self::ExternalIdentities,
    ];

    /// How the trail calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdempotencyResults => "idempotencyResult",
            Self::Messages => "outbox",
            Self::Notifications => "notification",
            Self::ReporterContacts => "reporterContact",
            Self::Credentials => "credential",
            Self::PasswordHistory => "passwordHistory",
            Self::ExternalIdentities => "externalIdentity",
        }
    }

    /// `$1` is the moment before which it must have ended, `$2` this moment.
    fn sql(self) -> String {
        let disabled = "SELECT u.id FROM user_account u WHERE u.disabled_at < $1";
        match self {
            Self::IdempotencyResults => format!(
                "DELETE FROM idempotency_result WHERE (user_id, operation, key) IN (SELECT user_id, operation, key \
                 FROM idempotency_result WHERE created_at < $1 LIMIT {PORTION})"
            ),
            Self::Messages => format!(
                "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE delivered_at < $1 ORDER BY id LIMIT {PORTION})"
            ),
            Self::Notifications => format!(
                "DELETE FROM notification WHERE id IN \
                 (SELECT id FROM notification WHERE created_at < $1 ORDER BY id LIMIT {PORTION})"
            ),
            Self::ReporterContacts => format!(
                "UPDATE progress_report SET reporter_name = NULL, reporter_phone_ciphertext = NULL, \
                 reporter_removed_at = $2 WHERE id IN (SELECT r.id FROM progress_report r \
                 JOIN task_list l ON l.id = r.task_list_id WHERE l.status = 'ARCHIVED' \
                 AND coalesce(l.closed_at, l.updated_at) < $1 AND (r.reporter_name IS NOT NULL \
                 OR r.reporter_phone_ciphertext IS NOT NULL) ORDER BY r.id LIMIT {PORTION})"
            ),
            Self::Credentials => format!(
                "DELETE FROM user_credential WHERE user_id IN (SELECT c.user_id FROM user_credential c \
                 WHERE c.user_id IN ({disabled}) LIMIT {PORTION})"
            ),
            Self::PasswordHistory => format!(
                "DELETE FROM password_history WHERE id IN (SELECT h.id FROM password_history h \
                 WHERE h.user_id IN ({disabled}) LIMIT {PORTION})"
            ),
            Self::ExternalIdentities => format!(
                "DELETE FROM external_identity WHERE id IN (SELECT e.id FROM external_identity e \
                 WHERE (e.ended_at < $1 OR e.user_id IN ({disabled})) \
                 AND NOT EXISTS (SELECT 1 FROM session s WHERE s.external_identity_id = e.id) LIMIT {PORTION})"
            ),
        }
    }
}

impl Tx {
    /// Removes a portion of what ended before; how much went.
    pub async fn expire(&self, kept: Kept, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.connection();
        let mut values: Vec<Value> = vec![before.into()];
        if kept == Kept::ReporterContacts {
            values.push(now.into());
        }
        let statement = Statement::from_sql_and_values(db.get_database_backend(), kept.sql(), values);
        Ok(db.execute_raw(statement).await?.rows_affected())
    }
}
