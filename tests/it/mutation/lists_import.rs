//! A list comes in from a document.

use serde_json::{Value, json};
use taizhang::documents::demo;
use taizhang::id::Kind;

use super::lists_scene::{Scene, done, gid, refused, run};

const FIELDS: &str = "taskList { id title year status version } importedBefore taskCount sectionCount questionCount questions { number kind printed text candidates proposal }";

/// A small document of the demo place.
pub fn small(tasks: Value) -> Value {
    json!({ "format": "taizhang-list/1", "title": null, "year": 2026, "issuer": null,
        "sections": [{ "path": ["一"], "title": "公开" }, { "path": ["一", "（一）"], "title": "细目" }], "tasks": tasks })
}

pub fn item(number: &str, assignments: Value) -> Value {
    json!({ "number": number, "sectionPath": ["一", "（一）"], "requirement": "公开目录。", "assignments": assignments })
}

#[tokio::test]
async fn the_demo_list_comes_in_once_and_with_few_statements() {
    let s = Scene::new().await;
    let dry = s.import(s.root, demo::LIST_2026, true).await.unwrap().unwrap();
    assert_eq!((dry.list, dry.tasks, dry.sections), (None, 26, 8));
    assert_eq!(s.office.data("{ taskLists { totalCount } }", json!({})).await["taskLists"]["totalCount"], 0);

    let caller = s.caller(&s.office).await;
    let document = taizhang::documents::list_json::read(demo::LIST_2026).unwrap();
    let input = taizhang::service::import::TaskListImport {
        issuer: s.root,
        read: document.into(),
        title: None,
        support_reports: true,
        dry_run: false,
    };
    let before = s.t.service.store().statements();
    let first = s.t.service.task_list_import(&caller, Some("key".into()), input.clone()).await.unwrap().unwrap();
    let statements = s.t.service.store().statements() - before;
    assert!(statements <= 21, "{statements} statements for 26 tasks");
    assert!(!first.before);
    assert_eq!(first.questions.len(), 1);
    let replayed = s.t.service.task_list_import(&caller, Some("key".into()), input).await.unwrap().unwrap();
    assert_eq!(replayed, first);
    let again = s.import(s.root, demo::LIST_2026, false).await.unwrap().unwrap();
    assert_eq!((again.before, again.list), (true, first.list));

    let id = gid(Kind::TaskList, first.list.unwrap());
    let query = "query($id: ID!) { taskLists { totalCount } taskList(id: $id) { status supportReports
        sections { totalCount }
        all: tasks(first: 2) { totalCount nodes { number section { label } dueOn assignments { nodes { name role target unit { name } unitGroup { name } } } deadlines { nodes { source } } } }
        asking: tasks(filter: { needsReview: true }) { nodes { number reviewNote } } } }";
    let data = s.office.data(query, json!({ "id": id })).await;
    assert_eq!(data["taskLists"]["totalCount"], 1);
    let list = &data["taskList"];
    assert_eq!((&list["status"], &list["supportReports"]), (&json!("DRAFT"), &json!(true)));
    assert_eq!((&list["sections"]["totalCount"], &list["all"]["totalCount"]), (&json!(8), &json!(26)));
    let task = &list["all"]["nodes"][0];
    assert_eq!(
        task["assignments"]["nodes"][0],
        json!({ "name": "市发改局", "role": "LEAD", "target": "UNIT", "unit": { "name": "云汀市发展和改革局" }, "unitGroup": null })
    );
    assert_eq!(task["assignments"]["nodes"][1]["unitGroup"]["name"], "市政府各部门");
    assert_eq!(task["deadlines"]["nodes"], json!([{ "source": "COLUMN" }, { "source": "TEXT" }]));
    assert_eq!(list["asking"]["nodes"][0]["number"], "26");
}

