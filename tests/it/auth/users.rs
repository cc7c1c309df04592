//! The system administrator keeps users, and gives himself nothing by it.

use entity::vocabulary::{Role, UserKind};
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};
use taizhang::service::operator::{NewGrant, NewUser};

use super::scene::{OTHER, PASSWORD, Scene};

const INVITE: &str =
    "mutation($input: UserInviteInput!, $key: String) { userInvite(input: $input, idempotencyKey: $key) {
    user { id name login disabled version kind } code codeExpiresAt userErrors { code field } } }";
const RESET: &str = "mutation($id: ID!, $input: UserPasswordResetInput!) { userPasswordReset(id: $id, input: $input) {
    user { id } code userErrors { code message } } }";

async fn admin(s: &Scene) -> String {
    s.person("admin", &[Role::SystemAdmin]).await;
    s.sign_in("admin", PASSWORD).await.ok().access()
}

fn invited(s: &Scene, login: &str) -> Value {
    json!({ "unit": GlobalId::new(Kind::Unit, s.unit).to_string(), "login": login, "displayName": "新人（虚构）" })
}

async fn switch(s: &Scene, token: &str, verb: &str, id: &str, version: i32) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: VersionInput!) {{ {verb}(id: $id, input: $input) {{ user {{ disabled version }} userErrors {{ code }} }} }}"
    );
    s.client(token).payload(&query, json!({ "id": id, "input": { "expectedVersion": version } })).await
}

#[tokio::test]
async fn an_invitation_makes_a_user_without_rights_who_sets_a_password() {
    let s = Scene::new().await;
    let token = admin(&s).await;
    let made = s.client(&token).payload(INVITE, json!({ "input": invited(&s, "new.one"), "key": "k" })).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    assert_eq!((&made["user"]["login"], &made["user"]["kind"]), (&json!("new.one"), &json!("PERSON")));
    assert_eq!(made["codeExpiresAt"], "2026-07-02T01:00:00.000Z");
    let code = made["code"].as_str().unwrap();
    // Said once: whoever repeats the call learns that it was done and nothing more, and nothing of it is kept.
    let again = s.client(&token).payload(INVITE, json!({ "input": invited(&s, "new.one"), "key": "k" })).await;
    assert_eq!((&again["user"]["id"], &again["code"]), (&made["user"]["id"], &Value::Null));
    let kept = s.texts("SELECT CAST(result AS TEXT) FROM idempotency_result").await.join(" ");
    assert!(!kept.contains("tzc_"), "{kept}");
    s.send("/auth/accept", json!({ "code": code, "password": PASSWORD })).await.ok();
    let signed = s.sign_in("new.one", PASSWORD).await.ok();
    let data =
        s.client(&signed.access()).data("{ viewer { grants { role } } taskLists { totalCount } }", json!({})).await;
    assert_eq!((&data["viewer"]["grants"], &data["taskLists"]["totalCount"]), (&json!([]), &json!(0)));

    let twice = s.client(&token).payload(INVITE, json!({ "input": invited(&s, "new.one") })).await;
    assert_eq!(twice["userErrors"], json!([{ "code": "DUPLICATE", "field": ["input", "login"] }]));
    assert!(twice["code"].is_null() && twice["user"].is_null());
    for login in ["two words", "adm\u{200B}in", "\u{202E}nimda", &"长".repeat(65)] {
        let bad = s.client(&token).payload(INVITE, json!({ "input": invited(&s, login) })).await;
        let code = &bad["userErrors"][0]["code"];
        assert!(code == "INVALID_FORMAT" || code == "TOO_LONG", "{login:?}: {bad:#}");
    }
    let bad = s.client(&token).payload(INVITE, json!({ "input": invited(&s, " ") })).await;
    assert_eq!(bad["userErrors"][0]["code"], "REQUIRED");
    assert_eq!(s.audited("userInvite", "DONE").await, 1);
}

