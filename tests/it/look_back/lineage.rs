//! Open tasks go on in next year's list; tasks of a list above go on in a unit's own.

use entity::vocabulary::{DeadlineKind, Role};
use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::*;

const LINES: &str =
    "taskList { version } outcomes { task { id number title requirement responsibilityText needsReview reviewNote dueOn
    deadlines { nodes { kind text dueOn } } assignments { nodes { name role target unit { id } } }
    origins { totalCount nodes { kind reason origin { id } } } } userErrors { code message field } }";

async fn go_on(client: &Client, verb: &str, draft: &str, version: i64, items: Value) -> Value {
    let kind = format!("TaskList{verb}Input");
    let input = json!({ "expectedVersion": version, "items": items });
    change(client, &format!("taskList{verb}"), &kind, LINES, draft, input).await
}

/// A draft of a unit for a year.
pub async fn draft(client: &Client, issuer: Uuid, year: i32) -> String {
    let input = json!({ "issuer": id(Kind::Unit, issuer), "year": year, "title": "虚构后续清单" });
    let payload = make(client, "taskListCreate", "taskList { id }", input).await;
    assert_eq!(errors(&payload), []);
    text(&payload["taskList"]["id"])
}

pub async fn issuer(s: &Stage) -> Uuid {
    let data = s
        .office
        .data("query($id: ID!) { taskList(id: $id) { issuer { id } } }", json!({ "id": id(Kind::TaskList, s.list) }))
        .await;
    uuid(&text(&data["taskList"]["issuer"]["id"]))
}

fn outcomes(payload: &Value) -> Vec<Vec<(String, String)>> {
    payload["outcomes"].as_array().unwrap().iter().map(errors).collect()
}

fn carry(task: Uuid, reason: &str) -> Value {
    json!({ "task": id(Kind::Task, task), "reason": reason })
}

#[tokio::test]
async fn open_tasks_go_on_with_everything_about_them() {
    let s = stage().await;
    time(&s, s.second, 1, DeadlineKind::FixedDate, Some("2026年6月1日"), Some("2026-06-01")).await;
    let draft_id = draft(&s.office, issuer(&s).await, 2027).await;
    let items = json!([carry(s.task, "经费未到位"), carry(s.second, "持续推进"), carry(s.task, "再来一次")]);
    let payload = go_on(&s.office, "CarryOver", &draft_id, 1, items).await;
    assert_eq!(errors(&payload), []);
    assert_eq!(outcomes(&payload)[..2], [vec![], vec![]]);
    assert_eq!(outcomes(&payload)[2], [("DUPLICATE".to_owned(), "task".to_owned())]);
    assert_eq!(payload["taskList"]["version"], 2);
    let first = &payload["outcomes"][0]["task"];
    assert_eq!((&first["number"], &first["title"]), (&json!("1"), &json!("虚构任务1")));
    // 5月底前 means the end of May of the new year; the words stay.
    assert_eq!(first["deadlines"]["nodes"], json!([{ "kind": "MONTH_END", "text": "5月底前", "dueOn": "2027-05-31" }]));
    assert_eq!(first["needsReview"], false);
    // Those in force, as printed: the one that was withdrawn is not among them.
    assert_eq!(first["assignments"]["nodes"].as_array().unwrap().len(), 4);
    let line = &first["origins"]["nodes"][0];
    let expected =
        json!({ "kind": "CARRIED_OVER", "reason": "经费未到位", "origin": { "id": id(Kind::Task, s.task) } });
    assert_eq!(*line, expected);
    // A day with a year of its own is not guessed at.
    let second = &payload["outcomes"][1]["task"];
    assert_eq!(second["needsReview"], true);
    assert!(text(&second["reviewNote"]).contains("2026年6月1日"));
    assert_eq!(second["deadlines"]["nodes"][1], json!({ "kind": "NONE", "text": "2026年6月1日", "dueOn": null }));

    let again = go_on(&s.office, "CarryOver", &draft_id, 2, json!([carry(s.task, "又一次")])).await;
    assert_eq!(outcomes(&again), [[("DUPLICATE".to_owned(), "task".to_owned())]]);
    assert_eq!(
        (
            s.count("task_lineage").await,
            s.count("audit_entry WHERE result = 'DONE' AND operation = 'taskListCarryOver'").await
        ),
        (2, 2)
    );
    // Units see neither the draft nor that their task goes on.
    let query = "query($id: ID!) { task(id: $id) { derived { totalCount nodes { task { number } } } } }";
    for (client, count) in [(&s.office, 1), (&s.inspector, 1), (&s.responsible, 0), (&s.lead, 0)] {
        let data = client.data(query, json!({ "id": id(Kind::Task, s.task) })).await;
        assert_eq!(data["task"]["derived"]["totalCount"], count);
    }
    // A draft that is thrown away takes the memory of it along.
    let gone =
        change(&s.office, "taskListDelete", "VersionInput", "deletedId", &draft_id, json!({ "expectedVersion": 2 }))
            .await;
    assert_eq!(errors(&gone), []);
    assert_eq!(s.count("task_lineage").await, 0);
}

