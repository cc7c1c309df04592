//! Sealing anew in large tables: what is read, what is locked, and how long a clean walk is believed.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement, Value};
use taizhang::secrets::{DataCipher, Keyring, place};
use taizhang::service::upkeep::data_keys::DataKeysError;
use taizhang::store::sealed::{SealedColumn, SealedValue};

use super::rotation::under;
use crate::files::{put, scene};

const MANY: u64 = 2_000;

#[tokio::test]
async fn a_walk_reads_how_values_begin_and_locks_nothing() {
    let s = scene(|_| {}).await;
    let service = &s.t.service;
    service.data_keys_follow().await.unwrap();
    put(&s.office, "旧.txt", "旧".to_owned()).await;
    let mut keyring = Keyring::open(&s.t.keys()).unwrap();
    let (second, _) = service.data_key_rotate(&mut keyring, &*s.t.ids, TimeDelta::zero()).await.unwrap();
    service.data_keys_follow().await.unwrap();
    put(&s.office, "新.txt", "新".to_owned()).await;
    let db = s.t.database.raw().await;
    let newest = "SELECT file_id FROM file_chunk ORDER BY file_id DESC LIMIT 1";
    let many = format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {MANY}) INSERT INTO file_chunk \
         (file_id, position, bytes) SELECT c.file_id, n.x, c.bytes FROM n, file_chunk c WHERE c.file_id = ({newest})"
    );
    db.execute_unprepared(&many).await.unwrap();

    // One value of 2,002 differs: that one is read and exchanged.
    let before = service.store().statements();
    let done = service.data_reseal().await.unwrap();
    assert_eq!((done.changed, done.closed, done.left), (1, 0, 0));
    let asked = service.store().statements() - before;
    assert!(asked < MANY / 64 + 20, "{asked} statements for one value");

    // None differs: nothing is locked, so it is done while somebody else writes.
    let held = service.store().begin().await.unwrap();
    let before = service.store().statements();
    let done = service.data_reseal().await.unwrap();
    assert_eq!((done.changed, done.closed, done.left), (0, 0, 0));
    let asked = service.store().statements() - before;
    assert!(asked < MANY / 64 + 20, "{asked} statements for nothing");
    let status = service.data_keys_status().await.unwrap();
    let values = |nth: usize| status[nth].values.iter().map(|(_, count)| count).sum::<u64>();
    assert_eq!((values(0), values(1)), (0, MANY + 2));
    held.rollback().await.unwrap();
    assert_eq!(under(&s.t).await.into_iter().collect::<Vec<_>>(), [second]);
}

#[tokio::test]
async fn a_clean_walk_is_believed_for_an_hour() {
    let s = scene(|_| {}).await;
    let service = &s.t.service;
    service.data_keys_follow().await.unwrap();
    let late = Keyring::open(&s.t.keys()).unwrap().data_cipher().unwrap();
    let first = service.cipher().sealing_id();
    let mut keyring = Keyring::open(&s.t.keys()).unwrap();
    service.data_key_rotate(&mut keyring, &*s.t.ids, TimeDelta::zero()).await.unwrap();
    s.t.clock.advance(TimeDelta::seconds(120));
    let mut clean = None;
    service.data_keys_round(&mut clean).await;
    assert!(clean.is_some());

    // A program that was stopped for two minutes goes on with the key before.
    let user = s.office.user.unwrap();
    let sealed = late.seal("13900001111", &place("user_account", "phone_ciphertext", user)).unwrap();
    let plant = async || {
        let values: Vec<Value> = vec![sealed.clone().into(), user.into()];
        let sql = "UPDATE user_account SET phone_ciphertext = $1 WHERE id = $2";
        let db = s.t.database.raw().await;
        let sql = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        assert_eq!(db.execute_raw(sql).await.unwrap().rows_affected(), 1);
    };
    plant().await;
    service.data_keys_round(&mut clean).await;
    assert!(under(&s.t).await.contains(&first));
    let refused = service.data_key_retire(&first).await;
    assert!(matches!(&refused, Err(DataKeysError::InUse(_, 1))), "{refused:?}");
    s.t.clock.advance(TimeDelta::hours(1));
    service.data_keys_round(&mut clean).await;
    assert!(!under(&s.t).await.contains(&first), "it is found an hour later");

    // What is counted once more when a key goes: every number, and what came with the files of the last day.
    plant().await;
    let office = s.t.sign_in(user).await;
    put(&office, "一.txt", "一".to_owned()).await;
    let tx = service.store().begin().await.unwrap();
    let now = taizhang::clock::Clock::now(&*s.t.clock);
    let key = SealedValue::Text(DataCipher::text_prefix(&first));
    assert_eq!(tx.sealed_since(SealedColumn::UserPhone, &key, now).await.unwrap(), 1);
    let newest = SealedValue::Bytes(DataCipher::bytes_prefix(&service.cipher().sealing_id()));
    let count = async |since| tx.sealed_since(SealedColumn::FileChunk, &newest, since).await.unwrap();
    assert_eq!((count(now - TimeDelta::days(1)).await, count(now + TimeDelta::hours(1)).await), (1, 0));
    tx.rollback().await.unwrap();
}
