//! Drafts: lists, sections, tasks and assignments by hand.

use entity::vocabulary::Role;
use serde_json::json;
use taizhang::id::Kind;

use super::lists_scene::{Scene, done, gid, refusals, refused, run, run_with_key};

const UNKNOWN: &str = "00000000-0000-7000-8000-000000000000";

#[tokio::test]
async fn a_list_is_started_changed_and_removed() {
    let s = Scene::new().await;
    let list = s.draft().await;
    let change = json!({ "expectedVersion": 1, "title": "新标题", "documentNumber": "云政办〔2026〕1号", "supportReports": true });
    let fields = "taskList { title documentNumber supportReports version status }";
    let payload = s.run("taskListUpdate", "TaskListUpdateInput", fields, Some(&list), change.clone()).await;
    assert_eq!(
        done(&payload)["taskList"],
        json!({ "title": "新标题", "documentNumber": "云政办〔2026〕1号", "supportReports": true, "version": 2, "status": "DRAFT" })
    );
    let payload = s.run("taskListUpdate", "TaskListUpdateInput", fields, Some(&list), change).await;
    refused(&payload, "STALE", "expectedVersion");
    assert_eq!(payload["taskList"]["version"], 2, "the current one is shown");
    let payload = s
        .run(
            "taskListUpdate",
            "TaskListUpdateInput",
            fields,
            Some(&list),
            json!({ "expectedVersion": 2, "year": 1999, "title": " " }),
        )
        .await;
    assert_eq!(
        refusals(&payload),
        [("OUT_OF_RANGE".into(), "input.year".into()), ("REQUIRED".into(), "input.title".into())],
        "everything at once"
    );
    s.task(&list, "1").await;
    let section = json!({ "taskList": list, "label": "一", "title": "公开" });
    done(&s.run("sectionCreate", "SectionCreateInput", "section { id }", None, section).await);
    for (verb, code) in [("taskListClose", "INVALID_STATE"), ("taskListArchive", "INVALID_STATE")] {
        let payload =
            s.run(verb, "VersionInput", "taskList { status }", Some(&list), json!({ "expectedVersion": 4 })).await;
        refused(&payload, code, "");
        assert_eq!(payload["taskList"]["status"], "DRAFT");
    }
    let fields = "deletedId taskList { id }";
    let payload = s.run("taskListDelete", "VersionInput", fields, Some(&list), json!({ "expectedVersion": 3 })).await;
    refused(&payload, "STALE", "expectedVersion");
    assert_eq!(payload["taskList"]["id"], json!(list));
    let payload = s.run("taskListDelete", "VersionInput", fields, Some(&list), json!({ "expectedVersion": 4 })).await;
    assert_eq!(done(&payload)["deletedId"], json!(list));
    let data =
        s.office.data("query($id: ID!) { taskList(id: $id) { id } tasks { totalCount } }", json!({ "id": list })).await;
    assert_eq!(data, json!({ "taskList": null, "tasks": { "totalCount": 0 } }));
}

#[tokio::test]
async fn only_the_office_at_or_above_the_issuer_starts_a_list() {
    let s = Scene::new().await;
    let zfb = s.unit("zfb").await;
    let input = |issuer: &str| json!({ "issuer": issuer, "year": 2026, "title": "清单" });
    let create = "taskListCreate";
    let (ty, fields) = ("TaskListCreateInput", "taskList { id issuer { id } }");
    let own = s.somebody("own", Role::Office, "zfb").await;
    let payload = run(&own, create, ty, fields, None, input(&zfb)).await;
    assert_eq!(done(&payload)["taskList"]["issuer"]["id"], json!(zfb));
    refused(&run(&own, create, ty, fields, None, input(&gid(Kind::Unit, s.root))).await, "FORBIDDEN", "");
    let before = s.office.data("{ taskLists { totalCount } }", json!({})).await;
    for (who, client, _) in s.others().await {
        let code = if who == "foreign office" { "NOT_FOUND" } else { "FORBIDDEN" };
        let payload = run(&client, create, ty, fields, None, input(&zfb)).await;
        assert_eq!(refusals(&payload)[0].0, code, "{who}");
        assert!(payload["taskList"].is_null(), "{who}");
    }
    assert_eq!(s.office.data("{ taskLists { totalCount } }", json!({})).await, before);
}

