//! Changing one's password, what becomes of old ones, and what is left when one has to be changed.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::scene::{OTHER, PASSWORD, Reply, Scene};
use crate::support::database::execute;

async fn change(s: &Scene, token: &str, current: &str, new: &str) -> Reply {
    s.send_as(token, "/auth/password", json!({ "current": current, "new": new })).await
}

#[tokio::test]
async fn a_change_needs_the_present_password_and_ends_the_other_sessions() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let (here, there) = (s.sign_in("a", PASSWORD).await.ok(), s.sign_in("a", PASSWORD).await.ok());
    let slip = change(&s, &here.access(), "wrong", OTHER).await;
    assert_eq!((slip.status, slip.code().as_str()), (422, "INVALID_FORMAT"), "401 would be a token that is over");
    assert_eq!(slip.json()["errors"][0]["field"], json!(["current"]));
    assert!(s.is_in(&there.access()).await, "nothing was changed");
    let done = change(&s, &here.access(), PASSWORD, OTHER).await.ok();
    assert_eq!(done.json(), json!({ "passwordExpiresOn": "2026-09-29" }));
    assert!(s.is_in(&here.access()).await && !s.is_in(&there.access()).await);
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401);
    s.sign_in("a", OTHER).await.ok();
    s.refresh(&here.refresh()).await.ok();
    assert_eq!(s.audited("passwordChange", "DONE").await, 1);
    assert_eq!(s.send("/auth/password", json!({ "current": OTHER, "new": PASSWORD })).await.status, 401, "nobody");
}

#[tokio::test]
async fn guessing_from_an_open_session_locks_too() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let here = s.sign_in("a", PASSWORD).await.ok();
    for _ in 0..5 {
        assert_eq!(change(&s, &here.access(), "wrong", OTHER).await.status, 422);
    }
    assert_eq!(change(&s, &here.access(), PASSWORD, OTHER).await.status, 422, "locked");
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401);
    s.advance(TimeDelta::minutes(29));
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401);
    s.advance(TimeDelta::minutes(1));
    s.sign_in("a", PASSWORD).await.ok();
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_in_both_languages() {
    let s = Scene::new().await;
    s.person("liu.du", &[]).await;
    let here = s.sign_in("liu.du", PASSWORD).await.ok();
    let refused = change(&s, &here.access(), PASSWORD, "liu.du").await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "INVALID_FORMAT"));
    let body = refused.json();
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 3, "{body:#}");
    assert!(errors.iter().all(|error| error["field"] == json!(["new"])));
    assert!(body["message"].as_str().unwrap().contains("至少 10 个字符"), "{body:#}");
    let mut request =
        super::scene::request("/auth/password", &json!({ "current": PASSWORD, "new": "Password1234" }).to_string());
    request.headers_mut().insert("authorization", format!("Bearer {}", here.access()).parse().unwrap());
    request.headers_mut().insert("accept-language", "en".parse().unwrap());
    let refused = s.raw(request).await;
    assert_eq!(refused.json()["errors"][0]["message"], "This password is known to guessers; choose another.");
    assert_eq!(refused.json()["traceId"], "auth-test");
    s.sign_in("liu.du", PASSWORD).await.ok();
}

#[tokio::test]
async fn the_last_five_do_not_come_again_and_the_sixth_may() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let here = s.sign_in("a", PASSWORD).await.ok();
    let mut past = vec![PASSWORD.to_owned()];
    for nth in 0..6 {
        s.advance(TimeDelta::minutes(1));
        let new = format!("Bridge number-{nth}");
        let token = s.sign_in("a", past.last().unwrap()).await.ok().access();
        for used in past.iter().rev().take(5) {
            let refused = change(&s, &token, past.last().unwrap(), used).await;
            assert_eq!(refused.status, 422, "{used} in round {nth}");
        }
        change(&s, &token, past.last().unwrap(), &new).await.ok();
        past.push(new);
    }
    let token = s.sign_in("a", past.last().unwrap()).await.ok().access();
    change(&s, &token, past.last().unwrap(), PASSWORD).await.ok();
    assert!(!s.is_in(&here.access()).await);
    assert_eq!(s.count("SELECT COUNT(*) FROM password_history").await, 5, "no more than are looked at");
}

