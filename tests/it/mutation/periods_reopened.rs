//! A closed period opened again for one unit, and the freezes that follow.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;
use crate::support::Client;

async fn reopen(client: &Client, period: &str, input: Value) -> Value {
    client
        .payload(
            "mutation($id: ID!, $input: ReportingPeriodReopenInput!) { reportingPeriodReopen(id: $id, input: $input) {
                reportingPeriod { id status version reopenings { totalCount nodes { id reason until isRunning version unit { id } } } }
                userErrors { code message field } } }",
            json!({ "id": period, "input": input }),
        )
        .await
}

async fn end(client: &Client, reopening: &str, version: i64) -> Value {
    client
        .payload(
            "mutation($id: ID!, $input: VersionInput!) { periodReopeningEnd(id: $id, input: $input) {
                periodReopening { id isRunning endedAt version } userErrors { code message field } } }",
            json!({ "id": reopening, "input": { "expectedVersion": version } }),
        )
        .await
}

/// The freezes of a period as somebody sees them, the newest first, and the latest sums.
async fn frozen(client: &Client, period: &str) -> (Vec<Value>, Value) {
    let query = "query($id: ID!) { reportingPeriod(id: $id) { frozenRollUp { accepted received missing }
        freezes { totalCount nodes { number cause report { id } rollUp { accepted } } } } }";
    let data = client.data(query, json!({ "id": period })).await["reportingPeriod"].take();
    (data["freezes"]["nodes"].as_array().unwrap().clone(), data["frozenRollUp"].clone())
}

fn input(s: &Stage, version: i64, unit: uuid::Uuid) -> Value {
    let _ = s;
    json!({ "expectedVersion": version, "unit": id(Kind::Unit, unit), "until": "2026-07-03", "reason": "系统故障，准予补报。" })
}

/// A closed period with one accepted report, one submitted and one missing.
async fn closed(s: &Stage) -> (String, String, String) {
    let period = s.opened().await;
    let lead = s.owes(&period, s.lead_unit, s.task).await;
    let accepted = text(&save(&s.lead, full(&lead), None).await["progressReport"]["id"]);
    act(&s.lead, "Submit", &accepted, input_of("Submit", 1), None).await;
    act(&s.office, "Accept", &accepted, input_of("Accept", 2), None).await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    (period, owed, report)
}

#[tokio::test]
async fn one_unit_reports_again_and_the_sums_are_frozen_anew() {
    let s = Stage::new().await;
    let (period, owed, report) = closed(&s).await;
    let (freezes, sums) = frozen(&s.office, &period).await;
    assert_eq!(freezes.len(), 1);
    assert_eq!((&freezes[0]["number"], &freezes[0]["cause"]), (&json!(1), &json!("CLOSING")));
    assert_eq!(sums, json!({ "accepted": 1, "received": 1, "missing": 2 }));
    assert_eq!(codes(&act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await), ["INVALID_STATE"]);

    let payload = reopen(&s.office, &period, input(&s, 2, s.responsible_unit)).await;
    assert_eq!(errors(&payload), []);
    let row = &payload["reportingPeriod"];
    assert_eq!((&row["status"], &row["version"]), (&json!("CLOSED"), &json!(3)), "for the others it stays closed");
    assert_eq!(row["reopenings"]["nodes"][0]["isRunning"], true);
    // What a unit is told by its own permissions and what it may do agree, and the others may nothing.
    let can = "query($id: ID!) { node(id: $id) { ... on ReportObligation { viewerCan { save { allowed } submit { allowed } requestExtension { allowed } } } } }";
    let own = s.responsible.data(can, json!({ "id": owed })).await["node"]["viewerCan"].take();
    assert_eq!((&own["submit"]["allowed"], &own["requestExtension"]["allowed"]), (&json!(true), &json!(false)));
    let others = s.owes(&period, s.lead_unit, s.task).await;
    let lead = s.lead.data(can, json!({ "id": others })).await["node"]["viewerCan"].take();
    assert_eq!(lead["save"]["allowed"], false);

    let submitted = act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(errors(&submitted), []);
    let (freezes, sums) = frozen(&s.office, &period).await;
    assert_eq!((freezes.len(), &sums["accepted"]), (1, &json!(1)), "nothing is accepted yet");
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), []);
    let (freezes, sums) = frozen(&s.office, &period).await;
    assert_eq!(freezes.len(), 2);
    assert_eq!((&freezes[0]["number"], &freezes[0]["cause"]), (&json!(2), &json!("REOPENING")));
    assert_eq!((&freezes[0]["report"]["id"], &freezes[0]["rollUp"]["accepted"]), (&json!(report), &json!(2)));
    assert_eq!(freezes[1]["rollUp"]["accepted"], 1, "what was frozen at closing stays readable");
    assert_eq!(sums, json!({ "accepted": 2, "received": 2, "missing": 1 }));
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'reportingPeriodFreeze'").await, 1);
    // The frozen sums are over everybody's rows: no unit sees them.
    for client in [&s.lead, &s.responsible] {
        assert_eq!(frozen(client, &period).await, (Vec::new(), Value::Null));
    }
    assert_eq!(frozen(&s.inspector, &period).await.1["accepted"], 2);
}

