//! A damaged file is looked at to its end: what can't be read is a finding, not the end of the check.

use std::fs;

use sea_orm::{ConnectionTrait, Statement};
use taizhang::store::Engine;

use super::backups::demo;
use crate::support::TestApp;
use crate::support::binary;
use crate::support::database::raw_at;

#[tokio::test]
async fn pages_that_cannot_be_read_are_findings() {
    let folder = demo();
    let file = folder.path().join("data/taizhang.db");
    let mut bytes = fs::read(&file).unwrap();
    let url = format!("sqlite://{}", file.display());
    for table in ["audit_entry", "reporting_period"] {
        let db = raw_at(&url).await;
        let sql = format!("SELECT rootpage AS n FROM sqlite_master WHERE name = '{table}'");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        let page = usize::try_from(row.try_get::<i64>("", "n").unwrap()).unwrap();
        bytes[(page - 1) * 4_096..page * 4_096].fill(0x5a);
    }
    fs::write(&file, bytes).unwrap();
    let output = binary::run(folder.path(), &["fsck"]);
    let (text, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{text}{said}");
    for table in ["audit_entry", "reporting_period"] {
        assert!(text.contains(&format!("engine  {table} ")), "{table}: {text}\n{said}");
    }
    assert!(text.contains("findings") && !said.contains("The command failed"), "{text}\n{said}");
}

#[tokio::test]
async fn a_hundred_findings_of_a_kind_are_named() {
    let t = TestApp::new().await;
    taizhang::service::demo::load(&t.service).await.unwrap();
    let db = t.database.raw().await;
    let sqlite = t.database.engine() == Engine::Sqlite;
    let (crooked, id) = if sqlite { ("'{}'", "randomblob(16)") } else { ("'{}'::jsonb", "gen_random_uuid()") };
    db.execute_unprepared("DROP INDEX uq_reporting_period_task_list_id_starts_on_ends_on").await.unwrap();
    // Columns as they are, whatever they are called: a copy of one row with another key and another label.
    let sql = "CREATE TABLE one_period AS SELECT * FROM reporting_period ORDER BY id LIMIT 1";
    db.execute_unprepared(sql).await.unwrap();
    for nth in 0..130 {
        let sql = format!(
            "UPDATE one_period SET id = {id}, label = 'p{nth}', status = 'CLOSED', roll_up = {crooked}, \
             closed_at = created_at"
        );
        db.execute_unprepared(&sql).await.unwrap();
        db.execute_unprepared("INSERT INTO reporting_period SELECT * FROM one_period").await.unwrap();
    }
    db.execute_unprepared("DROP TABLE one_period").await.unwrap();
    let found = t.findings().await;
    assert_eq!(found.iter().filter(|finding| finding.check == "period-sums").count(), 100);
}
