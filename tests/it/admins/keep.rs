//! Taking rights away: at once, by one person, and never so that nobody is left to give any.

use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn a_right_that_is_taken_away_is_over_with_the_next_request() {
    let s = Scene::new().await;
    let office = s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    assert_eq!(s.roles(&office).await, ["OFFICE"]);
    let grant = s.grant_of(&office).await;
    assert_eq!(grant["viewerCan"]["revoke"]["allowed"], true);
    assert_eq!(code(&revoke(&s.security, &grant, " ").await), "REQUIRED");
    let done = revoke(&s.security, &grant, "调离").await;
    let expected = json!({ "inForce": false, "endReason": "调离", "endedBy": { "id": user_id(&s.security) },
        "viewerCan": { "revoke": { "code": "INVALID_STATE" } } });
    assert_eq!(done, json!({ "roleGrant": expected, "userErrors": [] }));
    assert!(s.roles(&office).await.is_empty(), "with the same token");
    let data = office.data("{ taskLists { totalCount } roleGrants { nodes { role inForce } } }", json!({})).await;
    assert_eq!(data["roleGrants"]["nodes"], json!([{ "role": "OFFICE", "inForce": false }]));
    assert_eq!(code(&revoke(&s.security, &json!({ "id": grant["id"], "version": 2 }), "调离").await), "INVALID_STATE");
    // It can be given again.
    let id = s.asked(&s.system, &office, "OFFICE", s.root).await;
    assert_eq!(code(&approve(&s.security, &id, 1).await), &Value::Null);
    assert_eq!(s.roles(&office).await, ["OFFICE"]);
}

#[tokio::test]
async fn who_takes_away_keeps_grants_of_that_unit_and_not_his_own() {
    let s = Scene::new().await;
    let office = s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    let grant = s.grant_of(&office).await;
    let county = s.t.user("county.security", s.county, &[(Role::SecurityAdmin, s.county)]).await;
    assert_eq!(code(&revoke(&county, &grant, "试").await), "NOT_FOUND");
    // The guard refuses all the others before anything is looked at.
    let query = "mutation($id: ID!) { roleGrantRevoke(id: $id, input: { expectedVersion: 1, reason: \"试\" }) { userErrors { code } } }";
    for nobody in [&s.system, &s.audit, &office] {
        let answer = nobody.answer(query, json!({ "id": grant["id"] })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let own = s.grant_of(&s.security).await;
    assert_eq!(own["viewerCan"]["revoke"], json!({ "allowed": false, "code": "FORBIDDEN" }));
    assert_eq!(code(&revoke(&s.security, &own, "试").await), "FORBIDDEN");
    assert_eq!(code(&revoke(&s.second, &own, "轮岗").await), &Value::Null);
    assert!(s.roles(&s.security).await.is_empty());
}

#[tokio::test]
async fn somebody_has_to_stay() {
    let s = Scene::new().await;
    let system = s.grant_of(&s.system).await;
    assert_eq!(system["viewerCan"]["revoke"], json!({ "allowed": false, "code": "INVALID_STATE" }));
    assert_eq!(code(&revoke(&s.security, &system, "试").await), "INVALID_STATE");
    // Two of a kind: one of them may go, not both.
    let second = s.grant_of(&s.second).await;
    let own = s.grant_of(&s.security).await;
    assert_eq!(code(&revoke(&s.security, &second, "轮岗").await), &Value::Null);
    assert_eq!(s.roles(&s.security).await, ["SECURITY_ADMIN"]);
    assert_eq!(own["viewerCan"]["revoke"]["code"], "FORBIDDEN");

    // Nor is the last one sent away by way of his account.
    let disable = "mutation($id: ID!, $input: VersionInput!) { userDisable(id: $id, input: $input) { userErrors { code message } } }";
    let of = |user: &Client| json!({ "id": user_id(user), "input": { "expectedVersion": 1 } });
    let refused = s.system.payload(disable, of(&s.security)).await;
    assert_eq!(code(&refused), "INVALID_STATE", "{refused:#}");
    assert_eq!(code(&s.system.payload(disable, of(&s.second)).await), &Value::Null, "he is none any more");
    assert_eq!(code(&s.system.payload(disable, of(&s.audit)).await), &Value::Null);
    // Somebody else who does it lets the first one go.
    let candidate = s.candidate("candidate").await;
    let id = s.asked(&s.system, &candidate, "SYSTEM_ADMIN", s.root).await;
    assert_eq!(code(&approve(&s.security, &id, 1).await), &Value::Null);
    assert_eq!(code(&revoke(&s.security, &system, "轮岗").await), &Value::Null);
    assert_eq!(s.roles(&candidate).await, ["SYSTEM_ADMIN"]);
}
