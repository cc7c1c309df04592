//! The office's own file, from the command line to a draft in the form taizhang-list/1.

use std::process::Command;

use serde_json::Value;

const LIST: &str = "<html><head><meta charset=\"utf-8\"></head><body><h1>2026年云汀市虚构工作任务清单</h1><table>\
<tr><th>序号</th><th>工作任务</th><th>具体要求</th><th>责任单位</th><th>完成时限</th></tr>\
<tr><td>1</td><td rowspan=\"2\">一、做好公开</td><td>按月更新虚构目录。</td><td>市教育局牵头；市财政局</td><td>2026年6月底前</td></tr>\
<tr><td>2</td><td>办好虚构开放日活动。</td><td>市民政局</td><td>全年</td></tr></table></body></html>";

fn import(file: &str, bytes: &[u8]) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["import", path.to_str().unwrap(), "--dry-run", "--json"])
        .args(["--data-dir", folder.path().join("data").to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!folder.path().join("data").exists(), "a dry run writes nothing");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_page_becomes_a_draft() {
    let (good, out, err) = import("清单.html", LIST.as_bytes());
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
    let (good, out, err) = import("清单.docx", b"PK\x03\x04 nothing of the sort");
    assert!(!good && out.is_empty());
    assert!(err.lines().count() <= 2 && err.contains("清单.docx"), "{err}");
}
