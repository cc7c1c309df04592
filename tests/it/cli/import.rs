//! The office's own file, from the command line to a draft in the form taizhang-list/1.

use std::process::Command;

use serde_json::Value;

const LIST: &str = "<html><head><meta charset=\"utf-8\"></head><body><h1>2026年云汀市虚构工作任务清单</h1><table>\
<tr><th>序号</th><th>工作任务</th><th>具体要求</th><th>责任单位</th><th>完成时限</th></tr>\
<tr><td>1</td><td rowspan=\"2\">一、做好公开</td><td>按月更新虚构目录。</td><td>市教育局牵头；市财政局</td><td>2026年6月底前</td></tr>\
<tr><td>2</td><td>办好虚构开放日活动。</td><td>市民政局</td><td>全年</td></tr></table></body></html>";

fn import(file: &str, bytes: &[u8], more: &[&str]) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["import", path.to_str().unwrap(), "--dry-run", "--json"])
        .args(more)
        .args(["--data-dir", folder.path().join("data").to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!folder.path().join("data").exists(), "a dry run writes nothing");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_page_becomes_a_draft() {
    let (good, out, err) = import("清单.html", LIST.as_bytes(), &[]);
    assert!(good, "{err}");
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(list["year"], 2026);
    let tasks = list["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 2);
    assert_eq!(tasks[0]["assignments"][0]["role"], "LEAD");
    assert_eq!(tasks[0]["deadline"]["date"], "2026-06-30");
    assert_eq!(tasks[1]["deadline"]["kind"], "ALL_YEAR");
}

#[test]
fn a_file_that_is_no_list_is_one_plain_sentence() {
    let (good, out, err) = import("清单.docx", b"PK\x03\x04 nothing of the sort", &[]);
    assert!(!good && out.is_empty());
    assert!(err.lines().count() <= 2 && err.contains("清单.docx"), "{err}");
}

/// Whether 市天文局 and 市教育局 are strange, which tasks ask a person, and what was said.
fn read(list: &str, more: &[&str]) -> (bool, bool, Vec<bool>, String) {
    let (good, out, err) = import("清单.html", list.as_bytes(), more);
    assert!(good, "{err}");
    let list: Value = serde_json::from_str(&out).unwrap();
    let asks = list["tasks"].as_array().unwrap().iter().map(|task| task["needsReview"] == true).collect();
    let strange = |name: &str| err.contains(&format!("“{name}” 单位库中没有这个名称"));
    (strange("市天文局"), strange("市教育局"), asks, err)
}

#[test]
fn names_are_looked_up_in_a_units_file_without_a_database() {
    let list = LIST.replace("市民政局", "市天文局");
    let unknown = |more: &[&str]| read(&list, more);
    let units = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/units.json");
    assert_eq!(unknown(&[]).2, [false, false], "without names to know nothing is unknown");
    let (asked, other, asks, err) = unknown(&["--units", units]);
    assert!(asked && !other && asks == [false, true], "{err}");

    // Where a file holds several places, the list has to be somebody's.
    let mut two: Value = serde_json::from_str(taizhang::documents::demo::UNITS).unwrap();
    let other = serde_json::json!({
        "key": "other", "name": "另一县（虚构）", "office": "other.office",
        "units": [{ "id": "other.office", "name": "另一县人民政府办公室" }], "groups": []
    });
    two["jurisdictions"].as_array_mut().unwrap().insert(0, other);
    let folder = tempfile::tempdir().unwrap();
    let both = folder.path().join("both.json");
    std::fs::write(&both, two.to_string()).unwrap();
    let both = both.to_str().unwrap();
    let (asked, other, _, err) = unknown(&["--units", both]);
    assert!(asked && !other, "the title says whose it is: {err}");
    let (asked, other, _, err) = unknown(&["--units", both, "--issuer", "other.office"]);
    assert!(asked && other, "to the other place, all names are strange: {err}");
    let (asked, _, _, err) = read(&list.replace("云汀市", "某市"), &["--units", both]);
    assert!(!asked && err.contains("--issuer"), "{err}");
}
