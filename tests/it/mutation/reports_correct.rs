//! Corrections after acceptance, and the history with its differences.

use serde_json::{Value, json};

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
