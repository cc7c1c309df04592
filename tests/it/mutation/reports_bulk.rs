//! The whole sheet in one call, and the office's pile: an outcome for each.

use serde_json::{Value, json};

use super::reports_stage::*;
use crate::support::Client;

async fn many(client: &Client, verb: &str, items: Value, key: Option<&str>) -> Value {
    let query = format!(
        "mutation($input: ProgressReport{verb}ManyInput!, $key: String) {{ progressReport{verb}Many(input: $input, idempotencyKey: $key) {{
            doneCount outcomes {{ progressReport {{ id status version narrative }} userErrors {{ code message field }} }}
            userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "input": { "items": items }, "key": key })).await
}

fn outcomes(payload: &Value) -> Vec<Vec<String>> {
    assert_eq!(errors(payload), []);
    payload["outcomes"].as_array().unwrap().iter().map(codes).collect()
}

/// What the responsible unit owes for the first and the second task, and the support unit for the first.
async fn owed(s: &Stage) -> (String, String, String) {
    let period = s.opened().await;
    (
        s.owes(&period, s.responsible_unit, s.task).await,
        s.owes(&period, s.responsible_unit, s.second).await,
        s.owes(&period, s.support_unit, s.task).await,
    )
}

#[tokio::test]
async fn a_sheet_is_written_handed_in_and_accepted_at_once() {
    let s = Stage::with(true).await;
    let (first, second, theirs) = owed(&s).await;
    let mut bad = full(&second);
    bad["percent"] = json!(101);
    let items = json!([full(&first), bad, full(&theirs), full(&first)]);
    let saved = many(&s.responsible, "Save", items, Some("表")).await;
    let none: Vec<String> = Vec::new();
    assert_eq!(
        outcomes(&saved),
        [none.clone(), vec!["OUT_OF_RANGE".to_owned()], vec!["NOT_FOUND".to_owned()], vec!["DUPLICATE".to_owned()]]
    );
    assert_eq!(saved["doneCount"], 1);
    assert_eq!(saved["outcomes"][1]["userErrors"][0]["field"], json!(["input", "percent"]));
    assert_eq!(saved["outcomes"][2]["progressReport"], Value::Null);
    assert_eq!(s.count("progress_report").await, 1);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportSaveMany'").await, 1);

    let good = many(&s.responsible, "Save", json!([full(&second)]), None).await;
    assert_eq!(outcomes(&good), std::slice::from_ref(&none));
    let (one, two) =
        (text(&saved["outcomes"][0]["progressReport"]["id"]), text(&good["outcomes"][0]["progressReport"]["id"]));
    let at = |id: &str, version: i64| json!({ "id": id, "expectedVersion": version });
    let submitted = many(&s.responsible, "Submit", json!([at(&one, 1), at(&two, 1)]), Some("交")).await;
    assert_eq!(outcomes(&submitted), [none.clone(), none.clone()]);
    assert_eq!(submitted["doneCount"], 2);
    // One row for each, with its message.
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportSubmitMany'").await, 2);
    assert_eq!(s.count("outbox WHERE topic = 'progress_report.submitted'").await, 2);
    assert_eq!(s.count("progress_report_revision").await, 2);
    let before = s.rows().await;
    assert_eq!(many(&s.responsible, "Submit", json!([at(&one, 1), at(&two, 1)]), Some("交")).await, submitted);
    assert_eq!(s.rows().await, before, "the same key does it once");

    let accepted = many(&s.office, "Accept", json!([at(&two, 2), at(&one, 7)]), None).await;
    assert_eq!(outcomes(&accepted), [none, vec!["STALE".to_owned()]]);
    assert_eq!(accepted["outcomes"][0]["progressReport"]["status"], "ACCEPTED");
    assert_eq!(accepted["outcomes"][1]["progressReport"]["status"], "SUBMITTED");
    assert_eq!(s.count("report_review").await, 1);
}

