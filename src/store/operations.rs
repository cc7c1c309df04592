//! Idempotency results, audit rows, the outbox and quotas: unscoped, because they are the frame around what is scoped.

use chrono::{DateTime, Utc};
use entity::vocabulary::FilePurpose;
use entity::{file, idempotency_result, user_account};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{StoreError, Tx};

/// How much somebody keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::any().add(file::Column::ExpiresAt.is_null()).add(file::Column::ExpiresAt.gt(now))
}

impl Tx {
    /// What came of an earlier call of this user with this key.
    pub async fn idempotency_result(
        &self,
        user_id: Uuid,
        operation: &str,
        key: &str,
    ) -> Result<Option<idempotency_result::Model>, StoreError> {
        Ok(rows::<idempotency_result::Entity>()
            .filter(idempotency_result::Column::UserId.eq(user_id))
            .filter(idempotency_result::Column::Operation.eq(operation))
            .filter(idempotency_result::Column::Key.eq(key))
            .one(self.connection())
            .await?)
    }

    /// Counts what a user has uploaded and still keeps, for whatever unit; other uploads of this user wait until this
    /// transaction ends, so that two of them can't both take the last place.
    pub async fn uploads_kept(&self, user: Uuid, now: DateTime<Utc>) -> Result<Kept, StoreError> {
        // The quota is the person's, and the lock is on the person.
        rows::<user_account::Entity>()
            .filter(user_account::Column::Id.eq(user))
            .lock(LockType::NoKeyUpdate)
            .one(self.connection())
            .await?;
        let sum: Option<(i64, i64)> = rows::<file::Entity>()
            .filter(file::Column::OwnerUserId.eq(user))
            .filter(file::Column::Purpose.eq(FilePurpose::Upload))
            .filter(in_force(now))
            .select_only()
            .expr(Expr::cust("COUNT(*)"))
            .expr(Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
            .into_tuple()
            .one(self.connection())
            .await?;
        let (files, bytes) = sum.unwrap_or_default();
        Ok(Kept { files: files.try_into().unwrap_or_default(), bytes: bytes.try_into().unwrap_or_default() })
    }
}
