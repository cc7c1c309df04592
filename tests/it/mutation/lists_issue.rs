//! A list is put in force.

use std::path::PathBuf;

use entity::reporting_period;
use entity::vocabulary::{PeriodKind, PeriodStatus, Role};
use serde_json::{Value, json};
use taizhang::documents::demo;
use taizhang::id::Kind;
use taizhang::service::issue::Issue;

use super::lists_import::{item, small};
use super::lists_scene::{Scene, done, gid, refusals, refused};

const FIELDS: &str = "taskList { status issuedOn issuedAt documentNumber version }";

impl Scene {
    async fn issue(&self, list: &str, input: Value) -> Value {
        self.run("taskListIssue", "TaskListIssueInput", FIELDS, Some(list), input).await
    }

    /// The demo list, as a draft without questions.
    async fn demo_list(&self) -> String {
        let imported = self.import(self.root, demo::LIST_2026, false).await.unwrap().unwrap();
        let list = gid(Kind::TaskList, imported.list.unwrap());
        self.confirm_all(&list).await;
        list
    }

    async fn confirm_all(&self, list: &str) -> usize {
        let query = "query($id: ID!) { taskList(id: $id) { tasks(first: 200, filter: { needsReview: true }) { nodes { id version } } } }";
        let data = self.office.data(query, json!({ "id": list })).await;
        let asking = data["taskList"]["tasks"]["nodes"].as_array().unwrap();
        for task in asking {
            let input = json!({ "expectedVersion": task["version"] });
            let payload = self
                .run("taskConfirm", "VersionInput", "task { needsReview reviewNote }", task["id"].as_str(), input)
                .await;
            assert_eq!(done(&payload)["task"], json!({ "needsReview": false, "reviewNote": null }));
        }
        asking.len()
    }

    async fn one_task(&self, list: &str, number: &str) -> Value {
        let query = "query($id: ID!, $number: String!) { taskList(id: $id) { tasks(filter: { number: { eq: $number } }) { nodes { id version dueOn
            assignments(first: 100) { nodes { name role target unit { code } source { id } } } } } } }";
        self.office.data(query, json!({ "id": list, "number": number })).await["taskList"]["tasks"]["nodes"][0].clone()
    }
}

