//! Telephone numbers: sealed, masked, revealed only on purpose, and in no other place.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use taizhang::store::Engine;
use taizhang::telemetry::{Format, subscriber};

use super::reports_stage::*;
use crate::support::every_table::TABLES;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything the database holds, as text: on SQLite the bytes of its files, on PostgreSQL every row.
async fn everything(s: &Stage) -> String {
    let mut all = String::new();
    if s.t.database.engine() == Engine::Sqlite {
        let file = s.t.database.url.strip_prefix("sqlite://").unwrap().split('?').next().unwrap().to_owned();
        for name in [file.clone(), format!("{file}-wal")] {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(name).unwrap()));
        }
        return all;
    }
    let db = s.t.database.raw().await;
    for table in TABLES {
        let sql = Statement::from_string(db.get_database_backend(), format!("SELECT x::text AS t FROM {table} x"));
        for row in db.query_all_raw(sql).await.unwrap() {
            all.push_str(&row.try_get::<String>("", "t").unwrap());
        }
    }
    all
}

#[tokio::test]
async fn who_gets_the_number_and_what_it_leaves() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("１３９ 8765 4321");
    let saved = save(&s.responsible, input, None).await;
    assert_eq!(saved["progressReport"]["reporterPhone"], "139****4321");
    let report = text(&saved["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;

    let audits = || s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportPhoneReveal'");
    let before = s.rows().await;
    for (client, code) in [
        (&s.lead, "FORBIDDEN"),
        (&s.inspector, "CLOSED"),
        (&s.support, "NOT_FOUND"),
        (&s.foreign, "NOT_FOUND"),
        (&s.admin, "CLOSED"),
    ] {
        let payload = reveal(client, &report).await;
        let closed = payload["byGuard"] == true;
        assert_eq!(closed, code == "CLOSED");
        assert_eq!(codes(&payload), [if closed { "FORBIDDEN" } else { code }]);
        assert_eq!(payload["phone"], json!(null));
        let masked = if code == "FORBIDDEN" { json!("139****4321") } else { json!(null) };
        assert_eq!(payload["progressReport"]["reporterPhone"], masked);
    }
    assert_eq!(s.rows().await, before);
    for (nth, client) in [&s.office, &s.responsible, &s.office].into_iter().enumerate() {
        let payload = reveal(client, &report).await;
        assert_eq!(errors(&payload), []);
        assert_eq!(payload["phone"], "13987654321");
        assert_eq!(payload["progressReport"]["reporterPhone"], "139****4321");
        assert_eq!(audits().await, i64::try_from(nth).unwrap() + 1, "each reading is entered");
    }
    // The same key twice is two readings.
    for _ in 0..2 {
        let query = "mutation($id: ID!) { progressReportPhoneReveal(id: $id, idempotencyKey: \"k\") { phone } }";
        let data = s.office.data(query, json!({ "id": report })).await;
        assert_eq!(data["progressReportPhoneReveal"]["phone"], "13987654321");
    }
    assert_eq!(audits().await, 5);
}

#[tokio::test]
async fn numbers_can_be_kept_changed_and_taken_away() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let steps = [
        (Some(json!("0431-82345678")), json!("0431-****678")),
        (None, json!("0431-****678")),
        (Some(json!("13912345678")), json!("139****5678")),
        (Some(json!(null)), json!(null)),
        (Some(json!("(010)87654321")), json!("010-****321")),
        (Some(json!("  ")), json!(null)),
    ];
    for (version, (phone, expected)) in steps.into_iter().enumerate() {
        let mut input = json!({ "obligation": owed, "percent": version });
        if version > 0 {
            input["expectedVersion"] = json!(version);
        }
        if let Some(phone) = &phone {
            input["reporterPhone"] = phone.clone();
        }
        let payload = save(&s.responsible, input, None).await;
        assert_eq!(errors(&payload), []);
        assert_eq!(payload["progressReport"]["reporterPhone"], expected, "{phone:?}");
    }
    let report = s.responsible.data("{ progressReports { nodes { id } } }", json!({})).await;
    let report = text(&report["progressReports"]["nodes"][0]["id"]);
    let empty = reveal(&s.office, &report).await;
    assert_eq!((errors(&empty), &empty["phone"]), (vec![], &json!(null)));
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportPhoneReveal'").await, 1);
}

