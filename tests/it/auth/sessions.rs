//! Sessions: idle, over, listed, taken back, forgotten.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::scene::{PASSWORD, Scene};

const MINE: &str = "{ viewer { sessions { totalCount nodes { id purpose address userAgent isCurrent lastUsedAt } } } }";

#[tokio::test]
async fn thirty_minutes_without_a_request_and_it_is_over() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    s.advance(TimeDelta::minutes(30) - TimeDelta::milliseconds(1));
    let kept = s.refresh(&signed.refresh()).await.ok();
    s.advance(TimeDelta::minutes(30));
    assert_eq!(s.refresh(&kept.refresh()).await.status, 401, "at the limit");

    // A request is a use too, written down once a minute at most.
    let signed = s.sign_in("a", PASSWORD).await.ok();
    s.advance(TimeDelta::minutes(14));
    assert!(s.is_in(&signed.access()).await);
    s.advance(TimeDelta::seconds(59));
    assert!(s.is_in(&signed.access()).await);
    s.advance(TimeDelta::minutes(29));
    s.refresh(&signed.refresh()).await.ok();
    assert_eq!(s.count("SELECT COUNT(*) FROM session WHERE last_used_at > created_at").await, 2);
}

#[tokio::test]
async fn reads_write_a_use_once_a_minute_and_not_more() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let statements = async |s: &Scene| {
        let before = s.t.service.store().statements();
        assert!(s.is_in(&signed.access()).await);
        s.t.service.store().statements() - before
    };
    let plain = statements(&s).await;
    s.advance(TimeDelta::seconds(59));
    assert_eq!(statements(&s).await, plain);
    s.advance(TimeDelta::seconds(1));
    assert_eq!(statements(&s).await, plain + 1, "one statement that says it");
    assert_eq!(statements(&s).await, plain);
}

#[tokio::test]
async fn twelve_hours_and_it_is_over_however_busy() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let mut last = s.sign_in("a", PASSWORD).await.ok();
    for _ in 0..(12 * 4 - 1) {
        s.advance(TimeDelta::minutes(15));
        last = s.refresh(&last.refresh()).await.ok();
    }
    assert_eq!(last.json()["refreshExpiresIn"], 900, "what is left of the twelve hours");
    s.advance(TimeDelta::minutes(15) - TimeDelta::milliseconds(1));
    assert!(s.is_in(&last.access()).await);
    s.advance(TimeDelta::milliseconds(1));
    assert!(!s.is_in(&last.access()).await);
    assert_eq!(s.refresh(&last.refresh()).await.status, 401);
}

#[tokio::test]
async fn signing_out_ends_the_session_with_the_next_request() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let (one, two) = (s.sign_in("a", PASSWORD).await.ok(), s.sign_in("a", PASSWORD).await.ok());
    s.send_as(&one.access(), "/auth/sign-out", json!({})).await.ok();
    assert!(!s.is_in(&one.access()).await && s.is_in(&two.access()).await);
    assert_eq!(s.refresh(&one.refresh()).await.status, 401);
    assert_eq!(s.send_as(&one.access(), "/auth/sign-out", json!({})).await.status, 401, "twice");
    assert_eq!(s.audited("signOut", "DONE").await, 1);
}

