//! One-time passwords: set up, asked for, good once, removed, required.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::secrets::totp;

use super::scene::{PASSWORD, Scene};

/// What an app shows now, so many steps away.
pub fn shown(s: &Scene, secret: &str, steps: i64) -> String {
    let step = s.now().timestamp() / 30 + steps;
    totp::at_step(&totp::bytes_of(secret).unwrap(), step, 6)
}

/// Enrols whoever holds the token; gives the secret.
pub async fn enrolled(s: &Scene, token: &str) -> String {
    let made = s.send_as(token, "/auth/totp/enrol", json!({ "password": PASSWORD })).await.ok();
    let secret = made.text("secret");
    assert!(made.text("otpauthUrl").starts_with("otpauth://totp/taizhang:"));
    let body = json!({ "totp": shown(s, &secret, 0) });
    s.send_as(token, "/auth/totp/confirm", body).await.ok();
    secret
}

#[tokio::test]
async fn it_is_asked_for_after_the_password_and_only_after_it() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let (here, there) = (s.sign_in("a", PASSWORD).await.ok(), s.sign_in("a", PASSWORD).await.ok());
    let secret = enrolled(&s, &here.access()).await;
    assert!(
        s.is_in(&here.access()).await && !s.is_in(&there.access()).await,
        "who came without it comes again with it"
    );
    s.advance(TimeDelta::minutes(1));
    let asked = s.sign_in("a", PASSWORD).await;
    assert_eq!((asked.status, asked.code().as_str()), (401, "TOTP_REQUIRED"));
    let unknown = s.sign_in("nobody", PASSWORD).await;
    assert_eq!(s.sign_in("a", "wrong").await.bytes, unknown.bytes, "a wrong password is not told that there is more");
    let now = shown(&s, &secret, 0);
    assert_eq!(s.sign_in_totp("a", "wrong", &now).await.bytes, unknown.bytes);
    s.sign_in_totp("a", PASSWORD, &now).await.ok();
    assert_eq!(s.sign_in_totp("a", PASSWORD, &now).await.bytes, unknown.bytes, "each is good once");
    // The secret is sealed in the database.
    assert!(s.texts("SELECT totp_ciphertext FROM user_credential").await[0].starts_with("v1."));
    assert_eq!(s.audited("totpConfirm", "DONE").await, 1);
}

#[tokio::test]
async fn one_step_of_drift_and_never_back() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let secret = enrolled(&s, &token).await;
    s.advance(TimeDelta::minutes(10));
    for (steps, good) in [(-2, false), (2, false), (-1, true), (0, true), (-1, false), (1, true), (0, false)] {
        let status = s.sign_in_totp("a", PASSWORD, &shown(&s, &secret, steps)).await.status;
        assert_eq!(status == 200, good, "{steps}");
    }
}

#[tokio::test]
async fn a_wrong_one_counts_as_a_failure() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let secret = enrolled(&s, &token).await;
    s.advance(TimeDelta::minutes(10));
    // To be asked for one counts for nothing.
    for _ in 0..10 {
        assert_eq!(s.sign_in("a", PASSWORD).await.code(), "TOTP_REQUIRED");
    }
    let said =
        |reason: &str| format!("SELECT COUNT(*) FROM audit_entry WHERE operation = 'signIn' AND reasons = '{reason}'");
    assert_eq!(s.count(&said("TOTP_REQUIRED")).await, 10, "somebody knew the password");
    for _ in 0..5 {
        assert_eq!(s.sign_in_totp("a", PASSWORD, "000000").await.status, 401);
    }
    assert_eq!((s.count(&said("WRONG_TOTP")).await, s.count(&said("WRONG_PASSWORD")).await), (5, 0));
    assert_eq!(s.sign_in_totp("a", PASSWORD, &shown(&s, &secret, 0)).await.status, 401, "locked");
    assert_eq!(
        s.sign_in("a", PASSWORD).await.code(),
        "UNAUTHENTICATED",
        "and nobody is told that the password is right"
    );
    s.advance(TimeDelta::minutes(30));
    s.sign_in_totp("a", PASSWORD, &shown(&s, &secret, 0)).await.ok();
}

