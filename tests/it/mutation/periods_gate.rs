//! Changing an open period, and the gate before its closing.

use serde_json::{Value, json};

use super::reports_stage::*;

pub const PERIOD: &str = "reportingPeriod { id label status version dueOn firstDueOn graceWorkingDays lateFrom missingCalendarYear closedAt } userErrors { code message field }";

async fn update(client: &crate::support::Client, period: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: ReportingPeriodUpdateInput!) {{ reportingPeriodUpdate(id: $id, input: $input) {{ {PERIOD} }} }}"
    );
    client.payload(&query, json!({ "id": period, "input": input })).await
}

async fn close_plainly(client: &crate::support::Client, period: &str, version: i64, accept: Option<bool>) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: ReportingPeriodCloseInput!) {{ reportingPeriodClose(id: $id, input: $input) {{ {PERIOD} }} }}"
    );
    let input = json!({ "expectedVersion": version, "acceptMissing": accept });
    client.payload(&query, json!({ "id": period, "input": input })).await
}

#[tokio::test]
async fn a_period_is_moved_and_its_first_due_day_stays() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let done = update(&s.office, &period, json!({ "expectedVersion": 1, "graceWorkingDays": 3 })).await;
    assert_eq!(errors(&done), []);
    let row = &done["reportingPeriod"];
    assert_eq!((&row["dueOn"], &row["firstDueOn"]), (&json!("2026-07-10"), &json!("2026-07-10")));
    // A Friday; the third working day behind it is Wednesday, and Thursday is late.
    assert_eq!((&row["graceWorkingDays"], &row["lateFrom"]), (&json!(3), &json!("2026-07-16")));

    let moved = json!({ "expectedVersion": 2, "dueOn": "2026-07-20", "label": " 上半年自查 " });
    let row = update(&s.office, &period, moved).await["reportingPeriod"].take();
    assert_eq!(
        (&row["label"], &row["dueOn"], &row["firstDueOn"]),
        (&json!("上半年自查"), &json!("2026-07-20"), &json!("2026-07-10"))
    );
    let again = json!({ "expectedVersion": 3, "dueOn": "2026-12-31" });
    let row = update(&s.office, &period, again).await["reportingPeriod"].take();
    assert_eq!(row["firstDueOn"], "2026-07-10", "the first one, not the one before");
    assert_eq!((&row["lateFrom"], &row["missingCalendarYear"]), (&Value::Null, &json!(2027)), "said, not guessed");
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let data = s
        .lead
        .data(
            "query($id: ID!) { node(id: $id) { ... on ReportObligation { dueOn firstDueOn lateFrom missingCalendarYear } } }",
            json!({ "id": owed }),
        )
        .await;
    let expected =
        json!({ "dueOn": "2026-12-31", "firstDueOn": "2026-07-10", "lateFrom": null, "missingCalendarYear": 2027 });
    assert_eq!(data["node"], expected);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'reportingPeriodUpdate'").await, 3);
}

#[tokio::test]
async fn what_cannot_be_changed() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let before = s.rows().await;
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    for (input, expected) in [
        (json!({ "expectedVersion": 1, "graceWorkingDays": 21 }), vec![at("OUT_OF_RANGE", "graceWorkingDays")]),
        (json!({ "expectedVersion": 1, "graceWorkingDays": -1 }), vec![at("OUT_OF_RANGE", "graceWorkingDays")]),
        (
            json!({ "expectedVersion": 1, "dueOn": "2025-12-31", "label": " " }),
            vec![at("REQUIRED", "label"), at("OUT_OF_RANGE", "dueOn")],
        ),
        (json!({ "expectedVersion": 2, "graceWorkingDays": 1 }), vec![("STALE".into(), "expectedVersion".into())]),
    ] {
        let payload = update(&s.office, &period, input.clone()).await;
        assert_eq!(errors(&payload), expected, "{input}");
        assert_eq!(payload["reportingPeriod"]["version"], 1);
    }
    for client in [&s.lead, &s.responsible, &s.inspector, &s.foreign, &s.admin] {
        let input = json!({ "expectedVersion": 1, "graceWorkingDays": 5 });
        assert_eq!(codes(&update(client, &period, input).await), ["FORBIDDEN"]);
    }
    assert_eq!(s.rows().await, before);
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    let before = s.rows().await;
    let late = update(&s.office, &period, json!({ "expectedVersion": 2, "graceWorkingDays": 5 })).await;
    assert_eq!(codes(&late), ["INVALID_STATE"]);
    assert_eq!(s.rows().await, before);
}

