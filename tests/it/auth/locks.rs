//! Locks are seen and taken away by who keeps the user, sessions are ended by him, and everybody learns when he last came in.

use chrono::TimeDelta;
use entity::vocabulary::{Role, UserKind};
use serde_json::{Value, json};
use taizhang::service::operator::{NewGrant, NewUser};

use super::scene::{PASSWORD, Scene};
use crate::support::Client;

const USER: &str = "query($id: ID!) { node(id: $id) { ... on User { version lockedUntil lastSignInAt } } }";
const UNLOCK: &str = "mutation($id: ID!, $input: VersionInput!) { userUnlock(id: $id, input: $input) {
    user { version lockedUntil } userErrors { code } } }";
const END: &str = "mutation($id: ID!) { userSessionsEnd(id: $id, input: { expectedVersion: 1 }) { user { id } userErrors { code } } }";

async fn unlock(by: &Client, id: &str, version: i32) -> Value {
    by.payload(UNLOCK, json!({ "id": id, "input": { "expectedVersion": version } })).await
}

async fn locked(s: &Scene, login: &str) {
    for _ in 0..5 {
        assert_eq!(s.sign_in(login, "wrong").await.status, 401);
    }
}

/// A system administrator of a part of the place.
async fn keeper_of_a_part(s: &Scene) -> Client {
    let grant = NewGrant { role: Role::SystemAdmin, unit: s.unit, scopes: Vec::new() };
    let new = NewUser {
        kind: UserKind::Person,
        login: "part".to_owned(),
        display_name: "部门管理员（虚构）".to_owned(),
        unit: s.unit,
        grants: vec![grant],
    };
    s.t.sign_in(s.t.service.user_add(new).await.unwrap()).await
}

#[tokio::test]
async fn a_lock_is_seen_and_taken_away_by_who_keeps_the_user() {
    let s = Scene::new().await;
    let admin = s.newcomer("admin", &[Role::SystemAdmin]).await;
    let admin = s.t.sign_in(admin).await;
    let user = s.person("a", &[Role::Office]).await;
    let id = s.id(user);
    let open = s.sign_in("a", PASSWORD).await.ok().access();
    locked(&s, "a").await;
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401);

    let seen = admin.data(USER, json!({ "id": id })).await["node"].clone();
    assert_eq!(
        seen,
        json!({ "version": 1, "lockedUntil": "2026-07-01T01:30:00.000Z", "lastSignInAt": "2026-07-01T01:00:00.000Z" })
    );
    let own = s.client(&open).data("{ viewer { signIn { lockedUntil } user { lockedUntil } } }", json!({})).await;
    assert_eq!(own["viewer"]["signIn"]["lockedUntil"], "2026-07-01T01:30:00.000Z");
    assert_eq!(own["viewer"]["user"]["lockedUntil"], "2026-07-01T01:30:00.000Z");
    // Others see the user and nothing of this; nobody takes it from himself.
    let part = keeper_of_a_part(&s).await;
    for role in [Role::Reporter, Role::SecurityAdmin, Role::AuditAdmin] {
        let other = s.newcomer(role.as_str(), &[role]).await;
        let other = s.t.sign_in(other).await;
        let node = other.data(USER, json!({ "id": id })).await["node"].clone();
        assert!(node.is_null() || (node["lockedUntil"].is_null() && node["lastSignInAt"].is_null()), "{role:?} {node}");
        assert_eq!(unlock(&other, &id, 1).await["userErrors"][0]["code"], "FORBIDDEN", "{role:?}");
        assert_eq!(other.payload(END, json!({ "id": id })).await["userErrors"][0]["code"], "FORBIDDEN", "{role:?}");
    }
    let node = part.data(USER, json!({ "id": id })).await["node"].clone();
    assert_eq!((&node["lockedUntil"], &node["lastSignInAt"]), (&Value::Null, &Value::Null), "he holds something above");
    assert_eq!(unlock(&part, &id, 1).await["userErrors"][0]["code"], "FORBIDDEN");
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401, "nothing was done");
    let own = s.id(admin.user.unwrap());
    assert_eq!(unlock(&admin, &own, 1).await["userErrors"][0]["code"], "FORBIDDEN");

    assert_eq!(unlock(&admin, &id, 7).await["userErrors"][0]["code"], "STALE");
    let done = unlock(&admin, &id, 1).await;
    assert_eq!(done, json!({ "user": { "version": 2, "lockedUntil": null }, "userErrors": [] }));
    // The count begins anew.
    for _ in 0..4 {
        assert_eq!(s.sign_in("a", "wrong").await.status, 401);
    }
    s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(unlock(&admin, &id, 2).await["userErrors"][0]["code"], "INVALID_STATE");
    assert_eq!(s.audited("userUnlock", "DONE").await, 1);
    // What has run out is no lock.
    locked(&s, "a").await;
    s.advance(TimeDelta::minutes(30));
    let admin = s.t.sign_in(admin.user.unwrap()).await;
    assert!(admin.data(USER, json!({ "id": id })).await["node"]["lockedUntil"].is_null());
    assert_eq!(unlock(&admin, &id, 2).await["userErrors"][0]["code"], "INVALID_STATE");
}

