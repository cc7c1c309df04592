//! On PostgreSQL its own tools make backups: the lines of the documents work.

use std::path::Path;
use std::process::Command;

use sea_orm::ConnectionTrait;
use serde_json::json;
use taizhang::store::{Engine, Store};

use crate::mutation::reports_stage::*;
use crate::support::database::{execute, raw_at, settings};
use crate::support::postgres::Server;
use crate::support::{binary, passes_without, server_binaries};

/// The documented line of a tool.
fn line(tool: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("{tool} --")));
    line.unwrap_or_else(|| panic!("no line of {tool} in docs/operations.md")).to_owned()
}

#[tokio::test]
async fn the_documented_lines_make_and_restore_a_backup() {
    let s = Stage::with(true).await;
    if s.t.database.engine() == Engine::Sqlite {
        return;
    }
    let Some(bin) = server_binaries::find().filter(|bin| bin.join("pg_dump").exists()) else {
        return passes_without("pg_dump");
    };
    s.t.service.data_keys_follow().await.unwrap();
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("13987654321");
    assert_eq!(errors(&save(&s.responsible, input, None).await), []);

    let folder = tempfile::tempdir().unwrap();
    // Commands refuse a server that could lose what it has answered, as that of the tests.
    let server = Server::start_durable();
    let made = "CREATE DATABASE fresh TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
    execute(&server.url("postgres"), made).await;
    let fresh = server.url("fresh");
    for (tool, url) in [("pg_dump", &s.t.database.url), ("pg_restore", &fresh)] {
        let line = line(tool).replace("postgres://taizhang@db.example/taizhang_new", url);
        let line = line.replace("postgres://taizhang@db.example/taizhang", url);
        let script = line.replacen(tool, &bin.join(tool).display().to_string(), 1);
        let output = Command::new("sh").arg("-c").arg(&script).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let store = Store::open(&settings(&fresh)).await.unwrap();
    store.require_current().await.unwrap();
    // A backup taken while somebody is signed in, then what is done after its restore.
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("data")).unwrap();
    let keys = Command::new("cp").arg("-a").arg(s.t.keys()).arg(place.path().join("data/keys")).status().unwrap();
    assert!(keys.success());
    let data = place.path().join("data").display().to_string();
    let after = ["restore", "--after", "--data-dir", &data, "--database-url", &fresh];
    let alive = async || {
        let rows = raw_at(&fresh).await;
        let count = rows.query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DatabaseBackend::Postgres,
            "SELECT (SELECT count(*) FROM session WHERE revoked_at IS NULL) + (SELECT count(*) FROM audit_entry WHERE operation = 'databaseRestore') * 1000",
        ));
        count.await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    assert!((1..1_000).contains(&alive().await), "{}", alive().await);
    let said = binary::done(place.path(), &after);
    assert!(said.contains("会话和代码已失效"), "{said}");
    assert_eq!(alive().await, 1_000, "nobody is signed in, and the trail says why");
    let (mut before, mut after) = (s.t.service.store().data_keys().await.unwrap(), store.data_keys().await.unwrap());
    assert_eq!(before.pop().map(|key| key.proof), after.pop().map(|key| key.proof));
    // The trail refuses to be changed there, too.
    let refused = tokio::spawn(async move {
        execute(&fresh, "UPDATE audit_entry SET operation = 'x'").await;
    });
    assert!(refused.await.is_err());
    store.close().await.unwrap();
}

#[test]
fn the_command_says_which_line_and_shows_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://taizhang:geheim@db.example/taizhang";
    for (args, tool) in [(["backup", "x.dump"], "pg_dump"), (["restore", "x.dump"], "pg_restore")] {
        let output = binary::run(folder.path(), &[&args[..], &["--database-url", url]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(tool) && said.contains("postgres://taizhang@db.example/taizhang"), "{said}");
        assert!(!said.contains("geheim"), "{said}");
    }
}