#[tokio::test]
async fn units_see_where_their_task_comes_from_and_not_why() {
    let s = stage().await;
    let draft_id = draft(&s.office, issuer(&s).await, 2026).await;
    let payload = go_on(&s.office, "CarryOver", &draft_id, 1, json!([carry(s.task, "某单位未落实")])).await;
    let new = text(&payload["outcomes"][0]["task"]["id"]);
    let issue = json!({ "expectedVersion": 2 });
    let issued =
        change(&s.office, "taskListIssue", "TaskListIssueInput", "taskList { status }", &draft_id, issue).await;
    assert_eq!(errors(&issued), []);
    let query = "query($id: ID!) { task(id: $id) { origins { totalCount nodes { reason origin { id } } } } }";
    for (client, reason) in
        [(&s.office, json!("某单位未落实")), (&s.responsible, Value::Null), (&s.support, Value::Null)]
    {
        let data = client.data(query, json!({ "id": new })).await;
        let expected = json!([{ "reason": reason, "origin": { "id": id(Kind::Task, s.task) } }]);
        assert_eq!(data["task"]["origins"]["nodes"], expected);
    }
    assert!(s.foreign.data(query, json!({ "id": new })).await["task"].is_null());
}

#[tokio::test]
async fn what_is_done_stays_behind_and_a_finding_says_more_than_a_report() {
    let s = stage().await;
    let draft_id = draft(&s.office, issuer(&s).await, 2027).await;
    // The second task has one unit; its report is accepted as completed.
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.second).await;
    let mut full = full(&owed);
    (full["completion"], full["percent"]) = (json!("COMPLETED"), json!(100));
    let report = text(&save(&s.responsible, full, None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), []);
    let before = s.rows().await;
    let payload = go_on(&s.office, "CarryOver", &draft_id, 1, json!([carry(s.second, "没做完")])).await;
    assert_eq!(outcomes(&payload), [[("INVALID_STATE".to_owned(), "task".to_owned())]]);
    assert_eq!(s.rows().await, before, "nothing is done, nothing is kept");
    // Somebody looked, and it was on paper only.
    time(&s, s.second, 1, DeadlineKind::FixedDate, Some("6月1日"), Some("2026-06-01")).await;
    let begun = begin(&s, "回头看").await;
    let second = id(Kind::Task, s.second);
    for item in begun["lookBack"]["items"]["nodes"].as_array().unwrap() {
        let paper = item["task"]["id"] == second;
        let found = if paper { json!("DONE_ON_PAPER_ONLY") } else { json!("DONE") };
        let input = json!({ "expectedVersion": 1, "finding": found, "text": "看过" });
        assert_eq!(errors(&record(&s.office, &text(&item["id"]), input).await), []);
    }
    let refused = go_on(&s.office, "CarryOver", &draft_id, 1, json!([carry(s.second, "虚报")])).await;
    assert_eq!(outcomes(&refused), [[("INVALID_STATE".to_owned(), "task".to_owned())]], "the round is not finished");
    assert_eq!(errors(&finish(&s.office, &text(&begun["lookBack"]["id"]), 1).await), []);
    let payload =
        go_on(&s.office, "CarryOver", &draft_id, 1, json!([carry(s.second, "虚报"), carry(s.task, "")])).await;
    assert_eq!(
        outcomes(&payload),
        [vec![], vec![("INVALID_STATE".to_owned(), "task".to_owned()), ("REQUIRED".to_owned(), "reason".to_owned())]]
    );
    assert_eq!(payload["outcomes"][0]["task"]["number"], "2");
}

