//! People are told what happens to their accounts and rights, and those who keep rights of what waits for them.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{kinds, told};
use crate::admins::{self, Scene as Admins, approve, code, revoke};
use crate::auth::scene::{OTHER, PASSWORD, Scene};
use crate::auth::totp::{enrolled, shown};
use crate::support::{Client, TestApp};

async fn deliver(t: &TestApp) {
    while t.service.notices_deliver().await.unwrap() > 0 {}
}

/// What a user is told, by a session of the machine, the latest first.
async fn told_to(s: &Scene, user: Uuid) -> Vec<String> {
    deliver(&s.t).await;
    kinds(&s.t.sign_in(user).await).await
}

#[tokio::test]
async fn what_happens_to_the_own_account() {
    let s = Scene::new().await;
    let user = s.person("a", &[]).await;
    assert_eq!(told_to(&s, user).await, ["PASSWORD_CHANGED"], "set with the code");
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let secret = enrolled(&s, &signed.access()).await;
    s.advance(TimeDelta::minutes(1));
    let body = json!({ "password": PASSWORD, "totp": shown(&s, &secret, 0) });
    s.send_as(&signed.access(), "/auth/totp/remove", body).await.ok();
    s.advance(TimeDelta::seconds(1));
    s.send_as(&signed.access(), "/auth/password", json!({ "current": PASSWORD, "new": OTHER })).await.ok();
    s.advance(TimeDelta::seconds(1));
    let next = s.refresh(&signed.refresh()).await.ok();
    s.advance(TimeDelta::minutes(1));
    for _ in 0..3 {
        assert_eq!(s.refresh(&signed.refresh()).await.status, 401, "once a thief was here it is over");
    }
    assert!(!s.is_in(&next.access()).await);
    let expected = ["REFRESH_REPLAYED", "PASSWORD_CHANGED", "TOTP_REMOVED", "TOTP_ENROLLED", "PASSWORD_CHANGED"];
    assert_eq!(told_to(&s, user).await, expected);

    // One for each lock, however many go on guessing.
    for _ in 0..3 {
        for _ in 0..8 {
            assert_eq!(s.sign_in("a", "wrong").await.status, 401);
            s.advance(TimeDelta::seconds(1));
        }
        s.advance(TimeDelta::minutes(31));
    }
    assert_eq!(
        told_to(&s, user).await[..4],
        ["ACCOUNT_LOCKED", "ACCOUNT_LOCKED", "ACCOUNT_LOCKED", "REFRESH_REPLAYED"]
    );
    let client = s.t.sign_in(user).await;
    for (kind, text, _) in told(&client).await {
        assert!(!text.is_empty() && !text.contains("测试用户"), "{kind}: {text}");
    }
    // Nobody else hears of it.
    let other = s.person("b", &[Role::Office]).await;
    assert_eq!(told_to(&s, other).await, ["PASSWORD_CHANGED"]);
}

#[tokio::test]
async fn what_others_do_to_the_account() {
    let s = Scene::new().await;
    let system = s.newcomer("system", &[Role::SystemAdmin]).await;
    let admin = s.t.sign_in(system).await;
    let user = s.person("a", &[Role::Reporter]).await;
    s.advance(TimeDelta::seconds(1));
    s.sign_in("a", PASSWORD).await.ok();
    let query = "query($id: ID!) { node(id: $id) { ... on User { sessions { nodes { id } } } } }";
    let data = admin.data(query, json!({ "id": s.id(user) })).await;
    let session = &data["node"]["sessions"]["nodes"][0]["id"];
    let end = "mutation($id: ID!) { sessionRevoke(id: $id) { userErrors { code } } }";
    assert_eq!(admin.payload(end, json!({ "id": session })).await["userErrors"], json!([]));
    s.advance(TimeDelta::seconds(1));
    let reset =
        "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    assert_eq!(admin.payload(reset, json!({ "id": s.id(user) })).await["userErrors"], json!([]));
    assert_eq!(told_to(&s, user).await, ["PASSWORD_RESET", "SESSIONS_ENDED", "PASSWORD_CHANGED"]);
    s.advance(TimeDelta::seconds(1));
    s.t.service.operator_code(user, true).await.unwrap().unwrap();
    let mut last = told_to(&s, user).await[..2].to_vec();
    last.sort();
    assert_eq!(last, ["PASSWORD_RESET", "TOTP_REMOVED"]);
    // One's own sessions one ends without being told.
    let signed = s.t.sign_in(user).await;
    let own = signed.data("{ viewer { sessions { nodes { id } } } }", json!({})).await;
    let before = told_to(&s, user).await.len();
    let own = &own["viewer"]["sessions"]["nodes"][1]["id"];
    assert_eq!(signed.payload(end, json!({ "id": own })).await["userErrors"], json!([]));
    assert_eq!(told_to(&s, user).await.len(), before);
}

