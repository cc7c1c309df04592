//! Who is told what, once, as long as he may see it.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::{deliver, kinds, told};
use crate::mutation::reports_stage::*;
use crate::support::Client;

/// A report of the responsible unit, handed in.
async fn handed_in(s: &Stage, period: &str) -> String {
    let owed = s.owes(period, s.responsible_unit, s.task).await;
    let saved = save(&s.responsible, full(&owed), None).await;
    let report = text(&saved["progressReport"]["id"]);
    let done = act(&s.responsible, "Submit", &report, json!({ "expectedVersion": 1 }), None).await;
    assert_eq!(errors(&done), []);
    report
}

const MARK: &str = "mutation($ids: [ID!]!, $key: String) { notificationMarkRead(input: { notifications: $ids }, idempotencyKey: $key) {
    unreadCount outcomes { notification { id readAt } userErrors { code field } } userErrors { code field } } }";

async fn mark(client: &Client, ids: &[String]) -> Value {
    client.payload(MARK, json!({ "ids": ids })).await
}

async fn ids(client: &Client) -> Vec<String> {
    let data = client.data("{ viewer { notifications { nodes { id } } } }", json!({})).await;
    data["viewer"]["notifications"]["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect()
}

#[tokio::test]
async fn everybody_is_told_what_concerns_him() {
    let s = Stage::new().await;
    let period = s.opened().await;
    assert!(kinds(&s.responsible).await.is_empty(), "nothing is told before it is delivered");
    assert_eq!(deliver(&s).await, 2);
    assert_eq!(deliver(&s).await, 0);
    let opened = told(&s.responsible).await;
    assert_eq!(opened, [("PERIOD_OPENED".into(), "《虚构清单》1–6月报送开始，请于2026-07-10前报送。".into(), false)]);
    assert_eq!(kinds(&s.lead).await, ["PERIOD_OPENED"]);
    assert_eq!(kinds(&s.both).await, ["PERIOD_OPENED"]);
    for nobody in [&s.office, &s.support, &s.foreign, &s.inspector, &s.admin] {
        assert!(kinds(nobody).await.is_empty());
    }

    let report = handed_in(&s, &period).await;
    deliver(&s).await;
    assert_eq!(kinds(&s.office).await, ["REPORTS_SUBMITTED"]);
    assert!(told(&s.office).await[0].1.ends_with("报送了《虚构清单》1–6月的落实情况，请审核。"));
    assert_eq!(kinds(&s.both).await, ["PERIOD_OPENED"], "the office nearest to the issuer is told, not those above it");
    let back = json!({ "expectedVersion": 2, "reason": "请补充" });
    assert_eq!(errors(&act(&s.office, "Return", &report, back, None).await), []);
    deliver(&s).await;
    assert_eq!(kinds(&s.responsible).await, ["REPORT_RETURNED", "PERIOD_OPENED"]);
    assert_eq!(told(&s.responsible).await[0].1, "第1项任务1–6月的落实情况被退回，请修改后重报。");
    assert_eq!(kinds(&s.lead).await, ["PERIOD_OPENED"], "what a co-unit was told is not the lead's business");

    // Handed in again on the same day: the office was told today.
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, json!({ "expectedVersion": 3 }), None).await), []);
    deliver(&s).await;
    assert_eq!(kinds(&s.office).await, ["REPORTS_SUBMITTED"]);
    assert_eq!(errors(&act(&s.office, "Accept", &report, json!({ "expectedVersion": 4 }), None).await), []);
    deliver(&s).await;
    assert_eq!(kinds(&s.responsible).await, ["REPORTS_ACCEPTED", "REPORT_RETURNED", "PERIOD_OPENED"]);
    // On another day it is told again.
    assert_eq!(s.count("outbox WHERE delivered_at IS NULL").await, 0);
}