async fn revoke(s: &Scene, token: &str, id: &Value) -> Value {
    let verb = "mutation($id: ID!) { sessionRevoke(id: $id) { deletedId session { id } userErrors { code } } }";
    s.client(token).payload(verb, json!({ "id": id })).await
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_and_nobody_elses() {
    let s = Scene::new().await;
    for login in ["a", "b"] {
        s.person(login, &[]).await;
    }
    let here = s.sign_in("a", PASSWORD).await.ok();
    let mut request =
        super::scene::request("/auth/sign-in", &json!({ "login": "a", "password": PASSWORD }).to_string());
    request.headers_mut().insert("user-agent", format!("客户端{}", "长".repeat(300)).parse().unwrap());
    let there = s.raw(request).await.ok();
    s.send_from("2001:db8::7", "/auth/sign-in", json!({ "login": "a", "password": PASSWORD })).await.ok();
    let stranger = s.sign_in("b", PASSWORD).await.ok();

    let data = s.client(&here.access()).data(MINE, json!({})).await;
    let mine = data["viewer"]["sessions"].clone();
    assert_eq!(mine["totalCount"], 3);
    let nodes = mine["nodes"].as_array().unwrap();
    assert_eq!(nodes[0]["address"], "2001:db8::7");
    assert_eq!(nodes[1]["userAgent"].as_str().unwrap().chars().count(), 200);
    let current: Vec<_> = nodes.iter().map(|node| node["isCurrent"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, false, true]);

    let target = &nodes[1]["id"];
    let denied = revoke(&s, &stranger.access(), target).await;
    assert_eq!(denied["userErrors"][0]["code"], "NOT_FOUND");
    assert!(s.is_in(&there.access()).await);
    let done = revoke(&s, &here.access(), target).await;
    assert_eq!((&done["deletedId"], &done["userErrors"]), (target, &json!([])));
    assert!(!s.is_in(&there.access()).await, "with the next request");
    assert_eq!(s.refresh(&there.refresh()).await.status, 401);
    assert_eq!(revoke(&s, &here.access(), target).await["userErrors"][0]["code"], "NOT_FOUND", "it is gone");

    let others = "mutation { sessionRevokeOthers { revoked userErrors { code } } }";
    let done = s.client(&here.access()).payload(others, json!({})).await;
    assert_eq!(done, json!({ "revoked": 1, "userErrors": [] }));
    assert!(s.is_in(&here.access()).await && s.is_in(&stranger.access()).await);
    assert_eq!(s.audited("sessionRevoke", "DONE").await + s.audited("sessionRevokeOthers", "DONE").await, 2);
}

#[tokio::test]
async fn the_system_administrator_ends_sessions_of_the_users_kept() {
    let s = Scene::new().await;
    let user = s.person("a", &[Role::Office]).await;
    for (login, role) in [("admin", Role::SystemAdmin), ("office", Role::Office), ("security", Role::SecurityAdmin)] {
        s.person(login, &[role]).await;
    }
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let listed = "query($id: ID!) { node(id: $id) { ... on User { login sessions { nodes { id } } } } }";
    let mut found = Value::Null;
    for (login, sees) in [("office", false), ("security", false), ("admin", true)] {
        let token = s.sign_in(login, PASSWORD).await.ok().access();
        let data = s.client(&token).data(listed, json!({ "id": s.id(user) })).await;
        let nodes = data["node"]["sessions"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), usize::from(sees), "{login}");
        assert_eq!(data["node"]["login"].is_string(), sees, "{login}");
        found = nodes.first().map_or(found, |node| node["id"].clone());
    }
    let office = s.sign_in("office", PASSWORD).await.ok().access();
    assert_eq!(revoke(&s, &office, &found).await["userErrors"][0]["code"], "NOT_FOUND");
    let admin = s.sign_in("admin", PASSWORD).await.ok().access();
    assert_eq!(revoke(&s, &admin, &found).await["userErrors"], json!([]));
    assert!(!s.is_in(&signed.access()).await);
}

#[tokio::test]
async fn one_session_more_than_the_limit_ends_the_one_unused_for_the_longest() {
    let limits = Limits { sessions_per_user: 3, ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    s.person("a", &[]).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(s.sign_in("a", PASSWORD).await.ok());
        s.advance(TimeDelta::minutes(1));
    }
    // The first is used again, so the second is the one.
    assert!(s.is_in(&all[0].access()).await);
    all.push(s.sign_in("a", PASSWORD).await.ok());
    let mut live = Vec::new();
    for one in &all {
        live.push(s.is_in(&one.access()).await);
    }
    assert_eq!(live, [true, false, true, true]);
}

#[tokio::test]
async fn what_ended_thirty_days_ago_is_forgotten_with_its_tokens() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    s.refresh(&signed.refresh()).await.ok();
    s.advance(TimeDelta::hours(12) + TimeDelta::days(30));
    assert_eq!(s.t.service.sessions_sweep().await.unwrap(), 0);
    s.advance(TimeDelta::milliseconds(1));
    assert_eq!(s.t.service.sessions_sweep().await.unwrap(), 1);
    assert_eq!(s.count("SELECT COUNT(*) FROM refresh_token").await, 0);
    assert_eq!(s.count("SELECT COUNT(*) FROM one_time_code").await, 1, "codes live longer than sessions");
    s.advance(TimeDelta::hours(12));
    assert_eq!(s.t.service.sessions_sweep().await.unwrap(), 1);
    assert!(s.audited("signIn", "DONE").await == 1, "the audit trail stays");
}
