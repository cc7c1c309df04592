//! Side by side: one request is approved once, and one person becomes one administrator.

use serde_json::Value;

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
