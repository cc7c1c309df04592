//! Side by side: one request is approved once, and one person becomes one administrator.

use serde_json::{Value, json};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_approved_once() {
    let s = Scene::new().await;
    for round in 0..5 {
        let unit = s.t.user(&format!("user{round}"), s.unit, &[]).await;
        let id = s.asked(&s.system, &unit, "REPORTER", s.unit).await;
        let (one, two) = tokio::join!(approve(&s.security, &id, 1), approve(&s.second, &id, 1));
        let codes = [code(&one), code(&two)];
        assert_eq!(codes.iter().filter(|code| code.is_null()).count(), 1, "{one:#}{two:#}");
        assert!(codes.iter().any(|code| **code == "INVALID_STATE"), "{codes:?}");
    }
    assert_eq!(s.count("role_grant WHERE role = 'REPORTER'").await, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_becomes_one_administrator() {
    let s = Scene::new().await;
    for round in 0..5 {
        let candidate = s.candidate(&format!("candidate{round}")).await;
        let one = s.asked(&s.system, &candidate, "AUDIT_ADMIN", s.root).await;
        let two = s.asked(&s.system, &candidate, "SYSTEM_ADMIN", s.county).await;
        let (one, two) = tokio::join!(approve(&s.security, &one, 1), approve(&s.second, &two, 1));
        let codes = [code(&one), code(&two)];
        assert_eq!(codes.iter().filter(|code| code.is_null()).count(), 1, "{one:#}{two:#}");
        assert!(codes.iter().any(|code| **code == "CONFLICT"), "{codes:?}");
        assert_eq!(s.roles(&candidate).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_two_do_not_take_each_other_away() {
    let s = Scene::new().await;
    let (first, second) = (s.grant_of(&s.security).await, s.grant_of(&s.second).await);
    let (one, two) = tokio::join!(revoke(&s.security, &second, "试"), revoke(&s.second, &first, "试"));
    let done = [code(&one), code(&two)].into_iter().filter(|code| **code == Value::Null).count();
    assert_eq!(done, 1, "{one:#}{two:#}");
    assert_eq!(s.count("role_grant WHERE role = 'SECURITY_ADMIN' AND ended_at IS NULL").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_last_two_one_stays_whichever_way_they_go() {
    for _ in 0..3 {
        let s = Scene::new().await;
        let grant = s.grant_of(&s.second).await;
        let disable =
            "mutation($id: ID!) { userDisable(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
        let take = "mutation($id: ID!, $input: RoleGrantReasonInput!) { roleGrantRevoke(id: $id, input: $input) { userErrors { code } } }";
        let input = json!({ "expectedVersion": grant["version"], "reason": "试" });
        let (one, two) = tokio::join!(
            s.system.answer(disable, json!({ "id": user_id(&s.security) })),
            s.security.answer(take, json!({ "id": grant["id"], "input": input })),
        );
        // Whoever is disabled meanwhile does not get as far as that.
        let done = |answer: &Value, verb: &str| answer["data"][verb]["userErrors"] == json!([]);
        assert_eq!(
            [done(&one, "userDisable"), done(&two, "roleGrantRevoke")].iter().filter(|done| **done).count(),
            1,
            "{one:#}{two:#}"
        );
        let stay = "role_grant g JOIN user_account u ON u.id = g.user_id
            WHERE g.role = 'SECURITY_ADMIN' AND g.ended_at IS NULL AND u.disabled_at IS NULL";
        assert_eq!(s.count(stay).await, 1);
    }
}