const GATE: &str = "query($id: ID!) { reportingPeriod(id: $id) { closeGate { canClose { allowed code reason }
    missingCount returnedCount submittedCount outstanding { totalCount nodes { unit { id } report { status } } } } } }";

#[tokio::test]
async fn the_gate_says_what_is_missing_and_the_flag_opens_it() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let mut reports = Vec::new();
    for (client, unit) in [(&s.lead, s.lead_unit), (&s.responsible, s.responsible_unit), (&s.support, s.support_unit)] {
        let owed = s.owes(&period, unit, s.task).await;
        let report = text(&save(client, full(&owed), None).await["progressReport"]["id"]);
        act(client, "Submit", &report, input_of("Submit", 1), None).await;
        reports.push(report);
    }
    act(&s.office, "Accept", &reports[0], input_of("Accept", 2), None).await;
    act(&s.office, "Return", &reports[1], input_of("Return", 2), None).await;

    let gate = s.office.data(GATE, json!({ "id": period })).await["reportingPeriod"]["closeGate"].take();
    assert_eq!(
        (&gate["missingCount"], &gate["returnedCount"], &gate["submittedCount"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(gate["outstanding"]["totalCount"], 3);
    assert_eq!((&gate["canClose"]["allowed"], &gate["canClose"]["code"]), (&json!(false), &json!("CONFLICT")));
    // A unit's gate is over its own rows, and never its to open: one returned, one missing.
    let own = s.responsible.data(GATE, json!({ "id": period })).await["reportingPeriod"]["closeGate"].take();
    assert_eq!(
        (&own["missingCount"], &own["returnedCount"], &own["submittedCount"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!((&own["canClose"]["code"], &own["outstanding"]["totalCount"]), (&json!("FORBIDDEN"), &json!(2)));

    let before = s.rows().await;
    for accept in [None, Some(false)] {
        let refused = close_plainly(&s.office, &period, 1, accept).await;
        assert_eq!(errors(&refused), [("CONFLICT".to_owned(), "input.acceptMissing".to_owned())]);
        let message = text(&refused["userErrors"][0]["message"]);
        for part in ["1 项未报", "1 项退回", "1 项待审核"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(refused["reportingPeriod"]["status"], "OPEN");
    }
    assert_eq!(s.rows().await, before);
    let closed = close_plainly(&s.office, &period, 1, Some(true)).await;
    assert_eq!(errors(&closed), []);
    assert_eq!(closed["reportingPeriod"]["status"], "CLOSED");
    // What was not decided can't be decided any more.
    assert_eq!(codes(&act(&s.office, "Accept", &reports[2], input_of("Accept", 2), None).await), ["INVALID_STATE"]);
}

#[tokio::test]
async fn a_period_with_everything_accepted_closes_without_a_word() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let data = s
        .office
        .data(
            "query($id: ID!) { reportingPeriod(id: $id) { reportObligations { nodes { id unit { id } } } } }",
            json!({ "id": period }),
        )
        .await;
    for node in data["reportingPeriod"]["reportObligations"]["nodes"].as_array().unwrap() {
        let client = if uuid(&text(&node["unit"]["id"])) == s.lead_unit { &s.lead } else { &s.responsible };
        let report = text(&save(client, full(&text(&node["id"])), None).await["progressReport"]["id"]);
        act(client, "Submit", &report, input_of("Submit", 1), None).await;
        assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), []);
    }
    let gate = s.office.data(GATE, json!({ "id": period })).await["reportingPeriod"]["closeGate"].take();
    assert_eq!((&gate["canClose"]["allowed"], &gate["outstanding"]["totalCount"]), (&json!(true), &json!(0)));
    assert_eq!(errors(&close_plainly(&s.office, &period, 1, None).await), []);
}
