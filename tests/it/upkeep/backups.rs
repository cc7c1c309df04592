//! Backups of an embedded database: made under writers, refused where they would harm, checked, and restored.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::binary::{self, Served, TAIZHANG};

const SAVE: &str = "mutation($o: ID!, $v: Int, $n: String!) { progressReportSave(input: { obligation: $o, \
                    expectedVersion: $v, narrative: $n, reporterPhone: \"13800000000\" }) \
                    { progressReport { version } userErrors { code message } } }";
const OWED: &str = "{ reportObligations(filter: { missingReport: true }, first: 200) \
                    { nodes { id report { id } viewerCan { save { allowed } } } } }";
const WRITERS: [&str; 8] = [
    "yunting.t.liudu",
    "yunting.t.shilu",
    "yunting.t.luwan",
    "yunting.t.wanghe",
    "yunting.j.tingbei",
    "yunting.j.tingnan",
    "yunting.gxq",
    "yunting.czj",
];

pub fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["demo"]);
    folder
}

pub fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Runs a command that must fail with these words; what it said.
pub fn refused(folder: &Path, args: &[&str], words: &[&str]) {
    let output = binary::run(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
    assert!(!said.contains("panic") && words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
}

pub fn rows(backup: &Path) -> Value {
    let manifest = std::fs::read_to_string(format!("{}.json", backup.display())).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["form"], "taizhang-backup/1");
    assert_eq!(manifest["dataKeys"].as_array().unwrap().len(), 1);
    manifest["rows"].clone()
}

/// Says that it is over when it goes.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn under_eight_writers_each_backup_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let extra = ["--limit-access-token", "1h"];
    let served = Served::start(at, binary::free_port(), &extra);
    let tokens: Vec<String> = (0..WRITERS.len())
        .map(|nth| {
            let login = format!("writer.{nth}");
            let args = ["token", &login, "--create", "--unit", WRITERS[nth], "--role", "REPORTER"];
            binary::done(at, &[&args[..], &extra[..]].concat()).trim().to_owned()
        })
        .collect();
    let (over, saved) = (AtomicBool::new(false), AtomicUsize::new(0));
    let address = served.address;
    let mut backups: Vec<(PathBuf, usize)> = Vec::new();
    std::thread::scope(|scope| {
        // Also when this thread fails: the writers end, and so does the test.
        let _over = Over(&over);
        for token in &tokens {
            let (over, saved) = (&over, &saved);
            scope.spawn(move || {
                let ask = |query, variables| binary::ask(address, token, query, variables);
                let owed = ask(OWED, json!({})).unwrap().1;
                let nodes = owed["data"]["reportObligations"]["nodes"].as_array().unwrap().clone();
                let own = nodes.iter().find(|n| n["report"].is_null() && n["viewerCan"]["save"]["allowed"] == true);
                let (obligation, mut version) = (own.unwrap()["id"].clone(), Value::Null);
                while !over.load(Ordering::Relaxed) {
                    let narrative = "已办结。".repeat(50);
                    let said = ask(SAVE, json!({ "o": obligation, "v": version, "n": narrative }));
                    let (status, answer) = said.expect("an answer");
                    assert_eq!(status, 200, "{answer}");
                    let payload = &answer["data"]["progressReportSave"];
                    assert_eq!(payload["userErrors"], json!([]), "{answer}");
                    version = payload["progressReport"]["version"].clone();
                    saved.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for nth in 0..3 {
            let until = saved.load(Ordering::Relaxed) + 20;
            while saved.load(Ordering::Relaxed) < until {
                std::thread::sleep(Duration::from_millis(5));
            }
            let target = at.join(format!("backup-{nth}.db"));
            let before = saved.load(Ordering::Relaxed);
            binary::done(at, &["backup", &text(&target)]);
            backups.push((target, before));
        }
        over.store(true, Ordering::Relaxed);
    });
    for (backup, before) in &backups {
        assert_eq!(std::fs::metadata(backup).unwrap().permissions().mode() & 0o777, 0o600);
        let audit = rows(backup)["audit_entry"].as_u64().unwrap();
        assert!(audit >= *before as u64, "what was answered before it began is in it: {audit} rows, {before} saves");
        let said = binary::done(at, &["restore", "--verify", &text(backup)]);
        assert!(said.contains("nothing is wrong") && said.contains("the backup is good"), "{said}");
    }
    assert!(served.get("/readyz").is_some_and(|(status, _)| status == 200));
    println!("{} saves, 3 backups, all good", saved.load(Ordering::Relaxed));

    // What is served is not replaced.
    let backup = text(&backups[0].0);
    refused(at, &["restore", &backup, "--replace"], &["is in use by another program", "正被其他程序使用"]);
    refused(at, &["restore", &backup], &["is in use by another program"]);
    assert!(served.get("/readyz").is_some_and(|(status, _)| status == 200));
}

#[test]
fn nothing_is_written_over_and_nothing_is_half_there() {
    let folder = demo();
    let at = folder.path();
    let target = at.join("b.db");
    binary::done(at, &["backup", "b.db"]);
    let kept = std::fs::read(&target).unwrap();
    refused(at, &["backup", "b.db"], &["is there already", "已存在"]);
    assert_eq!(std::fs::read(&target).unwrap(), kept);
    refused(at, &["backup", "no/such/folder/b.db"], &["can't be written"]);
    // A killed one left its hidden name, and the good backup was moved elsewhere since: it is the same file.
    std::fs::hard_link(&target, at.join(".b.db.partial")).unwrap();
    std::fs::rename(&target, at.join("moved.db")).unwrap();
    binary::done(at, &["backup", "b.db"]);
    assert_eq!(std::fs::read(at.join("moved.db")).unwrap(), kept);
    binary::done(at, &["restore", "--verify", "b.db"]);

    // Into a folder under a name of its own, with the keys.
    let shelf = at.join("shelf");
    std::fs::create_dir(&shelf).unwrap();
    let made = binary::done(at, &["backup", "shelf", "--with-keys"]);
    let made = PathBuf::from(made.trim());
    let keys = format!("{}.keys", at.join(&made).display());
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 2);

    // A full disk.
    let script = format!("trap '' XFSZ; ulimit -f 200; exec {TAIZHANG} backup full.db");
    let output = Command::new("sh").arg("-c").arg(script).current_dir(at).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("The disk is full"), "{said}");

    // Killed at any moment: it is there whole or not at all, and the next one is made.
    let mut whole = 0;
    for nth in 0..12_u64 {
        let name = format!("killed-{nth}.db");
        let mut child =
            binary::command(at, &["backup", &name]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(nth * 12));
        let _ = child.kill();
        let _ = child.wait();
        if at.join(&name).exists() {
            whole += 1;
            binary::done(at, &["restore", "--verify", &name]);
        } else {
            binary::done(at, &["backup", &name]);
        }
    }
    println!("{whole} of 12 killed backups were whole");
    for entry in std::fs::read_dir(at).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with(".full"), "{name}");
    }
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
}

