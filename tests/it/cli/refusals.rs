//! What goes wrong at a start is one plain sentence in each language, and never a panic.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::binary::{self, TAIZHANG};

/// Runs a command that must fail: exit code 1, nothing on standard output, one sentence each.
fn refusal(folder: &Path, args: &[&str]) -> (String, String) {
    let output = binary::run(folder, args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
    assert!(output.stdout.is_empty());
    sentences(&text)
}

fn sentences(text: &str) -> (String, String) {
    assert!(!text.contains("panic"), "{text}");
    let said: Vec<&str> =
        text.lines().filter(|line| line.starts_with("错误：") || line.starts_with("error: ")).collect();
    let [zh, en] = said[..] else { panic!("two lines expected:\n{text}") };
    assert!(zh.ends_with('。') && en.ends_with('.'), "{text}");
    (zh.to_owned(), en.to_owned())
}

#[test]
fn a_used_port_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let (zh, en) = refusal(folder.path(), &["--listen", &listen]);
    assert!(zh.contains("端口已被占用") && en.contains("the port is in use") && en.contains(&listen), "{en}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no database, no keys");
    let (_, en) = refusal(folder.path(), &["--listen", "192.0.2.1:8080"]);
    assert!(en.contains("no such address"), "{en}");
}

#[test]
fn a_newer_database() {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["migrate", "up"]);
    let url = format!("sqlite://{}", folder.path().join("data/taizhang.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(crate::support::database::execute(
        &url,
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)",
    ));
    for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate", "up"], &["token", "x"], &["demo"]] {
        let (zh, en) = refusal(folder.path(), args);
        assert!(
            zh.contains("更新版本") && en.contains("newer version") && en.contains("m29990101_000001_future"),
            "{en}"
        );
    }
    let (text, code) = doctor(folder.path(), &[]);
    assert!(code == Some(1) && text.contains("!!  迁移"), "{text}");
}

fn doctor(folder: &Path, extra: &[&str]) -> (String, Option<i32>) {
    let port = binary::free_port();
    let listen = format!("127.0.0.1:{port}");
    let output = binary::run(folder, &[&["doctor", "--listen", &listen], extra].concat());
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn a_folder_that_cannot_be_written() {
    // A file stands where the folder should be: that stops every user, root too.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("data"), "").unwrap();
    let (zh, en) = refusal(folder.path(), &["--listen", "127.0.0.1:0"]);
    assert!(zh.contains("无法写入") && en.contains("cannot be written"), "{en}");
    let (text, code) = doctor(folder.path(), &[]);
    assert!(code == Some(1) && text.contains("!!  数据目录"), "{text}");
}

#[test]
fn a_read_only_folder_as_another_user() {
    let root = Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0";
    let setpriv = Command::new("setpriv").arg("--version").output().is_ok_and(|output| output.status.success());
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = if root {
        if !setpriv {
            eprintln!("not run: root may write everywhere, and setpriv is not there to become somebody else");
            return;
        }
        // The binary may lie where that user must not look: a copy goes where he may.
        let place = tempfile::tempdir().unwrap().keep();
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
        let copy = place.join("taizhang");
        std::fs::copy(TAIZHANG, &copy).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(copy);
        command
    } else {
        Command::new(TAIZHANG)
    };
    let output = command.current_dir(folder.path()).args(["--listen", "127.0.0.1:0"]).output().unwrap();
    if root {
        std::fs::remove_dir_all(Path::new(command.get_args().last().map_or("", |_| ""))).ok();
        if let Some(copy) = command.get_args().find(|argument| Path::new(argument).is_absolute()) {
            std::fs::remove_dir_all(Path::new(copy).parent().unwrap()).unwrap();
        }
    }
    assert_eq!(output.status.code(), Some(1));
    let (_, en) = sentences(&String::from_utf8(output.stderr).unwrap());
    assert!(en.contains("cannot be written"), "{en}");
}

#[test]
fn a_database_server_that_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there.
    let url = format!("postgres://clerk:geheim@127.0.0.1:{}/taizhang", binary::free_port());
    for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate", "status"], &["token", "x"]] {
        let (zh, en) = refusal(folder.path(), &[args, &["--database-url", &url, "--limit-start-wait", "0s"]].concat());
        assert!(zh.contains("无法连接数据库") && en.contains("cannot be reached"), "{en}");
        assert!(!format!("{zh}{en}").contains("geheim"));
    }
    let (text, code) = doctor(folder.path(), &["--database-url", &url]);
    assert!(code == Some(1) && text.contains("!!  数据库") && !text.contains("geheim"), "{text}");
}

#[test]
fn keys_that_others_may_read() {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["demo"]);
    let keys = folder.path().join("data/keys");
    let name = |start: &str| {
        let names = std::fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().path());
        names.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).unwrap()
    };
    let signing = name("signing-");
    let mode = |mode| std::fs::set_permissions(&signing, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    let (zh, en) = refusal(folder.path(), &["--listen", "127.0.0.1:0"]);
    assert!(zh.contains("chmod 600") && en.contains("(mode 644)") && en.contains("chmod 600"), "{en}");
    let (text, code) = doctor(folder.path(), &[]);
    assert!(code == Some(1) && text.contains("!!  密钥"), "{text}");
    mode(0o600);
    let (text, code) = doctor(folder.path(), &[]);
    assert!(code == Some(0) && !text.contains("!!") && text.lines().count() == 12, "{text}");

    std::fs::rename(name("data-"), folder.path().join("elsewhere")).unwrap();
    let (_, en) = refusal(folder.path(), &["token", "demo.office"]);
    assert!(en.contains("data key is missing"), "{en}");
    let (text, code) = doctor(folder.path(), &[]);
    assert!(code == Some(1) && text.contains("!!  密钥"), "{text}");
}

#[test]
fn a_command_line_that_is_not_understood_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["fly"][..], &["--listen", "nowhere"], &["import", "x.json", "--json"], &["token", "x", "--create"]] {
        let output = binary::run(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
    let help = binary::run(folder.path(), &["--help"]);
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("台账"));
}
