//! The verbs of the system administrator about machines.

use entity::vocabulary::{Role, UserKind};
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};
use taizhang::service::operator::{NewGrant, NewUser};

use super::{CREATE, SECRET, account, key, scene, secret, take_back};
use crate::auth::scene::{PASSWORD, Scene};

async fn switch(admin: &crate::support::Client, verb: &str, id: &str, version: i32) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: VersionInput!) {{ {verb}(id: $id, input: $input) {{ serviceAccount {{ user {{ disabled version }} }} userErrors {{ code }} }} }}"
    );
    admin.payload(&query, json!({ "id": id, "input": { "expectedVersion": version } })).await
}

#[tokio::test]
async fn an_account_is_made_without_any_right_and_has_nothing_of_a_person() {
    let (s, admin, machine) = scene("lists:read").await;
    let id = account(&s, &admin, "second").await;
    assert_eq!(s.count("SELECT COUNT(*) FROM role_grant").await, 2, "the administrator's and the first machine's");
    let unit = GlobalId::new(Kind::Unit, s.unit).to_string();
    let again = json!({ "unit": unit, "login": "second", "displayName": "又一个" });
    let again = admin.payload(CREATE, json!({ "input": again })).await;
    assert_eq!(again["userErrors"], json!([{ "code": "DUPLICATE", "field": ["input", "login"] }]));
    let blank = json!({ "unit": unit, "login": "a b", "displayName": " " });
    let blank = admin.payload(CREATE, json!({ "input": blank })).await;
    assert_eq!(blank["userErrors"][0]["code"], "INVALID_FORMAT");

    // No invitation, no reset, no code from the machine, no password.
    let invite = "mutation($input: UserInviteInput!) { userInvite(input: $input) { code userErrors { code field } } }";
    let input = json!({ "unit": unit, "login": "third", "displayName": "三", "kind": "SERVICE" });
    let invited = admin.payload(invite, json!({ "input": input })).await;
    assert_eq!(invited["userErrors"], json!([{ "code": "INVALID_FORMAT", "field": ["input", "kind"] }]));
    let reset =
        "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1 }) { code userErrors { code } } }";
    let reset = admin.payload(reset, json!({ "id": id })).await;
    assert_eq!((&reset["code"], &reset["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID_STATE")));
    assert!(s.t.service.operator_code(key(&id), false).await.is_err());
    assert_eq!(s.count("SELECT COUNT(*) FROM user_credential").await, 1);
    assert_eq!(s.sign_in("gateway", &machine.secret).await.bytes, s.sign_in("nobody", PASSWORD).await.bytes);

    // And a person has no secret.
    let person = s.person("person", &[Role::Reporter]).await;
    let made = admin.payload(SECRET, json!({ "id": s.id(person), "input": {} })).await;
    assert_eq!((&made["clientSecret"], &made["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID_STATE")));
}