#[tokio::test]
async fn who_is_not_seen_is_not_there() {
    let s = Scene::new().await;
    let place = r#"{ "format": "taizhang-units/1", "jurisdictions": [{ "key": "qingshi", "name": "青石市（虚构）", "office": "qingshi.zfb",
        "list": [], "groups": [], "units": [{ "id": "qingshi.zfb", "name": "市政府办公室" }] }] }"#;
    let elsewhere = s.t.places(place).await[0].1;
    let foreign = s.t.user("foreign", elsewhere, &[(Role::SystemAdmin, elsewhere)]).await;
    let user = s.person("a", &[]).await;
    locked(&s, "a").await;
    let absent = s.id(s.t.ids.next());
    for id in [s.id(user), absent] {
        assert_eq!(unlock(&foreign, &id, 1).await, json!({ "user": null, "userErrors": [{ "code": "NOT_FOUND" }] }));
        let done = foreign.payload(END, json!({ "id": id })).await;
        assert_eq!(done, json!({ "user": null, "userErrors": [{ "code": "NOT_FOUND" }] }));
    }
    assert_eq!(s.sign_in("a", PASSWORD).await.status, 401);
}

#[tokio::test]
async fn all_sessions_of_a_user_end_at_once() {
    let s = Scene::new().await;
    let admin = s.newcomer("admin", &[Role::SystemAdmin]).await;
    let admin = s.t.sign_in(admin).await;
    let user = s.person("a", &[Role::Reporter]).await;
    let (one, two) = (s.sign_in("a", PASSWORD).await.ok(), s.sign_in("a", PASSWORD).await.ok());
    let done = admin.payload(END, json!({ "id": s.id(user) })).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    for signed in [one, two] {
        assert!(!s.is_in(&signed.access()).await);
        assert_eq!(s.refresh(&signed.refresh()).await.status, 401);
    }
    s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(s.audited("userSessionsEnd", "DONE").await, 1);
    let own = s.id(admin.user.unwrap());
    assert_eq!(admin.payload(END, json!({ "id": own })).await["userErrors"][0]["code"], "FORBIDDEN");
}

/// 等级保护 asks that people are told when they were there last.
#[tokio::test]
async fn everybody_learns_when_he_last_came_in() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let state = async |token: &str| {
        let data = s.client(token).data("{ viewer { signIn { lastSignInAt lastSignInAddress } } }", json!({})).await;
        data["viewer"]["signIn"].clone()
    };
    let from = async |address: &str| {
        let body = json!({ "login": "a", "password": PASSWORD });
        s.send_from(address, "/auth/sign-in", body).await
    };
    let first = from("192.0.2.7").await.ok();
    assert_eq!(state(&first.access()).await, json!({ "lastSignInAt": null, "lastSignInAddress": null }));
    s.advance(TimeDelta::minutes(5));
    assert_eq!(s.sign_in("a", "wrong").await.status, 401, "who was turned away was not there");
    s.advance(TimeDelta::minutes(5));
    let second = from("192.0.2.8").await.ok();
    let expected = json!({ "lastSignInAt": "2026-07-01T01:00:00.000Z", "lastSignInAddress": "192.0.2.7" });
    assert_eq!(state(&second.access()).await, expected);
    // To go on is no new sign-in, and what an older session says stays.
    let next = s.refresh(&second.refresh()).await.ok();
    assert_eq!(state(&next.access()).await, expected);
    assert_eq!(state(&first.access()).await, json!({ "lastSignInAt": null, "lastSignInAddress": null }));
}
