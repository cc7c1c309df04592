//! Export jobs: how far they are, and which ones somebody has; who takes the next one stands with the other operations.

use chrono::{DateTime, Utc};
use entity::export_job;
use entity::vocabulary::ExportStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use uuid::Uuid;

use super::scope;
use super::{Store, StoreError, Tx};
use crate::authz::Actor;

impl Store {
    /// Says how far a job is; whoever waits looks at it meanwhile.
    pub async fn export_progress(&self, job: Uuid, percent: i32) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        export_job::Entity::update_many()
            .col_expr(export_job::Column::Progress, Expr::value(percent))
            .filter(export_job::Column::Id.eq(job))
            .filter(export_job::Column::Status.eq(ExportStatus::Running))
            .exec(tx.connection())
            .await?;
        Ok(tx.commit().await?)
    }

    /// Writes the end of a job, if it is still this one's to end.
    pub async fn export_end(&self, job: &export_job::Model) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let ended = tx.export_end(job).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Removes the jobs that ended before `before`.
    pub async fn exports_sweep(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let done = export_job::Entity::delete_many()
            .filter(export_job::Column::FinishedAt.lt(before))
            .exec(tx.connection())
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected)
    }
}

impl Tx {
    /// Writes the end of a job, if it is still this one's to end: who began it later has begun it once more often.
    pub async fn export_end(&self, job: &export_job::Model) -> Result<bool, StoreError> {
        let done = export_job::Entity::update_many()
            .set(export_job::ActiveModel {
                status: Set(job.status),
                progress: Set(job.progress),
                file_id: Set(job.file_id),
                problem: Set(job.problem.clone()),
                finished_at: Set(job.finished_at),
                ..Default::default()
            })
            .filter(export_job::Column::Id.eq(job.id))
            .filter(export_job::Column::Status.eq(ExportStatus::Running))
            .filter(export_job::Column::Attempts.eq(job.attempts))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// The actor's own jobs that are not done yet.
    pub async fn exports_open(&self, actor: &Actor) -> Result<u64, StoreError> {
        Ok(scope::export_jobs(actor)
            .filter(export_job::Column::Status.is_in([ExportStatus::Queued, ExportStatus::Running]))
            .count(self.connection())
            .await?)
    }
}
