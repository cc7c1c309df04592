//! Amendments: numbered versions of a list in force, with what was and what is, and who may know of it.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::amendments_stage::*;
use super::reports_stage::{Stage, act, close, codes, errors, full, id, input_of, save, text, uuid};

/// What somebody reads of the amendments: number and kinds.
async fn heard(client: &crate::support::Client, s: &Stage) -> Vec<(i64, Vec<String>)> {
    let all = amendments(client, s).await;
    let nodes = all["nodes"].as_array().unwrap();
    assert_eq!(all["totalCount"], nodes.len());
    nodes
        .iter()
        .map(|node| {
            let kinds: Vec<String> =
                node["changes"]["nodes"].as_array().unwrap().iter().map(|change| text(&change["kind"])).collect();
            assert_eq!(node["changes"]["totalCount"], kinds.len());
            (node["number"].as_i64().unwrap(), kinds)
        })
        .collect()
}

#[tokio::test]
async fn one_amendment_with_everything() {
    let s = Stage::new().await;
    s.opened().await;
    let foreign = s.t.unit(s.t.service.store().roots().await.unwrap()[0].id, "yunting.sfj").await;
    let [task, lead, support] =
        [id(Kind::Task, s.task), id(Kind::Unit, s.lead_unit), seat(&s, s.task, s.support_unit).await];
    let changes = json!([
        { "addTask": { "number": "3", "requirement": "公开补充目录。", "deadline": { "kind": "ALL_YEAR", "text": "全年" },
            "assignments": [{ "role": "LEAD", "unit": lead }, { "role": "SUPPORT", "name": "云汀市司法局" }] } },
        { "changeTask": { "task": task, "title": "虚构任务甲", "deadline": { "kind": "MONTH_END", "text": "9月底前", "date": "2026-09-30" } } },
        { "addAssignment": { "task": task, "assignment": { "role": "RESPONSIBLE", "unit": id(Kind::Unit, foreign), "scopeNote": "负责规章" } } },
        { "withdrawAssignment": { "assignment": support } },
    ]);
    let input = json!({ "expectedVersion": 1, "reason": " 上级要求调整 ", "documentNumber": "虚构〔2026〕1号", "changes": changes });
    let before = s.count("outbox WHERE topic = 'task_list.amended'").await;
    let done = amend_with(&s.office, &s, input.clone(), Some("调")).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["amendment"]["number"], 1);
    assert_eq!(done["amendment"]["reason"], "上级要求调整");
    assert_eq!(done["taskList"]["version"], 2);
    let rows_after = rows(&s).await;
    assert_eq!(amend_with(&s.office, &s, input, Some("调")).await, done, "the same key does it once");
    assert_eq!(rows(&s).await, rows_after);

    // The office reads everything, in the order it was made, with what was and what is.
    let all = amendments(&s.office, &s).await;
    let changes = all["nodes"][0]["changes"]["nodes"].as_array().unwrap();
    let kinds: Vec<&str> = changes.iter().map(|c| c["kind"].as_str().unwrap()).collect();
    let expected =
        ["ADD_TASK", "ADD_ASSIGNMENT", "ADD_ASSIGNMENT", "CHANGE_TASK", "ADD_ASSIGNMENT", "WITHDRAW_ASSIGNMENT"];
    assert_eq!(kinds, expected);
    assert_eq!((&changes[0]["before"], &changes[0]["after"]["dueOn"]), (&Value::Null, &json!("2026-12-31")));
    let (change, gone) = (&changes[3], &changes[5]);
    assert_eq!(change["before"]["title"], "虚构任务1");
    assert_eq!(change["after"]["title"], "虚构任务甲");
    let title = json!({ "field": "TITLE", "segments": [
        { "change": "EQUAL", "text": "虚构任务" }, { "change": "DELETE", "text": "1" }, { "change": "INSERT", "text": "甲" } ] });
    let deadline = json!({ "field": "DEADLINE", "segments": [{ "change": "INSERT", "text": "9月底前" }] });
    assert_eq!(change["redline"], json!([title, deadline]));
    assert_eq!((&gone["after"], &gone["before"]["role"]), (&Value::Null, &json!("SUPPORT")));
    assert_eq!(
        changes[4]["redline"][0]["segments"],
        json!([{ "change": "INSERT", "text": "云汀市司法局（负责规章）" }])
    );

    // Who stays reads what happens to the task, who goes that it goes, who comes that it comes.
    let one = |kinds: &[&str]| vec![(1, kinds.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>())];
    assert_eq!(heard(&s.inspector, &s).await, one(&expected));
    assert_eq!(heard(&s.lead, &s).await, one(&expected));
    assert_eq!(heard(&s.responsible, &s).await, one(&["CHANGE_TASK", "ADD_ASSIGNMENT", "WITHDRAW_ASSIGNMENT"]));
    let newcomer = ["ADD_TASK", "ADD_ASSIGNMENT", "ADD_ASSIGNMENT", "ADD_ASSIGNMENT"];
    assert_eq!(heard(&s.foreign, &s).await, one(&newcomer));
    assert_eq!(tasks(&s.support).await, [""; 0], "nothing of the task is seen any more");
    assert_eq!(tasks(&s.foreign).await, ["1", "3"]);
    assert_eq!(tasks(&s.lead).await, ["1", "3"]);
    let node = json!({ "id": all["nodes"][0]["id"] });
    let query = "query($id: ID!) { node(id: $id) { ... on Amendment { changes { nodes { kind unit { id } } } } } }";
    let told = s.support.data(query, node.clone()).await["node"]["changes"]["nodes"].clone();
    assert_eq!(told, json!([{ "kind": "WITHDRAW_ASSIGNMENT", "unit": { "id": id(Kind::Unit, s.support_unit) } }]));
    assert!(s.admin.data(query, node).await["node"].is_null());

    // New assignments owe in the open period; supporting ones don't, as the list says.
    let unit = |unit| id(Kind::Unit, unit);
    let mut expected = vec![
        ("1".to_owned(), unit(s.lead_unit)),
        ("1".to_owned(), unit(s.responsible_unit)),
        ("1".to_owned(), unit(foreign)),
        ("2".to_owned(), unit(s.responsible_unit)),
        ("3".to_owned(), unit(s.lead_unit)),
    ];
    expected.sort();
    assert_eq!(owed(&s.office).await, expected);

    // One audit row, and one notice per unit with identifiers only.
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'taskListAmend'").await, 1);
    assert_eq!(s.count("outbox WHERE topic = 'task_list.amended'").await - before, 4);
    assert_eq!(s.count("outbox WHERE topic = 'task_list.amended' AND CAST(payload AS TEXT) LIKE '%上级%'").await, 0);
}

