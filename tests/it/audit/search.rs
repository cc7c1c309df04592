//! Finding in the trail: who touched this, from where, and in the order in which it happened.

use entity::audit_entry;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::{busy, trail};
use crate::mutation::reports_stage::*;
use crate::support::Client;

async fn found(client: &Client, filter: Value) -> Vec<Value> {
    let query = "query($filter: AuditEntryFilter) { auditEntries(filter: $filter, first: 200) { totalCount nodes {
        id sequence operation objectId result address user { id } unit { id } } } }";
    let data = client.data(query, json!({ "filter": filter })).await;
    let nodes = data["auditEntries"]["nodes"].as_array().unwrap().clone();
    assert_eq!(data["auditEntries"]["totalCount"], nodes.len());
    nodes
}

fn operations(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(&row["operation"])).collect()
}

#[tokio::test]
async fn who_touched_this_report_and_who_read_its_number() {
    let s = busy().await;
    let root = s.t.root(s.list).await;
    let auditor = s.t.user("auditor", root, &[(Role::AuditAdmin, root)]).await;
    let below = s.t.user("auditor.below", s.lead_unit, &[(Role::AuditAdmin, s.lead_unit)]).await;
    let rows = trail(&s).await;
    let mut submitted = rows.iter().filter(|row| row.operation == "progressReportSubmit");
    let report = id(Kind::ProgressReport, submitted.next().unwrap().object_id.unwrap());
    let other = id(Kind::ProgressReport, submitted.next().unwrap().object_id.unwrap());
    reveal(&s.office, &report).await;
    reveal(&s.foreign, &report).await;

    let touched = found(&auditor, json!({ "object": { "eq": report } })).await;
    let verbs = ["PhoneReveal", "PhoneReveal", "Accept", "Submit", "Save"].map(|verb| format!("progressReport{verb}"));
    assert_eq!(operations(&touched), verbs);
    assert!(touched.iter().all(|row| row["objectId"] == report));
    assert_eq!((&touched[0]["result"], &touched[1]["result"]), (&json!("REFUSED"), &json!("DONE")));
    let read =
        json!({ "object": { "eq": report }, "operation": { "eq": "progressReportPhoneReveal" }, "refused": false });
    let read = found(&auditor, read).await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["user"]["id"], id(Kind::User, s.office.user.unwrap()));

    // Several, none, all the others; another kind with the same key is another thing.
    let both = found(&auditor, json!({ "object": { "in": [report, other] } })).await;
    assert!(both.len() > touched.len() && both.iter().all(|row| row["objectId"] == report || row["objectId"] == other));
    let all = found(&auditor, Value::Null).await.len();
    let without = found(&auditor, json!({ "object": { "isNull": true } })).await;
    assert!(without.iter().all(|row| row["objectId"].is_null()));
    let with = found(&auditor, json!({ "object": { "isNull": false } })).await;
    assert_eq!(with.len() + without.len(), all);
    let others = found(&auditor, json!({ "not": { "object": { "eq": report } } })).await;
    assert_eq!(others.len(), all - touched.len());
    for nothing in [json!({ "in": [] }), json!({ "eq": id(Kind::Task, uuid(&report)) })] {
        assert_eq!(found(&auditor, json!({ "object": nothing })).await, Vec::<Value>::new());
    }
    let query = "query($f: AuditEntryFilter) { auditEntries(filter: $f) { totalCount } }";
    let answer = auditor.answer(query, json!({ "f": { "object": { "eq": "nothing" } } })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");

    // One of a unit below finds what his own unit did with it; nobody else finds anything.
    let own = found(&below, json!({ "object": { "eq": report } })).await;
    assert!(!own.is_empty() && own.len() < touched.len());
    assert!(own.iter().all(|row| row["unit"]["id"] == id(Kind::Unit, s.lead_unit)));
    for nobody in [&s.office, &s.lead, &s.inspector, &s.admin] {
        assert!(found(nobody, json!({ "object": { "eq": report } })).await.is_empty());
    }

    // However much is asked, it takes as many statements.
    let count = async |filter: Value| {
        let before = s.t.service.store().statements();
        found(&auditor, filter).await;
        s.t.service.store().statements() - before
    };
    let plain = count(Value::Null).await;
    assert_eq!(
        count(json!({ "object": { "in": [report, other] }, "not": { "address": { "startsWith": "192" } } })).await,
        plain
    );
}