#[tokio::test]
async fn it_holds_for_that_unit_until_its_day() {
    let mut s = Stage::new().await;
    let (period, _, report) = closed(&s).await;
    assert_eq!(errors(&reopen(&s.office, &period, input(&s, 2, s.responsible_unit)).await), []);
    // The lead of the same task gets nothing of it, neither to do nor to see.
    let query = "query($id: ID!) { reportingPeriod(id: $id) { reopenings { totalCount nodes { id } } } }";
    let seen = async |client: &Client| {
        client.data(query, json!({ "id": period })).await["reportingPeriod"]["reopenings"]["totalCount"].clone()
    };
    assert_eq!(
        (seen(&s.lead).await, seen(&s.responsible).await, seen(&s.inspector).await),
        (json!(0), json!(1), json!(1))
    );
    // The last second of its last day, in Shanghai.
    s.t.clock.set("2026-07-03T15:59:59Z".parse().unwrap());
    for client in [&mut s.office, &mut s.responsible, &mut s.inspector, &mut s.admin] {
        *client = s.t.sign_in(client.user.unwrap()).await;
    }
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await), []);
    assert_eq!(errors(&act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 2), None).await), []);

    let data = s
        .office
        .data(
            "query($id: ID!) { reportingPeriod(id: $id) { reopenings { nodes { id version } } } }",
            json!({ "id": period }),
        )
        .await;
    let reopening = text(&data["reportingPeriod"]["reopenings"]["nodes"][0]["id"]);
    for client in [&s.responsible, &s.inspector, &s.admin] {
        assert_eq!(codes(&end(client, &reopening, 1).await), ["FORBIDDEN"]);
    }
    assert_eq!(codes(&end(&s.office, &reopening, 9).await), ["STALE"]);
    let ended = end(&s.office, &reopening, 1).await;
    assert_eq!((errors(&ended), &ended["periodReopening"]["isRunning"]), (vec![], &json!(false)));
    assert_eq!(codes(&end(&s.office, &reopening, 2).await), ["INVALID_STATE"]);
    assert_eq!(codes(&act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await), ["INVALID_STATE"]);
    // And once more, for another reason.
    assert_eq!(errors(&reopen(&s.office, &period, input(&s, 3, s.responsible_unit)).await), []);
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await), []);
    assert_eq!(errors(&act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 4), None).await), []);
    // A second later it is the fourth.
    let before = s.rows().await;
    s.t.clock.set("2026-07-03T16:00:00Z".parse().unwrap());
    let late = act(&s.responsible, "Submit", &report, input_of("Submit", 5), None).await;
    assert_eq!(codes(&late), ["INVALID_STATE"]);
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn what_cannot_be_reopened() {
    let s = Stage::new().await;
    let open_one = s.opened().await;
    let other = open(&s.office, period_input(s.list, "PLAIN", "2026-04-01", "2026-04-30", "2026-05-08"), None).await;
    let period = text(&other["reportingPeriod"]["id"]);
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    let before = s.rows().await;
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    let with = |field: &str, value: Value| {
        let mut input = input(&s, 2, s.responsible_unit);
        input[field] = value;
        input
    };
    let nobody = json!(id(Kind::Unit, s.t.ids.next()));
    for (input, expected) in [
        (with("reason", json!(" ")), vec![at("REQUIRED", "reason")]),
        (with("until", json!("2026-06-30")), vec![at("OUT_OF_RANGE", "until")]),
        (with("unit", json!(id(Kind::Unit, s.support_unit))), vec![at("UNASSIGNED", "unit")]),
        (with("unit", nobody), vec![at("NOT_FOUND", "unit")]),
        (with("expectedVersion", json!(1)), vec![("STALE".into(), "expectedVersion".into())]),
    ] {
        let payload = reopen(&s.office, &period, input.clone()).await;
        assert_eq!(errors(&payload), expected, "{input}");
    }
    assert_eq!(codes(&reopen(&s.office, &open_one, input(&s, 1, s.lead_unit)).await), ["INVALID_STATE"]);
    for client in [&s.lead, &s.responsible, &s.inspector, &s.foreign, &s.admin] {
        assert_eq!(codes(&reopen(client, &period, input(&s, 2, s.lead_unit)).await), ["FORBIDDEN"]);
    }
    assert_eq!(s.rows().await, before);
    assert_eq!(s.count("period_reopening").await, 0);
    assert_eq!(errors(&reopen(&s.office, &period, input(&s, 2, s.lead_unit)).await), []);
    assert_eq!(errors(&reopen(&s.office, &period, input(&s, 3, s.lead_unit)).await), [at("DUPLICATE", "unit")]);
    assert_eq!(s.count("period_reopening").await, 1);
}
