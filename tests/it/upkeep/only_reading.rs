//! What only looks makes nothing: no database, no keys, no trust; and the documented backups delete no good ones.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::backups::{demo, refused, text};
use crate::support::binary::{self, TAIZHANG};
use crate::support::database::execute;

/// Commands that look at a database, or do something in one that is there.
const LOOKING: &[&[&str]] = &[
    &["fsck"],
    &["token", "demo.office"],
    &["keys", "list"],
    &["keys", "rotate"],
    &["keys", "data-status"],
    &["keys", "data-rotate"],
    &["audit", "verify"],
    &["audit", "anchor"],
    &["audit", "export"],
    &["invite", "demo.office"],
    &["issue", "x.json"],
];

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect()
}

fn private(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[tokio::test]
async fn only_what_brings_something_in_makes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let more: &[&[&str]] = &[&["backup", "x.db"], &["migrate", "status"], &["migrate", "down"]];
    for args in LOOKING.iter().chain(more) {
        refused(at, args, &["There is no database", "没有数据库"]);
        assert_eq!(fs::read_dir(at).unwrap().count(), 0, "{args:?} made something");
    }
    // An empty file, and one of somebody else.
    fs::write(at.join("empty.db"), "").unwrap();
    refused(at, &["backup", "x.db", "--database-url", "sqlite://empty.db"], &["There is no database"]);
    execute(&format!("sqlite://{}?mode=rwc", at.join("other.db").display()), "CREATE TABLE t (a integer)").await;
    refused(
        at,
        &["backup", "x.db", "--database-url", "sqlite://other.db"],
        &["is no database of taizhang", "未作备份"],
    );
    assert!(!at.join("x.db").exists() && fs::read(at.join("empty.db")).unwrap().is_empty());
}

#[test]
fn fsck_changes_no_byte() {
    let folder = demo();
    let data = folder.path().join("data");
    let (database, keys) = (fs::read(data.join("taizhang.db")).unwrap(), files(&data.join("keys")));
    for _ in 0..2 {
        assert!(binary::done(folder.path(), &["fsck"]).contains("nothing is wrong"));
        assert!(fs::read(data.join("taizhang.db")).unwrap() == database, "the database has its bytes");
        assert_eq!(files(&data.join("keys")), keys);
    }
}

#[test]
fn in_a_wrong_folder_no_key_is_made_and_none_is_trusted() {
    let (folder, other) = (demo(), demo());
    let at = folder.path();
    let list = binary::done(at, &["keys", "list"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    let database = format!("sqlite://{}", text(&at.join("data/taizhang.db")));
    let wrong = |dir: &str| [vec!["--database-url", database.as_str(), "--data-dir"], vec![dir]].concat().join("\n");
    let args = |command: &[&str], dir: &str| -> Vec<String> {
        command.iter().map(|arg| (*arg).to_owned()).chain(wrong(dir).split('\n').map(str::to_owned)).collect()
    };
    let serve: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

    // None, and an empty one: both stay so, also by what may make keys, because the database has some.
    private(&at.join("bare/keys"));
    for dir in ["nowhere", "bare"] {
        for command in LOOKING.iter().copied().chain([serve]) {
            let args = args(command, dir);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            refused(at, &args, &["key"]);
            assert!(!at.join("nowhere").exists(), "{command:?} made a folder");
            assert_eq!(files(&at.join("bare/keys")), BTreeMap::new(), "{command:?} made a key");
        }
    }
    // Those of another installation.
    let theirs = other.path().join("data/keys");
    let before = files(&theirs);
    let dir = text(&other.path().join("data"));
    for command in LOOKING.iter().copied().chain([serve]) {
        let output = binary::run(at, &args(command, &dir).iter().map(String::as_str).collect::<Vec<_>>());
        let looks = ["data-status"].iter().any(|word| command.contains(word));
        assert!(looks || output.status.code() == Some(1), "{command:?}");
    }
    assert_eq!(files(&theirs), before);
    assert_eq!(binary::done(at, &["keys", "list"]), list, "no other key is trusted now");
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
}

/// The line of the crontab in docs/operations.md, for another shelf and another place.
fn nightly(shelf: &Path, data: &Path) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let page = fs::read_to_string(page).unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix("0 2 * * *  ")).expect("a line of a crontab");
    assert!(line.contains("TAIZHANG_DATA_DIR=/var/lib/taizhang taizhang backup /backup "), "{line}");
    line.replace("/backup", &text(shelf))
        .replace("/var/lib/taizhang", &text(data))
        .replace(" taizhang backup", &format!(" {TAIZHANG} backup"))
}

fn run(script: &str, at: &Path) -> bool {
    Command::new("sh").arg("-c").arg(script).current_dir(at).output().unwrap().status.success()
}

#[test]
fn the_nightly_line_deletes_old_copies_when_there_is_a_new_one() {
    let folder = demo();
    let (at, shelf) = (folder.path(), folder.path().join("shelf"));
    fs::create_dir(&shelf).unwrap();
    fs::write(shelf.join("july.db"), "named by the operator").unwrap();
    binary::done(at, &["backup", "shelf", "--with-keys"]);
    let old: Vec<_> = fs::read_dir(&shelf).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(old.len(), 4, "a database, its manifest, its keys, and one of the operator's own");
    for path in &old {
        assert!(run(&format!("touch -d '40 days ago' {}", path.display()), at));
    }
    // In the wrong place there is nothing to back up, and nothing goes.
    assert!(!run(&nightly(&shelf, &at.join("nowhere")), at));
    assert!(old.iter().all(|path| path.exists()) && !at.join("nowhere").exists());

    std::thread::sleep(std::time::Duration::from_millis(1_050));
    assert!(run(&nightly(&shelf, &at.join("data")), at));
    let left: Vec<_> = old.iter().filter(|path| path.exists()).collect();
    assert_eq!(left, [&shelf.join("july.db")]);
    assert_eq!(fs::read_dir(&shelf).unwrap().count(), 3, "the new one with its manifest");
}
