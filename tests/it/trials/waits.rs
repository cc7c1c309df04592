//! Waiting for the database ends: no statement holds a request, or a place, for ever.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, TransactionSession, TransactionTrait};
use taizhang::store::{DatabaseSettings, Engine, Store, StoreError};

use crate::support::TestDatabase;
use crate::support::database::settings;

#[tokio::test]
async fn a_statement_has_its_time() {
    let database = TestDatabase::new().await;
    let short = Duration::from_millis(600);
    let hurried = DatabaseSettings { statement_timeout: short, ..settings(&database.url) };
    let store = Store::open(&hurried).await.unwrap();
    let raw = database.raw().await;
    let holds = raw.begin().await.unwrap();
    let began = Instant::now();
    match database.engine() {
        // What is held is wanted by everybody: the server ends the statement.
        Engine::Postgres => {
            holds.execute_unprepared("LOCK TABLE unit IN ACCESS EXCLUSIVE MODE").await.unwrap();
            let waited = store.roots().await.err();
            assert!(matches!(waited, Some(StoreError::Unavailable(_))), "{waited:?}");
        }
        // Readers wait for nobody here; a writer waits for the other one so long and no longer.
        Engine::Sqlite => {
            holds.execute_unprepared("UPDATE unit SET name = name").await.unwrap();
            store.roots().await.unwrap();
            let waited = store.begin().await.err().map(StoreError::from);
            assert!(matches!(waited, Some(StoreError::Unavailable(_))), "{waited:?}");
        }
    }
    let took = began.elapsed();
    assert!(took >= short / 2 && took < 10 * short, "{took:?}");
    holds.rollback().await.unwrap();
    store.roots().await.unwrap();
    store.begin().await.unwrap().rollback().await.unwrap();
}

#[tokio::test]
async fn a_statement_that_computes_for_ever_is_ended() {
    let database = TestDatabase::new().await;
    let short = Duration::from_millis(600);
    let hurried = DatabaseSettings { statement_timeout: short, ..settings(&database.url) };
    let store = Store::open(&hurried).await.unwrap();
    store.roots().await.unwrap();
    let raw = database.raw().await;
    raw.execute_unprepared("ALTER TABLE unit RENAME TO unit_kept").await.unwrap();
    let endless = match database.engine() {
        Engine::Postgres => "SELECT unit_kept.* FROM unit_kept RIGHT JOIN (SELECT pg_sleep(60)) AS s ON true",
        Engine::Sqlite => {
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) \
             SELECT unit_kept.* FROM (SELECT count(*) AS n FROM c) LEFT JOIN unit_kept"
        }
    };
    raw.execute_unprepared(&format!("CREATE VIEW unit AS {endless}")).await.unwrap();
    let began = Instant::now();
    let waited = store.roots().await.err();
    assert!(matches!(waited, Some(StoreError::Unavailable(_))), "{waited:?}");
    let took = began.elapsed();
    assert!(took >= short / 2 && took < 10 * short, "{took:?}");

    // Whoever does not wait for it any more leaves nothing behind that computes: every reader is there again soon.
    for _ in 0..20 {
        assert!(tokio::time::timeout(Duration::from_millis(5), store.roots()).await.is_err());
    }
    tokio::time::sleep(2 * short).await;
    raw.execute_unprepared("DROP VIEW unit").await.unwrap();
    raw.execute_unprepared("ALTER TABLE unit_kept RENAME TO unit").await.unwrap();
    let began = Instant::now();
    store.roots().await.unwrap();
    assert!(began.elapsed() < short, "{:?}", began.elapsed());
}
