//! What happens once in a year: the list is amended, parts are merged, units and people change, the year ends.

use serde_json::{Value, json};

use super::eyes::ADMINISTRATORS;
use super::ground::{Year, ask, done, int, refused, text, verb};
use super::model::{Key, Stands};
use super::spine::{Cast, plain_unit};

/// June: the list is amended while the period of May is open: a task comes, one changes its words, one goes.
pub async fn amended(y: &mut Year, cast: &Cast, span: usize) {
    // Somebody has reported on the task that goes, which stays, and somebody has not.
    let kept = {
        let owing: Vec<&Key> = y.books.owing().collect();
        let several = |task: &String| owing.iter().filter(|(t, _)| t == task).count() > 2;
        let free = |unit: &String| !y.signing.contains(unit) && ![&cast.late, &cast.asking].contains(&unit);
        let key = owing.iter().find(|(task, unit)| several(task) && free(unit));
        (*key.expect("a task with others")).clone()
    };
    let goes = kept.0.clone();
    y.report(span, &kept.1, |_| true).await;
    let office = y.office().await;
    let query = "taskList(id: $id) { tasks(first: 200) { nodes { id number requirement } } }";
    let nodes = ask(&office, query, &y.list).await["taskList"]["tasks"]["nodes"].take();
    let find = |number: &str| nodes.as_array().unwrap().iter().find(|n| n["number"] == number).unwrap().clone();
    let changed = y.books.owing().map(|(task, _)| task.clone()).find(|task| *task != goes).unwrap();
    let words = format!("{}（新增：每季度通报一次。）", text(&find(&changed)["requirement"]));
    let changes = json!([
        { "addTask": { "number": "补1", "requirement": "公开虚构补充事项。", "assignments": [
            { "role": "LEAD", "unit": y.unit_id(&cast.late) }, { "role": "RESPONSIBLE", "unit": y.unit_id(&cast.asking) } ] } },
        { "changeTask": { "task": find(&changed)["id"], "requirement": words } },
        { "withdrawTask": { "task": find(&goes)["id"] } },
    ]);
    let input = json!({ "expectedVersion": y.list_version().await, "reason": "上级年度要点调整", "changes": changes });
    let fields =
        "amendment { id number changes { nodes { kind task { number } redline { field segments { change text } } } } }";
    let amended = done(verb(&office, "taskListAmend", "TaskListAmendInput", Some(&y.list), input, fields).await);
    let amendment = &amended["amendment"];
    assert_eq!(amendment["number"], 2);
    let of = |kind: &str| amendment["changes"]["nodes"].as_array().unwrap().iter().find(|c| c["kind"] == kind).unwrap();
    let red = of("CHANGE_TASK")["redline"][0].clone();
    assert_eq!(red["field"], "REQUIREMENT");
    assert!(
        red["segments"]
            .as_array()
            .unwrap()
            .contains(&json!({ "change": "INSERT", "text": "（新增：每季度通报一次。）" })),
        "{red}"
    );

    // The books: who was on the task that went is on it no more; what was handed in stays owed, the rest is not.
    y.books.seats.retain(|(task, _), _| *task != goes);
    let owed = &mut y.books.spans[span].owed;
    owed.retain(|(task, unit), owed| *task != goes || (*unit == kept.1 && owed.report.is_some()));
    for (unit, role) in [(&cast.late, "LEAD"), (&cast.asking, "RESPONSIBLE")] {
        let key = ("补1".to_owned(), unit.clone());
        owed.insert(key.clone(), super::model::Owed::default());
        let lead = role == "LEAD";
        use entity::vocabulary::AssignmentRole::{Lead, Responsible};
        y.books.seats.insert(key, if lead { Lead } else { Responsible });
    }
    y.check_seats().await;
    y.compare(&office, Some(span), |_| true).await;
    y.compare(&office, None, |_| true).await;
    // A unit that was on it sees the task no more, and is told of the change.
    let gone = y.reporter(&kept.1).await;
    let task = ask(&gone, "task(id: $id) { id }", &text(&find(&goes)["id"])).await;
    assert!(task["task"].is_null());
    let heard =
        ask(&gone, "node(id: $id) { ... on Amendment { changes { nodes { kind } } } }", &text(&amendment["id"])).await;
    assert!(heard["node"]["changes"]["nodes"].as_array().unwrap().contains(&json!({ "kind": "WITHDRAW_TASK" })));
    // Nor does anybody else's report on it hinder the office.
    let left = y.books.report(span, &kept).clone();
    assert_eq!(y.reads(&office, &left.id).await["status"], "SUBMITTED");
    y.accept_all(span, &[]).await;
    y.close(span).await;
}

