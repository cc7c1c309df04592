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
    let own = ["bootstrap", "--login", "operator.yunting", "--unit", "yunting", "--name", "管理员"];
    let own = run(folder.path(), &own);
    assert!(!own.status.success() && said(&own).1.contains("operator."), "{own:?}");
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

#[test]
fn the_three_administrators_are_made_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("units.json"), UNITS).unwrap();
    assert!(run(folder.path(), &["unit", "import", "units.json"]).status.success());
    let all = [
        "bootstrap",
        "--unit",
        "yunting",
        "--login",
        "xt",
        "--name",
        "系统",
        "--security",
        "aq=安全",
        "--audit",
        "sj=审计",
    ];
    let same = ["bootstrap", "--unit", "yunting", "--login", "xt", "--name", "系统", "--audit", "xt=审计"];
    let refused = run(folder.path(), &same);
    assert!(!refused.status.success() && said(&refused).1.contains("xt"), "{refused:?}");
    assert!(!run(folder.path(), &["bootstrap", "--unit", "yunting"]).status.success());
    let made = run(folder.path(), &all);
    let (codes, aside) = said(&made);
    assert!(made.status.success(), "{aside}");
    assert!(codes.lines().count() == 3 && codes.lines().all(|code| code.starts_with("tzc_")), "{codes}");
    let at = |login: &str| aside.find(&format!("{login}：")).unwrap_or_else(|| panic!("{login} in {aside}"));
    assert!(at("xt") < at("aq") && at("aq") < at("sj"), "{aside}");
    // All or nothing, and nothing where there is one.
    let again = run(folder.path(), &["bootstrap", "--unit", "yunting", "--security", "aq2=安全"]);
    assert!(!again.status.success() && said(&again).1.contains("security administrator already"), "{again:?}");
    let users = run(folder.path(), &["invite", "aq2"]);
    assert!(!users.status.success(), "nobody was made");
}
