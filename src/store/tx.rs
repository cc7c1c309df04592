//! Writing transactions.

use sea_orm::DatabaseTransaction as Transaction;
use sea_orm::{DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use super::Store;

/// The database engines there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The production one.
    Postgres,
}

/// A writing transaction; dropped without [`Tx::commit`] it never happened.
///
/// Rows are locked with `lock_exclusive` and `lock_shared`: PostgreSQL locks the row, SQLite ignores both and needs
/// neither, because its transaction holds the only write lock from the start.
pub struct Tx {
    inner: Transaction,
    engine: Engine,
}

impl Store {
    /// Starts a writing transaction.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        // A deferred transaction that reads and then writes fails at once when another wrote in between.
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.0.engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Tx { inner: self.0.writer.begin_with_options(options).await?, engine: self.0.engine })
    }
}

impl Tx {
    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().await
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }

    /// What statements are sent through.
    pub(in crate::store) fn connection(&self) -> &Transaction {
        &self.inner
    }
}
