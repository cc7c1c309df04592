//! Idempotency results, audit rows, the outbox and quotas: unscoped, because they are the frame around what is scoped.

use chrono::{DateTime, Utc};
use entity::vocabulary::{ExportStatus, FilePurpose, TaskListStatus};
use entity::{export_job, file, idempotency_result, period_schedule, task_list, user_account};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{Engine, Store, StoreError, Tx};

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
    pub async fn files_kept(&self, user: Uuid, purpose: FilePurpose, now: DateTime<Utc>) -> Result<Kept, StoreError> {
        // The quota is the person's, and the lock is on the person.
        rows::<user_account::Entity>()
            .filter(user_account::Column::Id.eq(user))
            .lock(LockType::NoKeyUpdate)
            .one(self.connection())
            .await?;
        let sum: Option<(i64, i64)> = rows::<file::Entity>()
            .filter(file::Column::OwnerUserId.eq(user))
            .filter(file::Column::Purpose.eq(purpose))
            .filter(in_force(now))
            // What has no end is evidence: the report's and not the person's any more.
            .filter(file::Column::ExpiresAt.is_not_null())
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

impl Tx {
    /// A schedule and its list, both locked, the list first. Unscoped, because nobody asks: time does.
    pub async fn schedule_locked(
        &self,
        schedule: Uuid,
        list: Uuid,
    ) -> Result<Option<(period_schedule::Model, task_list::Model)>, StoreError> {
        let list =
            rows::<task_list::Entity>().filter(task_list::Column::Id.eq(list)).lock_exclusive().one(self.connection());
        let Some(list) = list.await? else { return Ok(None) };
        let row = rows::<period_schedule::Entity>()
            .filter(period_schedule::Column::Id.eq(schedule))
            .lock_exclusive()
            .one(self.connection())
            .await?;
        Ok(row.map(|row| (row, list)))
    }
}

impl Store {
    /// The schedules that are in force, with their lists; time asks for them, and nobody else.
    pub async fn schedules_in_force(&self) -> Result<Vec<(period_schedule::Model, task_list::Model)>, StoreError> {
        let schedules = rows::<period_schedule::Entity>()
            .filter(period_schedule::Column::Active.eq(true))
            .order_by_asc(period_schedule::Column::Id)
            .all(self.reader())
            .await?;
        let keys: std::collections::HashSet<Uuid> = schedules.iter().map(|row| row.task_list_id).collect();
        let mut lists = std::collections::HashMap::new();
        for part in keys.into_iter().collect::<Vec<_>>().chunks(5_000) {
            let found = rows::<task_list::Entity>()
                .filter(task_list::Column::Id.is_in(super::page::padded(part)))
                .filter(task_list::Column::Status.eq(TaskListStatus::Issued))
                .all(self.reader());
            lists.extend(found.await?.into_iter().map(|row| (row.id, row)));
        }
        let with_list = |row: period_schedule::Model| lists.get(&row.task_list_id).cloned().map(|list| (row, list));
        Ok(schedules.into_iter().filter_map(with_list).collect())
    }

    /// Takes the oldest job that waits, for this program alone. A job that was begun before `stale` was left behind by a
    /// program that died, and waits again.
    pub async fn export_claim(
        &self,
        now: DateTime<Utc>,
        stale: DateTime<Utc>,
    ) -> Result<Option<export_job::Model>, StoreError> {
        let tx = self.begin().await?;
        // Work to be done belongs to nobody yet; it is done under the scope of whoever asked.
        let left = export_job::Column::Status.eq(ExportStatus::Running).and(export_job::Column::StartedAt.lt(stale));
        let mut next = rows::<export_job::Entity>()
            .filter(export_job::Column::Status.eq(ExportStatus::Queued).or(left))
            .order_by_asc(export_job::Column::CreatedAt)
            .order_by_asc(export_job::Column::Id);
        if self.engine() == Engine::Postgres {
            next = next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let Some(mut job) = next.one(tx.connection()).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        job.status = ExportStatus::Running;
        job.started_at = Some(now);
        job.progress = 0;
        job.attempts += 1;
        tx.update::<export_job::Entity>(job.clone()).await?;
        tx.commit().await?;
        Ok(Some(job))
    }
}
