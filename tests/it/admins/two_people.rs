//! The way a right is given: asked for, approved by another, there at once; refused, withdrawn, lapsed.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::*;

#[tokio::test]
async fn one_asks_another_approves_and_the_right_is_there_at_once() {
    let s = Scene::new().await;
    let asked = ask(&s.system, s.right(&s.newcomer, "OFFICE", s.root)).await;
    let request = &asked["roleGrantRequest"];
    assert_eq!((&request["status"], &request["lapsesAt"]), (&json!("PENDING"), &json!("2026-07-15T01:00:00.000Z")));
    let can = json!({ "approve": { "allowed": false, "code": "FORBIDDEN" }, "withdraw": { "allowed": true } });
    assert_eq!(request["viewerCan"], can);
    let id = request["id"].as_str().unwrap().to_owned();
    assert!(s.roles(&s.newcomer).await.is_empty());
    assert_eq!(code(&approve(&s.security, &id, 7).await), "STALE");

    let done = approve(&s.security, &id, 1).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    let expected = json!({ "status": "GRANTED", "version": 2, "decidedBy": { "id": user_id(&s.security) }, "decisionReason": "同意" });
    assert_eq!(done["roleGrantRequest"], expected);
    assert_eq!(s.roles(&s.newcomer).await, ["OFFICE"]);
    assert_eq!(s.grant_of(&s.newcomer).await["request"]["id"], json!(id));
    assert_eq!(code(&approve(&s.second, &id, 2).await), "INVALID_STATE");
    // What is there already is not asked for again.
    assert_eq!(code(&ask(&s.security, s.right(&s.newcomer, "OFFICE", s.root)).await), "DUPLICATE");

    // Everything is in the trail, the right too.
    let data = s
        .audit
        .data("{ auditEntries(first: 3) { nodes { operation objectId user { id } changedFields } } }", json!({}))
        .await;
    let trail = data["auditEntries"]["nodes"].as_array().unwrap();
    let approved: Vec<&Value> = trail.iter().filter(|row| row["operation"] == "roleGrantApprove").collect();
    assert_eq!(approved.len(), 2, "{trail:#?}");
    assert!(approved.iter().all(|row| row["user"]["id"] == json!(user_id(&s.security))));
    assert!(approved.iter().any(|row| row["objectId"].as_str().unwrap().starts_with("grant_")));
}

#[tokio::test]
async fn what_a_request_names_is_what_is_given() {
    let s = Scene::new().await;
    let office = s.t.user("office", s.root, &[(Role::Office, s.root)]).await;
    let mut lists = Vec::new();
    for title in ["甲清单（虚构）", "乙清单（虚构）"] {
        let query = "mutation($input: TaskListCreateInput!) { taskListCreate(input: $input) { taskList { id } userErrors { code } } }";
        let input = json!({ "issuer": GlobalId::new(Kind::Unit, s.root).to_string(), "year": 2026, "title": title });
        lists.push(office.payload(query, json!({ "input": input })).await["taskList"]["id"].clone());
    }
    let mut input = s.right(&s.newcomer, "INSPECTOR", s.root);
    input["lists"] = json!([lists[1], lists[1]]);
    input["validUntil"] = json!("2026-07-02");
    let asked = ask(&s.security, input).await;
    assert_eq!(asked["roleGrantRequest"]["lists"], json!([lists[1]]), "{asked:#}");
    let id = asked["roleGrantRequest"]["id"].as_str().unwrap();
    assert_eq!(code(&approve(&s.second, id, 1).await), &Value::Null);
    let titles = "{ taskLists { nodes { title } } }";
    assert_eq!(s.newcomer.data(titles, json!({})).await["taskLists"]["nodes"], json!([{ "title": "乙清单（虚构）" }]));
    // The last day is a day of it, and the next one is not.
    s.t.clock.advance(chrono::TimeDelta::hours(38));
    assert_eq!(s.roles(&s.again(&s.newcomer).await).await.len(), 1, "23:00 of the last day");
    s.t.clock.advance(chrono::TimeDelta::hours(1));
    let newcomer = s.again(&s.newcomer).await;
    assert!(s.roles(&newcomer).await.is_empty());
    let data = newcomer.data("{ roleGrants { nodes { role inForce validUntil request { id } } } }", json!({})).await;
    let own = json!([{ "role": "INSPECTOR", "inForce": false, "validUntil": "2026-07-02", "request": null }]);
    assert_eq!(data["roleGrants"]["nodes"], own, "one's own, without the request");
    // What is over makes room.
    let (system, second) = (s.again(&s.system).await, s.again(&s.second).await);
    let id = s.asked(&system, &newcomer, "INSPECTOR", s.root).await;
    assert_eq!(code(&approve(&second, &id, 1).await), &Value::Null);
    assert_eq!(s.roles(&newcomer).await, ["INSPECTOR"]);
    assert_eq!(s.count("role_grant WHERE ended_at IS NOT NULL AND ended_by IS NULL").await, 1);
    assert_eq!(s.count("audit_entry WHERE operation = 'roleGrantEnd' AND object_id IS NOT NULL").await, 1);
}