#[tokio::test]
async fn a_task_that_is_withdrawn_leaves_the_lists_and_stays_in_the_history() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    // The responsible unit handed in, the lead wrote a draft, the supporting unit wrote nothing.
    let owed_one = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed_one), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let owed_two = s.owes(&period, s.lead_unit, s.task).await;
    save(&s.lead, full(&owed_two), None).await;

    let task = id(Kind::Task, s.task);
    let done = amend(&s, json!([{ "withdrawTask": { "task": task } }])).await;
    assert_eq!(errors(&done), []);
    let by_id = "query($id: ID!) { task(id: $id) { number status assignments { totalCount } } node(id: $id) { id } }";
    for client in [&s.lead, &s.support, &s.responsible] {
        let data = client.data(by_id, json!({ "id": task })).await;
        assert_eq!(data, json!({ "task": null, "node": null }));
    }
    assert_eq!(tasks(&s.responsible).await, ["2"]);
    assert_eq!(tasks(&s.office).await, ["2"], "it is listed no more");
    let data = s.office.data(by_id, json!({ "id": task })).await;
    assert_eq!(data["task"], json!({ "number": "1", "status": "WITHDRAWN", "assignments": { "totalCount": 0 } }));
    let list = "query($id: ID!) { taskList(id: $id) { tasks { totalCount nodes { number } } } }";
    let data = s.office.data(list, json!({ "id": id(Kind::TaskList, s.list) })).await;
    assert_eq!(data["taskList"]["tasks"], json!({ "totalCount": 1, "nodes": [{ "number": "2" }] }));

    // What was handed in stays for the office; the unit itself sees it no more. A draft is kept, and shown to nobody else.
    assert_eq!(s.sees(&s.office, &report).await.as_deref(), Some("SUBMITTED"));
    assert_eq!(s.sees(&s.responsible, &report).await, None);
    assert_eq!(s.sees(&s.lead, &report).await, None);
    assert_eq!((s.count("progress_report").await, s.count("report_obligation").await), (2, 4));
    assert_eq!(heard(&s.responsible, &s).await, [(1, vec!["WITHDRAW_TASK".to_owned()])]);

    // A number is not used again, and what is withdrawn is not amended.
    let before = rows(&s).await;
    let units = json!([{ "role": "LEAD", "unit": id(Kind::Unit, s.lead_unit) }]);
    let again = json!([
        { "addTask": { "number": "1", "requirement": "虚构", "assignments": units } },
        { "withdrawTask": { "task": task } },
        { "changeTask": { "task": task, "title": "改" } },
        { "addAssignment": { "task": task, "assignment": units[0] } },
    ]);
    let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let expected = [
        at("DUPLICATE", "input.changes.0.number"),
        at("NOT_FOUND", "input.changes.1.task"),
        at("NOT_FOUND", "input.changes.2.task"),
        at("NOT_FOUND", "input.changes.3.task"),
    ];
    assert_eq!(errors(&amend(&s, again).await), expected);
    assert_eq!(rows(&s).await, before);
}