#[tokio::test]
async fn a_secret_is_shown_once_and_changed_with_overlap() {
    let (s, admin, first) = scene("lists:read").await;
    let asked = json!({ "id": first.id, "input": { "expiresOn": "2026-07-31" }, "key": "k" });
    let made = admin.payload(SECRET, asked.clone()).await;
    assert_eq!(made["secret"]["expiresOn"], "2026-07-31");
    let again = admin.payload(SECRET, asked).await;
    assert_eq!((&again["secret"]["id"], &again["clientSecret"]), (&made["secret"]["id"], &Value::Null));
    let kept = s.texts("SELECT CAST(result AS TEXT) FROM idempotency_result").await.join(" ");
    assert!(!kept.contains("tzs_"), "{kept}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let second =
        super::Machine { secret: text(&made["clientSecret"]), secret_id: text(&made["secret"]["id"]), ..first.clone() };
    assert!(second.secret.starts_with("tzs_") && second.secret.len() == 47);

    // Both are good while the machine is told of the new one; a third there is not.
    let third = admin.payload(SECRET, json!({ "id": first.id, "input": {} })).await;
    assert_eq!((&third["clientSecret"], &third["userErrors"][0]["code"]), (&Value::Null, &json!("LIMIT")));
    let (old, new) = (first.token(&s.t.router).await, second.token(&s.t.router).await);
    assert!(s.is_in(&old).await && s.is_in(&new).await);
    let gone = take_back(&admin, &first.secret_id).await;
    assert_eq!((&gone["userErrors"], gone["secret"]["revokedAt"].is_string()), (&json!([]), true));
    assert!(!s.is_in(&old).await, "what the old one got is over with the next request");
    assert!(s.is_in(&new).await);
    assert_eq!(first.ask(&s.t.router, None).await.status, 401);
    second.ask(&s.t.router, None).await.ok();
    assert_eq!(take_back(&admin, &first.secret_id).await["userErrors"][0]["code"], "INVALID_STATE");
    let third = secret(&admin, &first.id, json!({})).await;
    third.ask(&s.t.router, None).await.ok();

    // On its last day a secret is good, and on the next it is not, nor does it take a place.
    s.advance(chrono::TimeDelta::days(30));
    second.ask(&s.t.router, None).await.ok();
    s.advance(chrono::TimeDelta::days(1));
    assert_eq!(second.ask(&s.t.router, None).await.status, 401);
    let admin = s.client(&s.sign_in("admin", PASSWORD).await.ok().access());
    let past = admin.payload(SECRET, json!({ "id": first.id, "input": { "expiresOn": "2026-07-31" } })).await;
    assert_eq!(past["userErrors"][0]["code"], "OUT_OF_RANGE");
    secret(&admin, &first.id, json!({ "expiresOn": "2026-08-01" })).await.ask(&s.t.router, None).await.ok();
    assert_eq!(s.audited("serviceAccountSecretCreate", "DONE").await, 4);
    assert_eq!(s.audited("serviceAccountSecretRevoke", "DONE").await, 1);
}

#[tokio::test]
async fn who_is_disabled_is_out_with_the_next_request() {
    let (s, admin, machine) = scene("lists:read").await;
    let token = machine.token(&s.t.router).await;
    assert!(s.is_in(&token).await);
    assert_eq!(switch(&admin, "serviceAccountDisable", &machine.id, 7).await["userErrors"][0]["code"], "STALE");
    assert!(s.is_in(&token).await);
    let done = switch(&admin, "serviceAccountDisable", &machine.id, 1).await;
    assert_eq!(done, json!({ "serviceAccount": { "user": { "disabled": true, "version": 2 } }, "userErrors": [] }));
    assert!(!s.is_in(&token).await);
    assert_eq!(machine.ask(&s.t.router, None).await.status, 401);
    let made = admin.payload(SECRET, json!({ "id": machine.id, "input": {} })).await;
    assert_eq!(made["userErrors"][0]["code"], "INVALID_STATE");
    let done = switch(&admin, "serviceAccountEnable", &machine.id, 2).await;
    assert_eq!(done["serviceAccount"]["user"], json!({ "disabled": false, "version": 3 }));
    assert!(!s.is_in(&token).await, "what was open stays closed");
    assert!(s.is_in(&machine.token(&s.t.router).await).await);
    for operation in ["serviceAccountCreate", "serviceAccountDisable", "serviceAccountEnable"] {
        assert_eq!(s.audited(operation, "DONE").await, 1, "{operation}");
    }
}

#[tokio::test]
async fn only_the_system_administrator_keeps_machines_and_nobody_else_sees_their_secrets() {
    let (s, _, machine) = scene("lists:read reports:read reports:write").await;
    let own = s.client(&machine.token(&s.t.router).await);
    let mut others = vec![("itself", own)];
    for role in [Role::Office, Role::SecurityAdmin, Role::AuditAdmin, Role::Reporter] {
        s.person(role.as_str(), &[role]).await;
        others.push((role.as_str(), s.client(&s.sign_in(role.as_str(), PASSWORD).await.ok().access())));
    }
    for (who, client) in &others {
        let made = client.payload(SECRET, json!({ "id": machine.id, "input": {} })).await;
        assert_eq!(made["userErrors"][0]["code"], "FORBIDDEN", "{who}");
        assert_eq!(take_back(client, &machine.secret_id).await["userErrors"][0]["code"], "FORBIDDEN", "{who}");
        assert_eq!(switch(client, "serviceAccountDisable", &machine.id, 1).await["userErrors"][0]["code"], "FORBIDDEN");
        let seen = client
            .data(
                "query($secret: ID!) { serviceAccounts { totalCount nodes { secrets { totalCount } } } node(id: $secret) { __typename } }",
                json!({ "secret": machine.secret_id }),
            )
            .await;
        let audits = *who == "AUDIT_ADMIN";
        assert_eq!(seen["serviceAccounts"]["totalCount"], i32::from(audits), "{who}");
        assert_eq!(seen["node"].is_object(), audits, "{who}");
        let secrets = seen["serviceAccounts"]["nodes"][0]["secrets"]["totalCount"].as_i64().unwrap_or(0);
        assert_eq!(secrets, i64::from(audits), "{who}");
    }
    assert_eq!(s.count("SELECT COUNT(*) FROM service_secret WHERE revoked_at IS NOT NULL").await, 0);
    assert_eq!(s.count("SELECT COUNT(*) FROM service_secret").await, 1);
}

/// A secret is the machine's whole power: whoever keeps a part of the place makes none for a machine that acts above it.
#[tokio::test]
async fn nobody_keeps_a_machine_that_is_over_him() {
    let (s, admin, over) = scene("lists:read").await;
    super::grant(&s.t, key(&over.id), s.root, "lists:read").await;
    let own = account(&s, &admin, "own").await;
    let grant = NewGrant { role: Role::SystemAdmin, unit: s.unit, scopes: Vec::new() };
    let new = NewUser {
        kind: UserKind::Person,
        login: "part".to_owned(),
        display_name: "部门管理员（虚构）".to_owned(),
        unit: s.unit,
        grants: vec![grant],
    };
    let part = s.t.service.user_add(new).await.unwrap();
    let part = s.t.sign_in(part).await;
    let made = part.payload(SECRET, json!({ "id": over.id, "input": {} })).await;
    assert_eq!((&made["clientSecret"], &made["userErrors"][0]["code"]), (&Value::Null, &json!("FORBIDDEN")));
    assert_eq!(take_back(&part, &over.secret_id).await["userErrors"][0]["code"], "FORBIDDEN");
    assert_eq!(switch(&part, "serviceAccountDisable", &over.id, 1).await["userErrors"][0]["code"], "FORBIDDEN");
    over.ask(&s.t.router, None).await.ok();
    secret(&part, &own, json!({})).await;
    assert_eq!(s.count("SELECT COUNT(*) FROM service_secret").await, 2);
}

#[tokio::test]
async fn machines_are_switched_off_by_their_own_verbs_and_their_names_are_kept() {
    let (s, admin, machine) = scene("lists:read").await;
    for verb in ["userDisable", "userEnable"] {
        let query = format!(
            "mutation($id: ID!) {{ {verb}(id: $id, input: {{ expectedVersion: 1 }}) {{ userErrors {{ code message }} }} }}"
        );
        let refused = admin.payload(&query, json!({ "id": machine.id })).await;
        assert_eq!(refused["userErrors"][0]["code"], "INVALID_STATE", "{refused:#}");
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("serviceAccountDisable"));
    }
    machine.ask(&s.t.router, None).await.ok();
    // Nobody takes the name of the command line's own account.
    let unit = GlobalId::new(Kind::Unit, s.unit).to_string();
    for login in ["operator.yunting", "Operator.else"] {
        let input = json!({ "unit": unit, "login": login, "displayName": "冒名（虚构）" });
        let refused = admin.payload(CREATE, json!({ "input": input })).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "INVALID_FORMAT", "field": ["input", "login"] }]));
    }
    let tx = s.t.service.store().begin().await.unwrap();
    let root = tx.all_where::<entity::unit::Entity>(entity::unit::Column::Id, &[s.root]).await.unwrap().remove(0);
    tx.rollback().await.unwrap();
    s.newcomer(&format!("operator.{}", root.code), &[Role::Office]).await;
    assert!(s.t.service.operator_caller(&root).await.is_err(), "a person of that name is not the command line");
}

