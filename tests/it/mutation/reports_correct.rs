//! Corrections after acceptance, and the history with its differences.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;
use crate::support::Client;

async fn accepted(s: &Stage) -> (String, String, String) {
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    act(&s.office, "Accept", &report, input_of("Accept", 2), None).await;
    (period, owed, report)
}

async fn standing(client: &Client, period: &str, report: &str) -> (Value, Value) {
    let query = "query($period: ID!, $report: ID!) {
        reportingPeriod(id: $period) { rollUp { received accepted returned missing completions { completion count } } }
        progressReport(id: $report) { status correcting acceptedRevision }
        reportObligations(filter: { missingReport: true }) { totalCount } }";
    let data = client.data(query, json!({ "period": period, "report": report })).await;
    let mut sums = data["reportingPeriod"]["rollUp"].clone();
    sums["completions"].as_array_mut().unwrap().retain(|row| row["count"] != 0);
    sums["owed"] = data["reportObligations"]["totalCount"].clone();
    (sums, data["progressReport"].clone())
}

#[tokio::test]
async fn what_was_accepted_counts_until_the_correction_is_accepted() {
    let s = Stage::new().await;
    let (period, owed, report) = accepted(&s).await;
    let (sums, _) = standing(&s.office, &period, &report).await;
    assert_eq!(sums["accepted"], 1);
    assert_eq!(sums["completions"], json!([{ "completion": "LIMITED", "count": 1 }]));
    let before = s.rows().await;
    for (client, code) in [(&s.office, "FORBIDDEN"), (&s.lead, "FORBIDDEN"), (&s.foreign, "NOT_FOUND")] {
        assert_eq!(codes(&act(client, "Correct", &report, input_of("Correct", 3), None).await), [code]);
    }
    assert_eq!(s.rows().await, before);
    let begun = act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await;
    assert_eq!((errors(&begun).len(), &begun["progressReport"]["status"]), (0, &json!("DRAFT")));
    assert_eq!(s.sees(&s.lead, &report).await, None, "what is being rewritten is the unit's own affair");
    let change = json!({ "obligation": owed, "expectedVersion": 4, "completion": "COMPLETED", "percent": 100, "narrative": "虚构：已公开5条。" });
    assert_eq!(errors(&save(&s.responsible, change, None).await), []);
    let own = |status: &str| json!({ "status": status, "correcting": true, "acceptedRevision": 1 });
    assert_eq!(standing(&s.office, &period, &report).await, (sums.clone(), own("DRAFT")));
    act(&s.responsible, "Submit", &report, input_of("Submit", 5), None).await;
    assert_eq!(standing(&s.office, &period, &report).await, (sums.clone(), own("SUBMITTED")));
    act(&s.office, "Return", &report, input_of("Return", 6), None).await;
    assert_eq!(standing(&s.office, &period, &report).await, (sums, own("RETURNED")));
    act(&s.responsible, "Submit", &report, input_of("Submit", 7), None).await;
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 8), None).await), []);
    let (sums, row) = standing(&s.office, &period, &report).await;
    assert_eq!(row, json!({ "status": "ACCEPTED", "correcting": false, "acceptedRevision": 3 }));
    assert_eq!(sums["completions"], json!([{ "completion": "COMPLETED", "count": 1 }]));
}

