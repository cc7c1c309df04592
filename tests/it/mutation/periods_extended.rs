//! Requests for more time, and what the office decides.

use serde_json::{Value, json};

use super::reports_stage::*;
use crate::support::Client;

const REQUEST: &str = "extensionRequest { id status version until grantedUntil decisionReason decidedAt requestedBy { id } viewerCan { decide { allowed } withdraw { allowed } } obligation { dueOn firstDueOn lateFrom } } userErrors { code message field }";

async fn ask(client: &Client, obligation: &str, until: &str, reason: &str) -> Value {
    let query = format!(
        "mutation($input: ExtensionRequestCreateInput!) {{ extensionRequestCreate(input: $input) {{ {REQUEST} }} }}"
    );
    client.payload(&query, json!({ "input": { "obligation": obligation, "until": until, "reason": reason } })).await
}

async fn decide(client: &Client, request: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: ExtensionRequestDecideInput!) {{ extensionRequestDecide(id: $id, input: $input) {{ {REQUEST} }} }}"
    );
    client.payload(&query, json!({ "id": request, "input": input })).await
}

async fn withdraw(client: &Client, request: &str, version: i64) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: VersionInput!) {{ extensionRequestWithdraw(id: $id, input: $input) {{ {REQUEST} }} }}"
    );
    client.payload(&query, json!({ "id": request, "input": { "expectedVersion": version } })).await
}

#[tokio::test]
async fn who_asks_does_not_decide() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let asked = ask(&s.both, &owed, "2026-07-20", "数据未齐").await;
    assert_eq!(errors(&asked), []);
    assert_eq!(
        asked["extensionRequest"]["viewerCan"],
        json!({ "decide": { "allowed": false }, "withdraw": { "allowed": true } })
    );
    let request = text(&asked["extensionRequest"]["id"]);
    let before = s.rows().await;
    for decision in ["GRANTED", "REFUSED"] {
        let input = json!({ "expectedVersion": 1, "decision": decision, "reason": "同意" });
        assert_eq!(codes(&decide(&s.both, &request, input).await), ["FORBIDDEN"]);
    }
    assert_eq!(s.rows().await, before);
    let granted = json!({ "expectedVersion": 1, "decision": "GRANTED" });
    assert_eq!(errors(&decide(&s.office, &request, granted).await), []);
}

#[tokio::test]
async fn more_time_is_granted_and_the_first_day_stays() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let asked = ask(&s.responsible, &owed, "2026-07-20", "数据未齐").await;
    assert_eq!(errors(&asked), []);
    let request = text(&asked["extensionRequest"]["id"]);
    assert_eq!(asked["extensionRequest"]["status"], "PENDING");
    assert_eq!(asked["extensionRequest"]["obligation"]["dueOn"], "2026-07-10", "asking changes nothing");
    assert_eq!(
        errors(&ask(&s.responsible, &owed, "2026-07-21", "再问").await),
        [("DUPLICATE".to_owned(), "input.obligation".to_owned())]
    );

    let granted =
        decide(&s.office, &request, json!({ "expectedVersion": 1, "decision": "GRANTED", "until": "2026-07-17" }))
            .await;
    assert_eq!(errors(&granted), []);
    let row = &granted["extensionRequest"];
    assert_eq!(
        (&row["status"], &row["until"], &row["grantedUntil"]),
        (&json!("GRANTED"), &json!("2026-07-20"), &json!("2026-07-17"))
    );
    let expected = json!({ "dueOn": "2026-07-17", "firstDueOn": "2026-07-10", "lateFrom": "2026-07-18" });
    assert_eq!(row["obligation"], expected);
    // The other one of the unit, and those of others, stay as they were.
    let lead = s.owes(&period, s.lead_unit, s.task).await;
    let data = s
        .office
        .data("query($id: ID!) { node(id: $id) { ... on ReportObligation { dueOn } } }", json!({ "id": lead }))
        .await;
    assert_eq!(data["node"]["dueOn"], "2026-07-10");
    assert_eq!(
        codes(
            &decide(&s.office, &request, json!({ "expectedVersion": 2, "decision": "REFUSED", "reason": "否" })).await
        ),
        ["INVALID_STATE"]
    );
    assert_eq!(codes(&withdraw(&s.responsible, &request, 2).await), ["INVALID_STATE"]);
    // More time once more, counted from the day in force.
    let again = ask(&s.responsible, &owed, "2026-07-17", "再延").await;
    assert_eq!(errors(&again), [("OUT_OF_RANGE".to_owned(), "input.until".to_owned())]);
    assert_eq!(errors(&ask(&s.responsible, &owed, "2026-07-24", "再延").await), []);
    assert_eq!(s.count("extension_request").await, 2);
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_a_request_can_be_taken_back() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let request = text(&ask(&s.responsible, &owed, "2026-07-20", "数据未齐").await["extensionRequest"]["id"]);
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    let before = s.rows().await;
    for (input, expected) in [
        (json!({ "expectedVersion": 1, "decision": "REFUSED" }), vec![at("REQUIRED", "reason")]),
        (
            json!({ "expectedVersion": 1, "decision": "REFUSED", "reason": "否", "until": "2026-07-20" }),
            vec![at("CONFLICT", "until")],
        ),
        (
            json!({ "expectedVersion": 1, "decision": "GRANTED", "until": "2026-07-10" }),
            vec![at("OUT_OF_RANGE", "until")],
        ),
        (json!({ "expectedVersion": 7, "decision": "GRANTED" }), vec![("STALE".into(), "expectedVersion".into())]),
    ] {
        let payload = decide(&s.office, &request, input.clone()).await;
        assert_eq!(errors(&payload), expected, "{input}");
        assert_eq!(payload["extensionRequest"]["status"], "PENDING");
    }
    assert_eq!(s.rows().await, before);
    assert_eq!(errors(&withdraw(&s.responsible, &request, 1).await), []);
    let second = text(&ask(&s.responsible, &owed, "2026-07-20", "数据未齐").await["extensionRequest"]["id"]);
    let refused =
        decide(&s.office, &second, json!({ "expectedVersion": 1, "decision": "REFUSED", "reason": "数据应已齐备" }))
            .await;
    assert_eq!(errors(&refused), []);
    assert_eq!(refused["extensionRequest"]["decisionReason"], "数据应已齐备");
    assert_eq!(refused["extensionRequest"]["obligation"]["dueOn"], "2026-07-10");
}

