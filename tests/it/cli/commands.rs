//! migrate, unit import, import, token, config.

use serde_json::{Value, json};

use crate::support::binary::{self, Served};

fn refused(folder: &std::path::Path, args: &[&str]) -> String {
    let output = binary::run(folder, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn demo_file(name: &str) -> String {
    format!("{}/demo/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_database_goes_up_and_down() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| binary::done(folder.path(), args);
    assert!(refused(folder.path(), &["migrate", "status"]).contains("There is no database"));
    assert!(refused(folder.path(), &["migrate", "down"]).contains("没有数据库"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made by looking");
    let up = run(&["migrate", "up"]);
    assert!(up.lines().count() >= 5 && up.lines().all(|line| line.contains("ran")), "{up}");
    assert!(run(&["migrate", "up"]).contains("nothing to do"));
    assert_eq!(run(&["migrate", "down"]).lines().count(), 1);
    assert_eq!(run(&["migrate", "status"]).lines().filter(|line| line.contains("pending")).count(), 1);
    // A database that is behind is refused by what only looks, and moved by what serves.
    let behind = refused(folder.path(), &["token", "x"]);
    assert!(behind.contains("taizhang migrate up"), "{behind}");
    run(&["demo"]);
    assert!(run(&["migrate", "status"]).lines().all(|line| line.contains("applied")));
}

#[test]
fn units_and_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| binary::done(folder.path(), args);
    let units = demo_file("units.json");
    assert!(run(&["unit", "import", &units]).contains("units 27 new, 0 updated; groups 6 new"));
    assert!(run(&["unit", "import", &units]).contains("units 0 new, 26 updated; groups 0 new, 6 updated"));

    let nobody = refused(folder.path(), &["token", "zhang"]);
    assert!(nobody.contains("There are no users yet") && nobody.contains("--create"), "{nobody}");
    let make = ["token", "zhang", "--create", "--unit", "市教育局", "--role", "reporter", "--role", "APPROVER"];
    let output = binary::run(folder.path(), &make);
    let token = String::from_utf8(output.stdout).unwrap();
    assert_eq!(token.lines().count(), 1);
    assert_eq!(token.trim().split('.').count(), 3, "the token alone");
    assert!(String::from_utf8(output.stderr).unwrap().contains("good until"));

    let two = ["token", "li", "--create", "--unit", "yunting", "--role", "SYSTEM_ADMIN", "--role", "AUDIT_ADMIN"];
    assert!(refused(folder.path(), &two).contains("Nobody may hold two"));
    let nowhere = ["token", "li", "--create", "--unit", "市气象局", "--role", "REPORTER"];
    assert!(refused(folder.path(), &nowhere).contains("No unit is called"));
    assert!(refused(folder.path(), &["token", "li"]).contains("Known logins: zhang"));

    let served = Served::start(folder.path(), binary::free_port(), &[]);
    let viewer = "{ viewer { name unit { name } grants { role } } }";
    let (status, answer) = served.ask(token.trim(), viewer, json!({})).unwrap();
    assert_eq!((status, &answer["data"]["viewer"]["unit"]["name"]), (200, &json!("云汀市教育局")), "{answer}");
    let grants = answer["data"]["viewer"]["grants"].to_string();
    assert!(grants.contains("REPORTER") && grants.contains("APPROVER"), "{grants}");
    // A token made while the server runs is good at once, by id as well.
    let id = String::from_utf8(binary::run(folder.path(), &["token", "zhang"]).stderr).unwrap();
    let by_id = served.token(id.split_whitespace().next().unwrap());
    assert_eq!(served.ask(&by_id, viewer, json!({})).unwrap().0, 200);
    assert_eq!(served.ask("nonsense", viewer, json!({})).unwrap().0, 401);
}

#[test]
fn what_an_operator_leaves_out_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let served =
        Served::start(folder.path(), binary::free_port(), &["--demo", "off", "--metrics", "off", "--graphiql", "off"]);
    for (path, status) in [("/metrics", 404), ("/graphiql", 404), ("/graphiql/app.js", 404), ("/livez", 200)] {
        assert_eq!(served.get(path).unwrap().0, status, "{path}");
    }
    assert!(refused(folder.path(), &["token", "demo.office"]).contains("no users yet"));
}

#[test]
fn measures_of_the_whole_program() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), binary::free_port(), &["--demo", "off"]);
    let (_, text) = served.get("/metrics").unwrap();
    assert!(text.contains("taizhang_build_info{version="), "{text}");
    let statements = text.lines().find_map(|line| line.strip_prefix("taizhang_sql_statements_total ")).unwrap();
    assert!(statements.parse::<u64>().unwrap() > 0);
}

#[test]
fn settings_are_shown_and_passwords_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let shown = binary::done(folder.path(), &["config", "--database-url", "postgres://clerk:geheim@h/db"]);
    assert!(shown.contains("postgres://clerk:***@h/db") && !shown.contains("geheim"), "{shown}");
    let reference = binary::done(folder.path(), &["config", "--markdown"]);
    assert_eq!(
        reference,
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md")).unwrap()
    );
}

#[test]
fn a_list_that_is_wrong_is_named_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.json");
    let mut list: Value = serde_json::from_str(taizhang::documents::demo::LIST_2026).unwrap();
    list["tasks"][3]["deadline"]["kind"] = json!("SOON");
    std::fs::write(&file, list.to_string()).unwrap();
    let text = refused(folder.path(), &["import", "list.json", "--list-json"]);
    assert!(
        text.contains("tasks[3].deadline.kind") && text.contains("1 处问题") && text.contains("1 problem"),
        "{text}"
    );
    assert!(refused(folder.path(), &["import", "absent.json", "--list-json"]).contains("can't be read"));
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}