#[tokio::test]
async fn a_number_is_nowhere_in_the_clear() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let planted = ["13987654321", "1398765432x", "010-87651234"];
    let paper = Paper::default();
    let pen = paper.clone();
    let log = subscriber(Format::Json, "trace", move || pen.clone()).unwrap();
    // For the thread, not for the call: a verb runs in a task of its own, on this same thread.
    // A second log, because while there is one only, other threads decide for all of them what is worth writing.
    let second = tracing::Dispatch::new(subscriber(Format::Json, "trace", io::sink).unwrap());
    let looking = tracing::subscriber::set_default(log);
    let mut answers = Vec::new();
    let mut input = full(&owed);
    input["reporterPhone"] = json!(planted[0]);
    let saved = save(&s.responsible, input.clone(), Some("k")).await;
    let report = text(&saved["progressReport"]["id"]);
    answers.push(saved);
    answers.push(save(&s.responsible, input.clone(), Some("k")).await);
    answers.push(save(&s.responsible, input.clone(), None).await);
    answers.push(save(&s.foreign, input.clone(), None).await);
    let mut bad = json!({ "obligation": owed, "expectedVersion": 1, "reporterPhone": planted[1] });
    answers.push(save(&s.responsible, bad.clone(), None).await);
    bad["reporterPhone"] = json!(planted[2]);
    answers.push(save(&s.responsible, bad.clone(), Some("k")).await);
    answers.push(save(&s.responsible, bad.clone(), Some("l")).await);
    answers.push(act(&s.responsible, "Submit", &report, input_of("Submit", 2), None).await);
    let revealed = reveal(&s.office, &report).await;
    assert_eq!(revealed["phone"], planted[2]);
    for client in [&s.office, &s.inspector, &s.lead, &s.responsible] {
        answers.push(client.data("{ progressReports { nodes { narrative reporterName reporterPhone revisions { nodes { narrative } } } } }", json!({})).await);
    }
    drop((looking, second));
    let said = serde_json::to_string(&answers).unwrap();
    assert!(said.contains("010-****234"), "{said}");
    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("taizhang"), "the log is looked at");
    let kept = everything(&s).await;
    assert!(kept.contains("虚构：已公开。"), "the scan reads what is there");
    for number in ["13987654321", "87654321", "1398765432x", "87651234", "01087651234"] {
        for (place, text) in [("answers", &said), ("log", &written), ("database", &kept)] {
            assert!(!text.contains(number), "{number} in the {place}");
        }
    }
}

#[tokio::test]
async fn a_number_is_asked_for_once() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let (first, second) =
        (s.owes(&period, s.responsible_unit, s.task).await, s.owes(&period, s.responsible_unit, s.second).await);
    let mut input = full(&first);
    (input["reporterName"], input["reporterPhone"]) = (json!("虚构联系人"), json!("13987654321"));
    assert_eq!(errors(&save(&s.responsible, input, None).await), []);
    s.t.clock.advance(chrono::TimeDelta::minutes(1));

    // The next report of the same user and unit bears the same.
    let saved = save(&s.responsible, json!({ "obligation": second, "narrative": "已办。" }), None).await;
    assert_eq!(errors(&saved), []);
    let report = &saved["progressReport"];
    assert_eq!((&report["reporterName"], &report["reporterPhone"]), (&json!("虚构联系人"), &json!("139****4321")));
    let query = "mutation($id: ID!) { progressReportPhoneReveal(id: $id) { phone userErrors { code message field } } }";
    let revealed = s.responsible.payload(query, json!({ "id": report["id"] })).await;
    assert_eq!(revealed["phone"], "13987654321", "sealed for the report it stands on");

    // It can be taken away there, and stays where it was.
    let away = json!({ "obligation": second, "expectedVersion": 1, "reporterPhone": null });
    assert_eq!(save(&s.responsible, away, None).await["progressReport"]["reporterPhone"], json!(null));

    // Nobody else's is taken, of whatever unit.
    let theirs = s.owes(&period, s.lead_unit, s.task).await;
    let saved = save(&s.lead, json!({ "obligation": theirs, "narrative": "已办。" }), None).await;
    assert_eq!(saved["progressReport"]["reporterPhone"], json!(null));
    assert_ne!(saved["progressReport"]["reporterName"], "虚构联系人");
}
