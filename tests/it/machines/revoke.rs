//! `POST /auth/revoke` (RFC 7009): one's own and nobody else's, and the answer says nothing.

use entity::vocabulary::Role;
use serde_json::json;

use super::{FORM, Machine, account, get, grant, key, post, scene, secret};
use crate::auth::scene::PASSWORD;

#[tokio::test]
async fn a_machine_ends_its_own_token_and_no_other() {
    let (s, admin, machine) = scene("lists:read").await;
    let other = account(&s, &admin, "other").await;
    grant(&s.t, key(&other), s.unit, "lists:read").await;
    let other = secret(&admin, &other, json!({})).await;
    s.person("person", &[Role::Reporter]).await;
    let person = s.sign_in("person", PASSWORD).await.ok();
    let (own, second) = (machine.token(&s.t.router).await, machine.token(&s.t.router).await);
    let theirs = other.token(&s.t.router).await;
    let mut answers = Vec::new();
    for token in [&*own, &*own, &*theirs, &*person.access(), &*person.refresh(), "nothing", "tzr_", "a.b.c"] {
        let reply = machine.hand_back(&s.t.router, token).await.ok();
        answers.push((reply.bytes, reply.headers["cache-control"].clone()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]) && answers[0].0.is_empty(), "{answers:?}");
    assert!(!s.is_in(&own).await);
    for kept in [&*second, &*theirs, &*person.access()] {
        assert!(s.is_in(kept).await);
    }
    s.refresh(&person.refresh()).await.ok();
    assert_eq!(s.audited("tokenRevoke", "DONE").await, 1);

    // In the body, and with a hint that is wrong.
    let body = format!(
        "token={second}&token_type_hint=refresh_token&client_id={}&client_secret={}",
        machine.id, machine.secret
    );
    post(&s.t.router, "/auth/revoke", &[("content-type", FORM)], &body).await.ok();
    assert!(!s.is_in(&second).await);
}

#[tokio::test]
async fn whoever_is_no_client_is_refused_and_nothing_ends() {
    let (s, _, machine) = scene("lists:read").await;
    let token = machine.token(&s.t.router).await;
    let wrong = Machine { secret: "wrong".into(), ..machine.clone() };
    let reply = wrong.hand_back(&s.t.router, &token).await;
    assert_eq!((reply.status, &reply.json()["error"]), (401, &json!("invalid_client")));
    assert!(reply.headers.contains_key("www-authenticate"));
    for (body, status, code) in [
        (format!("token={token}&client_id={}", machine.id), 401, "invalid_client"),
        (String::new(), 400, "invalid_request"),
        ("token=".to_owned(), 400, "invalid_request"),
        (format!("token={token}&token={token}"), 400, "invalid_request"),
    ] {
        let reply = post(&s.t.router, "/auth/revoke", &[("content-type", FORM)], &body).await;
        assert_eq!((reply.status, &reply.json()["error"]), (status, &json!(code)), "{body}");
    }
    // Without proof, a machine's token is nobody's to end.
    post(&s.t.router, "/auth/revoke", &[("content-type", FORM)], &format!("token={token}")).await.ok();
    assert!(s.is_in(&token).await);
    assert_eq!(get(&s.t.router, "/auth/revoke").await.status, 405);
    assert_eq!(s.audited("tokenRevoke", "DONE").await, 0);
    assert_eq!(s.audited("tokenRevoke", "REFUSED").await, 1);
}

#[tokio::test]
async fn a_person_hands_back_a_refresh_token_and_the_session_ends() {
    let (s, _, _) = scene("lists:read").await;
    s.person("person", &[Role::Reporter]).await;
    for which in ["refresh", "access", "used refresh"] {
        let (first, other) = (s.sign_in("person", PASSWORD).await.ok(), s.sign_in("person", PASSWORD).await.ok());
        let (access, refresh) = if which == "used refresh" {
            (s.refresh(&first.refresh()).await.ok().access(), first.refresh())
        } else {
            (first.access(), first.refresh())
        };
        let token = if which == "access" { access.clone() } else { refresh };
        let body = format!("token={token}&token_type_hint=refresh_token");
        let reply = post(&s.t.router, "/auth/revoke", &[("content-type", FORM)], &body).await.ok();
        assert!(reply.bytes.is_empty());
        assert!(!s.is_in(&access).await, "{which}");
        assert_eq!(s.refresh(&first.refresh()).await.status, 401, "{which}");
        assert!(s.is_in(&other.access()).await, "{which}");
    }
    assert_eq!(s.audited("tokenRevoke", "DONE").await, 3);
}
