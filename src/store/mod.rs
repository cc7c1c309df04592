//! The only owner of database connections.

#![expect(clippy::disallowed_types, reason = "the store is the owner; everyone else asks it")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::DatabaseConnection as Connection;
use sea_orm::{DbErr, SqlErr};

pub mod after_issue;
mod audit;
pub mod audit_chain;
pub mod backup;
pub mod connect;
mod cursor;
pub mod directory;
mod driver_error;
mod due;
pub mod durability;
pub mod exports;
mod external;
pub mod files;
pub mod filter;
pub mod fsck;
mod grants;
pub mod identity;
pub mod lists;
mod look_back;
mod mergers;
pub mod migrate;
pub mod names;
pub mod operations;
pub mod page;
mod past;
mod patience;
pub mod publishing;
pub mod query;
mod read_only;
pub mod reader;
pub mod report_history;
pub mod reports;
pub mod retention;
pub mod scope;
pub mod sealed;
pub mod sign_in;
mod statement_timer;
pub mod status;
pub mod tx;
pub mod visible;
pub mod write;

pub use connect::{DatabaseSettings, OpenError};
pub use cursor::Cursor;
pub use migrate::MigrateError;
pub use names::NameRows;
pub use page::{Page, PageArgs, PageQuery, SortBy};
pub use publishing::{PublicFilter, PublicLine, PublicReader};
pub use reader::Reader;
pub use tx::{Engine, Tx};
pub use visible::Visible;

/// What can go wrong on the way to the database; causes go to the log, never to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached, is overloaded, or gave up waiting; trying again may help.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// The database refused what it was asked; trying again will not help.
    #[error("the database refused")]
    Refused(#[source] DbErr),
    /// A unique key is taken.
    #[error("a unique key is taken")]
    Unique,
    /// A row is still referred to.
    #[error("a row is still referred to")]
    Referred,
    /// A cursor that does not belong to this order.
    #[error("the cursor does not belong to this connection and order")]
    BadCursor,
    /// A mistake of ours.
    #[error("misuse of the store: {0}")]
    Misuse(&'static str),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Unique,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::Referred,
            _ if driver_error::may_pass(&error) => Self::Unavailable(error),
            _ => Self::Refused(error),
        }
    }
}

impl StoreError {
    /// Whether what was asked for can't be read, because it is damaged or the disk fails; others may be.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Unavailable(cause) => {
                driver_error::sqlite_code(cause).is_some_and(|code| code < 10_000 && code & 0xff == 10)
            }
            _ => false,
        }
    }
}

/// An open database; clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    writer: Connection,
    reader: Connection,
    statements: Arc<AtomicU64>,
    /// How long a migration waits for its turn.
    start_wait: std::time::Duration,
}

impl Store {
    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// How many SQL statements have been sent so far, inside transactions too; BEGIN and COMMIT do not count.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers, for reading and for writing.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.0.reader.ping().await?;
        match self.0.engine {
            Engine::Postgres => Ok(()),
            Engine::Sqlite => self.0.writer.ping().await,
        }
    }

    /// Closes every connection; what still runs is waited for.
    pub async fn close(&self) -> Result<(), DbErr> {
        // Readers first: the last SQLite connection to close writes the log back, and readers may not.
        self.0.reader.close_by_ref().await?;
        self.0.writer.close_by_ref().await
    }

    /// The connections to read with; the scope starts here.
    pub(in crate::store) fn reader(&self) -> &Connection {
        &self.0.reader
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::ConnectionTrait;

    use super::*;

    async fn open(folder: &tempfile::TempDir) -> Store {
        let settings = DatabaseSettings {
            url: folder.path().join("x.db").display().to_string(),
            acquire_timeout: Duration::from_millis(300),
            statement_timeout: Duration::from_millis(300),
            start_wait: Duration::ZERO,
            max_connections: 2,
            allow_unsafe_durability: false,
        };
        Store::open(&settings).await.unwrap()
    }

    async fn run(db: &impl ConnectionTrait, sql: &str) -> Result<(), DbErr> {
        db.execute_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await.map(|_| ())
    }

    #[tokio::test]
    async fn readers_do_not_write_and_do_not_see_what_is_not_committed() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let tx = store.begin().await.unwrap();
        run(tx.connection(), "CREATE TABLE x (n integer)").await.unwrap();
        assert!(run(store.reader(), "SELECT n FROM x").await.is_err());
        tx.commit().await.unwrap();
        run(store.reader(), "SELECT n FROM x").await.unwrap();
        assert!(run(store.reader(), "INSERT INTO x VALUES (1)").await.is_err());
        assert!(run(store.reader(), "PRAGMA query_only = OFF").await.is_ok());
        assert!(
            run(store.reader(), "INSERT INTO x VALUES (1)").await.is_err(),
            "the file itself is open for reading only"
        );
    }

    #[tokio::test]
    async fn every_statement_is_counted_on_both_sides_and_in_transactions() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        assert_eq!(store.statements(), 0);
        run(store.reader(), "SELECT 1").await.unwrap();
        assert_eq!(store.statements(), 1);
        let tx = store.begin().await.unwrap();
        run(tx.connection(), "SELECT 1").await.unwrap();
        run(tx.connection(), "SELECT 2").await.unwrap();
        assert_eq!(store.statements(), 3);
        tx.rollback().await.unwrap();
        assert_eq!(store.statements(), 3);
    }

    #[tokio::test]
    async fn a_transaction_holds_the_write_lock_from_its_start() {
        let folder = tempfile::tempdir().unwrap();
        let (store, other) = (open(&folder).await, open(&folder).await);
        let tx = store.begin().await.unwrap();
        assert!(other.begin().await.is_err(), "another program has to wait");
        assert!(store.begin().await.is_err(), "and so has another task of this one");
        drop(tx);
        store.begin().await.unwrap().rollback().await.unwrap();
        other.begin().await.unwrap().rollback().await.unwrap();
    }

    #[tokio::test]
    async fn what_is_dropped_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let tx = store.begin().await.unwrap();
        run(tx.connection(), "CREATE TABLE x (n integer)").await.unwrap();
        drop(tx);
        assert!(run(store.reader(), "SELECT n FROM x").await.is_err());
    }
}