#[tokio::test]
async fn a_closed_period_freezes_what_was_accepted() {
    let s = Stage::new().await;
    let (period, owed, report) = accepted(&s).await;
    act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await;
    let change = json!({ "obligation": owed, "expectedVersion": 4, "completion": "COMPLETED", "percent": 100 });
    save(&s.responsible, change, None).await;
    close(&s.office, &period, 1).await;
    let db = s.t.database.raw().await;
    let sql = sea_orm::Statement::from_string(
        sea_orm::ConnectionTrait::get_database_backend(&db),
        "SELECT roll_up FROM reporting_period",
    );
    let row = sea_orm::ConnectionTrait::query_one_raw(&db, sql).await.unwrap().unwrap();
    let frozen: Value = row.try_get("", "roll_up").unwrap();
    assert_eq!((&frozen["accepted"], &frozen["completion"]), (&json!(1), &json!({ "LIMITED": 1 })));
    let before = s.rows().await;
    for (client, verb) in [(&s.responsible, "Submit"), (&s.responsible, "Correct"), (&s.office, "Accept")] {
        assert_eq!(codes(&act(client, verb, &report, input_of(verb, 5), None).await), ["INVALID_STATE"], "{verb}");
    }
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn each_revision_says_how_it_differs_from_the_one_before() {
    let s = Stage::new().await;
    let (_, owed, report) = accepted(&s).await;
    act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await;
    let change = json!({ "obligation": owed, "expectedVersion": 4, "percent": 60, "narrative": "虚构：均已公开。", "filledOn": "2026-06-30" });
    save(&s.responsible, change, None).await;
    act(&s.responsible, "Submit", &report, input_of("Submit", 5), None).await;
    let query = "query($id: ID!) { progressReport(id: $id) { filledOn revisions { nodes { revision filledOn
        changes { fields completionBefore percentBefore narrative { change text } } } } } }";
    for client in [&s.office, &s.responsible, &s.lead] {
        let data = client.data(query, json!({ "id": report })).await;
        assert_eq!(data["progressReport"]["filledOn"], "2026-06-30");
        let changes = json!({
            "fields": ["NARRATIVE", "PERCENT", "FILLED_ON"], "completionBefore": "LIMITED", "percentBefore": 40,
            "narrative": [
                { "change": "EQUAL", "text": "虚构：" }, { "change": "INSERT", "text": "均" },
                { "change": "EQUAL", "text": "已公开。" },
            ],
        });
        assert_eq!(
            data["progressReport"]["revisions"]["nodes"],
            json!([
                { "revision": 2, "filledOn": "2026-06-30", "changes": changes },
                { "revision": 1, "filledOn": null, "changes": null },
            ])
        );
    }
}

const WHOLE: &str =
    "query($id: ID!) { progressReport(id: $id) { status correcting acceptedRevision revision narrative completion
    percent filledOn submittedAt decidedAt returnCount
    evidence { nodes { url } } parts { nodes { narrative revision } } revisions { totalCount }
    viewerCan { correct { allowed } cancelCorrection { allowed code } } } }";

async fn whole(client: &Client, report: &str) -> Value {
    client.data(WHOLE, json!({ "id": report })).await["progressReport"].take()
}

async fn added(client: &Client, report: &str, version: i64, url: &str) -> String {
    let query = "mutation($input: EvidenceAddInput!) { evidenceAdd(input: $input) { progressReport { evidence { nodes { id url } } } userErrors { code message field } } }";
    let input = json!({ "progressReport": report, "expectedVersion": version, "kind": "LINK", "url": url });
    let payload = client.payload(query, json!({ "input": input })).await;
    assert_eq!(errors(&payload), []);
    let nodes = payload["progressReport"]["evidence"]["nodes"].as_array().unwrap().clone();
    text(&nodes.iter().find(|node| node["url"] == url).unwrap()["id"])
}

async fn removed(client: &Client, evidence: &str, version: i64) {
    let query = "mutation($id: ID!, $input: EvidenceRemoveInput!) { evidenceRemove(id: $id, input: $input) { userErrors { code message field } } }";
    let payload = client.payload(query, json!({ "id": evidence, "input": { "expectedVersion": version } })).await;
    assert_eq!(errors(&payload), []);
}

async fn merged(s: &Stage, owed: &str, version: Option<i64>) -> String {
    let query = "mutation($input: ProgressReportMergeInput!) { progressReportMerge(input: $input) { progressReport { id } userErrors { code message field } } }";
    let input = json!({ "obligation": owed, "expectedVersion": version });
    let payload = s.lead.payload(query, json!({ "input": input })).await;
    assert_eq!(errors(&payload), []);
    text(&payload["progressReport"]["id"])
}