#[tokio::test]
async fn a_key_makes_a_repeated_call_one_call() {
    let s = Scene::new().await;
    let input = json!({ "issuer": gid(Kind::Unit, s.root), "year": 2026, "title": "清单" });
    let (verb, ty, fields) = ("taskListCreate", "TaskListCreateInput", "taskList { id }");
    let first = run_with_key(&s.office, verb, ty, fields, None, input.clone(), Some("k1")).await;
    let again = run_with_key(&s.office, verb, ty, fields, None, input.clone(), Some("k1")).await;
    assert_eq!(done(&first), done(&again));
    let mut other = input;
    other["title"] = json!("另一份");
    let payload = run_with_key(&s.office, verb, ty, fields, None, other, Some("k1")).await;
    refused(&payload, "CONFLICT", "idempotencyKey");
    let data = s.office.data("{ taskLists { totalCount } }", json!({})).await;
    assert_eq!(data["taskLists"]["totalCount"], 1);
}

#[tokio::test]
async fn drafts_and_everything_in_them_are_the_offices_alone() {
    let s = Scene::new().await;
    let list = s.draft().await;
    let task = s.task(&list, "1").await;
    let jyj = s.unit("jyj").await;
    let section = json!({ "taskList": list, "label": "一", "title": "公开" });
    let section = done(&s.run("sectionCreate", "SectionCreateInput", "section { id }", None, section).await)["section"]
        ["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let new = json!({ "task": task, "role": "RESPONSIBLE", "unit": jyj });
    let assignment = done(
        &s.run("assignmentCreate", "AssignmentCreateInput", "assignment { id name }", None, new.clone()).await,
    )["assignment"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let picture = s.picture(&list).await;
    let version = json!({ "expectedVersion": 1 });
    let cases = [
        (
            "taskListUpdate",
            "TaskListUpdateInput",
            Some(&list),
            json!({ "expectedVersion": 1, "title": "x" }),
            "taskList { id }",
        ),
        ("taskListDelete", "VersionInput", Some(&list), version.clone(), "deletedId taskList { id }"),
        ("taskListIssue", "TaskListIssueInput", Some(&list), version.clone(), "taskList { id }"),
        ("taskListClose", "VersionInput", Some(&list), version.clone(), "taskList { id }"),
        ("taskListArchive", "VersionInput", Some(&list), version.clone(), "taskList { id }"),
        (
            "sectionCreate",
            "SectionCreateInput",
            None,
            json!({ "taskList": list, "label": "二", "title": "x" }),
            "section { id }",
        ),
        (
            "sectionUpdate",
            "SectionUpdateInput",
            Some(&section),
            json!({ "expectedVersion": 1, "title": "x" }),
            "section { id }",
        ),
        ("sectionDelete", "VersionInput", Some(&section), version.clone(), "deletedId section { id }"),
        (
            "taskCreate",
            "TaskCreateInput",
            None,
            json!({ "taskList": list, "number": "2", "title": "x" }),
            "task { id }",
        ),
        ("taskUpdate", "TaskUpdateInput", Some(&task), json!({ "expectedVersion": 1, "title": "x" }), "task { id }"),
        ("taskDelete", "VersionInput", Some(&task), version.clone(), "deletedId task { id }"),
        ("taskConfirm", "VersionInput", Some(&task), version.clone(), "task { id }"),
        (
            "assignmentCreate",
            "AssignmentCreateInput",
            None,
            json!({ "task": task, "role": "LEAD", "name": "市司法局", "target": "UNIT" }),
            "assignment { id }",
        ),
        (
            "assignmentUpdate",
            "AssignmentUpdateInput",
            Some(&assignment),
            json!({ "expectedVersion": 1, "role": "LEAD" }),
            "assignment { id }",
        ),
        ("assignmentDelete", "VersionInput", Some(&assignment), version, "deletedId assignment { id }"),
    ];
    for (who, client, code) in s.others().await {
        for (verb, ty, id, input, fields) in &cases {
            let payload = run(&client, verb, ty, fields, id.map(String::as_str), input.clone()).await;
            assert_eq!(refusals(&payload)[0].0, *code, "{who} {verb}: {payload}");
            if code == "NOT_FOUND" {
                for (field, value) in payload.as_object().unwrap() {
                    assert!(field == "userErrors" || value.is_null(), "{who} {verb}: {payload}");
                }
            }
        }
    }
    assert_eq!(s.picture(&list).await, picture, "nothing changed");
    let absent = gid(Kind::TaskList, UNKNOWN.parse().unwrap());
    let payload =
        s.run("taskListDelete", "VersionInput", "deletedId", Some(&absent), json!({ "expectedVersion": 1 })).await;
    refused(&payload, "NOT_FOUND", "");
}

#[tokio::test]
async fn sections_form_a_tree() {
    let s = Scene::new().await;
    let list = s.draft().await;
    let mut ids = Vec::new();
    for (label, parent) in [("一", None), ("（一）", Some(0)), ("二", None)] {
        let parent = parent.map(|i: usize| ids[i]);
        let input = json!({ "taskList": list, "label": label, "title": format!("章{label}"), "parent": parent });
        let payload = s.run("sectionCreate", "SectionCreateInput", "section { id }", None, input).await;
        ids.push(Box::leak(done(&payload)["section"]["id"].as_str().unwrap().to_owned().into_boxed_str()) as &str);
    }
    let fields = "section { position parent { id } children { nodes { id } } }";
    let update = async |id: &str, input| s.run("sectionUpdate", "SectionUpdateInput", fields, Some(id), input).await;
    let same = json!({ "taskList": list, "label": "一", "title": "又一个" });
    refused(
        &s.run("sectionCreate", "SectionCreateInput", "section { id }", None, same).await,
        "DUPLICATE",
        "input.label",
    );
    refused(&update(ids[0], json!({ "expectedVersion": 1, "parent": ids[1] })).await, "CONFLICT", "input.parent");
    let moved = update(ids[1], json!({ "expectedVersion": 1, "parent": ids[2], "position": 0 })).await;
    assert_eq!(
        done(&moved)["section"],
        json!({ "position": 0, "parent": { "id": ids[2] }, "children": { "nodes": [] } })
    );
    let other = s.draft().await;
    let stranger = json!({ "taskList": other, "label": "三", "title": "x", "parent": ids[0] });
    refused(
        &s.run("sectionCreate", "SectionCreateInput", "section { id }", None, stranger).await,
        "NOT_FOUND",
        "input.parent",
    );

    // The closure is right when a unit sees exactly the headings above its task.
    let task = json!({ "taskList": list, "section": ids[1], "number": "1", "title": "任务" });
    let task = s.run("taskCreate", "TaskCreateInput", "task { id section { id } }", None, task).await;
    assert_eq!(done(&task)["task"]["section"]["id"], json!(ids[1]));
    let new = json!({ "task": task["task"]["id"], "role": "LEAD", "unit": s.unit("jyj").await });
    done(&s.run("assignmentCreate", "AssignmentCreateInput", "assignment { id }", None, new).await);
    for id in [ids[1], ids[2]] {
        let version = if id == ids[1] { 2 } else { 1 };
        let payload = s
            .run(
                "sectionDelete",
                "VersionInput",
                "deletedId section { id }",
                Some(id),
                json!({ "expectedVersion": version }),
            )
            .await;
        refused(&payload, "INVALID_STATE", "");
        assert_eq!(payload["section"]["id"], json!(id));
    }
    let issue = json!({ "expectedVersion": s.version(&list).await });
    done(&s.run("taskListIssue", "TaskListIssueInput", "taskList { id }", Some(&list), issue).await);
    let unit = s.somebody("jyj", Role::Reporter, "jyj").await;
    let seen =
        unit.data("query($id: ID!) { taskList(id: $id) { sections { nodes { id } } } }", json!({ "id": list })).await;
    assert_eq!(seen["taskList"]["sections"]["nodes"], json!([{ "id": ids[1] }, { "id": ids[2] }]));
    let payload =
        s.run("sectionDelete", "VersionInput", "deletedId", Some(ids[0]), json!({ "expectedVersion": 1 })).await;
    refused(&payload, "INVALID_STATE", "");
}

#[tokio::test]
async fn tasks_have_numbers_deadlines_and_places() {
    let s = Scene::new().await;
    let list = s.draft().await;
    let one = s.task(&list, "1").await;
    let (ty, fields) = ("TaskCreateInput", "task { id number position }");
    let bad = json!({ "taskList": list, "number": "1", "deadline": { "kind": "MONTH_END", "date": "2026-06-29" },
        "furtherDeadlines": [{ "kind": "RELATIVE" }] });
    assert_eq!(
        refusals(&s.run("taskCreate", ty, fields, None, bad).await),
        [
            ("DUPLICATE".into(), "input.number".into()),
            ("REQUIRED".into(), "input.requirement".into()),
            ("INVALID_FORMAT".into(), "input.deadline.date".into()),
            ("REQUIRED".into(), "input.furtherDeadlines.0.rule".into()),
        ]
    );
    let good = json!({ "taskList": list, "number": "2", "title": "任务", "position": 0,
        "deadline": { "kind": "MONTH_END", "text": "6月底前", "date": "2026-06-30" },
        "furtherDeadlines": [{ "kind": "RECURRING", "text": "每季度", "rule": { "every": ["quarter"], "minTimes": 1 } }] });
    let all = "task { id position version dueOn deadlines { nodes { kind text dueOn rule { every minTimes } } } taskList { version } }";
    let two = s.run("taskCreate", ty, all, None, good).await["task"].clone();
    assert_eq!(two["position"], 0);
    assert_eq!(two["deadlines"]["nodes"][1]["rule"], json!({ "every": ["quarter"], "minTimes": 1 }));
    assert_eq!(two["taskList"]["version"], 3, "a change below counts on the list's version");
    let data = s
        .office
        .data("query($id: ID!) { taskList(id: $id) { tasks { nodes { number } } } }", json!({ "id": list }))
        .await;
    assert_eq!(data["taskList"]["tasks"]["nodes"], json!([{ "number": "2" }, { "number": "1" }]));

    let id = two["id"].as_str().unwrap();
    let update = async |input| s.run("taskUpdate", "TaskUpdateInput", all, Some(id), input).await;
    let payload = update(json!({ "expectedVersion": 1, "deadline": null })).await;
    assert_eq!(done(&payload)["task"]["dueOn"], json!(null));
    assert_eq!(payload["task"]["deadlines"]["nodes"].as_array().unwrap().len(), 1, "the further one stays");
    refused(&update(json!({ "expectedVersion": 1, "number": "3" })).await, "STALE", "expectedVersion");
    refused(&update(json!({ "expectedVersion": 2, "number": "1" })).await, "DUPLICATE", "input.number");
    refused(&update(json!({ "expectedVersion": 2, "title": null })).await, "REQUIRED", "input.requirement");
    done(&update(json!({ "expectedVersion": 2, "number": "2" })).await);
    let nothing = s.run("taskConfirm", "VersionInput", "task { id }", Some(id), json!({ "expectedVersion": 3 })).await;
    refused(&nothing, "INVALID_STATE", "");
    let gone = s.run("taskDelete", "VersionInput", "deletedId", Some(&one), json!({ "expectedVersion": 1 })).await;
    assert_eq!(done(&gone)["deletedId"], json!(one));
}

#[tokio::test]
async fn assignments_name_units_groups_or_nobody_in_particular() {
    let s = Scene::new().await;
    let list = s.draft().await;
    let task = s.task(&list, "1").await;
    let (ty, fields) = ("AssignmentCreateInput", "assignment { id target name unit { id } unitGroup { name } }");
    let create = async |mut input: serde_json::Value| {
        input["task"] = json!(task);
        input["role"] = json!("RESPONSIBLE");
        s.run("assignmentCreate", ty, fields, None, input).await
    };
    let jyj = s.unit("jyj").await;
    let made = create(json!({ "target": "UNIT", "name": "市教育局" })).await;
    assert_eq!(done(&made)["assignment"]["unit"]["id"], json!(jyj));
    assert_eq!(made["assignment"]["name"], "市教育局", "as it was written");
    refused(&create(json!({ "unit": jyj })).await, "DUPLICATE", "input.unit");
    let group = create(json!({ "target": "GROUP", "name": "各乡镇" })).await;
    assert_eq!(done(&group)["assignment"]["unitGroup"]["name"], "各乡镇人民政府");
    done(&create(json!({ "target": "OPEN", "name": "相关单位" })).await);
    refused(&create(json!({ "target": "UNIT", "name": "各街道" })).await, "CONFLICT", "input.target");
    refused(&create(json!({ "target": "UNIT", "name": "无此局" })).await, "NOT_FOUND", "input.name");
    refused(&create(json!({ "target": "OPEN", "unit": jyj })).await, "CONFLICT", "input.target");
    refused(&create(json!({ "target": "UNIT" })).await, "REQUIRED", "input.name");
    refused(&create(json!({})).await, "REQUIRED", "input.target");
    let sfj = s.unit("sfj").await;
    done(
        &s.run(
            "unitUpdate",
            "UnitUpdateInput",
            "unit { id }",
            Some(&sfj),
            json!({ "expectedVersion": 1, "active": false }),
        )
        .await,
    );
    refused(&create(json!({ "unit": sfj })).await, "INVALID_STATE", "input.unit");

    let id = made["assignment"]["id"].as_str().unwrap();
    let fields = "assignment { role name version unit { id } }";
    let fgj = s.unit("fgj").await;
    let change = json!({ "expectedVersion": 1, "role": "LEAD", "unit": fgj });
    let changed = s.run("assignmentUpdate", "AssignmentUpdateInput", fields, Some(id), change.clone()).await;
    assert_eq!(
        done(&changed)["assignment"],
        json!({ "role": "LEAD", "name": "市教育局", "version": 2, "unit": { "id": fgj } })
    );
    refused(
        &s.run("assignmentUpdate", "AssignmentUpdateInput", fields, Some(id), change).await,
        "STALE",
        "expectedVersion",
    );
    let gone = s.run("assignmentDelete", "VersionInput", "deletedId", Some(id), json!({ "expectedVersion": 2 })).await;
    assert_eq!(done(&gone)["deletedId"], json!(id));
    done(&create(json!({ "unit": fgj })).await);
}
