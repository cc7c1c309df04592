//! Opening the database to look and nothing else.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{Database, sqlx};

use super::connect::{common, count, sqlite_file, strict};
use super::driver_error::cannot_open;
use super::{Connection, DatabaseSettings, Engine, Inner, OpenError, Store};

impl Store {
    /// Opens a database that is there; the engine refuses whatever would change it, and the file keeps its bytes.
    pub async fn open_read_only(settings: &DatabaseSettings) -> Result<Self, OpenError> {
        let url = settings.url.trim();
        let (engine, mut pool) = match url.strip_prefix("postgresql://").or_else(|| url.strip_prefix("postgres://")) {
            Some(rest) => (Engine::Postgres, postgres(settings, format!("postgres://{rest}")).await?),
            None => (Engine::Sqlite, sqlite(settings, url).await?),
        };
        let statements = count(&mut [&mut pool]);
        Ok(Self(Arc::new(Inner {
            engine,
            writer: pool.clone(),
            reader: pool,
            statements,
            start_wait: settings.start_wait,
        })))
    }
}

async fn postgres(settings: &DatabaseSettings, url: String) -> Result<Connection, OpenError> {
    if sqlx::postgres::PgConnectOptions::from_str(&url).is_err() {
        return Err(OpenError::BadUrl("a PostgreSQL address looks like postgres://user@host/database"));
    }
    let mut options = common(settings, url, settings.max_connections);
    let session = [
        ("statement_timeout", settings.statement_timeout.as_millis().to_string()),
        ("default_transaction_read_only", "on".to_owned()),
        ("TimeZone", "UTC".to_owned()),
    ];
    options.map_sqlx_postgres_opts(move |pg| pg.application_name("taizhang").options(session.clone()));
    options.test_before_acquire_if_idle_for(Duration::from_secs(30));
    Database::connect(options).await.map_err(cannot_open)
}

async fn sqlite(settings: &DatabaseSettings, url: &str) -> Result<Connection, OpenError> {
    let (url, file) = sqlite_file(url)?;
    let busy = settings.statement_timeout;
    let mut options = common(settings, url, settings.max_connections.max(1));
    options.map_sqlx_sqlite_opts(move |sqlite| {
        strict(sqlite, &file, busy).create_if_missing(false).read_only(true).pragma("query_only", "ON")
    });
    Database::connect(options).await.map_err(cannot_open)
}