#[tokio::test]
async fn texts_come_in_the_language_asked_for() {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    let body = json!({ "query": "{ viewer { notifications { nodes { text } } } }" }).to_string();
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .body(Body::from(body))
        .unwrap();
    let answer = s.lead.request(request).await.into_body().collect().await.unwrap().to_bytes();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let text = &answer["data"]["viewer"]["notifications"]["nodes"][0]["text"];
    assert_eq!(text, "Reporting for 1–6月 of “虚构清单” has begun; it is due on 2026-07-10.");
}

#[tokio::test]
async fn who_may_not_see_it_any_more_was_never_told() {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    let own = ids(&s.lead).await;
    assert_eq!(own.len(), 1);
    let db = s.t.database.raw().await;
    db.execute_unprepared("UPDATE assignment SET status = 'WITHDRAWN'").await.unwrap();
    assert!(told(&s.lead).await.is_empty());
    let data = s.lead.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": own[0] })).await;
    assert!(data["node"].is_null());
    let payload = mark(&s.lead, &own).await;
    assert_eq!(payload["outcomes"][0]["notification"], Value::Null);
    assert_eq!(payload["outcomes"][0]["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(s.count("notification WHERE read_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn notices_are_marked_as_read_by_their_own_reader() {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    let (own, others) = (ids(&s.responsible).await, ids(&s.lead).await);
    let absent = GlobalId::new(Kind::Notification, s.t.ids.next()).to_string();
    let asked = [own[0].clone(), others[0].clone(), absent];
    let payload = mark(&s.responsible, &asked).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["unreadCount"], 0);
    assert_eq!(payload["outcomes"][0]["notification"]["id"], json!(own[0]));
    assert!(payload["outcomes"][0]["notification"]["readAt"].is_string());
    for (nth, foreign) in [(1, "somebody else's"), (2, "absent")] {
        let outcome = &payload["outcomes"][nth];
        assert_eq!(outcome["notification"], Value::Null, "{foreign}");
        let expected = json!([{ "code": "NOT_FOUND", "field": ["input", "notifications", nth.to_string()] }]);
        assert_eq!(outcome["userErrors"], expected, "{foreign}");
    }
    assert_eq!(s.count("notification WHERE read_at IS NOT NULL").await, 1);
    assert!(!told(&s.lead).await[0].2 && told(&s.responsible).await[0].2);
    // Once more changes nothing; too many at once are refused.
    let first = payload["outcomes"][0].clone();
    s.t.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(mark(&s.responsible, &own).await["outcomes"][0], first);
    let payload = mark(&s.responsible, &vec![own[0].clone(); 101]).await;
    assert_eq!(payload["userErrors"][0]["code"], "LIMIT");
    let payload = mark(&s.admin, &own).await;
    assert_eq!(payload["byGuard"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_twice_by_workers_side_by_side() {
    let s = Stage::with(true).await;
    for (from, to, due) in [("2026-01-01", "2026-03-31", "2026-07-05"), ("2026-01-01", "2026-06-30", "2026-07-10")] {
        let opened = open(&s.office, period_input(s.list, "CUMULATIVE", from, to, due), None).await;
        assert_eq!(errors(&opened), []);
    }
    assert_eq!(s.count("outbox WHERE delivered_at IS NULL").await, 6);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let service = s.t.service.clone();
        workers.spawn(async move {
            // A worker that had to wait too long comes again.
            for _ in 0..5 {
                let _ = service.notices_deliver().await;
            }
        });
    }
    workers.join_all().await;
    deliver(&s).await;
    assert_eq!(s.count("outbox WHERE delivered_at IS NULL").await, 0);
    // Lead, support, and three people of the responsible unit, of two periods.
    assert_eq!(s.count("notification").await, 10);
    assert_eq!(kinds(&s.support).await, ["PERIOD_OPENED", "PERIOD_OPENED"]);
    // Even a message that comes back is not told again.
    let db = s.t.database.raw().await;
    db.execute_unprepared("UPDATE outbox SET delivered_at = NULL").await.unwrap();
    assert_eq!(deliver(&s).await, 6);
    assert_eq!(s.count("notification").await, 10);
}