#[tokio::test]
async fn who_may_ask_decide_and_see() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let before = s.rows().await;
    // The lead sees the obligation of its co-unit and may not ask for it; the others see nothing.
    for (client, code) in [
        (&s.lead, "FORBIDDEN"),
        (&s.support, "NOT_FOUND"),
        (&s.foreign, "NOT_FOUND"),
        (&s.office, "FORBIDDEN"),
        (&s.inspector, "FORBIDDEN"),
    ] {
        let payload = ask(client, &owed, "2026-07-20", "代问").await;
        assert_eq!(codes(&payload), [code]);
        assert_eq!(payload["extensionRequest"], Value::Null);
    }
    assert_eq!(s.rows().await, before);
    let request = text(&ask(&s.responsible, &owed, "2026-07-20", "数据未齐").await["extensionRequest"]["id"]);
    let before = s.rows().await;
    let verdict = json!({ "expectedVersion": 1, "decision": "GRANTED" });
    for client in [&s.lead, &s.responsible, &s.support, &s.foreign, &s.inspector, &s.admin] {
        assert_eq!(codes(&decide(client, &request, verdict.clone()).await), ["FORBIDDEN"]);
    }
    for client in [&s.lead, &s.support, &s.foreign] {
        assert_eq!(codes(&withdraw(client, &request, 1).await), ["NOT_FOUND"]);
    }
    assert_eq!(s.rows().await, before);
    let query = "query($id: ID!, $request: ID!) { reportingPeriod(id: $id) { extensionRequests { totalCount } } node(id: $request) { id } }";
    for (client, sees) in [(&s.office, 1), (&s.inspector, 1), (&s.responsible, 1), (&s.lead, 0)] {
        let data = client.data(query, json!({ "id": period, "request": request })).await;
        assert_eq!(data["reportingPeriod"]["extensionRequests"]["totalCount"], sees);
        assert_eq!(data["node"].is_null(), sees == 0);
    }
    // Nobody needs time for what is handed in, and nobody gets any after the closing.
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&withdraw(&s.responsible, &request, 1).await), []);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(
        errors(&ask(&s.responsible, &owed, "2026-07-20", "再问").await),
        [("INVALID_STATE".to_owned(), "input.obligation".to_owned())]
    );
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    assert_eq!(codes(&ask(&s.responsible, &owed, "2026-07-20", "再问").await), ["INVALID_STATE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_requests_at_once_are_one() {
    let s = Stage::new().await;
    let period = s.opened().await;
    for (client, unit) in [(&s.responsible, s.responsible_unit), (&s.lead, s.lead_unit)] {
        let owed = s.owes(&period, unit, s.task).await;
        let asked = tokio::join!(
            ask(client, &owed, "2026-07-20", "一"),
            ask(client, &owed, "2026-07-21", "二"),
            ask(client, &owed, "2026-07-22", "三")
        );
        let mut all = [codes(&asked.0), codes(&asked.1), codes(&asked.2)];
        all.sort();
        assert_eq!(all, [vec![], vec!["DUPLICATE".to_owned()], vec!["DUPLICATE".to_owned()]]);
    }
}
