//! A fresh database for every test, on the engine that was asked for.
//!
//! SQLite in a temporary file unless `TAIZHANG_TEST_DATABASE_URL` names a PostgreSQL server or
//! `TAIZHANG_TEST_ENGINE=postgres` asks for one of our own, as `tests/postgres.rs` does.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use taizhang::store::{DatabaseSettings, Engine, Store};
use tokio::sync::OnceCell;

use super::postgres::Server;

/// A database of one test's own.
pub struct TestDatabase {
    /// The open store.
    pub store: Store,
    /// The address of the database.
    pub url: String,
    home: Home,
}

enum Home {
    Folder { _folder: tempfile::TempDir },
    Server { admin: String, name: String },
}

/// Where databases come from: a migrated one to copy, and what it takes to copy it.
enum Ground {
    Sqlite { template: Vec<u8> },
    Postgres { server: Server, template: String },
}

static GROUND: OnceCell<Ground> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A migrated database.
    pub async fn new() -> Self {
        Self::make(true).await
    }

    /// A database with nothing in it.
    pub async fn empty() -> Self {
        Self::make(false).await
    }

    async fn make(migrated: bool) -> Self {
        let ground = GROUND.get_or_init(|| async { Ground::prepare().await }).await;
        let (url, home) = match ground {
            Ground::Sqlite { template } => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("taizhang.db");
                if migrated {
                    std::fs::write(&file, template).expect("a copy of the template");
                }
                (sqlite_url(&file), Home::Folder { _folder: folder })
            }
            Ground::Postgres { server, template } => {
                let name = fresh_name("test");
                let template = if migrated { template.as_str() } else { "template0" };
                let admin = server.url("postgres");
                create(&admin, &name, template).await;
                (server.url(&name), Home::Server { admin, name })
            }
        };
        let store = Store::open(&settings(&url)).await.expect("the database opens");
        Self { store, url, home }
    }

    /// The engine the tests run on.
    pub fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// A connection past the store, for arranging and looking.
    pub async fn raw(&self) -> impl ConnectionTrait + sea_orm::TransactionTrait {
        connect(&self.url).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Home::Server { admin, name } = &self.home else { return };
        let (admin, name) = (admin.clone(), name.clone());
        // A test's runtime cannot be waited in, so the dropping has one of its own. Best effort.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                execute(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
            Ok::<_, std::io::Error>(())
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("a test database was left behind");
        }
    }
}

impl Ground {
    async fn prepare() -> Self {
        let Some(server) = choose() else {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("template.db");
            migrate(&sqlite_url(&file)).await;
            return Self::Sqlite { template: std::fs::read(&file).expect("the template") };
        };
        let admin = server.url("postgres");
        drop_old_templates(&admin).await;
        let template = fresh_name("template");
        create(&admin, &template, "template0").await;
        migrate(&server.url(&template)).await;
        Self::Postgres { server, template }
    }
}

/// The PostgreSQL server asked for, if any.
#[expect(clippy::disallowed_methods, reason = "the harness is configured by the environment")]
fn choose() -> Option<Server> {
    if let Ok(url) = std::env::var("TAIZHANG_TEST_DATABASE_URL") {
        say("== tests run on the PostgreSQL server of TAIZHANG_TEST_DATABASE_URL ==");
        return Some(Server::at(&url));
    }
    match std::env::var("TAIZHANG_TEST_ENGINE").as_deref() {
        Ok("postgres") => {
            say("== tests run on PostgreSQL, a server of their own ==");
            Some(Server::start())
        }
        Ok("sqlite") | Err(_) => {
            say("== tests run on SQLite ==");
            None
        }
        Ok(other) => panic!("TAIZHANG_TEST_ENGINE is sqlite or postgres, not {other}"),
    }
}

/// Settings with patience for a busy machine.
pub fn settings(url: &str) -> DatabaseSettings {
    DatabaseSettings {
        url: url.to_owned(),
        acquire_timeout: Duration::from_secs(20),
        statement_timeout: Duration::from_secs(20),
        start_wait: Duration::ZERO,
        max_connections: 4,
        allow_unsafe_durability: true,
    }
}

/// Runs one statement on a connection of its own.
pub async fn execute(url: &str, sql: &str) {
    let db = connect(url).await;
    db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    db.close().await.expect("closed");
}

/// A connection past the store to a database at any place.
pub async fn raw_at(url: &str) -> impl ConnectionTrait + sea_orm::TransactionTrait {
    connect(url).await
}

#[expect(clippy::disallowed_types, reason = "tests arrange and look past the store")]
async fn connect(url: &str) -> sea_orm::DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).acquire_timeout(Duration::from_secs(20));
    Database::connect(options).await.expect("the database answers")
}

async fn create(admin: &str, name: &str, template: &str) {
    // template0 takes any locale; a copy keeps the one of its template.
    let locale = if template == "template0" { "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'" } else { "" };
    execute(admin, &format!("CREATE DATABASE {name} TEMPLATE {template} {locale}")).await;
}

async fn migrate(url: &str) {
    let store = Store::open(&settings(url)).await.expect("the template opens");
    store.migrate_up().await.expect("the template is migrated");
    store.close().await.expect("the template closes");
}

/// A server of someone else's outlives us: templates of runs that are long over go now.
async fn drop_old_templates(admin: &str) {
    let db = connect(admin).await;
    let list = sea_orm::Statement::from_string(
        sea_orm::DbBackend::Postgres,
        "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'taizhang\\_template\\_%'",
    );
    for row in db.query_all_raw(list).await.expect("the list of databases") {
        let name: String = row.try_get("", "name").expect("a name");
        let made = name.split('_').nth(2).and_then(|seconds| seconds.parse::<u64>().ok()).unwrap_or(u64::MAX);
        if made.saturating_add(6 * 3600) < seconds() {
            let dropped = db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await;
            eprintln!("old template {name}: {}", if dropped.is_ok() { "dropped" } else { "still in use" });
        }
    }
    db.close().await.expect("closed");
}

/// Past the capture of the test harness, so that it is seen.
fn say(what: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{what}\n").as_bytes());
}

#[expect(clippy::disallowed_methods, reason = "names of test databases, nothing the program sees")]
fn seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |passed| passed.as_secs())
}

fn fresh_name(what: &str) -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("taizhang_{what}_{}_{}_{count}", seconds(), std::process::id())
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
