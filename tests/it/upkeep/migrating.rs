//! Before an embedded database is migrated it is copied; without the copy nothing is migrated.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::binary::{self, TAIZHANG};
use crate::support::database::execute;

fn database(folder: &Path) -> PathBuf {
    folder.join("data/taizhang.db")
}

async fn sql(folder: &Path, sql: &str) {
    execute(&format!("sqlite://{}", database(folder).display()), sql).await;
}

fn copies(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("data")).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("taizhang.before-") && name.ends_with(".db")
    };
    let mut found: Vec<_> = entries.filter(named).collect();
    found.sort();
    found
}

/// A place with data in it that is one migration behind.
fn behind() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["demo"]);
    binary::done(folder.path(), &["migrate", "down", "--steps", "1"]);
    folder
}

#[test]
fn an_empty_database_is_not_copied() {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["migrate", "up"]);
    binary::done(folder.path(), &["migrate", "down", "--steps", "1"]);
    binary::done(folder.path(), &["migrate", "up"]);
    assert_eq!(copies(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn the_last_copies_are_kept_and_each_is_a_backup() {
    let folder = behind();
    let at = folder.path();
    // What the operator named is his.
    let own = ["taizhang.before-the-move-20200101T000000Z.db", "taizhang.before-2025.db"]
        .map(|name| at.join("data").join(name));
    own.iter().for_each(|path| std::fs::write(path, "kept").unwrap());
    for _ in 0..3 {
        binary::done(at, &["migrate", "up", "--migration-backups", "2"]);
        std::thread::sleep(std::time::Duration::from_millis(1_050));
        binary::done(at, &["migrate", "down", "--steps", "1"]);
    }
    assert!(own.iter().all(|path| path.exists()));
    own.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    assert_eq!(copies(at).len(), 2, "{:?}", copies(at));
    binary::done(at, &["migrate", "up", "--migration-backups", "0"]);
    assert_eq!(copies(at).len(), 2);
    let copy = copies(at)[0].display().to_string();
    assert!(binary::done(at, &["restore", "--verify", &copy]).contains("the backup is good"));
    // A server does the same.
    binary::done(at, &["migrate", "down", "--steps", "1"]);
    drop(binary::Served::start(at, binary::free_port(), &[]));
    assert_eq!(copies(at).len(), 3);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_original_and_the_copy() {
    let folder = behind();
    let at = folder.path();
    sql(at, "CREATE TABLE totp_removal (id text)").await;
    let output = binary::run(at, &["migrate", "up"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("the migration failed and nothing was changed"), "{said}");
    let status = binary::done(at, &["migrate", "status"]);
    assert_eq!(status.matches("pending").count(), 1, "{status}");
    let [copy] = &copies(at)[..] else { panic!("one copy") };
    assert!(copy.with_extension("db.json").exists());
    sql(at, "DROP TABLE totp_removal").await;
    binary::done(at, &["migrate", "up"]);
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
}

#[test]
fn without_the_copy_nothing_is_migrated() {
    let folder = behind();
    let at = folder.path();
    // No file may grow past 100 KiB, and to be told so is no death.
    let small = |more: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 200; exec {TAIZHANG} migrate up {more}");
        Command::new("sh").arg("-c").arg(script).current_dir(at).output().unwrap()
    };
    // What a killed one left goes with the next one.
    std::fs::write(at.join("data/.taizhang.before-000001-20260101T000000000Z.db.partial"), "half").unwrap();
    let output = small("");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("disk is full") && said.contains("磁盘已满"), "{said}");
    assert_eq!(binary::done(at, &["migrate", "status"]).matches("pending").count(), 1);
    assert_eq!(copies(at), Vec::<PathBuf>::new());
    let hidden = std::fs::read_dir(at.join("data"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing is left behind");
    binary::done(at, &["migrate", "up"]);
    assert_eq!(copies(at).len(), 1);
}
