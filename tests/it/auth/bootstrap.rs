//! The first administrator and codes at the machine, through the binary; no password anywhere.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::binary::TAIZHANG;

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(TAIZHANG).args(args).current_dir(folder).env_remove("DATABASE_URL").output().unwrap()
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

const UNITS: &str = r#"{ "format": "taizhang-units/1", "jurisdictions": [{ "key": "yunting", "name": "云汀市（虚构）", "office": "zfb", "list": [], "groups": [],
  "units": [{ "id": "zfb", "name": "市政府办公室" }] }] }"#;

#[test]
fn the_first_administrator_is_made_once_and_gets_a_code() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("units.json"), UNITS).unwrap();
    let imported = run(folder.path(), &["unit", "import", "units.json"]);
    assert!(imported.status.success(), "{imported:?}");
    let first = ["bootstrap", "--login", "admin", "--unit", "yunting", "--name", "管理员"];
    let below = run(folder.path(), &["bootstrap", "--login", "admin", "--unit", "zfb", "--name", "管理员"]);
    assert!(!below.status.success() && said(&below).1.contains("no root unit"), "{below:?}");
    let made = run(folder.path(), &first);
    let (code, aside) = said(&made);
    assert!(made.status.success(), "{aside}");
    assert!(code.starts_with("tzc_") && code.trim().len() == 47 && code.lines().count() == 1, "{code}");
    assert!(!aside.contains("tzc_") && aside.contains("/auth/accept"), "{aside}");
    let second = run(folder.path(), &["bootstrap", "--login", "other", "--unit", "yunting", "--name", "另一人"]);
    let (out, err) = said(&second);
    assert!(!second.status.success() && out.is_empty() && err.contains("taizhang invite"), "{err}");
    assert!(!run(folder.path(), &first).status.success());

    // The code ran out: the operator makes another.
    let again = run(folder.path(), &["invite", "admin"]);
    let (newer, _) = said(&again);
    assert!(again.status.success() && newer.starts_with("tzc_") && newer != code);
    let nobody = run(folder.path(), &["invite", "nobody"]);
    assert!(!nobody.status.success() && said(&nobody).1.contains("nobody"));
}