/// The second quarter's end: a lead merges what its co-units handed in; where several lead, one is named to report.
pub async fn merged(y: &mut Year, span: usize) {
    let office = y.office().await;
    let owing: Vec<Key> = y.books.owing().cloned().collect();
    let with_lead: Vec<String> = {
        let mut tasks: Vec<String> = owing.iter().map(|(task, _)| task.clone()).collect();
        tasks.dedup();
        let full =
            |task: &String| owing.iter().filter(|(t, _)| t == task).count() > 2 && !y.books.leads(task).is_empty();
        tasks.into_iter().filter(full).collect()
    };
    let Some(task) = with_lead.iter().find(|task| y.books.leads(task).len() > 1).or(with_lead.first()).cloned() else {
        return;
    };
    let leads = y.books.leads(&task);
    let lead = leads.iter().find(|unit| !y.signing.contains(unit)).unwrap().clone();
    let query = "taskList(id: $id) { tasks(first: 200) { nodes { id number version } } }";
    let nodes = ask(&office, query, &y.list).await["taskList"]["tasks"]["nodes"].take();
    let node = nodes.as_array().unwrap().iter().find(|n| n["number"] == json!(task)).unwrap().clone();
    if leads.len() > 1 {
        let input = json!({ "expectedVersion": node["version"], "unit": y.unit_id(&lead) });
        let named = verb(
            &office,
            "taskReportingLeadName",
            "TaskReportingLeadNameInput",
            node["id"].as_str(),
            input,
            "task { reportingLead { unit { code } } }",
        )
        .await;
        assert_eq!(done(named)["task"]["reportingLead"]["unit"]["code"], json!(lead));
    }
    // Its co-units first.
    let others: Vec<String> = owing
        .iter()
        .filter(|(t, unit)| *t == task && *unit != lead && !y.signing.contains(unit))
        .map(|(_, u)| u.clone())
        .collect();
    for unit in others.iter().take(4) {
        let nth = y.books.tasks(span, unit).iter().position(|t| *t == task).unwrap();
        y.report(span, unit, |n| n == nth).await;
    }
    let who = y.reporter(&lead).await;
    let obligation = y.owes(&who, span, &lead).await[&task].clone();
    let fields =
        "progressReport { id version narrative parts(first: 50) { totalCount nodes { narrative unit { code } } } }";
    let merged = done(
        verb(
            &who,
            "progressReportMerge",
            "ProgressReportMergeInput",
            None,
            json!({ "obligation": obligation }),
            fields,
        )
        .await,
    );
    let merged = &merged["progressReport"];
    let parts = merged["parts"]["nodes"].as_array().unwrap();
    let mut from: Vec<String> = parts.iter().map(|part| text(&part["unit"]["code"])).collect();
    let mut expected: Vec<String> = others.into_iter().take(4).collect();
    from.sort();
    expected.sort();
    assert_eq!(from, expected, "the parts stay under their units");
    for part in parts {
        assert!(text(&merged["narrative"]).contains(&text(&part["narrative"])));
    }
    // Completion is the lead's own to say.
    let input = json!({ "obligation": obligation, "expectedVersion": merged["version"], "completion": "SUBSTANTIAL", "percent": 60, "doneCount": y.counts(&who, span, &lead).await.get(&obligation) });
    let saved = done(
        verb(&who, "progressReportSave", "ProgressReportSaveInput", None, input, "progressReport { version }").await,
    );
    let report = super::model::Report {
        id: text(&merged["id"]),
        version: int(&saved["progressReport"]["version"]),
        stands: Stands::Draft,
        completion: "SUBSTANTIAL",
        narrative: text(&merged["narrative"]),
        handed_in: None,
        accepted: None,
    };
    y.books.spans[span].owed.get_mut(&(task, lead.clone())).unwrap().report = Some(report);
    y.submit(span, &lead).await;
}

/// August: a unit gets another name, and in another one a new reporter takes over.
pub async fn renamed(y: &mut Year, cast: &Cast, span: usize) {
    let office = y.office().await;
    let id = y.unit_id(&cast.renamed);
    let unit = ask(&office, "unit(id: $id) { name version }", &id).await["unit"].take();
    let input = json!({ "expectedVersion": unit["version"], "name": "虚构更名后的单位", "on": y.today(), "documentNumber": "虚编〔2025〕3号" });
    let fields = "unit { name aliases history { nodes { kind oldName newName } } }";
    let system = y.who("system").await;
    let renamed = done(verb(&system, "unitRename", "UnitRenameInput", Some(&id), input, fields).await);
    assert_eq!(renamed["unit"]["name"], "虚构更名后的单位");
    assert!(renamed["unit"]["aliases"].as_array().unwrap().contains(&unit["name"]));
    let line = json!([{ "kind": "RENAMED", "oldName": unit["name"], "newName": "虚构更名后的单位" }]);
    assert_eq!(renamed["unit"]["history"]["nodes"], line);
    y.renamed.insert(cast.renamed.clone(), "虚构更名后的单位".to_owned());
    // Its reports are what they were.
    y.compare(&office, None, |_| true).await;
    y.report(span, &cast.renamed, |_| true).await;

    let old = y.reporter(&cast.changing).await;
    y.save(span, &cast.changing, |_| true).await;
    let place = y.units[&cast.changing];
    y.add("接任", place, entity::vocabulary::Role::Reporter, place).await;
    let sql = format!("UPDATE user_account SET disabled_at = created_at WHERE login = '填报 {}'", cast.changing);
    crate::support::database::execute(&y.t.database.url, &sql).await;
    y.is_nobody(&old).await;
    // The drafts of the one before are the unit's, and the next one goes on with them.
    y.takes_over(&format!("填报 {}", cast.changing), "接任").await;
    let key = y.standing(span, &cast.changing, &[Stands::Draft])[0].clone();
    y.mend(span, &key, "虚构：接任者续写。").await;
    y.submit(span, &cast.changing).await;
}