#[tokio::test]
async fn everything_wrong_is_said_at_once_and_nothing_happens() {
    let s = Stage::new().await;
    let task = id(Kind::Task, s.task);
    let [lead, support] = [seat(&s, s.task, s.lead_unit).await, seat(&s, s.task, s.support_unit).await];
    let elsewhere = id(Kind::Assignment, s.t.ids.next());
    let before = rows(&s).await;
    let changes = json!([
        { "addTask": { "number": " ", "assignments": [{ "role": "LEAD", "name": "无此单位" }] } },
        { "addTask": { "number": "9", "requirement": "虚构", "assignments": [
            { "role": "SUPPORT", "unit": id(Kind::Unit, s.lead_unit) }, { "role": "LEAD", "name": "无此单位" } ] } },
        { "changeTask": { "task": task, "title": "虚构任务1" } },
        { "changeTask": { "task": task, "title": null } },
        { "addAssignment": { "task": task, "assignment": { "role": "SUPPORT", "unit": id(Kind::Unit, s.lead_unit) } } },
        { "withdrawAssignment": { "assignment": support } },
        { "withdrawAssignment": { "assignment": support } },
        { "withdrawAssignment": { "assignment": elsewhere } },
        { "withdrawAssignment": { "assignment": lead } },
        { "withdrawAssignment": { "assignment": seat(&s, s.task, s.responsible_unit).await } },
    ]);
    let input = json!({ "expectedVersion": 1, "reason": "", "changes": changes });
    let refused = amend_with(&s.office, &s, input, None).await;
    let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let mut expected = vec![
        at("REQUIRED", "input.reason"),
        at("REQUIRED", "input.changes.0.number"),
        at("REQUIRED", "input.changes.0.requirement"),
        at("NOT_FOUND", "input.changes.1.assignments.1.name"),
        at("INVALID_STATE", "input.changes.2"),
        at("REQUIRED", "input.changes.3.requirement"),
        at("DUPLICATE", "input.changes.4.unit"),
        at("NOT_FOUND", "input.changes.6.assignment"),
        at("NOT_FOUND", "input.changes.7.assignment"),
        at("UNASSIGNED", "input.changes"),
        at("UNASSIGNED", "input.changes"),
    ];
    let mut said = errors(&refused);
    said.sort();
    expected.sort();
    assert_eq!(said, expected);
    assert_eq!((&refused["amendment"], &refused["taskList"]["version"]), (&Value::Null, &json!(1)));

    let gone = json!([{ "withdrawTask": { "task": task } }]);
    let stale = json!({ "expectedVersion": 2, "reason": "虚构", "changes": gone });
    assert_eq!(codes(&amend_with(&s.office, &s, stale, None).await), ["STALE"]);
    let fresh = json!({ "expectedVersion": 1, "reason": "虚构", "changes": gone });
    for (client, code) in
        [(&s.lead, "FORBIDDEN"), (&s.inspector, "FORBIDDEN"), (&s.foreign, "FORBIDDEN"), (&s.admin, "FORBIDDEN")]
    {
        assert_eq!(codes(&amend_with(client, &s, fresh.clone(), None).await), [code]);
    }
    let none = json!({ "expectedVersion": 1, "reason": "虚构", "changes": [] });
    assert_eq!(errors(&amend_with(&s.office, &s, none, None).await), [at("REQUIRED", "input.changes")]);
    let many = json!({ "expectedVersion": 1, "reason": "虚构", "changes": vec![gone[0].clone(); 101] });
    assert_eq!(errors(&amend_with(&s.office, &s, many, None).await), [at("LIMIT", "input.changes")]);
    assert_eq!(rows(&s).await, before);
    // Two in one are no change at all: a mistake of the client's.
    let both = json!({ "expectedVersion": 1, "reason": "虚构", "changes": [{ "withdrawTask": { "task": task }, "changeTask": { "task": task } }] });
    let query = "mutation($id: ID!, $input: TaskListAmendInput!) { taskListAmend(id: $id, input: $input) { userErrors { code } } }";
    let answer = s.office.answer(query, json!({ "id": id(Kind::TaskList, s.list), "input": both })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert_eq!(rows(&s).await, before);
}

#[tokio::test]
async fn a_unit_that_changes_its_role_keeps_what_it_wrote() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let change = |seat: String| {
        json!([
            { "withdrawAssignment": { "assignment": seat } },
            { "addAssignment": { "task": id(Kind::Task, s.task), "assignment": { "role": "LEAD", "unit": id(Kind::Unit, s.responsible_unit) } } },
        ])
    };
    assert_eq!(errors(&amend(&s, change(seat(&s, s.task, s.responsible_unit).await)).await), []);
    assert_eq!(s.owes(&period, s.responsible_unit, s.task).await, owed, "the same obligation");
    assert_eq!(s.sees(&s.responsible, &report).await.as_deref(), Some("DRAFT"));
    assert_eq!(amend(&s, change(seat(&s, s.task, s.responsible_unit).await)).await["amendment"]["number"], 2);
    let newest = amendments(&s.office, &s).await["nodes"][0]["number"].clone();
    assert_eq!(newest, 2, "the latest comes first");
}