async fn told_of(s: &Admins, who: &Client) -> Vec<(String, String)> {
    deliver(&s.t).await;
    told(who).await.into_iter().map(|(kind, text, _)| (kind, text)).collect()
}

#[tokio::test]
async fn rights_and_those_who_decide_about_them() {
    let s = Admins::new().await;
    let county = s.t.user("county.security", s.county, &[(Role::SecurityAdmin, s.county)]).await;
    let id = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    let waits = ("GRANT_REQUESTED".to_owned(), "有一项市发展和改革局的授权申请待审批。".to_owned());
    assert_eq!(told_of(&s, &s.second).await, std::slice::from_ref(&waits));
    for who in [&s.security, &s.system, &s.audit, &s.newcomer, &county] {
        assert_eq!(told_of(&s, who).await, [], "who asked, who gets it, who is not over the unit");
    }
    let query = "{ viewer { notifications { nodes { roleGrantRequest { id } user { id } taskList { id } } } } }";
    let data = s.second.data(query, json!({})).await;
    let expected = json!([{ "roleGrantRequest": { "id": id }, "user": null, "taskList": null }]);
    assert_eq!(data["viewer"]["notifications"]["nodes"], expected);

    s.t.clock.advance(TimeDelta::seconds(1));
    assert_eq!(code(&approve(&s.second, &id, 1).await), &Value::Null);
    let given = ("GRANT_GIVEN".to_owned(), "您在市发展和改革局获得了一项授权。".to_owned());
    assert_eq!(told_of(&s, &s.newcomer).await, std::slice::from_ref(&given));
    s.t.clock.advance(TimeDelta::seconds(1));
    revoke(&s.second, &s.grant_of(&s.newcomer).await, "离岗").await;
    let ended = ("GRANT_ENDED".to_owned(), "您在市发展和改革局的一项授权已收回。".to_owned());
    assert_eq!(told_of(&s, &s.newcomer).await, [ended, given]);
    // A request that is over by the time it would be told is told to nobody.
    let id = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    admins::withdraw(&s.system, &id).await;
    assert_eq!(told_of(&s, &s.second).await, [waits]);
}

#[tokio::test]
async fn whose_one_time_passwords_are_to_go_hears_of_it_and_so_does_who_decides() {
    let s = Admins::new().await;
    let raw = s.t.database.raw().await;
    let ask = "INSERT INTO user_credential (user_id, must_change, failures, totp_ciphertext, totp_confirmed_at, version, created_at, updated_at) \
               SELECT id, FALSE, 0, 'x', created_at, 1, created_at, created_at FROM user_account WHERE login = 'newcomer'";
    sea_orm::ConnectionTrait::execute_unprepared(&raw, ask).await.unwrap();
    let reset = "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1, removeTotp: true }) { userErrors { code } } }";
    let done = s.system.payload(reset, json!({ "id": admins::user_id(&s.newcomer) })).await;
    assert_eq!(done["userErrors"], json!([]));
    for who in [&s.security, &s.second] {
        let all = told_of(&s, who).await;
        assert_eq!((all.len(), all[0].0.as_str()), (1, "TOTP_REMOVAL_REQUESTED"));
        assert!(all[0].1.contains("市发展和改革局") && !all[0].1.contains("newcomer"), "{all:?}");
        let data =
            who.data("{ viewer { notifications { nodes { user { id totpRemoval { status } } } } } }", json!({})).await;
        let about = json!([{ "user": { "id": admins::user_id(&s.newcomer), "totpRemoval": { "status": "PENDING" } } }]);
        assert_eq!(data["viewer"]["notifications"]["nodes"], about);
    }
    let own: Vec<String> = told_of(&s, &s.again(&s.newcomer).await).await.into_iter().map(|(kind, _)| kind).collect();
    assert!(
        own.contains(&"TOTP_REMOVAL_REQUESTED".to_owned()) && own.contains(&"PASSWORD_RESET".to_owned()),
        "{own:?}"
    );
    assert_eq!(told_of(&s, &s.system).await, []);
    assert_eq!(told_of(&s, &s.audit).await, []);
}
