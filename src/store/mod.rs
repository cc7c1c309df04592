//! The only owner of database connections.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

#[expect(clippy::disallowed_types, reason = "the store owns the connections")]
use sea_orm::DatabaseConnection as Connection;
use sea_orm::DbErr;

pub mod connect;
pub mod durability;
pub mod migrate;
pub mod tx;

pub use connect::{DatabaseSettings, OpenError};
pub use migrate::MigrateError;
pub use tx::{Engine, Tx};

/// An open database; clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    writer: Connection,
    reader: Connection,
    statements: Arc<AtomicU64>,
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

    /// The connections to read with; scope.rs starts here.
    // Held ready for scope.rs.
    #[allow(dead_code, reason = "used by the files of the aggregates")]
    pub(in crate::store) fn reader(&self) -> &Connection {
        &self.0.reader
    }
}
