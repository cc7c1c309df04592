//! Restores that meet what a killed server left, that are cut short, and that meet each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use taizhang::store::Store;

use super::backups::{demo, refused, rows, text};
use crate::support::binary::{self, Served, TAIZHANG};
use crate::support::database::settings;

fn data(folder: &Path, name: &str) -> PathBuf {
    folder.join("data").join(name)
}

fn names(folder: &Path, part: &str) -> Vec<String> {
    let entries = fs::read_dir(folder.join("data")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(part)).collect()
}

/// The rows of the backup and of a backup of what is there now; a restore leaves one row in the trail, and
/// the second backup another one.
fn same_rows(at: &Path, backup: &str, again: &str) {
    binary::done(at, &["backup", again]);
    let (mut before, mut after) = (rows(&at.join(backup)), rows(&at.join(again)));
    let (old, new) = (before["audit_entry"].take(), after["audit_entry"].take());
    assert_eq!(before, after);
    assert_eq!(new.as_u64().unwrap(), old.as_u64().unwrap() + 2);
}

fn restoring(at: &Path) -> Child {
    let mut command = binary::command(at, &["restore", "b.db", "--replace"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn appears(path: &Path) {
    let began = Instant::now();
    while fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "{} does not appear", path.display());
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn ended(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_log_of_a_killed_server_is_not_played_into_the_restored_database() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db"]);
    let served = Served::start(at, binary::free_port(), &[]);
    for _ in 0..5 {
        served.token("demo.office");
    }
    drop(served);
    let log = fs::read(data(at, "taizhang.db-wal")).unwrap();
    let main = fs::read(data(at, "taizhang.db")).unwrap();
    assert!(log.len() > 4_096, "the killed server left its log");

    for (nth, state) in ["missing", "empty", "damaged"].into_iter().enumerate() {
        fs::write(data(at, "taizhang.db-wal"), &log).unwrap();
        let _ = fs::remove_file(data(at, "taizhang.db-shm"));
        let mut args = vec!["restore", "b.db"];
        match state {
            "missing" => fs::remove_file(data(at, "taizhang.db")).unwrap(),
            "empty" => fs::write(data(at, "taizhang.db"), b"").unwrap(),
            _ => {
                let mut main = main.clone();
                main[..100].fill(b'x');
                fs::write(data(at, "taizhang.db"), main).unwrap();
                args.push("--replace");
            }
        }
        binary::done(at, &args);
        assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"), "{state}");
        same_rows(at, "b.db", &format!("again-{nth}.db"));
        // It is kept with the database that it belonged to.
        let kept = names(at, "-wal").into_iter().filter(|name| name.contains(".replaced-"));
        let kept: Vec<_> = kept.map(|name| fs::read(data(at, &name)).unwrap()).collect();
        assert!(state == "damaged" || kept.len() == nth + 1 && kept.contains(&log), "{state}: {:?}", names(at, ""));
    }
}

#[tokio::test]
async fn a_copy_whose_log_could_not_be_written_back_is_not_used() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db"]);
    let kept = fs::read(data(at, "taizhang.db")).unwrap();
    let child = restoring(at);
    let copy = data(at, "taizhang.db.restoring");
    appears(&with(&copy, "-wal"));
    // Somebody looks into it: its log can't go.
    let store = looks_into(&copy, child.id()).await;
    let (code, said) = ended(child);
    store.close().await.unwrap();
    assert!(code == Some(1) && said.contains("could not be written to its end"), "{said}");
    assert_eq!(names(at, ".re"), Vec::<String>::new(), "no copy is left, and nothing was replaced");
    assert_eq!(fs::read(data(at, "taizhang.db")).unwrap().len(), kept.len());
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
    binary::done(at, &["restore", "b.db", "--replace"]);
    same_rows(at, "b.db", "again.db");
}

/// Reads from a copy that is being written, at some moment at which that goes: whoever writes it stands still meanwhile.
async fn looks_into(copy: &Path, writer: u32) -> Store {
    let tell = |word: &str| assert!(Command::new("kill").args([word, &writer.to_string()]).status().unwrap().success());
    for _ in 0..200 {
        tell("-STOP");
        let opened = Store::open_read_only(&settings(&text(copy))).await.ok();
        let read = match &opened {
            Some(store) => store.data_keys().await.is_ok_and(|keys| !keys.is_empty()),
            None => false,
        };
        tell("-CONT");
        match opened {
            Some(store) if read => return store,
            Some(store) => store.close().await.unwrap(),
            None => {}
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the copy can't be read");
}

fn with(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

#[test]
fn two_restores_and_one_that_is_killed() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db"]);
    let first = restoring(at);
    appears(&data(at, "taizhang.db.restoring"));
    refused(at, &["restore", "b.db", "--replace"], &["Another program is writing", "正在写入"]);
    assert_eq!(ended(first).0, Some(0), "the other one did not touch the copy of the first");

    // At no moment is there no database, also when it is killed.
    let over = AtomicBool::new(false);
    let target = data(at, "taizhang.db");
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                assert!(target.exists(), "there was no database");
            }
        });
        for nth in 0..8_u64 {
            let mut child = restoring(at);
            std::thread::sleep(Duration::from_millis(nth * nth * 25));
            let _ = child.kill();
            let _ = child.wait();
            assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"), "killed after {nth}");
        }
        binary::done(at, &["restore", "b.db", "--replace"]);
        over.store(true, Ordering::Relaxed);
        watching.join().unwrap();
    });
    same_rows(at, "b.db", "again.db");
    assert_eq!(names(at, ".restoring"), Vec::<String>::new(), "what killed ones left is gone");
}

#[test]
fn a_full_disk_leaves_the_database_as_it_was() {
    let folder = demo();
    let at = folder.path();
    binary::done(at, &["backup", "b.db"]);
    let blocks = fs::metadata(at.join("b.db")).unwrap().len() / 512;
    let (mut failed, mut done) = (0, 0);
    for most in [blocks / 2, blocks, blocks + 8, blocks + 4_000] {
        let script = format!("trap '' XFSZ; ulimit -f {most}; exec {TAIZHANG} restore b.db --replace");
        let output = Command::new("sh").arg("-c").arg(script).current_dir(at).output().unwrap();
        if output.status.success() {
            done += 1;
        } else {
            failed += 1;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(1) && !said.contains("panic"), "{said}");
        }
        assert_eq!(names(at, ".restoring"), Vec::<String>::new());
        assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"), "at most {most} blocks");
    }
    assert!(failed > 0 && done > 0, "{failed} failed, {done} done");
}