#[tokio::test]
async fn an_account_of_the_machine_itself_gets_no_more_by_a_secret_than_a_machine_may() {
    // taizhang's own account for the command line holds OFFICE; a secret does not bring that out of the house.
    let s = Scene::new().await;
    let tx = s.t.service.store().begin().await.unwrap();
    let root = tx.all_where::<entity::unit::Entity>(entity::unit::Column::Id, &[s.root]).await.unwrap().remove(0);
    tx.rollback().await.unwrap();
    let caller = s.t.service.operator_caller(&root).await.unwrap();
    s.person("root-admin", &[Role::SystemAdmin]).await;
    let admin = s.client(&s.sign_in("root-admin", PASSWORD).await.ok().access());
    let machine = secret(&admin, &s.id(caller.actor.user_id), json!({})).await;
    let reply = machine.ask(&s.t.router, None).await;
    assert_eq!(reply.json()["error"], "unauthorized_client");
    super::grant(&s.t, caller.actor.user_id, s.unit, "lists:read").await;
    let client = s.client(&machine.token(&s.t.router).await);
    let grants = client.data("{ viewer { grants { role scopes } } }", json!({})).await;
    assert_eq!(grants["viewer"]["grants"], json!([{ "role": "INTEGRATION", "scopes": ["lists:read"] }]));
}