#[tokio::test]
async fn whose_tasks_go_where() {
    let s = stage().await;
    let own = issuer(&s).await;
    let draft_id = draft(&s.office, own, 2027).await;
    let elsewhere = draft(&s.both, s.lead_unit, 2027).await;
    let list = id(Kind::TaskList, s.list);
    let before = s.rows().await;
    let one = || json!([carry(s.task, "继续")]);
    for client in [&s.responsible, &s.lead, &s.inspector, &s.admin] {
        let payload = go_on(client, "CarryOver", &draft_id, 1, one()).await;
        assert_eq!(codes(&payload), ["FORBIDDEN"]);
    }
    assert_eq!(codes(&go_on(&s.office, "CarryOver", &elsewhere, 1, one()).await), ["NOT_FOUND"], "no list of its own");
    assert_eq!(
        outcomes(&go_on(&s.both, "CarryOver", &elsewhere, 1, one()).await),
        [[("CONFLICT".to_owned(), "task".to_owned())]]
    );
    assert_eq!(codes(&go_on(&s.office, "CarryOver", &list, 1, one()).await), ["INVALID_STATE"]);
    assert_eq!(codes(&go_on(&s.office, "CarryOver", &draft_id, 2, one()).await), ["STALE"]);
    let many: Vec<Value> = (0..101).map(|_| carry(s.task, "继续")).collect();
    assert_eq!(codes(&go_on(&s.office, "CarryOver", &draft_id, 1, json!(many)).await), ["LIMIT"]);
    let absent = json!([carry(s.t.ids.next(), "继续")]);
    assert_eq!(
        outcomes(&go_on(&s.office, "CarryOver", &draft_id, 1, absent).await),
        [[("NOT_FOUND".to_owned(), "task".to_owned())]]
    );
    let named = json!([{ "task": id(Kind::Task, s.task) }]);
    assert_eq!(
        outcomes(&go_on(&s.office, "Derive", &draft_id, 1, named).await),
        [[("CONFLICT".to_owned(), "task".to_owned())]]
    );
    assert_eq!(s.rows().await, before);
    // Numbers that are taken.
    let input = json!({ "taskList": draft_id, "number": "1", "title": "在先" });
    assert_eq!(errors(&make(&s.office, "taskCreate", "task { id }", input).await), []);
    let mut numbered = carry(s.second, "继续");
    numbered["number"] = json!("1");
    let payload = go_on(&s.office, "CarryOver", &draft_id, 2, json!([carry(s.task, "继续"), numbered])).await;
    assert_eq!(outcomes(&payload), [vec![], vec![("DUPLICATE".to_owned(), "number".to_owned())]]);
    assert_eq!(payload["outcomes"][0]["task"]["number"], "2");
}

