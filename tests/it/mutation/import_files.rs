//! A list comes in from the office's own file: uploaded, tried, imported, known again.

use serde_json::{Value, json};
use taizhang::documents::{list_json, write};
use taizhang::id::Kind;
use taizhang::service::Caller;

use super::lists_import::{item, small};
use super::lists_scene::{Scene, done, gid, refused};

const FIELDS: &str = "taskList { id title year } importedBefore taskCount sectionCount questionCount questions { number kind place printed text proposal }";

/// A list as a web page, with a name that nobody has and a deadline that says nothing.
const PAGE: &str = "<html><meta charset=utf-8><h1>云汀市2026年政务公开工作任务清单</h1><table>\
    <tr><th>序号</th><th>工作任务</th><th>责任单位</th><th>完成时限</th></tr>\
    <tr><td>1</td><td>公开部门年度决算。</td><td>市财政局</td><td>9月底前</td></tr>\
    <tr><td>2</td><td>公开义务教育招生范围。</td><td>教体局</td><td>6月底前</td></tr>\
    <tr><td>3</td><td>公开执法结果。</td><td>市司法局</td><td>看情况</td></tr></table>";

impl Scene {
    async fn uploaded(&self, name: &str, bytes: &[u8]) -> String {
        let caller: Caller = self.caller(&self.office).await;
        let file = self.t.service.file_upload(&caller, name, bytes.to_vec()).await.unwrap().unwrap();
        gid(Kind::File, file.id)
    }

    async fn import_file(&self, file: &str, more: Value) -> Value {
        let mut input = json!({ "issuer": gid(Kind::Unit, self.root), "file": file });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.run("taskListImport", "TaskListImportInput", FIELDS, None, input).await
    }
}

#[tokio::test]
async fn an_office_file_is_tried_imported_and_known_again() {
    let s = Scene::new().await;
    let file = s.uploaded("清单.html", PAGE.as_bytes()).await;
    let tried = s.import_file(&file, json!({ "dryRun": true })).await;
    assert!(done(&tried)["taskList"].is_null());
    assert_eq!(tried["taskCount"], 3);
    let kinds: Vec<_> = tried["questions"].as_array().unwrap().iter().map(|q| (&q["number"], &q["kind"])).collect();
    assert!(kinds.contains(&(&json!("2"), &json!("UNKNOWN_NAME"))), "{kinds:?}");
    assert!(kinds.contains(&(&json!("3"), &json!("DEADLINE"))), "{kinds:?}");
    let unknown = tried["questions"].as_array().unwrap().iter().find(|q| q["kind"] == "UNKNOWN_NAME").unwrap();
    assert_eq!((&unknown["printed"], &unknown["proposal"]), (&json!("教体局"), &json!("云汀市教育局")));
    assert!(unknown["place"].is_string(), "{unknown}");

    let imported = s.import_file(&file, json!({})).await;
    let list = done(&imported)["taskList"]["id"].clone();
    assert_eq!(imported["taskList"]["title"], "云汀市2026年政务公开工作任务清单");
    let query =
        "query($id: ID!) { taskList(id: $id) { importQuestions(filter: { status: { eq: OPEN } }) { totalCount } } }";
    let open = s.office.data(query, json!({ "id": list })).await["taskList"]["importQuestions"]["totalCount"].clone();
    assert_eq!(open, tried["questionCount"]);
    let again = s.uploaded("同一清单.html", PAGE.as_bytes()).await;
    let again = s.import_file(&again, json!({})).await;
    assert_eq!((&done(&again)["importedBefore"], &again["taskList"]["id"]), (&json!(true), &list));
}

#[tokio::test]
async fn a_year_that_is_said_goes_before_the_one_in_the_file() {
    let s = Scene::new().await;
    let file = s.uploaded("清单.html", PAGE.as_bytes()).await;
    let imported = s.import_file(&file, json!({ "year": 2025 })).await;
    assert_eq!(done(&imported)["taskList"]["year"], 2025);
    let query = "query($id: ID!) { taskList(id: $id) { tasks { nodes { dueOn } } } }";
    let data = s.office.data(query, json!({ "id": imported["taskList"]["id"] })).await;
    assert_eq!(data["taskList"]["tasks"]["nodes"][0]["dueOn"], "2025-09-30");
    let other = s.import_file(&file, json!({})).await;
    assert_eq!((&done(&other)["taskList"]["year"], &other["importedBefore"]), (&json!(2026), &json!(false)));
}

#[tokio::test]
async fn a_file_that_is_no_list_or_not_ones_own_is_refused() {
    let s = Scene::new().await;
    let letter = s.uploaded("信.txt", "只是一封信。".as_bytes()).await;
    let refusal = s.import_file(&letter, json!({})).await;
    refused(&refusal, "INVALID_FORMAT", "input.file");
    let whole = list_json::read(small(json!([item("1", json!([]))])).to_string()).unwrap();
    let whole = write::list(&whole, write::Profile::Standard, write::Form::Docx).unwrap();
    let broken = s.uploaded("坏.docx", &whole[..whole.len() / 2]).await;
    let message = s.import_file(&broken, json!({})).await["userErrors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.chars().count() > 4 && !message.contains("error"), "{message}");
    let both = json!({ "content": "{}" });
    refused(&s.import_file(&letter, both).await, "REQUIRED", "input.file");

    let foreign = s.foreign_office().await;
    let caller = s.caller(&foreign).await;
    let file = s.t.service.file_upload(&caller, "清单.html", PAGE.into()).await.unwrap().unwrap();
    refused(&s.import_file(&gid(Kind::File, file.id), json!({})).await, "NOT_FOUND", "input.file");
    assert_eq!(s.office.data("{ taskLists { totalCount } }", json!({})).await["taskLists"]["totalCount"], 0);
}