#[tokio::test]
async fn a_correction_that_is_given_up_leaves_what_was_accepted_as_it_was() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let part_owed = s.owes(&period, s.responsible_unit, s.task).await;
    let part = text(&save(&s.responsible, full(&part_owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &part, input_of("Submit", 1), None).await;
    // The lead's report, with a part and two links, is accepted.
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let report = merged(&s, &owed, None).await;
    let words = json!({ "obligation": owed, "expectedVersion": 1, "completion": "LIMITED", "percent": 40, "filledOn": "2026-06-29" });
    assert_eq!(errors(&save(&s.lead, words, None).await), []);
    let kept = added(&s.lead, &report, 2, "https://example.com/a").await;
    let second = added(&s.lead, &report, 3, "https://example.com/b").await;
    assert_eq!(errors(&act(&s.lead, "Submit", &report, input_of("Submit", 4), None).await), []);
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 5), None).await), []);
    let accepted = whole(&s.lead, &report).await;
    let again = |at: &Value| {
        let mut at = at.clone();
        for field in ["revision", "returnCount", "revisions"] {
            at[field] = Value::Null;
        }
        at
    };
    let not_yet = act(&s.lead, "CorrectionCancel", &report, input_of("CorrectionCancel", 6), None).await;
    assert_eq!(codes(&not_yet), ["INVALID_STATE"], "what is accepted is not under correction");

    // A draft of a correction, given up before anybody saw it.
    s.t.clock.advance(chrono::TimeDelta::minutes(1));
    act(&s.lead, "Correct", &report, input_of("Correct", 6), None).await;
    let other = json!({ "obligation": part_owed, "expectedVersion": 2 });
    assert_eq!(codes(&save(&s.responsible, other, None).await), ["INVALID_STATE"]);
    act(&s.responsible, "Withdraw", &part, input_of("Withdraw", 2), None).await;
    let other = json!({ "obligation": part_owed, "expectedVersion": 3, "narrative": "虚构：另一说法。" });
    assert_eq!(errors(&save(&s.responsible, other, None).await), []);
    act(&s.responsible, "Submit", &part, input_of("Submit", 4), None).await;
    merged(&s, &owed, Some(7)).await;
    removed(&s.lead, &kept, 8).await;
    added(&s.lead, &report, 9, "https://example.com/c").await;
    let words = json!({ "obligation": owed, "expectedVersion": 10, "completion": "COMPLETED", "percent": 100, "filledOn": "2026-06-30" });
    assert_eq!(errors(&save(&s.lead, words, None).await), []);
    let draft = whole(&s.lead, &report).await;
    assert_eq!(draft["viewerCan"]["cancelCorrection"], json!({ "allowed": true, "code": null }));
    assert_ne!((&draft["narrative"], &draft["parts"]), (&accepted["narrative"], &accepted["parts"]));
    let before = s.rows().await;
    for (client, version, code) in [
        (&s.office, 11, "FORBIDDEN"),
        (&s.inspector, 11, "FORBIDDEN"),
        (&s.responsible, 11, "NOT_FOUND"),
        (&s.foreign, 11, "NOT_FOUND"),
        (&s.lead, 10, "STALE"),
    ] {
        let input = input_of("CorrectionCancel", version);
        let refused = act(client, "CorrectionCancel", &report, input, None).await;
        assert!(refused["byGuard"] == true || codes(&refused) == [code], "{code}: {refused}");
    }
    assert_eq!(s.rows().await, before);
    let outbox = s.count("outbox").await;
    for _ in 0..2 {
        let given_up = act(&s.lead, "CorrectionCancel", &report, input_of("CorrectionCancel", 11), Some("放弃")).await;
        assert_eq!(errors(&given_up), []);
    }
    assert_eq!(whole(&s.lead, &report).await, accepted, "all of it");
    assert_eq!(s.sees(&s.responsible, &report).await, None);
    let audited = "audit_entry WHERE result = 'DONE' AND operation = 'progressReportCorrectionCancel'";
    assert_eq!((s.count("outbox").await - outbox, s.count(audited).await), (1, 1), "the same key, once");
    assert_eq!(s.count("report_part").await, 1);
    assert_eq!(s.count("evidence").await, 2);

    // A correction that was handed in and returned, given up then.
    act(&s.lead, "Correct", &report, input_of("Correct", 12), None).await;
    merged(&s, &owed, Some(13)).await;
    removed(&s.lead, &second, 14).await;
    added(&s.lead, &report, 15, "https://example.com/d").await;
    assert_eq!(errors(&act(&s.lead, "Submit", &report, input_of("Submit", 16), None).await), []);
    let with_the_office = act(&s.lead, "CorrectionCancel", &report, input_of("CorrectionCancel", 17), None).await;
    assert_eq!(codes(&with_the_office), ["INVALID_STATE"], "it has to be taken back first");
    assert_eq!(errors(&act(&s.office, "Return", &report, input_of("Return", 17), None).await), []);
    let given_up = act(&s.lead, "CorrectionCancel", &report, input_of("CorrectionCancel", 18), None).await;
    assert_eq!(errors(&given_up), []);
    let now = whole(&s.lead, &report).await;
    let urls = |at: &Value| -> Vec<String> {
        let mut urls: Vec<_> =
            at["evidence"]["nodes"].as_array().unwrap().iter().map(|one| text(&one["url"])).collect();
        urls.sort();
        urls
    };
    assert_eq!(urls(&now), urls(&accepted));
    let (mut left, mut right) = (again(&now), again(&accepted));
    (left["evidence"], right["evidence"]) = (Value::Null, Value::Null);
    assert_eq!(left, right);
    assert_eq!(
        (&now["revision"], &now["returnCount"], &now["revisions"]["totalCount"]),
        (&json!(2), &json!(1), &json!(2))
    );
    // What counts is the accepted revision for whoever reads it, and the next correction is the third.
    let (sums, _) = standing(&s.office, &period, &report).await;
    assert_eq!((&sums["accepted"], &sums["returned"]), (&json!(1), &json!(0)));
    act(&s.lead, "Correct", &report, input_of("Correct", 19), None).await;
    act(&s.lead, "Submit", &report, input_of("Submit", 20), None).await;
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 21), None).await), []);
    let last = whole(&s.lead, &report).await;
    assert_eq!((&last["acceptedRevision"], urls(&last)), (&json!(3), urls(&accepted)));
}