#[tokio::test]
async fn a_unit_takes_up_what_it_was_given() {
    let s = stage().await;
    let unit = s.responsible_unit;
    let low = s.t.user("low", unit, &[(Role::Office, unit), (Role::Reporter, unit)]).await;
    let office_only = s.t.user("office-only", unit, &[(Role::Office, unit)]).await;
    let stranger_unit = s.support_unit;
    let stranger =
        s.t.user("stranger", stranger_unit, &[(Role::Office, stranger_unit), (Role::Reporter, stranger_unit)]).await;
    let own = draft(&low, unit, 2026).await;
    let items = || json!([{ "task": id(Kind::Task, s.task) }, { "task": id(Kind::Task, s.second), "number": "9" }]);
    let unseen = go_on(&office_only, "Derive", &own, 1, items()).await;
    let absent = vec![("NOT_FOUND".to_owned(), "task".to_owned())];
    assert_eq!(outcomes(&unseen), [absent.clone(), absent.clone()], "the office alone sees no list above");
    let payload = go_on(&low, "Derive", &own, 1, items()).await;
    assert_eq!(outcomes(&payload), [vec![], vec![]]);
    let first = &payload["outcomes"][0]["task"];
    assert_eq!((&first["title"], &first["dueOn"]), (&json!("虚构任务1"), &json!("2026-05-31")));
    assert_eq!(first["assignments"]["nodes"], json!([]), "who does it, the unit says");
    let line = json!([{ "kind": "DERIVED", "reason": null, "origin": { "id": id(Kind::Task, s.task) } }]);
    assert_eq!(first["origins"]["nodes"], line);
    assert_eq!(payload["outcomes"][1]["task"]["number"], "9");
    // Support is on the first task; the second is nothing to it.
    let other = draft(&stranger, stranger_unit, 2026).await;
    let payload = go_on(&stranger, "Derive", &other, 1, items()).await;
    assert_eq!(outcomes(&payload), [vec![], absent]);
    // The office of the root sees everything; a task that is not for this unit is not taken up for it.
    let third = draft(&s.both, s.t.unit(s.t.root(s.list).await, "yunting.czj").await, 2026).await;
    let payload = go_on(&s.both, "Derive", &third, 1, json!([{ "task": id(Kind::Task, s.second) }])).await;
    assert_eq!(outcomes(&payload), [[("CONFLICT".to_owned(), "task".to_owned())]]);
    // From above: the draft below is nobody's business, and the issuer of the upper list sees no lists beside it.
    let query = "query($id: ID!) { task(id: $id) { derived { totalCount } } }";
    for (client, count) in [(&low, 1), (&s.responsible, 0), (&s.lead, 0), (&s.office, 0), (&s.both, 2)] {
        let data = client.data(query, json!({ "id": id(Kind::Task, s.task) })).await;
        assert_eq!(data["task"]["derived"]["totalCount"], count);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_carry_the_same_task_over_one_does() {
    let s = stage().await;
    let draft_id = draft(&s.office, issuer(&s).await, 2027).await;
    let items = || json!([carry(s.task, "继续")]);
    let (one, two) = tokio::join!(
        go_on(&s.office, "CarryOver", &draft_id, 1, items()),
        go_on(&s.both, "CarryOver", &draft_id, 1, items())
    );
    let mut all = [codes(&one), codes(&two)];
    all.sort();
    assert_eq!(all, [vec![], vec!["STALE".to_owned()]]);
    assert_eq!(s.count("task_lineage").await, 1);
}

/// Two rounds may run side by side: the word of the one that was finished last holds, whichever was written later.
#[tokio::test]
async fn of_two_rounds_the_one_finished_last_counts() {
    let s = stage().await;
    let draft_id = draft(&s.office, issuer(&s).await, 2027).await;
    let (early, late) = (begin(&s, "先结束").await, begin(&s, "后结束").await);
    let later = |minute: u32| s.t.clock.set(format!("2026-07-01T01:0{minute}:00Z").parse().unwrap());
    for (minute, round, finding) in [(1, &late, "NOT_DONE"), (2, &early, "DONE")] {
        later(minute);
        for unit in [s.responsible_unit, s.lead_unit] {
            let input = json!({ "expectedVersion": 1, "finding": finding, "text": "看过" });
            assert_eq!(errors(&record(&s.office, &item_of(round, unit), input).await), []);
        }
    }
    let one = || json!([carry(s.task, "未完成")]);
    for (minute, round) in [(3, &early), (4, &late)] {
        later(minute);
        assert_eq!(errors(&finish(&s.office, &text(&round["lookBack"]["id"]), 1).await), []);
        let payload = go_on(&s.office, "CarryOver", &draft_id, 1, one()).await;
        let done = vec![("INVALID_STATE".to_owned(), "task".to_owned())];
        assert_eq!(outcomes(&payload), [if minute == 3 { done } else { vec![] }]);
    }
}

/// Headings come along, once, and under the headings of the draft where it has them.
#[tokio::test]
async fn a_task_stands_under_its_headings_in_the_new_list_too() {
    let s = stage().await;
    let section = async |list: &str, parent: Option<&str>, label: &str, title: &str| {
        let input = json!({ "taskList": list, "parent": parent, "label": label, "title": title });
        let made = make(&s.office, "sectionCreate", "section { id }", input).await;
        assert_eq!(errors(&made), []);
        text(&made["section"]["id"])
    };
    // The list of the stage is in force: its sections come from a draft like any other.
    let old = draft(&s.office, issuer(&s).await, 2027).await;
    let above = section(&old, None, "一", "虚构方面").await;
    let below = section(&old, Some(&above), "（一）", "虚构小项").await;
    let other = section(&old, Some(&above), "（二）", "虚构小项之二").await;
    let mut made = Vec::new();
    for (number, place) in [("1", &below), ("2", &below), ("3", &other)] {
        let input = json!({ "taskList": old, "section": place, "number": number, "title": "虚构事项", "requirement": "虚构要求。" });
        let task = make(&s.office, "taskCreate", "task { id }", input).await;
        assert_eq!(errors(&task), []);
        let task = text(&task["task"]["id"]);
        let input = json!({ "task": task, "role": "LEAD", "unit": id(Kind::Unit, s.lead_unit) });
        assert_eq!(errors(&make(&s.office, "assignmentCreate", "assignment { id }", input).await), []);
        made.push(task);
    }
    let version = s.office.data("query($id: ID!) { taskList(id: $id) { version } }", json!({ "id": old })).await;
    let input = json!({ "expectedVersion": version["taskList"]["version"], "issuedOn": "2026-06-20" });
    let issued = change(&s.office, "taskListIssue", "TaskListIssueInput", "taskList { status }", &old, input).await;
    assert_eq!(errors(&issued), []);

    let new = draft(&s.office, issuer(&s).await, 2028).await;
    // The second heading is there already under another label, and its label is taken by something else.
    let there = section(&new, None, "一", "另一方面").await;
    let version = s.office.data("query($id: ID!) { taskList(id: $id) { version } }", json!({ "id": new })).await;
    let pairs = s.count("section_closure").await;
    let items: Vec<Value> = made.iter().map(|task| json!({ "task": task, "reason": "尚未完成" })).collect();
    let done = go_on(&s.office, "CarryOver", &new, number(&version["taskList"]["version"]), json!(items)).await;
    assert_eq!((errors(&done), outcomes(&done)), (vec![], vec![vec![], vec![], vec![]]));
    let query = "query($id: ID!) { taskList(id: $id) { sections(first: 20) { nodes { id label title parent { title } tasks(first: 5) { nodes { number } } } } } }";
    let list = s.office.data(query, json!({ "id": new })).await;
    let shown: Vec<Value> = list["taskList"]["sections"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert!(one["title"] != "另一方面" || one["id"] == json!(there));
            json!([one["label"], one["title"], one["parent"]["title"], one["tasks"]["nodes"].as_array().unwrap().len()])
        })
        .collect();
    let expected = json!([
        ["一", "另一方面", null, 0],
        ["2", "虚构方面", null, 0],
        ["（一）", "虚构小项", "虚构方面", 2],
        ["（二）", "虚构小项之二", "虚构方面", 1],
    ]);
    assert_eq!(Value::Array(shown), expected);
    assert_eq!(s.count("section_closure").await - pairs, 1 + 2 + 2, "each with itself and with the one above it");
}
