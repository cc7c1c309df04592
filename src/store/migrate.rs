//! Bringing the database to this program's shape, and back.

use migration::{Migrator, Status};
use sea_orm::{ConnAcquireErr, ConnectionTrait, DbErr};
use sea_orm_migration::MigratorTrait;

use super::{Engine, Store, Tx, driver_error::may_pass, patience::patiently};

/// Why the database cannot be migrated or used as it is.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database knows migrations that this program does not.
    #[error(
        "the database belongs to a newer version of taizhang (it has run {}); use that version or restore a backup",
        .0.join(", ")
    )]
    Newer(Vec<String>),
    /// Migrations have not run yet.
    #[error("the database is behind this version of taizhang ({} to run); run the migrations first", .0.join(", "))]
    Behind(Vec<String>),
    /// It can't be taken back without harm.
    #[error("nothing was taken back: {0}")]
    Refused(String),
    /// What stands in the database does not fit what comes.
    #[error("the database was not moved forward and nothing was changed: {0}")]
    Unfit(String),
    /// The database refused.
    #[error("the migration failed and nothing was changed")]
    Failed(#[from] DbErr),
}

// PostgreSQL: two programs that start together must not migrate together. The number is arbitrary but fixed.
const PREPARE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
     SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(7204310921)";

impl Store {
    /// Where the database stands; changes nothing.
    pub async fn migrate_status(&self) -> Result<Status, DbErr> {
        migration::status(&self.0.writer).await
    }

    /// Refuses a database that is newer or older than this program.
    pub async fn require_current(&self) -> Result<(), MigrateError> {
        let status = refuse_newer(self.migrate_status().await?)?;
        if status.pending.is_empty() { Ok(()) } else { Err(MigrateError::Behind(status.pending)) }
    }

    /// Runs everything that has not run yet, all of it or nothing, and says what ran.
    pub async fn migrate_up(&self) -> Result<Vec<String>, MigrateError> {
        let (tx, status) = self.begin_migration().await?;
        Migrator::up(tx.connection(), None).await.map_err(|error| match error {
            DbErr::Migration(why) => MigrateError::Unfit(why),
            other => other.into(),
        })?;
        tx.commit().await?;
        Ok(status.pending)
    }

    /// Takes back the last `steps` migrations, or all, and says which; their data is lost.
    pub async fn migrate_down(&self, steps: Option<u32>) -> Result<Vec<String>, MigrateError> {
        let (tx, status) = self.begin_migration().await?;
        Migrator::down(tx.connection(), steps).await.map_err(|error| match error {
            DbErr::Migration(why) => MigrateError::Refused(why),
            other => other.into(),
        })?;
        tx.commit().await?;
        let count = steps.map_or(usize::MAX, |steps| usize::try_from(steps).unwrap_or(usize::MAX));
        Ok(status.applied.into_iter().rev().take(count).collect())
    }

    async fn begin_migration(&self) -> Result<(Tx, Status), MigrateError> {
        // Somebody else may be migrating, or writing for long.
        let late = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let tx = patiently(self.0.start_wait, may_pass, late, || self.begin()).await?;
        if tx.engine() == Engine::Postgres {
            tx.connection().execute_unprepared(PREPARE).await?;
        }
        let status = refuse_newer(migration::status(tx.connection()).await?)?;
        Ok((tx, status))
    }
}

fn refuse_newer(status: Status) -> Result<Status, MigrateError> {
    if status.unknown.is_empty() { Ok(status) } else { Err(MigrateError::Newer(status.unknown)) }
}