#[tokio::test]
async fn a_correction_makes_nothing_overdue_and_given_up_by_a_colleague_keeps_no_file() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), []);
    assert_eq!(errors(&act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await), []);

    let caller = s.t.caller(&s.responsible).await;
    let bytes = "虚构材料".as_bytes().to_vec();
    let file = id(Kind::File, s.t.service.file_upload(&caller, "虚构.txt", bytes).await.unwrap().unwrap().id);
    let query =
        "mutation($input: EvidenceAddInput!) { evidenceAdd(input: $input) { userErrors { code message field } } }";
    let input = json!({ "progressReport": report, "expectedVersion": 4, "kind": "FILE", "file": file });
    assert_eq!(errors(&s.responsible.payload(query, json!({ "input": input })).await), []);
    assert_eq!(s.count("file WHERE expires_at IS NULL").await, 1);

    s.t.clock.set("2026-07-10T16:00:00Z".parse().unwrap());
    let both = s.t.sign_in(s.both.user.unwrap()).await;
    let due = "query($id: ID!) { node(id: $id) { ... on ReportObligation { due { state daysOverdue } } } }";
    let due = both.data(due, json!({ "id": owed })).await["node"]["due"].take();
    assert_eq!(due, json!({ "state": "ON_TIME", "daysOverdue": null }), "what was accepted was in time");

    let given_up = act(&both, "CorrectionCancel", &report, input_of("CorrectionCancel", 5), None).await;
    assert_eq!(errors(&given_up), []);
    assert_eq!(s.count("evidence").await, 0);
    assert_eq!(s.count("file WHERE expires_at IS NULL").await, 0, "it ends as an upload does");
}
