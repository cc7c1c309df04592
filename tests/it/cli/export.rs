//! `export`: from the database of an office to a file, with the real binary.

use std::path::Path;

use serde_json::Value;

use crate::support::binary;

/// The demo place, with the lists that it has in force.
fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["demo"]);
    folder
}

/// The identifier of a list of the demo, from the file it was imported from.
fn demo_list() -> String {
    format!("{}/demo/list-2026.json", env!("CARGO_MANIFEST_DIR"))
}

fn refused(folder: &Path, args: &[&str]) -> String {
    let output = binary::run(folder, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn tasks(folder: &Path, file: &str) -> usize {
    let text = binary::done(folder, &["import", file, "--dry-run", "--json"]);
    serde_json::from_str::<Value>(&text).unwrap()["tasks"].as_array().unwrap().len()
}

#[test]
fn a_list_goes_out_in_every_form_and_comes_back() {
    let folder = demo();
    let list = demo_list();
    for file in ["list.docx", "list.xlsx", "list.csv"] {
        let said = binary::done(folder.path(), &["export", &list, "--out", file]);
        assert!(said.contains(file) && said.contains("bytes"), "{said}");
        assert_eq!(tasks(folder.path(), file), 26, "{file}");
    }
    binary::done(folder.path(), &["export", &list, "--out", "list.json"]);
    let json: Value = serde_json::from_slice(&std::fs::read(folder.path().join("list.json")).unwrap()).unwrap();
    assert_eq!(json["format"], "taizhang-list/1");
}

#[test]
fn what_came_in_for_a_period_goes_out() {
    let folder = demo();
    let list = demo_list();
    let sheet = ["export", &list, "--view", "report-sheet", "--unit", "市教育局", "--period", "1-6月"];
    let said = binary::done(folder.path(), &[&sheet[..], &["--out", "sheet.xlsx"]].concat());
    assert!(said.contains("sheet.xlsx"), "{said}");
    assert!(std::fs::read(folder.path().join("sheet.xlsx")).unwrap().starts_with(b"PK"));
    let unknown =
        refused(folder.path(), &["export", &list, "--view", "summary", "--period", "13月", "--out", "s.xlsx"]);
    assert!(unknown.contains("--period"), "{unknown}");
    assert!(!folder.path().join("s.xlsx").exists());
}

#[test]
fn nothing_is_written_over_and_no_half_file_stays() {
    let folder = demo();
    let list = demo_list();
    let here = folder.path().join("list.docx");
    std::fs::write(&here, "the clerk's own").unwrap();
    let there = refused(folder.path(), &["export", &list, "--out", "list.docx"]);
    assert!(there.contains("is there already"), "{there}");
    assert_eq!(std::fs::read_to_string(&here).unwrap(), "the clerk's own");
    let ending = refused(folder.path(), &["export", &list, "--out", "list.wps"]);
    assert!(ending.contains(".docx"), "{ending}");
    // A form that does not fit the view is refused after the file was begun.
    let misfit = refused(folder.path(), &["export", &list, "--out", "list.svg"]);
    assert!(!misfit.is_empty() && !folder.path().join("list.svg").exists(), "{misfit}");
    let nowhere = refused(folder.path(), &["export", &list, "--out", "no/such/folder.docx"]);
    assert!(nowhere.contains("can't be written"), "{nowhere}");
}