#[tokio::test]
async fn issuing_freezes_groups_and_resolves_days() {
    let s = Scene::new().await;
    let list = s.demo_list().await;
    let unit = s.somebody("liudu", Role::Reporter, "t.liudu").await;
    let query = "{ taskLists { totalCount } tasks { totalCount } }";
    assert_eq!(
        unit.data(query, json!({})).await,
        json!({ "taskLists": { "totalCount": 0 }, "tasks": { "totalCount": 0 } })
    );

    let version = s.version(&list).await;
    refused(&s.issue(&list, json!({ "expectedVersion": version - 1 })).await, "STALE", "expectedVersion");
    refused(
        &s.issue(&list, json!({ "expectedVersion": version, "issuedOn": "2032-01-01" })).await,
        "OUT_OF_RANGE",
        "input.issuedOn",
    );
    let issued = s.issue(&list, json!({ "expectedVersion": version, "documentNumber": "云政办〔2026〕8号" })).await;
    let issued = &done(&issued)["taskList"];
    assert_eq!((&issued["status"], &issued["issuedOn"]), (&json!("ISSUED"), &json!("2026-07-01")));
    assert_eq!((&issued["documentNumber"], &issued["version"]), (&json!("云政办〔2026〕8号"), &json!(version + 1)));

    assert_eq!(s.one_task(&list, "6").await["dueOn"], "2026-07-31", "30 days");
    assert_eq!(s.one_task(&list, "25").await["dueOn"], "2026-07-15", "10 working days");
    assert_eq!(s.one_task(&list, "8").await["dueOn"], "2026-12-31", "all year");
    assert_eq!(s.one_task(&list, "5").await["dueOn"], json!(null), "an application is no issue");

    let task = s.one_task(&list, "3").await;
    let rows = task["assignments"]["nodes"].as_array().unwrap();
    let printed: Vec<&Value> = rows.iter().filter(|row| row["source"].is_null()).collect();
    assert_eq!(printed.len(), 4, "printed rows stay");
    let frozen: Vec<&str> =
        rows.iter().filter(|row| !row["source"].is_null()).map(|row| row["unit"]["code"].as_str().unwrap()).collect();
    assert_eq!(frozen.len(), 6, "four townships and two streets");
    let lead = s.one_task(&list, "1").await;
    let fgj: Vec<&Value> = lead["assignments"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["unit"]["code"] == "yunting.fgj")
        .collect();
    assert_eq!(fgj.len(), 1, "a unit named as lead is not doubled by its group");
    assert_eq!(fgj[0]["role"], "LEAD");

    let seen = unit.data(query, json!({})).await;
    assert_eq!(seen["taskLists"]["totalCount"], 1);
    let groups = s
        .office
        .data("{ unitGroups(filter: { name: { eq: \"各乡镇人民政府\" } }) { nodes { id version } } }", json!({}))
        .await;
    let group = &groups["unitGroups"]["nodes"][0];
    let change = json!({ "expectedVersion": group["version"], "members": [] });
    done(&s.run("unitGroupUpdate", "UnitGroupUpdateInput", "unitGroup { id }", group["id"].as_str(), change).await);
    assert_eq!(s.one_task(&list, "3").await, task, "what was issued stays");
    assert_eq!(unit.data(query, json!({})).await, seen);

    let input = json!({ "taskList": list, "number": "99", "title": "x" });
    refused(&s.run("taskCreate", "TaskCreateInput", "task { id }", None, input).await, "INVALID_STATE", "");
    refused(&s.issue(&list, json!({ "expectedVersion": version + 1 })).await, "INVALID_STATE", "");
    let again = s.import(s.root, demo::LIST_2026, false).await.unwrap().unwrap();
    assert_eq!((again.before, gid(Kind::TaskList, again.list.unwrap())), (true, list.clone()));
    for (verb, status) in [("taskListClose", "CLOSED"), ("taskListArchive", "ARCHIVED")] {
        let input = json!({ "expectedVersion": s.version(&list).await });
        let payload = s.run(verb, "VersionInput", "taskList { status }", Some(&list), input).await;
        assert_eq!(done(&payload)["taskList"]["status"], status);
    }
}

#[tokio::test]
async fn a_list_with_an_open_period_is_not_closed() {
    let s = Scene::new().await;
    let list = s.demo_list().await;
    let version = s.version(&list).await;
    done(&s.issue(&list, json!({ "expectedVersion": version })).await);
    let mut period = reporting_period::Model {
        id: s.t.ids.next(),
        task_list_id: list.parse::<taizhang::id::GlobalId>().unwrap().uuid,
        kind: PeriodKind::Plain,
        label: "上半年".to_owned(),
        starts_on: "2026-01-01".parse().unwrap(),
        ends_on: "2026-06-30".parse().unwrap(),
        due_on: "2026-07-10".parse().unwrap(),
        grace_working_days: 0,
        first_due_on: None,
        status: PeriodStatus::Open,
        opened_at: s.t.service.clock().now(),
        closed_at: None,
        roll_up: None,
        version: 1,
        created_at: s.t.service.clock().now(),
        updated_at: s.t.service.clock().now(),
    };
    let tx = s.t.service.store().begin().await.unwrap();
    tx.insert::<reporting_period::Entity>(period.clone()).await.unwrap();
    tx.commit().await.unwrap();
    let input = json!({ "expectedVersion": version + 1 });
    let close =
        async || s.run("taskListClose", "VersionInput", "taskList { status }", Some(&list), input.clone()).await;
    let payload = close().await;
    refused(&payload, "INVALID_STATE", "");
    assert_eq!(payload["taskList"]["status"], "ISSUED");
    period.status = PeriodStatus::Closed;
    let tx = s.t.service.store().begin().await.unwrap();
    tx.update::<reporting_period::Entity>(period).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(done(&close().await)["taskList"]["status"], "CLOSED");
}