/// What a front end can still ask, and what it can't.
async fn is_confined(s: &Scene, token: &str, code: &str) {
    let client = s.client(token);
    let (status, body) = s.viewer(token).await;
    assert_eq!((status, &body["data"]["viewer"]["name"]), (200, &json!("测试用户")));
    for query in [
        "{ units { totalCount } }",
        "{ viewer { work { counts { toReport } } } }",
        "{ viewer { name files { totalCount } } }",
        "mutation { sessionRevokeOthers { revoked } }",
        "{ viewer { name } unit(id: \"unit_x\") { name } }",
    ] {
        let (status, bytes) = client.send(query, json!({})).await;
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(status, 403, "{query}: {body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{query}");
    }
    let upload = axum::http::Request::post("/files?name=x.txt").header("content-type", "text/plain");
    let answer = client.request(upload.body(axum::body::Body::from("x")).unwrap()).await;
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn after_ninety_days_there_is_nothing_but_the_change() {
    let s = Scene::new().await;
    s.person("a", &[Role::Office]).await;
    // Until the end of the ninetieth day in Shanghai.
    s.t.clock.set("2026-09-28T15:59:59.999Z".parse().unwrap());
    let signed = s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(signed.json()["mustChangePassword"], false);
    s.advance(TimeDelta::milliseconds(1));
    let expired = s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(expired.json()["mustChangePassword"], true);
    for token in [signed.access(), expired.access()] {
        is_confined(&s, &token, "PASSWORD_CHANGE_REQUIRED").await;
    }
    let asked = "{ viewer { signIn { hasPassword mustChangePassword passwordExpiresOn totpEnrolled } } }";
    let data = s.client(&expired.access()).data(asked, json!({})).await;
    let state = json!({ "hasPassword": true, "mustChangePassword": true, "passwordExpiresOn": "2026-09-29", "totpEnrolled": false });
    assert_eq!(data["viewer"]["signIn"], state);
    let enrol = s.send_as(&expired.access(), "/auth/totp/enrol", json!({ "password": PASSWORD })).await;
    assert_eq!((enrol.status, enrol.code().as_str()), (403, "PASSWORD_CHANGE_REQUIRED"));
    let again = s.refresh(&expired.refresh()).await.ok();
    is_confined(&s, &again.access(), "PASSWORD_CHANGE_REQUIRED").await;
    change(&s, &again.access(), PASSWORD, OTHER).await.ok();
    let (status, _) = s.client(&again.access()).send("{ units { totalCount } }", json!({})).await;
    assert_eq!(status, 200, "the same token, once the password is changed");
    s.send_as(&again.access(), "/auth/sign-out", json!({})).await.ok();
}

#[tokio::test]
async fn signing_out_is_always_possible() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    execute(&s.t.database.url, "UPDATE user_credential SET must_change = true").await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(signed.json()["mustChangePassword"], true);
    s.send_as(&signed.access(), "/auth/sign-out", json!({})).await.ok();
    assert!(!s.is_in(&signed.access()).await);
}

#[tokio::test]
async fn without_forced_rotation_a_password_lasts() {
    let s = Scene::with(Limits::default(), PasswordProfile::Asvs, TotpFor::Nobody).await;
    s.person("a", &[]).await;
    s.advance(TimeDelta::days(400));
    let signed = s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(
        (&signed.json()["mustChangePassword"], &signed.json()["passwordExpiresOn"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(change(&s, &signed.access(), PASSWORD, PASSWORD).await.status, 422, "the present one");
    let long = "很长的口令只用一类字也可以不必复杂".to_owned();
    change(&s, &signed.access(), PASSWORD, &long).await.ok();
    change(&s, &signed.access(), &long, PASSWORD).await.ok();
}

/// The rules became stricter: who signs in with a password that they do not take has to change it.
#[tokio::test]
async fn a_password_that_the_rules_do_not_take_any_more_has_to_be_changed() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let weak = s.t.service.authenticator().passwords().hash("weak").await.unwrap();
    execute(&s.t.database.url, &format!("UPDATE user_credential SET password_hash = '{weak}'")).await;
    let signed = s.sign_in("a", "weak").await.ok();
    assert_eq!(signed.json()["mustChangePassword"], true);
    change(&s, &signed.access(), "weak", OTHER).await.ok();
    assert_eq!(s.sign_in("a", OTHER).await.ok().json()["mustChangePassword"], false);
}