#[tokio::test]
async fn small_lists_come_in_through_the_api() {
    let s = Scene::new().await;
    let issuer = gid(Kind::Unit, s.root);
    let import = async |content: String, more: Value| {
        let mut input = json!({ "issuer": issuer, "content": content });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        s.run("taskListImport", "TaskListImportInput", FIELDS, None, input).await
    };
    let tasks = json!([
        item(
            "1",
            json!([{ "name": "市教育局", "role": "RESPONSIBLE", "target": "GROUP" }, { "name": "各街道", "role": "RESPONSIBLE", "target": "UNIT" }])
        ),
        item("2", json!([{ "name": "无此局", "role": "LEAD", "target": "UNIT" }])),
        item(
            "3",
            json!([{ "name": "市司法局", "role": "RESPONSIBLE", "target": "UNIT" }, { "name": "云汀市司法局", "role": "LEAD", "target": "UNIT" }])
        ),
    ]);
    let document = small(tasks);
    let payload = import(document.to_string(), json!({ "dryRun": true })).await;
    assert!(done(&payload)["taskList"].is_null());
    assert_eq!(payload["taskCount"], 3);
    assert_eq!(payload["questions"][0]["number"], "2");
    let question = &payload["questions"][0];
    assert_eq!((&question["kind"], &question["printed"]), (&json!("UNKNOWN_NAME"), &json!("无此局")));
    assert!(question["text"].as_str().unwrap().contains("没有这个名称"));
    let payload = import(document.to_string(), json!({})).await;
    assert_eq!(done(&payload)["taskList"]["title"], "2026年云汀市（虚构）政务公开重点工作任务清单");
    let id = payload["taskList"]["id"].clone();
    let query = "query($id: ID!) { taskList(id: $id) { sections { nodes { label parent { label } } }
        tasks { nodes { number needsReview assignments { nodes { name role target unit { code } unitGroup { code } } } } } } }";
    let data = s.office.data(query, json!({ "id": id })).await;
    let tasks = data["taskList"]["tasks"]["nodes"].as_array().unwrap();
    assert_eq!(
        tasks[0]["assignments"]["nodes"],
        json!([
            { "name": "市教育局", "role": "RESPONSIBLE", "target": "UNIT", "unit": { "code": "yunting.jyj" }, "unitGroup": null },
            { "name": "各街道", "role": "RESPONSIBLE", "target": "GROUP", "unit": null, "unitGroup": { "code": "yunting.g.jiedao" } },
        ])
    );
    assert_eq!((&tasks[1]["needsReview"], &tasks[1]["assignments"]["nodes"][0]["unit"]), (&json!(true), &Value::Null));
    assert_eq!(tasks[2]["assignments"]["nodes"].as_array().unwrap().len(), 1, "the stronger role is in force");
    assert_eq!(tasks[2]["assignments"]["nodes"][0]["role"], "LEAD");
    assert_eq!(data["taskList"]["sections"]["nodes"][1]["parent"]["label"], "一");

    let mut spaced = serde_json::to_string_pretty(&document).unwrap();
    spaced.push('\n');
    let again = import(spaced, json!({})).await;
    assert_eq!((&done(&again)["importedBefore"], &again["taskList"]["id"]), (&json!(true), &id));
    let payload = import(document.to_string(), json!({ "year": 2027, "title": "另一年" })).await;
    assert_eq!((&done(&payload)["taskList"]["year"], &payload["taskList"]["title"]), (&json!(2027), &json!("另一年")));
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_said_and_nothing_comes_in() {
    let s = Scene::new().await;
    let issuer = gid(Kind::Unit, s.root);
    let import = async |content: &str, more: Value| {
        let mut input = json!({ "issuer": issuer, "content": content });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        s.run("taskListImport", "TaskListImportInput", FIELDS, None, input).await
    };
    refused(&import("{", json!({})).await, "INVALID_FORMAT", "input.content");
    let mut document = small(json!([item("1", json!([]))]));
    document.as_object_mut().unwrap().remove("year");
    let payload = import(&document.to_string(), json!({})).await;
    refused(&payload, "INVALID_FORMAT", "input.content");
    assert!(payload["userErrors"][0]["message"].as_str().unwrap().starts_with("year："));
    refused(&import(&document.to_string(), json!({ "year": 1800 })).await, "INVALID_FORMAT", "input.content");
    let good = import(&document.to_string(), json!({ "year": 2026, "dryRun": true })).await;
    assert_eq!(done(&good)["taskCount"], 1);
    let wrong =
        small(json!([item("1", json!([])), item("1", json!([{ "name": "x", "role": "BOSS", "target": "UNIT" }]))]));
    let payload = import(&wrong.to_string(), json!({})).await;
    let messages: Vec<&str> =
        payload["userErrors"].as_array().unwrap().iter().map(|e| e["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages.iter().any(|m| m.starts_with("tasks[1].assignments[0].role")), "{messages:?}");
    assert_eq!(s.office.data("{ taskLists { totalCount } }", json!({})).await["taskLists"]["totalCount"], 0);
}

#[tokio::test]
async fn only_the_office_imports() {
    let s = Scene::new().await;
    let content = small(json!([item("1", json!([]))])).to_string();
    let input = json!({ "issuer": gid(Kind::Unit, s.root), "content": content });
    for (who, client, _) in s.others().await {
        let code = if who == "foreign office" { "NOT_FOUND" } else { "FORBIDDEN" };
        let payload = run(&client, "taskListImport", "TaskListImportInput", FIELDS, None, input.clone()).await;
        assert_eq!(payload["userErrors"][0]["code"], code, "{who}");
        assert!(payload["taskList"].is_null(), "{who}");
    }
    assert_eq!(s.office.data("{ taskLists { totalCount } }", json!({})).await["taskLists"]["totalCount"], 0);
}

#[tokio::test]
async fn two_imports_at_once_make_one_list() {
    let s = Scene::new().await;
    let (one, two) = tokio::join!(s.import(s.root, demo::LIST_2026, false), s.import(s.root, demo::LIST_2026, false));
    let (one, two) = (one.unwrap().unwrap(), two.unwrap().unwrap());
    assert_eq!(one.list, two.list);
    assert_ne!(one.before, two.before, "one of them was first");
}