#[tokio::test]
async fn the_statements_do_not_grow_with_the_list() {
    let s = Scene::new().await;
    let mut counts = Vec::new();
    for tasks in [1, 60] {
        let assignments = json!([{ "name": "各乡镇", "role": "LEAD", "target": "GROUP" }]);
        let items: Vec<Value> = (1..=tasks).map(|n| item(&n.to_string(), assignments.clone())).collect();
        let text = small(json!(items)).to_string();
        let id = s.import(s.root, &text, false).await.unwrap().unwrap().list.unwrap();
        let caller = s.caller(&s.office).await;
        let before = s.t.service.store().statements();
        let issue = Issue { expected_version: 1, ..Issue::default() };
        s.t.service.task_list_issue(&caller, None, id, issue).await.unwrap().unwrap();
        counts.push(s.t.service.store().statements() - before);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 20, "{counts:?}");
}

#[tokio::test]
async fn every_reason_against_issuing_is_said_at_once() {
    let s = Scene::new().await;
    let empty = s.draft().await;
    refused(&s.issue(&empty, json!({ "expectedVersion": 1 })).await, "INVALID_STATE", "");
    let tasks = json!([
        item("1", json!([])),
        item("2", json!([{ "name": "无此局", "role": "LEAD", "target": "UNIT" }])),
        item("3", json!([{ "name": "相关单位", "role": "RESPONSIBLE", "target": "OPEN" }])),
        item("4", json!([{ "name": "市司法局", "role": "SUPPORT", "target": "UNIT" }])),
        item("5", json!([{ "name": "市教育局", "role": "LEAD", "target": "UNIT" }])),
    ]);
    let imported = s.import(s.root, &small(tasks).to_string(), false).await.unwrap().unwrap();
    let list = gid(Kind::TaskList, imported.list.unwrap());
    let jyj = s.unit("jyj").await;
    done(
        &s.run(
            "unitUpdate",
            "UnitUpdateInput",
            "unit { id }",
            Some(&jyj),
            json!({ "expectedVersion": 1, "active": false }),
        )
        .await,
    );
    let before = s.picture(&list).await;
    let payload = s.issue(&list, json!({ "expectedVersion": 1 })).await;
    let pairs: Vec<String> = refusals(&payload).into_iter().map(|(code, field)| format!("{code} {field}")).collect();
    assert_eq!(
        pairs,
        [
            "UNASSIGNED tasks.1",
            "INVALID_STATE tasks.2",
            "INVALID_STATE tasks.2",
            "UNASSIGNED tasks.3",
            "UNASSIGNED tasks.4",
            "INVALID_STATE tasks.5",
        ]
    );
    assert_eq!(s.picture(&list).await, before);

    // The answer to a question may be a new alias: then the task can be confirmed.
    let task = s.one_task(&list, "2").await;
    let confirm = async || {
        s.run("taskConfirm", "VersionInput", "task { version }", task["id"].as_str(), json!({ "expectedVersion": 1 }))
            .await
    };
    refused(&confirm().await, "INVALID_STATE", "tasks.2");
    let fgj = s.unit("fgj").await;
    done(
        &s.run(
            "unitUpdate",
            "UnitUpdateInput",
            "unit { id }",
            Some(&fgj),
            json!({ "expectedVersion": 1, "aliases": ["无此局"] }),
        )
        .await,
    );
    done(&confirm().await);
    assert_eq!(s.one_task(&list, "2").await["assignments"]["nodes"][0]["unit"]["code"], "yunting.fgj");
}

