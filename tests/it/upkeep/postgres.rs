//! On PostgreSQL its own tools make backups: the lines of the documents work.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use taizhang::store::{Engine, Store};

use crate::mutation::reports_stage::*;
use crate::support::database::{execute, settings};
use crate::support::{TestDatabase, binary, passes_without, server_binaries};

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
    let fresh = TestDatabase::empty().await;
    for (tool, url) in [("pg_dump", &s.t.database.url), ("pg_restore", &fresh.url)] {
        let line = line(tool).replace("postgres://taizhang@db.example/taizhang_new", url);
        let line = line.replace("postgres://taizhang@db.example/taizhang", url);
        let script = line.replacen(tool, &bin.join(tool).display().to_string(), 1);
        let output = Command::new("sh").arg("-c").arg(&script).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let store = Store::open(&settings(&fresh.url)).await.unwrap();
    store.require_current().await.unwrap();
    let (mut before, mut after) = (s.t.service.store().data_keys().await.unwrap(), store.data_keys().await.unwrap());
    assert_eq!(before.pop().map(|key| key.proof), after.pop().map(|key| key.proof));
    // The trail refuses to be changed there, too.
    let refused = tokio::spawn(async move {
        execute(&fresh.url, "UPDATE audit_entry SET operation = 'x'").await;
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