/// The year's end: the sums of the whole year, as they are and as they were, the files, and the list put away.
pub async fn year_end(y: &mut Year, past: &[(chrono::NaiveDate, super::model::Model)]) {
    let office = y.office().await;
    y.compare(&office, None, |_| true).await;
    let inspector = y.who("inspector").await;
    y.compare(&inspector, None, |_| true).await;
    let plain = plain_unit(y);
    let own = y.reporter(&plain).await;
    y.compare(&own, None, |key| key.1 == plain && y.books.seats.contains_key(key)).await;
    // What was known on two days in summer is known still.
    for (day, books) in past {
        let spans: Vec<usize> = (0..books.spans.len()).collect();
        let filter = format!("taskList: \"{}\", asOf: \"{day}\"", y.list);
        // Who leads a task is asked of today, what stood is asked of that day.
        let then = super::model::Model { seats: y.books.seats.clone(), ..books.clone() };
        y.compare_with(&office, &filter, |by| then.sums(&spans, by, *day, |_| true)).await;
    }

    let last = y.books.spans.len() - 1;
    for format in ["XLSX", "CSV"] {
        y.summary_of(last, format).await;
    }
    for format in ["DOCX", "XLSX", "CSV"] {
        let input = json!({ "view": "REPORT_SHEET", "format": format, "period": y.books.spans[last].id, "unit": y.unit_id(&plain) });
        let (name, bytes) = y.exported(&own, input).await;
        let read = taizhang::documents::read::read_here(&bytes, &name).unwrap();
        let words: Vec<&str> = read.tables.iter().flat_map(|t| &t.cells).map(|cell| cell.text.as_str()).collect();
        for key in y.standing(last, &plain, &[Stands::Accepted]) {
            let narrative = &y.books.report(last, &key).narrative.clone();
            assert!(words.iter().any(|text| text.contains(narrative)), "{narrative} in {name}");
        }
    }

    let version = y.list_version().await;
    let closed = done(
        verb(
            &office,
            "taskListClose",
            "VersionInput",
            Some(&y.list),
            json!({ "expectedVersion": version }),
            "taskList { status version }",
        )
        .await,
    );
    assert_eq!(closed["taskList"]["status"], "CLOSED");
    let input = json!({ "expectedVersion": closed["taskList"]["version"] });
    let archived =
        done(verb(&office, "taskListArchive", "VersionInput", Some(&y.list), input, "taskList { status }").await);
    assert_eq!(archived["taskList"]["status"], "ARCHIVED");
    assert_eq!(y.workers().await, 0, "nothing opens any more");
    // It is read as before and written no more.
    y.compare(&office, None, |_| true).await;
    y.compare(&own, None, |key| key.1 == plain && y.books.seats.contains_key(key)).await;
    let on = |key: &Key| y.books.seats.contains_key(key);
    let mut written = y.books.spans[last].owed.iter().filter(|(key, _)| on(key));
    let (key, report) = written.find_map(|(key, owed)| Some((key.clone(), owed.report.clone()?))).unwrap();
    let who = y.reporter(&key.1).await;
    let before = y.written().await;
    let refusal = verb(
        &who,
        "progressReportCorrect",
        "ProgressReportCorrectInput",
        Some(&report.id),
        json!({ "expectedVersion": report.version }),
        "progressReport { id }",
    )
    .await;
    assert_eq!(refused(&refusal), ["INVALID_STATE"]);
    assert_eq!(y.written().await, before);
    for login in ADMINISTRATORS.into_iter().chain(["foreign office", "foreign unit"]) {
        y.sees_nothing(login).await;
    }
}

/// A list with an open period can't be closed.
pub async fn too_early(y: &Year) {
    let office = y.office().await;
    let input = json!({ "expectedVersion": y.list_version().await });
    let payload: Value =
        verb(&office, "taskListClose", "VersionInput", Some(&y.list), input, "taskList { status }").await;
    assert_eq!(refused(&payload), ["INVALID_STATE"]);
    assert_eq!(payload["taskList"]["status"], "ISSUED");
}
