//! Copies of an embedded database: made while others write, looked into, and put in the place of another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::session;
use migration::Status;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectOptions, ConnectionTrait, Database, DbErr, EntityTrait, QueryFilter, Statement};

use super::{Connection, Engine, Store, StoreError, Tx, driver_error};

/// Why a copy was not made, or is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The disk is full, or the file may not grow so large.
    #[error("the disk is full")]
    Full,
    /// It is no database, or a damaged one.
    #[error("it is not a whole database: {0}")]
    Damaged(String),
    /// Another program has it open.
    #[error("another program has it open")]
    InUse,
    /// The database refused.
    #[error("the database refused")]
    Refused(#[source] DbErr),
}

impl From<DbErr> for CopyError {
    fn from(error: DbErr) -> Self {
        // The low byte is the family: 5 busy, 6 locked, 10 input and output, 11 corrupt, 13 full, 26 not a database.
        match driver_error::sqlite_code(&error) {
            Some(code) if code & 0xff == 13 || code == 778 => Self::Full,
            Some(code) if matches!(code & 0xff, 5 | 6) => Self::InUse,
            Some(code) if matches!(code & 0xff, 11 | 26) => Self::Damaged(error.to_string()),
            _ => Self::Refused(error),
        }
    }
}

/// What a copy holds.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Where it stands, seen from this program.
    pub status: Status,
    /// Rows, by table.
    pub rows: BTreeMap<String, i64>,
    /// The data keys that it needs.
    pub data_keys: Vec<String>,
}

/// A database that nobody else can open, until this is dropped.
pub struct Alone {
    db: Connection,
    /// Whether there is anything in it.
    pub empty: bool,
}

/// A connection to a file past the store.
async fn file(path: &Path, read_only: bool) -> Result<Connection, DbErr> {
    let mut options = ConnectOptions::new("sqlite://file");
    options.max_connections(1).sqlx_logging(false).acquire_timeout(Duration::from_secs(5));
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.filename(&path).create_if_missing(false).busy_timeout(Duration::from_millis(500));
        // What is not served is looked at without a file beside it; what may be served leaves its log.
        if read_only { sqlite.read_only(true).immutable(true) } else { sqlite.pragma("journal_mode", "DELETE") }
    });
    Database::connect(options).await
}

async fn texts(db: &Connection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn number(db: &Connection, sql: &str) -> Result<i64, DbErr> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?.try_get_by_index(0)
}

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

impl Contents {
    /// Looks into a file that nobody writes, and checks that it is whole.
    pub async fn read(path: &Path) -> Result<Self, CopyError> {
        let db = file(path, true).await?;
        let contents = Self::of(&db).await;
        let _ = db.close().await;
        contents
    }

    async fn of(db: &Connection) -> Result<Self, CopyError> {
        let checked = texts(db, "PRAGMA integrity_check(1)").await?;
        if checked != ["ok"] {
            return Err(CopyError::Damaged(checked.join("; ")));
        }
        let status = migration::status(db).await?;
        let mut rows = BTreeMap::new();
        for table in texts(db, TABLES).await? {
            let count = number(db, &format!("SELECT count(*) FROM \"{table}\"")).await?;
            rows.insert(table, count);
        }
        let known =
            number(db, "SELECT count(*) FROM pragma_table_info('data_key') WHERE name = 'retired_at'").await? > 0;
        let sql = "SELECT id FROM data_key WHERE retired_at IS NULL ORDER BY id";
        let data_keys = if known { texts(db, sql).await? } else { Vec::new() };
        Ok(Self { status, rows, data_keys })
    }
}

impl Alone {
    /// Takes a database for oneself, if nobody else has it open.
    pub async fn take(path: &Path) -> Result<Self, CopyError> {
        // To leave the log needs every other connection to be gone.
        let db = file(path, false).await?;
        let mode = texts(&db, "SELECT journal_mode FROM pragma_journal_mode").await?;
        if mode != ["delete"] {
            return Err(CopyError::InUse);
        }
        db.execute_unprepared("BEGIN EXCLUSIVE").await?;
        let there = number(&db, "SELECT count(*) FROM sqlite_master WHERE name = 'unit'").await? > 0;
        let empty = !there || number(&db, "SELECT count(*) FROM unit").await? == 0;
        Ok(Self { db, empty })
    }

    /// Lets it go.
    pub async fn release(self) {
        let _ = self.db.execute_unprepared("ROLLBACK").await;
        let _ = self.db.close().await;
    }
}

impl Store {
    /// The file of an embedded database; none on a server.
    pub async fn file(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.engine() == Engine::Postgres {
            return Ok(None);
        }
        let found = texts(self.reader(), "SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
        Ok(found.into_iter().next().map(PathBuf::from))
    }

    /// Whether there is any unit, in a database of whatever age.
    pub async fn holds_anything(&self) -> Result<bool, StoreError> {
        Ok(number(self.reader(), "SELECT count(*) FROM unit").await? > 0)
    }

    /// Writes a copy of this moment to an empty file; others go on writing meanwhile.
    pub async fn copy_into(&self, path: &Path) -> Result<(), CopyError> {
        let db = &self.0.writer;
        let name = path.to_str().ok_or_else(|| CopyError::Damaged("the name of the file is not UTF-8".to_owned()))?;
        let sql = format!("VACUUM INTO '{}'", name.replace('\'', "''"));
        db.execute_unprepared(&sql).await?;
        Ok(())
    }
}

impl Tx {
    /// Ends every session; whoever was signed in signs in again.
    pub async fn sessions_end_all(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(now))
            .filter(session::Column::RevokedAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}
