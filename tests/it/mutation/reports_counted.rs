//! How often a recurring task was done: written, checked, kept with each revision, merged, corrected, carried on.

use entity::vocabulary::{Completion, DeadlineKind, DeadlineSource};
use serde_json::{Value, json};
use taizhang::documents::write::Form;

use super::reports_stage::*;
use crate::support::Client;

/// The first task has to happen once in a quarter: twice by the end of June, once by the end of March.
async fn stage() -> Stage {
    let s = Stage::with(true).await;
    let tx = s.t.service.store().begin().await.unwrap();
    let row = entity::deadline::Model {
        id: s.t.ids.next(),
        task_id: s.task,
        position: 1,
        kind: DeadlineKind::Recurring,
        text: Some("每季度至少一次".into()),
        due_on: None,
        from_on: None,
        rule: Some(json!({ "every": "quarter", "min_times": 1 })),
        source: Some(DeadlineSource::Text),
    };
    tx.insert::<entity::deadline::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
    s
}

fn said(owed: &str, completion: &str, count: Value) -> Value {
    json!({ "obligation": owed, "narrative": "虚构：已召开。", "completion": completion, "doneCount": count })
}

async fn submit(client: &Client, report: &str, version: i64) -> Value {
    act(client, "Submit", report, input_of("Submit", version), None).await
}

fn at(code: &str, field: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), field.to_owned())]
}

#[tokio::test]
async fn only_a_recurring_task_takes_a_count_and_a_sensible_one() {
    let s = stage().await;
    let period = s.opened().await;
    let plain = s.owes(&period, s.responsible_unit, s.second).await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let before = s.rows().await;
    let refused = save(&s.responsible, said(&plain, "LIMITED", json!(1)), None).await;
    assert_eq!(errors(&refused), at("CONFLICT", "input.doneCount"));
    assert_eq!(refused["userErrors"][0]["message"], "该任务没有次数要求，请不要填写完成次数。");
    for count in [-1, 10_001] {
        let refused = save(&s.responsible, said(&owed, "LIMITED", json!(count)), None).await;
        assert_eq!(errors(&refused), at("OUT_OF_RANGE", "input.doneCount"), "{count}");
        assert_eq!(refused["progressReport"], Value::Null);
    }
    assert_eq!(s.rows().await, before, "nothing was written");
    let mut version = None;
    for (count, kept) in [(json!(0), json!(0)), (json!(10_000), json!(10_000)), (Value::Null, Value::Null)] {
        let mut input = said(&owed, "LIMITED", count);
        input["expectedVersion"] = json!(version);
        let saved = save(&s.responsible, input, None).await;
        assert_eq!((errors(&saved), &saved["progressReport"]["doneCount"]), (vec![], &kept));
        version = Some(number(&saved["progressReport"]["version"]));
    }
    assert_eq!(errors(&save(&s.responsible, full(&plain), None).await), [], "others need none");
}

#[tokio::test]
async fn what_is_handed_in_has_a_count_that_fits_its_word() {
    let s = stage().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, said(&owed, "LIMITED", Value::Null), None).await["progressReport"]["id"]);
    let mut version = 1;
    for (completion, count, expected, sentence) in [
        ("LIMITED", Value::Null, "REQUIRED", "该任务至本期末应至少完成 2 次，请填写完成次数。"),
        (
            "COMPLETED",
            json!(1),
            "CONFLICT",
            "完成次数为 1 次，少于应完成的 2 次，不能填报“已完成”；请核对次数，或改选其他完成程度。",
        ),
        ("NOT_STARTED", json!(1), "CONFLICT", "完成次数为 1 次，不能填报“未启动”；请核对次数，或改选其他完成程度。"),
    ] {
        let mut input = said(&owed, completion, count);
        input["expectedVersion"] = json!(version);
        // While writing it need not fit yet.
        assert_eq!(errors(&save(&s.responsible, input, None).await), [], "{completion}");
        version += 1;
        let before = s.rows().await;
        let refused = submit(&s.responsible, &report, version).await;
        assert_eq!(errors(&refused), at(expected, "doneCount"), "{completion}");
        assert_eq!(refused["userErrors"][0]["message"], sentence);
        assert_eq!(refused["progressReport"]["status"], "DRAFT");
        assert_eq!(s.rows().await, before, "nothing was handed in");
    }
    for (completion, count) in [
        ("LIMITED", json!(1)),
        ("SUBSTANTIAL", json!(0)),
        ("COMPLETED", json!(2)),
        ("NOT_STARTED", json!(0)),
        ("NOTHING_TO_REPORT", Value::Null),
        ("NOT_APPLICABLE", Value::Null),
    ] {
        let mut input = said(&owed, completion, count.clone());
        input["expectedVersion"] = json!(version);
        assert_eq!(errors(&save(&s.responsible, input, None).await), [], "{completion}");
        let done = submit(&s.responsible, &report, version + 1).await;
        assert_eq!((errors(&done), &done["progressReport"]["doneCount"]), (vec![], &count), "{completion}");
        let back = act(&s.responsible, "Withdraw", &report, input_of("Withdraw", version + 2), None).await;
        assert_eq!(errors(&back), []);
        version += 3;
    }
}

