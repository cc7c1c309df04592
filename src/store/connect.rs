//! Opening the database, and refusing one that would lose data.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database, DbErr,
    sqlx::{self, Connection as _, sqlite::SqliteConnectOptions},
};

use super::driver_error::{cannot_open, connecting, not_writable, of_driver};
use super::{Connection, Engine, Inner, Store, durability, patience::patiently, statement_timer};

/// Where the database is and how patient to be with it.
#[derive(Clone)]
pub struct DatabaseSettings {
    /// `postgres://…`, `sqlite://path?mode=rwc`, or the path of a SQLite file.
    pub url: String,
    /// How long to wait for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run (on SQLite one that reads), and how long SQLite waits for a lock.
    pub statement_timeout: Duration,
    /// How long opening and migrating wait for a database that is starting, recovering or held by somebody else.
    pub start_wait: Duration,
    /// Connections at most; on SQLite this counts the readers.
    pub max_connections: u32,
    /// Accepts a server that may lose answered writes; for throw-away servers in tests only.
    pub allow_unsafe_durability: bool,
}

impl std::fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("DatabaseSettings").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// Why a database was not opened; each is one plain sentence.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address makes no sense.
    #[error("the database address is not understood: {0}")]
    BadUrl(&'static str),
    /// The file or its folder cannot be written.
    #[error("the database file {} cannot be written; check that its folder exists and belongs to this user", .0.display())]
    CannotWrite(PathBuf),
    /// The server does not answer.
    #[error("the database server cannot be reached")]
    Unreachable(#[source] DbErr),
    /// It is there, but was not ready in time.
    #[error("the database was busy, starting or recovering and did not become ready in time; try again a little later")]
    NotReady(#[source] DbErr),
    /// The server answers, and says no.
    #[error("the database server refuses this user, password or database name")]
    LoginRefused(#[source] DbErr),
    /// The server is too old.
    #[error("the database server is PostgreSQL {0}; 15 or newer is needed")]
    WrongServerVersion(i32),
    /// The database would lose or break data.
    #[error("the database is not safe to use: {0}")]
    WeakerSettings(String),
    /// Something else went wrong.
    #[error("the database cannot be opened")]
    Failed(#[source] DbErr),
}

const HELP: &str = "use sqlite://path?mode=rwc, the path of a file, or postgres://user@host/database";
/// How long the first connection to a server may take, at least.
const FIRST: Duration = Duration::from_secs(5);

impl OpenError {
    /// Whether opening it a little later may succeed.
    fn may_pass(&self) -> bool {
        matches!(self, Self::NotReady(_) | Self::Unreachable(_))
    }
}

impl Store {
    /// Opens the database and checks what it promises; does not look at migrations. Waits for one that is not ready yet.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, OpenError> {
        let url = settings.url.trim();
        let late = || OpenError::NotReady(DbErr::Custom("the time was up".to_owned()));
        // Boxed: two ways of opening are large, and are tried again and again.
        patiently(settings.start_wait, OpenError::may_pass, late, || {
            Box::pin(async move {
                match url.strip_prefix("postgresql://").or_else(|| url.strip_prefix("postgres://")) {
                    Some(rest) => open_postgres(settings, format!("postgres://{rest}")).await,
                    None => open_sqlite(settings, url).await,
                }
            })
        })
        .await
    }
}

async fn open_postgres(settings: &DatabaseSettings, url: String) -> Result<Store, OpenError> {
    let Ok(address) = sqlx::postgres::PgConnectOptions::from_str(&url) else {
        return Err(OpenError::BadUrl("a PostgreSQL address looks like postgres://user@host/database"));
    };
    // Alone first: the pool would only say that the time was up, not that the server is starting or that nobody is there.
    let first = sqlx::PgConnection::connect_with(&address);
    let first = tokio::time::timeout(settings.acquire_timeout.max(FIRST), first).await;
    let _ = first.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(connecting)?.close().await;
    let statement = settings.statement_timeout;
    let mut options = common(settings, url, settings.max_connections);
    // Lock waits end a little before the statement does, so that the log tells the two apart.
    let session = [
        ("statement_timeout", statement.as_millis().to_string()),
        ("lock_timeout", (statement * 2 / 3).as_millis().to_string()),
        ("idle_in_transaction_session_timeout", (statement * 10).as_millis().to_string()),
        ("TimeZone", "UTC".to_owned()),
    ];
    options.map_sqlx_postgres_opts(move |pg| pg.application_name("taizhang").options(session.clone()));
    // Instead of a ping at every use: only connections that a firewall may have forgotten are asked.
    options.test_before_acquire_if_idle_for(Duration::from_secs(30));
    let mut pool = Database::connect(options).await.map_err(cannot_open)?;
    durability::check_postgres(&pool, settings.allow_unsafe_durability).await?;
    let statements = count(&mut [&mut pool]);
    Ok(Store(Arc::new(Inner {
        engine: Engine::Postgres,
        writer: pool.clone(),
        reader: pool,
        statements,
        start_wait: settings.start_wait,
    })))
}

async fn open_sqlite(settings: &DatabaseSettings, url: &str) -> Result<Store, OpenError> {
    let (url, path) = sqlite_file(url)?;
    make_private(&path).map_err(|_| OpenError::CannotWrite(path.clone()))?;
    let busy = settings.statement_timeout;
    let refused =
        |error: DbErr| if not_writable(&error) { OpenError::CannotWrite(path.clone()) } else { cannot_open(error) };
    let file = path.clone();
    let durable = move |sqlite| {
        strict(sqlite, &file, busy).create_if_missing(true).pragma("journal_mode", "WAL").pragma("synchronous", "FULL")
    };
    // Alone first: who comes first reads back what a killed process has left in the log, and the pools give up on that
    // after the time that a request waits for a connection. While this one is there, they find it done.
    let parsed = SqliteConnectOptions::from_str(&url).map_err(|_| OpenError::BadUrl(HELP))?;
    let first = sqlx::SqliteConnection::connect_with(&durable(parsed)).await;
    let first = first.map_err(|error| refused(of_driver(error)))?;

    let mut options = common(settings, url.clone(), 1);
    // There is one writer: who waits for it waits for the write lock. Whoever was let in and finds others before him is
    // answered, and not sent away after a moment.
    options.acquire_timeout(settings.acquire_timeout.max(busy)).map_sqlx_sqlite_opts(durable);
    let mut writer = Database::connect(options).await.map_err(&refused)?;
    durability::check_sqlite(&writer).await?;

    let mut options = common(settings, url, settings.max_connections.max(1));
    let file = path.clone();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        strict(sqlite, &file, busy).create_if_missing(false).read_only(true).pragma("query_only", "ON")
    });
    statement_timer::start(&mut options, busy);
    let mut reader = Database::connect(options).await.map_err(&refused)?;
    let _ = first.close().await;

    let statements = count(&mut [&mut writer, &mut reader]);
    Ok(Store(Arc::new(Inner { engine: Engine::Sqlite, writer, reader, statements, start_wait: settings.start_wait })))
}

pub(in crate::store) fn strict(sqlite: SqliteConnectOptions, file: &Path, busy: Duration) -> SqliteConnectOptions {
    // LIKE compares letter for letter, as PostgreSQL does.
    sqlite.filename(file).busy_timeout(busy).foreign_keys(true).pragma("case_sensitive_like", "ON")
}

pub(in crate::store) fn common(settings: &DatabaseSettings, url: String, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(settings.acquire_timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .record_stmt_in_spans(false)
        // Statements carry personal data.
        .sqlx_logging(false);
    options
}

/// The address that the driver takes, and the file behind it.
pub(in crate::store) fn sqlite_file(url: &str) -> Result<(String, PathBuf), OpenError> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(OpenError::BadUrl("a database in memory keeps nothing; name a file"));
    }
    if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url).map_err(|_| OpenError::BadUrl(HELP))?;
        let path = options.get_filename().to_owned();
        return if path.as_os_str().is_empty() { Err(OpenError::BadUrl(HELP)) } else { Ok((url.to_owned(), path)) };
    }
    if url.is_empty() || url.contains("://") {
        return Err(OpenError::BadUrl(HELP));
    }
    // The driver wants some address; the true path follows through the options and needs no escaping.
    Ok(("sqlite://file".to_owned(), PathBuf::from(url)))
}

/// The file that an address of an embedded database names.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    sqlite_file(url.trim()).ok().map(|(_, path)| path)
}

pub(in crate::store) fn count(connections: &mut [&mut Connection]) -> Arc<AtomicU64> {
    let statements = Arc::new(AtomicU64::new(0));
    for connection in connections {
        let counter = Arc::clone(&statements);
        connection.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
    }
    statements
}

/// Makes the file, empty, and the folders above it where they are missing, readable for this account alone; the files
/// that SQLite puts beside it take over its mode. What is there already stays as its owner set it.
fn make_private(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