#[tokio::test]
async fn nobody_decides_about_what_he_asked_for_or_what_he_gets() {
    let s = Scene::new().await;
    let id = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    for (who, expected) in
        [(&s.security, "FORBIDDEN"), (&s.system, "FORBIDDEN"), (&s.audit, "FORBIDDEN"), (&s.newcomer, "FORBIDDEN")]
    {
        let answer = approve_raw(who, &id).await;
        assert_eq!(answer, expected);
    }
    let candidate = s.candidate("candidate").await;
    let own = s.asked(&s.system, &candidate, "SECURITY_ADMIN", s.root).await;
    assert_eq!(code(&approve(&s.security, &own, 1).await), &Value::Null);
    // Once he holds it, what is asked for him is decided by others.
    let county = s.asked(&s.security, &s.newcomer, "APPROVER", s.unit).await;
    assert_eq!(code(&approve(&candidate, &county, 1).await), &Value::Null);
    assert_eq!(s.roles(&s.newcomer).await, ["APPROVER"]);
}

/// The code, from the guard or from the policy.
async fn approve_raw(who: &Client, id: &str) -> String {
    let query =
        "mutation($id: ID!) { roleGrantApprove(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    let answer = who.answer(query, json!({ "id": id })).await;
    let guard = answer["errors"][0]["extensions"]["code"].as_str();
    guard.or(answer["data"]["roleGrantApprove"]["userErrors"][0]["code"].as_str()).unwrap_or("done").to_owned()
}

#[tokio::test]
async fn refused_withdrawn_lapsed() {
    let s = Scene::new().await;
    let refused = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    assert_eq!(code(&refuse(&s.security, &refused, " ").await), "REQUIRED");
    let done = refuse(&s.security, &refused, "岗位不符").await;
    assert_eq!(done["roleGrantRequest"], json!({ "status": "REFUSED", "decisionReason": "岗位不符" }));

    let taken_back = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    assert_eq!(
        code(&ask(&s.security, s.right(&s.newcomer, "REPORTER", s.unit)).await),
        "DUPLICATE",
        "it waits already"
    );
    assert_eq!(code(&withdraw(&s.security, &taken_back).await), "FORBIDDEN");
    assert_eq!(withdraw(&s.system, &taken_back).await["roleGrantRequest"]["status"], "WITHDRAWN");

    let late = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    s.t.clock.advance(chrono::TimeDelta::days(14));
    // The tokens of the test are over by now as well.
    let (system, security) = (s.again(&s.system).await, s.again(&s.security).await);
    for id in [&refused, &taken_back, &late] {
        assert_eq!(code(&approve(&security, id, if id == &late { 1 } else { 2 }).await), "INVALID_STATE");
        assert_eq!(code(&withdraw(&system, id).await), "INVALID_STATE");
    }
    assert_eq!(s.count("role_grant WHERE role = 'REPORTER'").await, 0);
    let query =
        "query($status: [RoleGrantRequestStatus!]) { roleGrantRequests(filter: { status: $status }) { nodes { id } } }";
    for (status, id) in [("REFUSED", &refused), ("WITHDRAWN", &taken_back), ("LAPSED", &late)] {
        let data = security.data(query, json!({ "status": [status] })).await;
        assert_eq!(data["roleGrantRequests"]["nodes"], json!([{ "id": id }]), "{status}");
    }
    let none = security.data(query, json!({ "status": ["PENDING"] })).await;
    assert_eq!(none["roleGrantRequests"]["nodes"], json!([]));
    // And can be asked for anew.
    s.asked(&system, &s.newcomer, "REPORTER", s.unit).await;
}

#[tokio::test]
async fn requests_are_between_those_who_ask_and_those_who_keep_rights() {
    let s = Scene::new().await;
    let of_system = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    let of_security = s.asked(&s.security, &s.newcomer, "APPROVER", s.unit).await;
    let office = s.t.user("office", s.root, &[(Role::Office, s.root)]).await;
    let county = s.t.user("county.security", s.county, &[(Role::SecurityAdmin, s.county)]).await;
    let foreign = s.t.user("foreign.security", s.elsewhere, &[(Role::SecurityAdmin, s.elsewhere)]).await;
    let all = [of_system.as_str(), of_security.as_str()];
    for (who, expected) in [
        (&s.system, &all[..1]),
        (&s.security, &all[..]),
        (&s.second, &all[..]),
        (&s.audit, &all[..]),
        (&s.newcomer, &[]),
        (&office, &[]),
        (&county, &[]),
        (&foreign, &[]),
    ] {
        let data = who.data("{ roleGrantRequests { totalCount nodes { id } } }", json!({})).await;
        let mut seen: Vec<&str> =
            data["roleGrantRequests"]["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, expected);
        for id in all {
            let node = who.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(node["node"].is_null(), !expected.contains(&id));
        }
    }
    // What is not seen is not there, for a verb too.
    assert_eq!(code(&approve(&county, &of_system, 1).await), "NOT_FOUND");
    assert_eq!(code(&approve(&foreign, &of_system, 1).await), "NOT_FOUND");
    assert_eq!(code(&withdraw(&s.system, &of_security).await), "NOT_FOUND");
}