/// A row as somebody left it.
fn row(s: &Stage, unit: Uuid, address: Option<&str>, seconds: i64) -> audit_entry::Model {
    audit_entry::Model {
        id: s.t.ids.next(),
        at: s.t.service.clock().now() + chrono::TimeDelta::seconds(seconds),
        user_id: None,
        unit_id: Some(unit),
        operation: "tried".to_owned(),
        object_type: None,
        object_id: None,
        result: "DONE".to_owned(),
        changed: None,
        request_id: "test".to_owned(),
        sequence: None,
        hash: None,
        address: address.map(str::to_owned),
        reasons: None,
    }
}

#[tokio::test]
async fn addresses_are_found_and_the_order_is_that_of_the_chain() {
    let s = busy().await;
    let root = s.t.root(s.list).await;
    let auditor = s.t.user("auditor", root, &[(Role::AuditAdmin, root)]).await;
    // Clocks of several servers differ; the number does not.
    let (unit, other) = (s.lead_unit, s.support_unit);
    let rows = [
        (unit, Some("192.0.2.7"), 5),
        (other, Some("192.0.2.70"), -90),
        (unit, None, 40),
        (unit, Some("2001:db8::7"), 0),
    ];
    let tx = s.t.service.store().begin().await.unwrap();
    tx.audit(rows.iter().map(|(unit, address, seconds)| row(&s, *unit, *address, *seconds)).collect()).await.unwrap();
    tx.commit().await.unwrap();

    for (filter, expected) in [
        (json!({ "eq": "192.0.2.7" }), vec!["192.0.2.7"]),
        (json!({ "startsWith": "192.0.2." }), vec!["192.0.2.70", "192.0.2.7"]),
        (json!({ "in": ["2001:db8::7", "192.0.2.7"] }), vec!["2001:db8::7", "192.0.2.7"]),
        (json!({ "eq": "192.0.2.%" }), vec![]),
    ] {
        let found = found(&auditor, json!({ "address": filter })).await;
        let addresses: Vec<_> = found.iter().map(|row| row["address"].as_str().unwrap()).collect();
        assert_eq!(addresses, expected, "{filter}");
    }
    let scoped = s.t.user("auditor.below", unit, &[(Role::AuditAdmin, unit)]).await;
    assert_eq!(found(&scoped, json!({ "address": { "startsWith": "192.0.2." } })).await.len(), 1);

    // The latest first, whatever their clocks said; page by page from both ends the same.
    let all = found(&auditor, Value::Null).await;
    let numbers: Vec<i64> = all.iter().map(|row| text(&row["sequence"]).parse().unwrap()).collect();
    assert_eq!(numbers.len(), trail(&s).await.len());
    assert!(numbers.windows(2).all(|two| two[0] == two[1] + 1), "{numbers:?}");
    for (size, from, cursor, info) in
        [("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage")]
    {
        let query = format!(
            "query($n: Int, $c: String) {{ auditEntries({size}: $n, {from}: $c) {{ pageInfo {{ {cursor} {info} }} nodes {{ sequence }} }} }}"
        );
        let (mut paged, mut at): (Vec<i64>, Value) = (Vec::new(), Value::Null);
        loop {
            let data = auditor.data(&query, json!({ "n": 7, "c": at })).await;
            let page = &data["auditEntries"];
            let nodes = page["nodes"].as_array().unwrap().iter();
            let nodes: Vec<i64> = nodes.map(|node| text(&node["sequence"]).parse().unwrap()).collect();
            paged = if size == "first" { [paged, nodes].concat() } else { [nodes, paged].concat() };
            at = page["pageInfo"][cursor].clone();
            if page["pageInfo"][info] != json!(true) {
                break;
            }
        }
        assert_eq!(paged, numbers, "{size}");
    }
}