#[tokio::test]
async fn who_joins_a_group_later_is_shown_and_taken_over_on_purpose() {
    let s = Stage::new().await;
    s.opened().await;
    let foreign = s.t.unit(s.t.service.store().roots().await.unwrap()[0].id, "yunting.sfj").await;
    let unit = |unit| id(Kind::Unit, unit);
    let create = "mutation($input: UnitGroupCreateInput!) { unitGroupCreate(input: $input) { unitGroup { id version } userErrors { code message field } } }";
    let input = json!({ "code": "xz", "name": "虚构各乡镇", "members": [unit(s.lead_unit)] });
    let group = s.both.payload(create, json!({ "input": input })).await["unitGroup"].clone();
    let task = number_two(&s).await;
    let add = json!([{ "addAssignment": { "task": id(Kind::Task, task), "assignment": { "role": "RESPONSIBLE", "group": group["id"] } } }]);
    assert_eq!(errors(&amend(&s, add).await), []);
    assert_eq!(tasks(&s.lead).await, ["1", "2"], "a group becomes its members at once");

    s.t.clock.advance(chrono::TimeDelta::days(3));
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let both = s.t.sign_in(s.both.user.unwrap()).await;
    let update = "mutation($id: ID!, $input: UnitGroupUpdateInput!) { unitGroupUpdate(id: $id, input: $input) { userErrors { code message field } } }";
    let members = json!({ "expectedVersion": 1, "members": [unit(s.lead_unit), unit(s.support_unit), unit(foreign)] });
    assert_eq!(errors(&both.payload(update, json!({ "id": group["id"], "input": members })).await), []);
    let query = "query($id: ID!) { task(id: $id) { assignments(filter: { target: { eq: GROUP } }) { nodes { id addedSince { id } } } } }";
    let shown =
        office.data(query, json!({ "id": id(Kind::Task, task) })).await["task"]["assignments"]["nodes"][0].clone();
    let mut since: Vec<String> = shown["addedSince"].as_array().unwrap().iter().map(|u| text(&u["id"])).collect();
    let mut expected = vec![unit(s.support_unit), unit(foreign)];
    since.sort();
    expected.sort();
    assert_eq!(since, expected);
    let support = s.t.sign_in(s.support.user.unwrap()).await;
    assert_eq!(tasks(&support).await, ["1"], "joining a group changes no list by itself");

    let take = "mutation($id: ID!, $input: AssignmentGroupTakeOverInput!) { assignmentGroupTakeOver(id: $id, input: $input) { amendment { number } taskList { version } userErrors { code message field } } }";
    let input = |units: Vec<String>| json!({ "id": shown["id"], "input": { "expectedVersion": 2, "reason": "新入组", "units": units } });
    let before = rows(&s).await;
    let refused = office.payload(take, input(vec![unit(s.responsible_unit), unit(s.lead_unit)])).await;
    let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert_eq!(errors(&refused), [at("INVALID_STATE", "input.units.0"), at("DUPLICATE", "input.units.1")]);
    assert_eq!(codes(&support.payload(take, input(vec![unit(s.support_unit)])).await), ["FORBIDDEN"]);
    assert_eq!(rows(&s).await, before);

    let done = office.payload(take, input(vec![unit(s.support_unit)])).await;
    assert_eq!(errors(&done), []);
    assert_eq!((&done["amendment"]["number"], &done["taskList"]["version"]), (&json!(2), &json!(3)));
    assert_eq!(tasks(&support).await, ["1", "2"]);
    let shown =
        office.data(query, json!({ "id": id(Kind::Task, task) })).await["task"]["assignments"]["nodes"][0].clone();
    assert_eq!(shown["addedSince"], json!([{ "id": unit(foreign) }]));
    assert!(owed(&office).await.contains(&("2".to_owned(), unit(s.support_unit))));
    assert_eq!(uuid(&unit(foreign)), foreign);
}

