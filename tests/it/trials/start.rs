//! The start waits for a database that is not ready, and not for ever.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, TransactionSession, TransactionTrait};
use taizhang::store::{DatabaseSettings, Engine, MigrateError, OpenError, Store};

use crate::kill::on_postgres;
use crate::support::TestDatabase;
use crate::support::binary::{self, Served};
use crate::support::database::{execute, settings};
use crate::support::postgres::Server;

/// With statements that give up soon, so that the waiting is that of the start.
fn hurried(url: &str, start_wait: Duration) -> DatabaseSettings {
    let soon = Duration::from_millis(300);
    DatabaseSettings { acquire_timeout: Duration::from_secs(1), statement_timeout: soon, start_wait, ..settings(url) }
}

/// SQLite: who has the file for himself alone is waited for, and who migrates before us.
#[tokio::test]
async fn a_file_that_is_held() {
    let database = TestDatabase::new().await;
    if database.engine() == Engine::Postgres {
        return;
    }
    // The last to leave the log takes the file for himself alone.
    database.store.close().await.unwrap();
    let holder = database.raw().await;
    holder.execute_unprepared("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (n integer)").await.unwrap();
    let (began, short) = (Instant::now(), Duration::from_secs(1));
    let refused = Store::open(&hurried(&database.url, short)).await.err().expect("nobody lets go");
    assert!(matches!(refused, OpenError::NotReady(_)), "{refused:?}");
    assert!(began.elapsed() >= short / 2 && began.elapsed() < 5 * short, "{:?}", began.elapsed());

    let patient = hurried(&database.url, Duration::from_secs(60));
    let letting_go = async {
        tokio::time::sleep(short).await;
        drop(holder);
    };
    let (store, ()) = tokio::join!(Store::open(&patient), letting_go);
    let store = store.unwrap();

    let other = database.raw().await;
    let writes = other.begin().await.unwrap();
    writes.execute_unprepared("INSERT INTO held VALUES (1)").await.unwrap();
    let letting_go = async {
        tokio::time::sleep(2 * short).await;
        writes.rollback().await.unwrap();
    };
    let (migrated, ()) = tokio::join!(store.migrate_up(), letting_go);
    migrated.unwrap();

    let writes = other.begin().await.unwrap();
    writes.execute_unprepared("INSERT INTO held VALUES (1)").await.unwrap();
    let hasty = Store::open(&hurried(&database.url, short)).await.unwrap();
    let refused = hasty.migrate_up().await;
    assert!(matches!(refused, Err(MigrateError::Failed(_))), "{refused:?}");
    writes.rollback().await.unwrap();
}

/// `serve`, whose log can be read when it has ended.
fn start(folder: &Path, port: u16, args: &[&str]) -> Child {
    let listen = format!("127.0.0.1:{port}");
    let mut command =
        binary::command(folder, &[&["serve", "--listen", &listen, "--log-filter", "warn"], args].concat());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn log(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// PostgreSQL: a server that is not there yet, and one that is recovering.
#[test]
fn a_server_that_comes_later() {
    if !on_postgres() {
        return;
    }
    let server = Server::start_durable();
    let made = "CREATE DATABASE taizhang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(execute(&server.url("postgres"), made));
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("taizhang");
    let args = ["--database-url", &url];
    server.halt(true);

    // Nobody comes.
    let began = Instant::now();
    let mut child = start(folder.path(), binary::free_port(), &[&args[..], &["--limit-start-wait", "2s"]].concat());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(began.elapsed() >= Duration::from_secs(1) && began.elapsed() < Duration::from_secs(20));
    let said = log(&mut child);
    assert_eq!(said.matches("waiting for the database").count(), 1, "{said}");
    assert!(said.contains("the database server cannot be reached"), "{said}");

    // Whoever is told to end while he waits, ends.
    let mut child = start(folder.path(), binary::free_port(), &args);
    std::thread::sleep(Duration::from_secs(2));
    let began = Instant::now();
    binary::terminate(&child);
    assert!(child.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(log(&mut child).contains("waiting for the database"));

    // Somebody comes.
    let port = binary::free_port();
    let served = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(2));
            server.resume();
        });
        Served::start(folder.path(), port, &args)
    });
    assert_eq!(served.get("/readyz").unwrap().0, 200);
}