#[tokio::test]
async fn a_bad_backup_is_said_to_be_bad() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db"]);
    let good = std::fs::read(at.join("b.db")).unwrap();
    let verify = |name: &str| binary::run(at, &["restore", "--verify", name]);
    let said = |name: &str| String::from_utf8_lossy(&verify(name).stderr).into_owned();

    // Cut short, with and without its manifest; no database at all; an empty one.
    std::fs::write(at.join("b.db"), &good[..good.len() / 2]).unwrap();
    assert!(said("b.db").contains("cut short or damaged"), "{}", said("b.db"));
    std::fs::write(at.join("bare.db"), &good[..good.len() / 2]).unwrap();
    assert!(said("bare.db").contains("cut short or damaged"), "{}", said("bare.db"));
    std::fs::write(at.join("words.db"), "这不是数据库。".repeat(1_000)).unwrap();
    assert!(said("words.db").contains("not a whole database"), "{}", said("words.db"));
    std::fs::write(at.join("empty.db"), "").unwrap();
    assert!(said("empty.db").contains("is not a backup of taizhang"), "{}", said("empty.db"));
    assert!(said("nothing.db").contains("can't be read"));

    // Of a newer program; and with something broken in it.
    let url = |name: &str| format!("sqlite://{}", at.join(name).display());
    std::fs::write(at.join("newer.db"), &good).unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)";
    crate::support::database::execute(&url("newer.db"), newer).await;
    assert!(said("newer.db").contains("m29990101_000001_future"), "{}", said("newer.db"));
    std::fs::write(at.join("broken.db"), &good).unwrap();
    crate::support::database::execute(&url("broken.db"), "DELETE FROM unit_closure WHERE depth > 0").await;
    let output = verify("broken.db");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("unit-closure-missing"), "{text}");
    assert!(text.contains("the backup is not good"), "{text}");
    let json = binary::run(at, &["fsck", "--json"]);
    assert!(json.status.success() && json.stdout.is_empty(), "what is served is sound");
    refused(at, &["restore", "newer.db", "--replace"], &["newer version"]);
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"), "nothing was touched");
}

#[test]
fn a_restored_database_is_the_one_of_the_backup() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db", "--with-keys"]);
    let mut before = rows(&at.join("b.db"));

    // Elsewhere, with nothing there: the keys come along.
    let other = tempfile::tempdir().unwrap();
    let backup = text(&at.join("b.db"));
    binary::done(other.path(), &["restore", &backup]);
    assert!(binary::done(other.path(), &["fsck"]).contains("nothing is wrong"));
    binary::done(other.path(), &["backup", "again.db"]);
    let mut after = rows(&other.path().join("again.db"));
    // One row says that it was restored, another one that it was backed up again.
    let (old, new) = (before["audit_entry"].take(), after["audit_entry"].take());
    assert_eq!(new.as_u64().unwrap(), old.as_u64().unwrap() + 2);
    assert_eq!(before, after);
    let mode = |name: &str| std::fs::metadata(other.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data/taizhang.db"), mode("data/keys")), (0o600, 0o700));

    // In the place of another: only when that is said, and that one is kept.
    refused(at, &["restore", "b.db"], &["holds data: add --replace", "--replace"]);
    let served = Served::start(at, binary::free_port(), &[]);
    let token = served.token("demo.office");
    assert_eq!(served.ask(&token, "{ viewer { name } }", json!({})).unwrap().0, 200);
    drop(served);
    binary::done(at, &["restore", "b.db", "--replace"]);
    let aside = std::fs::read_dir(at.join("data"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("taizhang.db.replaced-"));
    assert_eq!(aside.count(), 1);
    let served = Served::start(at, binary::free_port(), &[]);
    let (status, answer) = served.ask(&token, "{ viewer { name } }", json!({})).unwrap();
    assert_eq!(status, 401, "sessions end with a restore: {answer}");
    let token = served.token("demo.office");
    assert_eq!(served.ask(&token, "{ viewer { name } }", json!({})).unwrap().0, 200);

    // Without the keys nothing is restored into a place that has none.
    let bare = tempfile::tempdir().unwrap();
    std::fs::copy(at.join("b.db"), bare.path().join("b.db")).unwrap();
    refused(bare.path(), &["restore", "b.db"], &["key folder"]);
    assert!(!bare.path().join("data/taizhang.db").exists());
}
