//! Export jobs: how far they are, and which ones somebody has; who takes the next one stands with the other operations.

use chrono::{DateTime, Utc};
use entity::export_job;
use entity::vocabulary::ExportStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
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

    /// Writes the end of a job that failed.
    pub async fn export_end(&self, job: export_job::Model) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        tx.update::<export_job::Entity>(job).await?;
        Ok(tx.commit().await?)
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
    /// The actor's own jobs that are not done yet.
    pub async fn exports_open(&self, actor: &Actor) -> Result<u64, StoreError> {
        Ok(scope::export_jobs(actor)
            .filter(export_job::Column::Status.is_in([ExportStatus::Queued, ExportStatus::Running]))
            .count(self.connection())
            .await?)
    }
}