#[tokio::test]
async fn a_reset_ends_password_and_sessions_at_once() {
    let s = Scene::new().await;
    let token = admin(&s).await;
    let user = s.person("a", &[Role::Reporter]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let id = s.id(user);
    let stale = s.client(&token).payload(RESET, json!({ "id": id, "input": { "expectedVersion": 7 } })).await;
    assert_eq!((&stale["userErrors"][0]["code"], &stale["code"]), (&json!("STALE"), &Value::Null));
    assert!(s.is_in(&signed.access()).await);
    let done = s.client(&token).payload(RESET, json!({ "id": id, "input": { "expectedVersion": 1 } })).await;
    assert_eq!(done["userErrors"], json!([]));
    assert!(!s.is_in(&signed.access()).await, "with the next request");
    assert_eq!(s.refresh(&signed.refresh()).await.status, 401);
    let unknown = s.sign_in("nobody", PASSWORD).await;
    assert_eq!(s.sign_in("a", PASSWORD).await.bytes, unknown.bytes, "the old password is no password");
    let second = s.client(&token).payload(RESET, json!({ "id": id, "input": { "expectedVersion": 1 } })).await;
    assert_eq!(second["userErrors"][0]["code"], "STALE", "a second administrator would void the first one's code");
    let code = done["code"].as_str().unwrap();
    let same = s.send("/auth/accept", json!({ "code": code, "password": PASSWORD })).await;
    assert_eq!(same.status, 422, "nor is it the next one");
    s.send("/auth/accept", json!({ "code": code, "password": OTHER })).await.ok();
    s.sign_in("a", OTHER).await.ok();
}

#[tokio::test]
async fn nobody_becomes_another_power_by_keeping_users() {
    let s = Scene::new().await;
    let token = admin(&s).await;
    let own = s.texts("SELECT login FROM user_account").await;
    assert_eq!(own, ["admin"]);
    let client = s.client(&token);
    for (role, allowed) in
        [(Role::SecurityAdmin, false), (Role::AuditAdmin, false), (Role::Office, true), (Role::SystemAdmin, true)]
    {
        let user = s.person(role.as_str(), &[role]).await;
        let done = client.payload(RESET, json!({ "id": s.id(user), "input": { "expectedVersion": 1 } })).await;
        let code = if allowed { Value::Null } else { json!("FORBIDDEN") };
        assert_eq!(done["userErrors"][0]["code"], code, "{role:?}");
        assert_eq!(s.sign_in(role.as_str(), PASSWORD).await.status == 200, !allowed, "{role:?}");
    }
    let viewer = client.data("{ viewer { user { id } } }", json!({})).await;
    let own = viewer["viewer"]["user"]["id"].as_str().unwrap().to_owned();
    let done = client.payload(RESET, json!({ "id": own, "input": { "expectedVersion": 1 } })).await;
    assert_eq!(done["userErrors"][0]["code"], "FORBIDDEN", "one's own is changed with the password");
    assert_eq!(switch(&s, &token, "userDisable", &own, 1).await["userErrors"][0]["code"], "FORBIDDEN");
    assert!(s.is_in(&token).await);
}

/// Whoever keeps the users of a part of the place keeps nobody who holds something above it, though he acts for that part.
#[tokio::test]
async fn nobody_keeps_those_who_are_over_him() {
    let s = Scene::new().await;
    let below = s.newcomer("below", &[]).await;
    let kept = s.person("kept", &[]).await;
    for role in [Role::Office, Role::SystemAdmin, Role::Reporter] {
        s.person(role.as_str(), &[role]).await;
    }
    let grant = NewGrant { role: Role::SystemAdmin, unit: s.unit, scopes: Vec::new() };
    let new = NewUser {
        kind: UserKind::Person,
        login: "part".to_owned(),
        display_name: "部门管理员（虚构）".to_owned(),
        unit: s.unit,
        grants: vec![grant],
    };
    let part = s.t.service.user_add(new).await.unwrap();
    let client = s.t.sign_in(part).await;
    for role in [Role::Office, Role::SystemAdmin, Role::Reporter] {
        let signed = s.sign_in(role.as_str(), PASSWORD).await.ok();
        let viewer =
            s.client(&signed.access()).data("{ viewer { user { id } sessions { nodes { id } } } }", json!({})).await;
        let (id, session) = (&viewer["viewer"]["user"]["id"], &viewer["viewer"]["sessions"]["nodes"][0]["id"]);
        let done =
            client.payload(RESET, json!({ "id": id, "input": { "expectedVersion": 1, "removeTotp": true } })).await;
        assert_eq!((&done["userErrors"][0]["code"], &done["code"]), (&json!("FORBIDDEN"), &Value::Null), "{role:?}");
        let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { userErrors { code } } }";
        let done = client.payload(revoke, json!({ "id": session })).await;
        assert_eq!(done["userErrors"][0]["code"], "NOT_FOUND", "{role:?}");
        assert!(s.is_in(&signed.access()).await);
    }
    for user in [below, kept] {
        let done = client.payload(RESET, json!({ "id": s.id(user), "input": { "expectedVersion": 1 } })).await;
        assert_eq!(done["userErrors"], json!([]), "his own he keeps");
    }
}

#[tokio::test]
async fn who_is_disabled_is_out_and_comes_back_only_by_signing_in() {
    let s = Scene::new().await;
    let token = admin(&s).await;
    let user = s.person("a", &[Role::Office]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let id = s.id(user);
    let done = switch(&s, &token, "userDisable", &id, 1).await;
    assert_eq!(done, json!({ "user": { "disabled": true, "version": 2 }, "userErrors": [] }));
    assert!(!s.is_in(&signed.access()).await);
    assert_eq!(s.sign_in("a", PASSWORD).await.bytes, s.sign_in("nobody", PASSWORD).await.bytes);
    let reset = s.client(&token).payload(RESET, json!({ "id": id, "input": { "expectedVersion": 2 } })).await;
    assert_eq!(reset["userErrors"][0]["code"], "INVALID_STATE");
    assert_eq!(switch(&s, &token, "userEnable", &id, 1).await["userErrors"][0]["code"], "STALE");
    let done = switch(&s, &token, "userEnable", &id, 2).await;
    assert_eq!(done["user"], json!({ "disabled": false, "version": 3 }));
    assert!(!s.is_in(&signed.access()).await, "what was open stays closed");
    s.sign_in("a", PASSWORD).await.ok();
    assert_eq!(switch(&s, &token, "userEnable", &id, 3).await["userErrors"][0]["code"], "INVALID_STATE");
    assert_eq!(s.audited("userEnable", "DONE").await, 1);
}

#[tokio::test]
async fn only_the_system_administrator_keeps_users() {
    let s = Scene::new().await;
    let user = s.person("a", &[]).await;
    for role in [Role::Office, Role::SecurityAdmin, Role::AuditAdmin, Role::Reporter] {
        s.person(role.as_str(), &[role]).await;
        let token = s.sign_in(role.as_str(), PASSWORD).await.ok().access();
        let made = s.client(&token).payload(INVITE, json!({ "input": invited(&s, "x.y") })).await;
        assert_eq!(made["userErrors"][0]["code"], "FORBIDDEN", "{role:?}");
        assert_eq!(switch(&s, &token, "userDisable", &s.id(user), 1).await["userErrors"][0]["code"], "FORBIDDEN");
    }
    assert_eq!(s.count("SELECT COUNT(*) FROM user_account WHERE login = 'x.y' OR disabled_at IS NOT NULL").await, 0);
}
