//! The keys of personal data at the command line, and a server whose folder is not the one of its database.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::binary::{self, Served};

fn refused(folder: &Path, args: &[&str], words: &str) {
    let output = binary::run(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains(words) && !said.contains("panic"), "{args:?}: {said}");
}

fn key(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("data/keys/data-{id}.key"))
}

#[test]
fn keys_at_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    binary::done(at, &["demo"]);
    let served = Served::start(at, binary::free_port(), &[]);
    let status = binary::done(at, &["keys", "data-status"]);
    let first = status.split_whitespace().next().unwrap().to_owned();
    assert!(first.starts_with("0001-") && status.contains("seals"), "{status}");

    let second = binary::done(at, &["keys", "data-rotate", "--lead", "0s"]).trim().to_owned();
    assert!(second.starts_with("0002-"));
    refused(at, &["keys", "data-retire", &second], "is the one that seals");
    refused(at, &["keys", "data-retire", &first], "does not seal for a minute yet");
    refused(at, &["keys", "data-retire", "0009-x"], "there is no data key 0009-x");
    // The server that runs takes it up by itself, and seals anew what there is.
    let began = std::time::Instant::now();
    loop {
        let status = binary::done(at, &["keys", "data-status"]);
        let old = status.lines().find(|line| line.starts_with(&first)).unwrap();
        if old.contains(" 0 个") {
            break;
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(30), "{status}");
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    let token = served.token("demo.office");
    let asked = "{ progressReports(first: 50) { nodes { reporterPhone } } }";
    let (_, answer) = served.ask(&token, asked, json!({})).unwrap();
    assert!(answer["data"].to_string().contains("138****1234"), "{answer}");
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
    drop(served);

    // Another key of this name, and none.
    let whole = std::fs::read(key(at, &second)).unwrap();
    std::fs::write(key(at, &second), [7; 32]).unwrap();
    refused(at, &["serve", "--listen", "127.0.0.1:0"], "is not the one the database knows");
    std::fs::remove_file(key(at, &second)).unwrap();
    refused(at, &["serve", "--listen", "127.0.0.1:0"], "is not in the key folder");
    let found = binary::run(at, &["fsck", "--json"]);
    let text = String::from_utf8(found.stdout).unwrap();
    assert_eq!(found.status.code(), Some(1));
    for line in text.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["check"], "sealed", "{finding}");
        assert!(finding["adviceEn"].as_str().unwrap().contains("restore the missing data-*.key"));
    }
    assert!(!text.is_empty());
    // Lost for good: the place goes on, and what was under it stays closed.
    binary::done(at, &["keys", "data-retire", &second, "--lost"]);
    drop(Served::start(at, binary::free_port(), &[]));
    // Found again.
    std::fs::write(key(at, &second), whole).unwrap();
    std::fs::set_permissions(key(at, &second), std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
}

#[test]
fn the_only_key_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    binary::done(at, &["demo"]);
    let only = binary::done(at, &["keys", "data-status"]).split_whitespace().next().unwrap().to_owned();
    std::fs::remove_file(key(at, &only)).unwrap();
    refused(at, &["serve", "--listen", "127.0.0.1:0"], "data-");
    refused(at, &["fsck"], "the data key is missing");
    let names = || std::fs::read_dir(at.join("data/keys")).unwrap().count();
    let before = names();
    refused(at, &["keys", "data-retire", "0009-x", "--lost"], "there is no data key 0009-x");
    assert_eq!(names(), before, "nothing is made for a key that nobody knows");

    binary::done(at, &["keys", "data-retire", &only, "--lost"]);
    let status = binary::done(at, &["keys", "data-status"]);
    let line = |begins: &str| status.lines().find(|line| line.starts_with(begins)).unwrap_or_default().to_owned();
    assert!(line(&only).contains("retired") && line("0002-").contains("seals"), "{status}");
    drop(Served::start(at, binary::free_port(), &[]));
    let found = binary::run(at, &["fsck"]);
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(found.status.code() == Some(1) && text.contains("sealed  progress_report"), "{text}");
}

#[test]
fn a_rotation_that_is_killed_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    binary::done(at, &["demo"]);
    for nth in 0..6_u64 {
        let mut child = binary::command(at, &["keys", "data-rotate", "--lead", "0s"]);
        let mut child = child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(nth * nth * 12));
        let _ = child.kill();
        let _ = child.wait();
        assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
    }
    let newest = binary::done(at, &["keys", "data-rotate", "--lead", "0s"]).trim().to_owned();
    let status = binary::done(at, &["keys", "data-status"]);
    assert!(status.lines().any(|line| line.starts_with(&newest) && line.contains("seals")), "{status}");
    // A server that is killed while it seals anew goes on with it the next time.
    drop(Served::start(at, binary::free_port(), &[]));
    assert!(binary::done(at, &["fsck"]).contains("nothing is wrong"));
}