#[tokio::test]
async fn a_yearly_task_asks_for_no_count_before_its_time() {
    let s = stage().await;
    crate::support::database::execute(
        &s.t.database.url,
        "UPDATE deadline SET rule = '{\"every\": \"year\", \"min_times\": 1}' WHERE kind = 'RECURRING'",
    )
    .await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let query = "query($id: ID!) { node(id: $id) { ... on ReportObligation { expectedCount } } }";
    assert_eq!(s.office.data(query, json!({ "id": owed })).await["node"]["expectedCount"], 0);
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&submit(&s.responsible, &report, 1).await), []);
}

#[tokio::test]
async fn each_revision_keeps_its_count_and_a_correction_given_up_brings_it_back() {
    let s = stage().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, said(&owed, "COMPLETED", json!(2)), None).await["progressReport"]["id"]);
    submit(&s.responsible, &report, 1).await;
    act(&s.office, "Accept", &report, input_of("Accept", 2), None).await;
    act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await;
    let change = json!({ "obligation": owed, "expectedVersion": 4, "doneCount": 5 });
    assert_eq!(errors(&save(&s.responsible, change, None).await), []);
    assert_eq!(errors(&submit(&s.responsible, &report, 5).await), []);
    act(&s.office, "Return", &report, input_of("Return", 6), None).await;
    let query = "query($id: ID!) { progressReport(id: $id) { doneCount revisions { nodes { revision doneCount
        changes { fields doneCountBefore } } } } }";
    let shown = s.office.data(query, json!({ "id": report })).await["progressReport"].take();
    let changes = json!({ "fields": ["DONE_COUNT"], "doneCountBefore": 2 });
    let revisions = json!([
        { "revision": 2, "doneCount": 5, "changes": changes },
        { "revision": 1, "doneCount": 2, "changes": null },
    ]);
    assert_eq!(shown, json!({ "doneCount": 5, "revisions": { "nodes": revisions } }));
    let cancel = "mutation($id: ID!, $input: VersionInput!) { progressReportCorrectionCancel(id: $id, input: $input) {
        progressReport { status doneCount } userErrors { code message field } } }";
    let done = s.responsible.payload(cancel, json!({ "id": report, "input": { "expectedVersion": 7 } })).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["progressReport"], json!({ "status": "ACCEPTED", "doneCount": 2 }));
    // Nobody who does not see the report sees its count.
    let unseen = s.foreign.data(query, json!({ "id": report })).await;
    assert_eq!(unseen["progressReport"], Value::Null);
}

#[tokio::test]
async fn a_lead_counts_for_itself_and_the_parts_keep_theirs() {
    let s = stage().await;
    let period = s.opened().await;
    for (client, unit, count) in [(&s.responsible, s.responsible_unit, 2), (&s.support, s.support_unit, 3)] {
        let owed = s.owes(&period, unit, s.task).await;
        // Who signs for a unit may write for it too where it asks for no second signature.
        let saved = save(client, said(&owed, "COMPLETED", json!(count)), None).await;
        assert_eq!(errors(&saved), []);
        assert_eq!(errors(&submit(client, &text(&saved["progressReport"]["id"]), 1).await), []);
    }
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let query = "mutation($input: ProgressReportMergeInput!) { progressReportMerge(input: $input) { progressReport {
        id doneCount parts { nodes { doneCount } } } userErrors { code message field } } }";
    let merged = s.lead.payload(query, json!({ "input": { "obligation": owed } })).await;
    assert_eq!(errors(&merged), []);
    let report = &merged["progressReport"];
    let mut parts: Vec<i64> =
        report["parts"]["nodes"].as_array().unwrap().iter().map(|part| number(&part["doneCount"])).collect();
    parts.sort_unstable();
    assert_eq!((&report["doneCount"], parts), (&Value::Null, vec![2, 3]), "no sum is made up");
    let id = text(&report["id"]);
    let input = json!({ "obligation": owed, "expectedVersion": 1, "completion": "COMPLETED" });
    assert_eq!(errors(&save(&s.lead, input, None).await), []);
    assert_eq!(errors(&submit(&s.lead, &id, 2).await), at("REQUIRED", "doneCount"));
    let input = json!({ "obligation": owed, "expectedVersion": 2, "doneCount": 3 });
    assert_eq!(errors(&save(&s.lead, input, None).await), []);
    assert_eq!(errors(&submit(&s.lead, &id, 3).await), []);
}

