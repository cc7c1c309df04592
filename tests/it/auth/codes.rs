//! Codes that set a password: once, for a day, and nobody learns from them who exists.

use chrono::TimeDelta;
use serde_json::json;

use super::scene::{OTHER, PASSWORD, Reply, Scene};
use crate::support::database::execute;

async fn accept(s: &Scene, code: &str, password: &str) -> Reply {
    s.send("/auth/accept", json!({ "code": code, "password": password })).await
}

#[tokio::test]
async fn a_code_sets_a_password_once() {
    let s = Scene::new().await;
    let user = s.newcomer("a", &[]).await;
    let code = s.t.service.operator_code(user, false).await.unwrap().unwrap();
    assert!(code.text.starts_with("tzc_") && code.expires_at == s.now() + TimeDelta::hours(24));
    // A password that is refused does not use it up.
    let refused = accept(&s, &code.text, "short").await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!(["password"])));
    let taken = accept(&s, &code.text, PASSWORD).await.ok();
    assert_eq!(taken.json(), json!({ "login": "a" }));
    s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(accept(&s, &code.text, OTHER).await.status, 422, "used");
    assert_eq!(s.sign_in("a", OTHER).await.status, 401);
    assert_eq!(s.audited("codeAccept", "DONE").await, 1);
    assert!(!s.texts("SELECT code_digest FROM one_time_code").await.contains(&code.text));
}

#[tokio::test]
async fn unknown_used_over_void_and_of_somebody_disabled_are_the_same() {
    let s = Scene::new().await;
    let unknown = accept(&s, &format!("tzc_{}", "A".repeat(43)), PASSWORD).await;
    assert_eq!((unknown.status, &unknown.json()["errors"][0]["field"]), (422, &json!(["code"])));
    let code = async |login: &str| {
        let user = s.newcomer(login, &[]).await;
        (user, s.t.service.operator_code(user, false).await.unwrap().unwrap().text)
    };
    let (_, used) = code("used").await;
    accept(&s, &used, PASSWORD).await.ok();
    let (again, void) = code("void").await;
    let newer = s.t.service.operator_code(again, false).await.unwrap().unwrap();
    let (_, disabled) = code("disabled").await;
    execute(&s.t.database.url, "UPDATE user_account SET disabled_at = created_at WHERE login = 'disabled'").await;
    for (name, code) in [("used", &used), ("void", &void), ("disabled", &disabled)] {
        assert_eq!(accept(&s, code, OTHER).await.bytes, unknown.bytes, "{name}");
    }
    for nonsense in ["", "tzc_", "nonsense", &void[4..], "tzr_AAAA", "\0"] {
        assert_eq!(accept(&s, nonsense, OTHER).await.bytes, unknown.bytes, "{nonsense}");
    }
    let (_, late) = code("late").await;
    s.advance(TimeDelta::hours(24));
    assert_eq!(accept(&s, &late, OTHER).await.bytes, unknown.bytes, "over, at the limit");
    assert_eq!(accept(&s, &newer.text, OTHER).await.bytes, unknown.bytes, "over");
}

#[tokio::test]
async fn a_moment_before_its_end_it_is_good() {
    let s = Scene::new().await;
    let user = s.newcomer("a", &[]).await;
    let code = s.t.service.operator_code(user, false).await.unwrap().unwrap();
    s.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
    accept(&s, &code.text, PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_come_with_one_code_are_one() {
    let s = std::sync::Arc::new(Scene::new().await);
    let user = s.newcomer("a", &[]).await;
    let code = s.t.service.operator_code(user, false).await.unwrap().unwrap().text;
    let both = [PASSWORD, OTHER].map(|password| {
        let (s, code) = (s.clone(), code.clone());
        tokio::spawn(async move { accept(&s, &code, password).await.status })
    });
    let mut statuses = Vec::new();
    for each in both {
        statuses.push(each.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}