/// Everything that says who still owes something, as the office and the unit see it.
async fn owing(s: &Stage, period: &str) -> Value {
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let unit = s.t.sign_in(s.responsible.user.unwrap()).await;
    let query = "query($period: ID!, $unit: ID!) {
        missingReports(first: 50) { totalCount nodes { unit { id } } }
        reportingStatus { totals { expected missing returned overdue late received accepted } }
        past: reportingStatus(asOf: \"2026-07-12\") { totals { expected missing returned } }
        reportingPeriod(id: $period) { rollUp { expected missing returned received } closeGate { missingCount returnedCount submittedCount
            outstanding { totalCount } canClose { allowed } } }
        reportingMatrix(period: $period) { nodes { cells { unitId } } }
        reportObligations(filter: { unit: { eq: $unit } }) { nodes { releasedAt task { number } due { on state daysOverdue } report { status } } } }";
    let ids = json!({ "period": period, "unit": id(Kind::Unit, s.responsible_unit) });
    let mut all = office.data(query, ids).await;
    let mine = "{ viewer { work { counts { toReport returned overdue } returned { totalCount } } } }";
    all["unit"] = unit.data(mine, json!({})).await["viewer"]["work"].take();
    all
}

#[tokio::test]
async fn what_was_returned_is_owed_no_more_when_its_assignment_is_withdrawn() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    act(&s.office, "Return", &report, input_of("Return", 2), None).await;
    s.t.clock.set("2026-07-13T10:00:00+08:00".parse().unwrap());
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let before = owing(&s, &period).await;
    let totals = &before["reportingStatus"]["totals"];
    assert_eq!((&totals["expected"], &totals["returned"], &totals["overdue"]), (&json!(4), &json!(1), &json!(4)));
    assert_eq!(before["unit"]["counts"], json!({ "toReport": 1, "returned": 1, "overdue": 2 }));
    assert_eq!(before["missingReports"]["totalCount"], 4);

    // The unit stays on the second task, and in another role on the first one: it still sees what it wrote.
    let at = seat(&s, s.task, s.responsible_unit).await;
    let withdrawn = json!([{ "withdrawAssignment": { "assignment": at } }]);
    let input = json!({ "expectedVersion": 1, "reason": "虚构调整", "changes": withdrawn });
    assert_eq!(errors(&amend_with(&office, &s, input, None).await), []);
    let after = owing(&s, &period).await;
    let totals = &after["reportingStatus"]["totals"];
    assert_eq!((&totals["expected"], &totals["returned"], &totals["overdue"]), (&json!(3), &json!(0), &json!(3)));
    assert_eq!(after["past"], before["past"], "what stood then stood then");
    assert_eq!(after["unit"]["counts"], json!({ "toReport": 1, "returned": 0, "overdue": 1 }));
    assert_eq!(after["missingReports"]["totalCount"], 3);
    let sums = json!({ "expected": 3, "missing": 3, "returned": 0, "received": 0 });
    assert_eq!(after["reportingPeriod"]["rollUp"], sums);
    let gate = &after["reportingPeriod"]["closeGate"];
    assert_eq!((&gate["missingCount"], &gate["returnedCount"]), (&json!(3), &json!(0)));
    assert_eq!(gate["outstanding"]["totalCount"], 3);
    let cells = |all: &Value| -> usize {
        let rows = all["reportingMatrix"]["nodes"].as_array().unwrap();
        rows.iter().map(|row| row["cells"].as_array().unwrap().len()).sum()
    };
    assert_eq!((cells(&before), cells(&after)), (4, 3));
    let kept = after["reportObligations"]["nodes"].as_array().unwrap();
    let kept = kept.iter().find(|row| row["task"]["number"] == "1").unwrap();
    assert_eq!(kept["report"]["status"], "RETURNED", "what was written is not lost");
    assert_eq!(kept["due"], json!({ "on": null, "state": "NO_DATE", "daysOverdue": null }));
    assert!(kept["releasedAt"].is_string());

    // Nobody is urged about it, by hand or by a rule.
    let urge = "mutation($input: UrgeNoticeSendInput!) { urgeNoticeSend(input: $input) { userErrors { code message field } } }";
    let units = json!([id(Kind::Unit, s.responsible_unit)]);
    let sent = office.payload(urge, json!({ "input": { "period": period, "units": units, "grade": "BLUE" } })).await;
    assert_eq!(errors(&sent), []);
    assert_eq!(s.count("urge_notice_item").await, 1, "the second task only");
    let frozen = close(&office, &period, 1).await;
    assert_eq!(errors(&frozen), []);
    assert_eq!(frozen["reportingPeriod"]["rollUp"]["expected"], 3);
    let db = s.t.database.raw().await;
    let sql = sea_orm::Statement::from_string(
        sea_orm::ConnectionTrait::get_database_backend(&db),
        "SELECT roll_up FROM reporting_period",
    );
    let row = sea_orm::ConnectionTrait::query_one_raw(&db, sql).await.unwrap().unwrap();
    let frozen: Value = row.try_get("", "roll_up").unwrap();
    assert_eq!((&frozen["expected"], &frozen["missing"], &frozen["returned"]), (&json!(3), &json!(3), &json!(0)));
}

