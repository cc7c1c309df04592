//! Opening and closing of periods: what is owed, what is refused, what is frozen.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;

async fn owed(stage: &Stage) -> Vec<(String, String, String)> {
    let data = stage
        .office
        .data("{ reportObligations { nodes { unit { id } task { number } assignment { role } } } }", json!({}))
        .await;
    let mut owed: Vec<_> = data["reportObligations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["task"]["number"]), text(&node["unit"]["id"]), text(&node["assignment"]["role"])))
        .collect();
    owed.sort();
    owed
}

#[tokio::test]
async fn every_lead_and_responsible_unit_owes_once_per_task() {
    for support in [false, true] {
        let s = Stage::with(support).await;
        let input = period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-06-30", "2026-07-10");
        let payload = open(&s.office, input, None).await;
        assert_eq!(errors(&payload), []);
        assert_eq!(payload["reportingPeriod"]["label"], "1–6月");
        assert_eq!(payload["reportingPeriod"]["status"], "OPEN");
        let unit = |key| id(Kind::Unit, key);
        let mut expected = vec![
            ("1".into(), unit(s.lead_unit), "LEAD".into()),
            ("1".into(), unit(s.responsible_unit), "RESPONSIBLE".into()),
            ("2".into(), unit(s.responsible_unit), "LEAD".into()),
        ];
        if support {
            expected.push(("1".into(), unit(s.support_unit), "SUPPORT".into()));
        }
        expected.sort();
        assert_eq!(owed(&s).await, expected, "support reports: {support}");
        assert_eq!(payload["reportingPeriod"]["rollUp"]["expected"], expected.len());
        let messages = s.count("outbox WHERE topic = 'reporting_period.opened'").await;
        assert_eq!(messages, if support { 3 } else { 2 }, "one message per unit");
        assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'reportingPeriodOpen'").await, 1);
    }
}

#[tokio::test]
async fn opening_is_bounded_in_sql() {
    let s = Stage::new().await;
    let store = s.t.service.store().clone();
    let before = store.statements();
    s.opened().await;
    let few = store.statements() - before;
    let tx = store.begin().await.unwrap();
    let tasks = tx.all_where::<entity::task::Entity>(entity::task::Column::Id, &[s.task]).await.unwrap();
    let template = tx
        .all_where::<entity::assignment::Entity>(entity::assignment::Column::TaskId, &[s.task])
        .await
        .unwrap()
        .remove(0);
    for position in 10..310 {
        let id = s.t.ids.next();
        let number = position.to_string();
        tx.insert::<entity::task::Entity>(entity::task::Model { id, position, number, ..tasks[0].clone() })
            .await
            .unwrap();
        let row = entity::assignment::Model {
            id: s.t.ids.next(),
            task_id: id,
            unit_id: Some(s.lead_unit),
            ..template.clone()
        };
        tx.insert::<entity::assignment::Entity>(row).await.unwrap();
    }
    tx.commit().await.unwrap();
    let before = store.statements();
    let payload = open(&s.office, period_input(s.list, "PLAIN", "2026-07-01", "2026-09-30", "2026-10-10"), None).await;
    assert_eq!(payload["reportingPeriod"]["rollUp"]["expected"], 303);
    assert_eq!(payload["reportingPeriod"]["label"], "三季度");
    assert_eq!(store.statements() - before, few, "as many statements for 303 obligations as for 3");
}

#[tokio::test]
async fn what_cannot_be_opened() {
    let s = Stage::new().await;
    s.opened().await;
    let before = s.rows().await;
    let input = |kind, from, to, due| period_input(s.list, kind, from, to, due);
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    let cases = [
        (input("CUMULATIVE", "2026-01-01", "2026-06-30", "2026-07-10"), vec![at("DUPLICATE", "startsOn")]),
        (input("PLAIN", "2026-01-01", "2026-06-30", "2026-07-10"), vec![at("DUPLICATE", "startsOn")]),
        (
            input("PLAIN", "2026-05-02", "2026-05-01", "2026-05-01"),
            vec![at("OUT_OF_RANGE", "dueOn"), at("OUT_OF_RANGE", "endsOn")],
        ),
        (
            input("CUMULATIVE", "2026-02-01", "2026-06-29", "2026-07-10"),
            vec![at("OUT_OF_RANGE", "startsOn"), at("OUT_OF_RANGE", "endsOn")],
        ),
        (input("CUMULATIVE", "2026-01-01", "2027-01-31", "2027-02-10"), vec![at("OUT_OF_RANGE", "endsOn")]),
        (input("CUMULATIVE", "2025-01-01", "2025-06-30", "2026-07-10"), vec![at("OUT_OF_RANGE", "startsOn")]),
    ];
    for (input, expected) in cases {
        let payload = open(&s.office, input.clone(), None).await;
        assert_eq!(errors(&payload), expected, "{input}");
        assert_eq!(payload["reportingPeriod"], Value::Null);
    }
    let mut long = input("PLAIN", "2026-07-01", "2026-07-31", "2026-08-10");
    long["label"] = json!("长".repeat(61));
    assert_eq!(errors(&open(&s.office, long.clone(), None).await), [at("TOO_LONG", "label")]);
    let good = input("PLAIN", "2026-07-01", "2026-07-31", "2026-08-10");
    for client in [&s.lead, &s.responsible, &s.support, &s.inspector, &s.foreign, &s.admin] {
        let payload = open(client, good.clone(), None).await;
        assert_eq!(codes(&payload), ["FORBIDDEN"]);
        assert_eq!(payload["reportingPeriod"], Value::Null);
    }
    assert_eq!(s.rows().await, before);
    long["label"] = json!("长".repeat(60));
    assert_eq!(open(&s.office, long, None).await["reportingPeriod"]["label"], "长".repeat(60));
}

#[tokio::test]
async fn closing_freezes_the_sums_over_everybody() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let mine = |unit| s.owes(&period, unit, s.task);
    let (lead, responsible) = (mine(s.lead_unit).await, mine(s.responsible_unit).await);
    let report = save(&s.lead, full(&lead), None).await;
    let report = text(&report["progressReport"]["id"]);
    act(&s.lead, "Submit", &report, input_of("Submit", 1), None).await;
    act(&s.office, "Accept", &report, input_of("Accept", 2), None).await;
    save(&s.responsible, full(&responsible), None).await;

    let before = s.rows().await;
    for client in [&s.lead, &s.responsible, &s.support, &s.inspector, &s.foreign, &s.admin] {
        assert_eq!(codes(&close(client, &period, 1).await), ["FORBIDDEN"]);
    }
    let stale = close(&s.office, &period, 7).await;
    assert_eq!(codes(&stale), ["STALE"]);
    assert_eq!(stale["reportingPeriod"]["version"], 1);
    assert_eq!(s.rows().await, before);

    let payload = close(&s.office, &period, 1).await;
    assert_eq!(errors(&payload), []);
    assert_eq!(payload["reportingPeriod"]["status"], "CLOSED");
    assert_eq!(payload["reportingPeriod"]["closedAt"], "2026-07-01T01:00:00.000Z");
    let tx = s.t.service.store().begin().await.unwrap();
    let row = tx
        .all_where::<entity::reporting_period::Entity>(entity::reporting_period::Column::Id, &[uuid(&period)])
        .await
        .unwrap()
        .remove(0);
    tx.rollback().await.unwrap();
    let expected = json!({
        "expected": 4, "received": 1, "submitted": 0, "accepted": 1, "returned": 0, "missing": 3,
        "nothingToReport": 0, "notApplicable": 0, "completion": { "LIMITED": 1 },
    });
    assert_eq!(row.roll_up, Some(expected));

    let after = s.rows().await;
    assert_eq!(codes(&close(&s.office, &period, 2).await), ["INVALID_STATE"]);
    let late =
        save(&s.responsible, json!({ "obligation": responsible, "expectedVersion": 1, "percent": 50 }), None).await;
    assert_eq!(codes(&late), ["INVALID_STATE"]);
    assert_eq!(late["progressReport"]["percent"], 40, "the report as it is");
    assert_eq!(s.rows().await, after);
    assert_eq!(s.count("outbox WHERE topic = 'reporting_period.closed'").await, 1);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'reportingPeriodClose'").await, 1);
}