#[tokio::test]
async fn a_count_goes_on_where_periods_count_from_january() {
    let s = stage().await;
    let carry = "mutation($input: ProgressReportCarryForwardInput!) { progressReportCarryForward(input: $input) {
        progressReport { doneCount unchanged } userErrors { code message field } } }";
    let mut found = Vec::new();
    let [march, june, plain] = [
        ("CUMULATIVE", "2026-01-01", "2026-03-31"),
        ("CUMULATIVE", "2026-01-01", "2026-06-30"),
        ("PLAIN", "2026-07-01", "2026-09-30"),
    ]
    .map(|(kind, from, to)| period_input(s.list, kind, from, to, "2026-10-20"));
    for (nth, input) in [march, june, plain].into_iter().enumerate() {
        let period = text(&open(&s.office, input, None).await["reportingPeriod"]["id"]);
        let owed = s.owes(&period, s.responsible_unit, s.task).await;
        let mut version = None;
        if nth > 0 {
            let carried = s.responsible.payload(carry, json!({ "input": { "obligation": owed } })).await;
            assert_eq!(errors(&carried), []);
            found.push(carried["progressReport"].clone());
            version = Some(1);
        }
        let mut input = said(&owed, "LIMITED", json!(nth + 1));
        input["expectedVersion"] = json!(version);
        let report = save(&s.responsible, input, None).await["progressReport"].clone();
        let done = submit(&s.responsible, &text(&report["id"]), number(&report["version"])).await;
        assert_eq!(errors(&done), []);
    }
    let expected = [json!({ "doneCount": 1, "unchanged": true }), json!({ "doneCount": null, "unchanged": false })];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_form_of_a_unit_brings_the_count_back() {
    for form in [Form::Xlsx, Form::Docx] {
        let s = stage().await;
        let period = s.opened().await;
        let mut view = s.filled(&period, s.responsible_unit).await;
        view.rows[0].done_count = Some(3);
        let all = json!({ "dryRun": false });
        let file = s.send_form(&s.responsible, &view, form).await;
        let saved = s.import(&s.responsible, &period, &file, all.clone(), None).await;
        assert_eq!((errors(&saved), &saved["savedCount"]), (vec![], &json!(2)), "{form:?}");
        assert!(saved["rows"][0]["changes"].as_array().unwrap().contains(&json!("DONE_COUNT")));
        let query = "{ progressReports(first: 9) { nodes { doneCount percent completion task { number } } } }";
        let mut kept = s.office.data(query, json!({})).await["progressReports"]["nodes"].as_array().unwrap().clone();
        kept.sort_by_key(|node| node["task"]["number"].to_string());
        let kept: Vec<_> = kept.iter().map(|node| (&node["doneCount"], &node["percent"])).collect();
        assert_eq!(kept, [(&json!(3), &json!(80)), (&Value::Null, &json!(80))], "{form:?}");
        // The same again is no difference; a count on a task that does not recur is passed over, and says why.
        let again = s.import(&s.responsible, &period, &file, all.clone(), None).await;
        assert_eq!(again["savedCount"], 0);
        view.rows[1].done_count = Some(1);
        view.rows[0].completion = Some(Completion::Completed);
        view.rows[0].percent = None;
        let file = s.send_form(&s.responsible, &view, form).await;
        let saved = s.import(&s.responsible, &period, &file, all, None).await;
        let states: Vec<&str> =
            saved["rows"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["CHANGED", "SKIPPED"], "{form:?}");
        let reason = &saved["rows"][1]["reason"];
        assert_eq!((&reason["code"], &reason["field"]), (&json!("CONFLICT"), &json!(["doneCount"])));
    }
}