#[tokio::test]
async fn what_is_with_the_office_counts_on_and_a_unit_that_comes_back_owes_again() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let at = seat(&s, s.task, s.responsible_unit).await;
    assert_eq!(errors(&amend(&s, json!([{ "withdrawAssignment": { "assignment": at } }])).await), []);
    let sums = async || {
        let query = "query($id: ID!) { reportingPeriod(id: $id) { rollUp { expected received returned missing } } }";
        s.office.data(query, json!({ "id": period })).await["reportingPeriod"]["rollUp"].take()
    };
    assert_eq!(sums().await, json!({ "expected": 3, "received": 1, "returned": 0, "missing": 2 }));
    // Returned behind the amendment, it is nobody's any more.
    assert_eq!(errors(&act(&s.office, "Return", &report, input_of("Return", 2), None).await), []);
    assert_eq!(sums().await, json!({ "expected": 2, "received": 0, "returned": 0, "missing": 2 }));
    let back = json!([{ "addAssignment": { "task": id(Kind::Task, s.task), "assignment": { "role": "RESPONSIBLE", "unit": id(Kind::Unit, s.responsible_unit) } } }]);
    assert_eq!(errors(&amend(&s, back).await), []);
    assert_eq!(sums().await, json!({ "expected": 3, "received": 0, "returned": 1, "missing": 2 }));
    assert_eq!(s.sees(&s.responsible, &report).await.as_deref(), Some("RETURNED"));
}