#[tokio::test]
async fn of_very_many_reasons_a_hundred_are_listed() {
    let s = Scene::new().await;
    let items: Vec<Value> = (1..=130).map(|n| item(&n.to_string(), json!([]))).collect();
    let imported = s.import(s.root, &small(json!(items)).to_string(), false).await.unwrap().unwrap();
    let list = gid(Kind::TaskList, imported.list.unwrap());
    let reasons = refusals(&s.issue(&list, json!({ "expectedVersion": 1 })).await);
    assert_eq!(reasons.len(), 101);
    assert_eq!(reasons[99], ("UNASSIGNED".into(), "tasks.100".into()));
    assert_eq!(reasons[100], ("LIMIT".into(), String::new()));
}

#[tokio::test]
async fn a_year_without_calendar_is_said() {
    let s = Scene::new().await;
    let mut task = item("1", json!([{ "name": "市教育局", "role": "LEAD", "target": "UNIT" }]));
    task["deadlineText"] = json!("清单发布后10个工作日内");
    task["deadline"] = json!({ "kind": "RELATIVE", "rule": { "event": "清单发布", "offset": 10, "unit": "workday" } });
    let mut document = small(json!([task]));
    document["year"] = json!(2031);
    let imported = s.import(s.root, &document.to_string(), false).await.unwrap().unwrap();
    let list = gid(Kind::TaskList, imported.list.unwrap());
    refused(
        &s.issue(&list, json!({ "expectedVersion": 1, "issuedOn": "2031-03-01" })).await,
        "INVALID_STATE",
        "tasks.1",
    );
}

#[tokio::test]
async fn of_two_who_issue_at_once_one_does() {
    let s = Scene::new().await;
    let list = s.demo_list().await;
    let version = s.version(&list).await;
    let input = json!({ "expectedVersion": version });
    let edit = json!({ "taskList": list, "number": "late", "title": "x" });
    let (one, two, late) = tokio::join!(
        s.issue(&list, input.clone()),
        s.issue(&list, input.clone()),
        s.run("taskCreate", "TaskCreateInput", "task { id }", None, edit)
    );
    let fine = |payload: &Value| payload["userErrors"] == json!([]);
    if fine(&late) {
        assert!(!fine(&one) && !fine(&two), "the list that was read is not the one there is");
    } else {
        assert_ne!(fine(&one), fine(&two), "{one} {two}");
        let frozen = s.one_task(&list, "3").await["assignments"]["nodes"].as_array().unwrap().len();
        assert_eq!(frozen, 10, "nothing twice");
    }
}

#[tokio::test]
async fn the_real_lists_come_in_and_are_issued() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/documents");
    let Ok(units) = std::fs::read_to_string(folder.join("units.json")) else {
        eprintln!("no ../shared/documents beside the repository: the real lists are not issued in this run");
        return;
    };
    let s = Scene::new().await;
    let names: Value = serde_json::from_str(&units).unwrap();
    let roots = s.t.places(&units).await;
    for (place, (_, root)) in names["jurisdictions"].as_array().unwrap().iter().zip(roots) {
        let name = place["list"][0].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join(format!("{name}.expected.json"))).unwrap();
        let office = s.t.user(name, root, &[(Role::Office, root)]).await;
        let imported = s.import_as(&office, root, &text, false).await.unwrap().unwrap();
        let list = gid(Kind::TaskList, imported.list.unwrap());
        let place = Scene { t: s.t.clone(), office, root };
        let expected: Value = serde_json::from_str(&text).unwrap();
        let asking = expected["tasks"].as_array().unwrap().iter().filter(|task| task["needsReview"] == true).count();
        assert_eq!(imported.questions.len(), asking, "{name}: {:?}", imported.questions);
        let day = format!("{}-06-15", expected["year"]);
        let issue = async || json!({ "expectedVersion": place.version(&list).await, "issuedOn": day });
        if asking > 0 {
            let payload = place.issue(&list, issue().await).await;
            assert!(refusals(&payload).iter().all(|(code, _)| code == "INVALID_STATE"), "{name}: {payload}");
            assert_eq!(place.confirm_all(&list).await, asking);
        }
        done(&place.issue(&list, issue().await).await);
        if name == "shulan-2024" {
            assert_eq!(place.one_task(&list, "74").await["dueOn"], "2024-07-15");
        }
    }
}