#[tokio::test]
async fn enrolment_takes_two_steps_and_a_removal_both_factors() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let confirm = async |code: &str| s.send_as(&token, "/auth/totp/confirm", json!({ "totp": code })).await;
    assert_eq!(confirm("123456").await.code(), "INVALID_STATE", "nothing to confirm");
    assert_eq!(s.send_as(&token, "/auth/totp/enrol", json!({ "password": "wrong" })).await.status, 422);
    let lost = s.send_as(&token, "/auth/totp/enrol", json!({ "password": PASSWORD })).await.ok().text("secret");
    s.sign_in("a", PASSWORD).await.ok();
    // Begun anew, the first secret is nothing.
    let secret = s.send_as(&token, "/auth/totp/enrol", json!({ "password": PASSWORD })).await.ok().text("secret");
    assert_ne!(lost, secret);
    assert_eq!(confirm(&shown(&s, &lost, 0)).await.code(), "INVALID_FORMAT");
    confirm(&shown(&s, &secret, 0)).await.ok();
    assert_eq!(confirm(&shown(&s, &secret, 1)).await.code(), "INVALID_STATE", "once");
    let again = s.send_as(&token, "/auth/totp/enrol", json!({ "password": PASSWORD })).await;
    assert_eq!(again.code(), "INVALID_STATE", "it is in use");

    s.advance(TimeDelta::minutes(5));
    let remove = async |password: &str, code: &str| {
        s.send_as(&token, "/auth/totp/remove", json!({ "password": password, "totp": code })).await
    };
    assert_eq!(remove("wrong", &shown(&s, &secret, 0)).await.json()["errors"][0]["field"], json!(["password"]));
    assert_eq!(remove(PASSWORD, "000000").await.json()["errors"][0]["field"], json!(["totp"]));
    remove(PASSWORD, &shown(&s, &secret, 0)).await.ok();
    s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(s.count("SELECT COUNT(*) FROM user_credential WHERE totp_ciphertext IS NOT NULL").await, 0);
}

#[tokio::test]
async fn who_needs_it_has_nothing_else_before_it_is_set_up() {
    for (totp_for, needed) in [
        (TotpFor::Nobody, vec![]),
        (TotpFor::Administrators, vec![Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]),
        (
            TotpFor::AdministratorsAndOffice,
            vec![Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin, Role::Office],
        ),
    ] {
        let s = Scene::with(Limits::default(), PasswordProfile::Dengbao, totp_for).await;
        for role in Role::ALL {
            let login = role.as_str();
            s.person(login, &[*role]).await;
            let signed = s.sign_in(login, PASSWORD).await.ok();
            let wanted = needed.contains(role);
            assert_eq!(signed.json()["mustEnrolTotp"], wanted, "{login} {totp_for:?}");
            let (status, bytes) = s.client(&signed.access()).send("{ units { totalCount } }", json!({})).await;
            assert_eq!(status, if wanted { 403 } else { 200 }, "{login} {totp_for:?}");
            if wanted {
                let body: Value = serde_json::from_slice(&bytes).unwrap();
                assert_eq!(body["errors"][0]["extensions"]["code"], "TOTP_ENROLMENT_REQUIRED");
                assert!(s.is_in(&signed.access()).await);
                let secret = enrolled(&s, &signed.access()).await;
                let (status, _) = s.client(&signed.access()).send("{ units { totalCount } }", json!({})).await;
                assert_eq!(status, 200, "{login}");
                s.advance(TimeDelta::minutes(2));
                let body = json!({ "password": PASSWORD, "totp": shown(&s, &secret, 0) });
                let kept = s.send_as(&signed.access(), "/auth/totp/remove", body).await;
                assert_eq!(kept.code(), "INVALID_STATE", "{login} does not do without");
            }
        }
    }
}