#[tokio::test]
async fn where_nothing_is_done_nothing_is_kept() {
    let s = Stage::with(true).await;
    let (first, _, theirs) = owed(&s).await;
    let report = text(&save(&s.responsible, full(&first), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let before = s.rows().await;
    let at = json!([{ "id": report, "expectedVersion": 2 }]);
    assert_eq!(outcomes(&many(&s.responsible, "Submit", at.clone(), Some("k")).await), [["INVALID_STATE"]]);
    assert_eq!(outcomes(&many(&s.responsible, "Save", json!([full(&theirs)]), Some("k")).await), [["NOT_FOUND"]]);
    assert_eq!(outcomes(&many(&s.foreign, "Submit", at.clone(), None).await), [["NOT_FOUND"]]);
    assert_eq!(many(&s.responsible, "Accept", at.clone(), None).await["byGuard"], true);
    assert_eq!(many(&s.office, "Submit", at.clone(), None).await["byGuard"], true);
    // Whoever handed it in accepts it neither alone nor among many.
    act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 2), None).await;
    act(&s.both, "Submit", &report, input_of("Submit", 3), None).await;
    let own = json!([{ "id": report, "expectedVersion": 4 }]);
    assert_eq!(outcomes(&many(&s.both, "Accept", own, None).await), [["FORBIDDEN"]]);
    assert_ne!(s.rows().await, before);
    let before = s.rows().await;
    let hundred: Vec<Value> = vec![json!({ "id": report, "expectedVersion": 4 }); 101];
    let too_many = many(&s.office, "Accept", json!(hundred), None).await;
    assert_eq!(errors(&too_many), [("LIMIT".to_owned(), "input.items".to_owned())]);
    assert_eq!(too_many["outcomes"], json!([]));
    assert_eq!(outcomes(&many(&s.office, "Accept", json!([]), None).await), Vec::<Vec<String>>::new());
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn two_people_with_the_same_pile_do_it_once() {
    let s = Stage::with(true).await;
    let (first, second, _) = owed(&s).await;
    let items = json!([full(&first), full(&second)]);
    let (a, b) = tokio::join!(
        many(&s.responsible, "Save", items.clone(), None),
        many(&s.both, "Save", json!([full(&second), full(&first)]), None)
    );
    let mut done = [a["doneCount"].as_i64().unwrap(), b["doneCount"].as_i64().unwrap()];
    done.sort_unstable();
    assert_eq!(done, [0, 2], "{a:#} {b:#}");
    assert_eq!(s.count("progress_report").await, 2);
}

#[tokio::test]
async fn an_approver_signs_the_sheet_at_once() {
    let s = Stage::with(true).await;
    s.two_signatures().await;
    let (first, second, _) = owed(&s).await;
    let at = |id: &str, version: i64| json!({ "id": id, "expectedVersion": version });
    let mut reports = Vec::new();
    for owed in [&first, &second] {
        let report = text(&save(&s.responsible, full(owed), None).await["progressReport"]["id"]);
        assert_eq!(errors(&act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await), []);
        reports.push(report);
    }
    let items = json!([at(&reports[0], 2), at(&reports[1], 7), at(&reports[0], 2)]);
    let before = s.rows().await;
    // Nobody signs what he handed in himself, and the office signs for no unit.
    assert_eq!(many(&s.office, "Sign", items.clone(), None).await["byGuard"], true);
    let own = many(&s.responsible, "Sign", json!([at(&reports[0], 2)]), None).await;
    assert!(own["byGuard"] == json!(true) || outcomes(&own) == [["FORBIDDEN"]], "{own}");
    assert_eq!(s.rows().await, before);
    let signed = many(&s.signer, "Sign", items.clone(), Some("签")).await;
    assert_eq!(outcomes(&signed), [vec![], vec!["STALE".to_owned()], vec!["DUPLICATE".to_owned()]]);
    assert_eq!(signed["doneCount"], 1);
    assert_eq!(signed["outcomes"][0]["progressReport"]["status"], "SUBMITTED");
    assert_eq!(s.count("report_signature WHERE decision = 'SIGNED'").await, 1);
    assert_eq!(s.count("outbox WHERE topic = 'progress_report.submitted'").await, 1);
    let before = s.rows().await;
    assert_eq!(many(&s.signer, "Sign", items, Some("签")).await, signed);
    assert_eq!(s.rows().await, before, "the same key does it once");
}
