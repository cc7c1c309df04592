//! Who reads the trail: audit administrators, of the units they are that for, and nobody else.

use entity::vocabulary::Role;
use serde_json::{Value, json};

use super::busy;
use crate::mutation::reports_stage::*;
use crate::support::Client;

async fn entries(client: &Client, filter: Value) -> Vec<Value> {
    let query = "query($filter: AuditEntryFilter) { auditEntries(filter: $filter, first: 200) { totalCount nodes {
        id sequence hash at operation objectId result reasons changedFields address request user { name } unit { id name } } } }";
    let data = client.data(query, json!({ "filter": filter })).await;
    let nodes = data["auditEntries"]["nodes"].as_array().unwrap().clone();
    assert_eq!(data["auditEntries"]["totalCount"], nodes.len());
    nodes
}

#[tokio::test]
async fn audit_administrators_read_it_and_nobody_else() {
    let s = busy().await;
    let root = s.t.root(s.list).await;
    let auditor = s.t.user("auditor", root, &[(Role::AuditAdmin, root)]).await;
    let all = entries(&auditor, Value::Null).await;
    assert!(all.len() > 20);
    let accepted: Vec<&Value> = all.iter().filter(|entry| entry["operation"] == "progressReportAccept").collect();
    assert_eq!(accepted.len(), 1);
    let entry = accepted[0];
    assert_eq!((&entry["result"], &entry["reasons"]), (&json!("DONE"), &json!([])));
    assert_eq!(entry["changedFields"], json!(["status"]));
    assert!(entry["user"]["name"].is_string() && entry["unit"]["name"].is_string(), "{entry}");
    assert!(text(&entry["objectId"]).starts_with("report_") && entry["hash"].is_string(), "{entry}");
    // What was done at the machine is there too, and names nobody.
    assert!(all.iter().any(|entry| entry["operation"] == "userAdd" && entry["user"].is_null()));

    // Filters.
    let some = entries(&auditor, json!({ "operation": { "eq": "progressReportAccept" } })).await;
    assert_eq!(some, std::slice::from_ref(entry));
    assert_eq!(entries(&auditor, json!({ "refused": true })).await.len(), 0);
    let of_unit = entries(&auditor, json!({ "unit": { "eq": entry["unit"]["id"] } })).await;
    assert!(!of_unit.is_empty() && of_unit.len() < all.len());

    // Nobody else sees a row, by whatever door.
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(auditor.data(node, json!({ "id": entry["id"] })).await["node"]["id"], entry["id"]);
    for nobody in [&s.office, &s.lead, &s.inspector, &s.admin, &s.foreign] {
        assert!(entries(nobody, Value::Null).await.is_empty());
        assert!(nobody.data(node, json!({ "id": entry["id"] })).await["node"].is_null());
    }
    // Nor does an audit administrator see business data.
    let data = auditor.data("{ taskLists { totalCount } progressReports { totalCount } }", json!({})).await;
    assert_eq!(data, json!({ "taskLists": { "totalCount": 0 }, "progressReports": { "totalCount": 0 } }));

    // Who reached for what is not his is there, whether the policy refused him, or the guard, or there was nothing for him.
    let report = json!({ "id": entry["objectId"] });
    let accept = "mutation($id: ID!) { progressReportAccept(id: $id, input: { expectedVersion: 3 }) { userErrors { code message field } } }";
    let submit = "mutation($id: ID!) { progressReportSubmit(id: $id, input: { expectedVersion: 3 }) { userErrors { code message field } } }";
    for (who, verb, query, reason) in [
        (&s.lead, "progressReportAccept", accept, "FORBIDDEN"),
        (&s.support, "progressReportSubmit", submit, "NOT_FOUND"),
        (&s.both, "progressReportSubmit", submit, "FORBIDDEN"),
    ] {
        s.t.clock.advance(chrono::TimeDelta::minutes(1));
        who.send(query, report.clone()).await;
        let refused = entries(&auditor, json!({ "refused": true })).await;
        let last = &refused[0];
        assert_eq!((&last["operation"], &last["result"]), (&json!(verb), &json!("REFUSED")));
        assert_eq!(last["reasons"], json!([reason]), "{last}");
        assert_eq!((&last["objectId"], &last["changedFields"]), (&entry["objectId"], &json!([])));
    }

    // One of a unit below reads what was done for that unit, and nothing that was done for none.
    let below = s.t.user("auditor.below", s.lead_unit, &[(Role::AuditAdmin, s.lead_unit)]).await;
    let own = entries(&below, Value::Null).await;
    assert!(own.iter().all(|entry| entry["unit"]["id"] == json!(id(taizhang::id::Kind::Unit, s.lead_unit))));
    assert!(own.iter().any(|entry| entry["operation"] == "progressReportSubmit"));
}
