//! What does not fit is refused in words, when it is asked for and again when it is approved.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::*;

fn with(mut input: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

#[tokio::test]
async fn a_right_has_to_fit_its_user() {
    let s = Scene::new().await;
    let candidate = s.candidate("candidate").await;
    let unit = |unit| GlobalId::new(Kind::Unit, unit).to_string();
    let no_list = GlobalId::new(Kind::TaskList, s.root).to_string();
    let base = s.right(&s.newcomer, "REPORTER", s.unit);
    for (changes, code, field) in [
        (json!({ "role": "AUDIT_ADMIN" }), "CONFLICT", "role"),
        (json!({ "role": "SYSTEM_ADMIN" }), "CONFLICT", "role"),
        (json!({ "user": user_id(&candidate) }), "CONFLICT", "role"),
        (json!({ "role": "INTEGRATION", "scopes": ["lists:read"] }), "CONFLICT", "role"),
        (json!({ "scopes": ["lists:read"] }), "CONFLICT", "scopes"),
        (json!({ "scopes": ["a", "b", "c", "d"] }), "LIMIT", "scopes"),
        (json!({ "lists": [no_list] }), "CONFLICT", "lists"),
        (json!({ "role": "INSPECTOR", "lists": [] }), "CONFLICT", "lists"),
        (json!({ "role": "INSPECTOR", "lists": [no_list] }), "NOT_FOUND", "lists"),
        (json!({ "validUntil": "2026-06-30" }), "OUT_OF_RANGE", "validUntil"),
        (json!({ "reason": " " }), "REQUIRED", "reason"),
        (json!({ "reason": "长".repeat(501) }), "TOO_LONG", "reason"),
        (json!({ "unit": unit(s.elsewhere) }), "NOT_FOUND", "unit"),
        (json!({ "user": GlobalId::new(Kind::User, s.root).to_string() }), "NOT_FOUND", "user"),
    ] {
        let answer = ask(&s.system, with(base.clone(), changes.clone())).await;
        assert_eq!(answer["userErrors"][0]["code"], code, "{changes}: {answer:#}");
        assert_eq!(answer["userErrors"][0]["field"], json!(["input", field]), "{changes}");
        assert!(answer["roleGrantRequest"].is_null());
    }
    assert_eq!(
        code(&ask(&s.system, with(base.clone(), json!({ "role": "INTEGRATION", "scopes": ["all"] }))).await),
        "CONFLICT"
    );
    assert_eq!(s.count("role_grant_request").await, 0);
    // Who keeps rights of a part asks for that part.
    let county = s.t.user("county.system", s.county, &[(Role::SystemAdmin, s.county)]).await;
    assert_eq!(code(&ask(&county, base).await), "FORBIDDEN");
    // And others do not ask at all.
    for nobody in [&s.audit, &s.newcomer] {
        let query =
            "mutation($input: RoleGrantRequestInput!) { roleGrantRequest(input: $input) { userErrors { code } } }";
        let answer = nobody.answer(query, json!({ "input": s.right(&s.newcomer, "OFFICE", s.root) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
}

#[tokio::test]
async fn a_service_account_gets_scopes_and_a_person_none() {
    let s = Scene::new().await;
    let query = "mutation($input: ServiceAccountCreateInput!) { serviceAccountCreate(input: $input) { \
                 serviceAccount { clientId } userErrors { code } } }";
    let unit = GlobalId::new(Kind::Unit, s.unit).to_string();
    let input = json!({ "unit": unit, "login": "machine", "displayName": "对接（虚构）" });
    let made = s.system.payload(query, json!({ "input": input })).await;
    let machine: GlobalId = made["serviceAccount"]["clientId"].as_str().unwrap().parse().unwrap();
    let machine = s.t.sign_in(machine.uuid).await;
    let right = |scopes: Value| with(s.right(&machine, "INTEGRATION", s.unit), json!({ "scopes": scopes }));
    assert_eq!(code(&ask(&s.system, right(json!([]))).await), "CONFLICT");
    assert_eq!(code(&ask(&s.system, right(json!(["lists:write"]))).await), "INVALID_FORMAT");
    let long = ask(&s.system, right(json!(["长".repeat(9_000)]))).await;
    assert!(long["userErrors"][0]["message"].as_str().unwrap().chars().count() < 80, "what is said back is short");
    assert_eq!(code(&ask(&s.system, s.right(&machine, "OFFICE", s.unit)).await), "CONFLICT");
    let asked = ask(&s.system, right(json!(["reports:read", "lists:read"]))).await;
    assert_eq!(asked["roleGrantRequest"]["scopes"], json!(["lists:read", "reports:read"]));
    let id = asked["roleGrantRequest"]["id"].as_str().unwrap();
    assert_eq!(code(&approve(&s.security, id, 1).await), &Value::Null);
    let data = machine.data("{ viewer { grants { role scopes } } }", json!({})).await;
    assert_eq!(data["viewer"]["grants"], json!([{ "role": "INTEGRATION", "scopes": ["lists:read", "reports:read"] }]));
}

#[tokio::test]
async fn everything_is_asked_again_when_it_is_approved() {
    let s = Scene::new().await;
    let id = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    let (user, unit) = (s.newcomer.user.unwrap(), s.unit);
    let db = s.t.database.raw().await;
    let tx = s.t.service.store().begin().await.unwrap();
    let units = tx.all_where::<entity::unit::Entity>(entity::unit::Column::Id, &[unit]).await.unwrap();
    let users = tx.all_where::<entity::user_account::Entity>(entity::user_account::Column::Id, &[user]).await.unwrap();
    tx.rollback().await.unwrap();
    let (own_unit, own_user) = (units[0].clone(), users[0].clone());
    for (what, code_wanted) in
        [("unit", "INVALID_STATE"), ("user", "INVALID_STATE"), ("root", "INVALID_STATE"), ("asker", "INVALID_STATE")]
    {
        let tx = s.t.service.store().begin().await.unwrap();
        match what {
            "unit" => tx
                .update::<entity::unit::Entity>(entity::unit::Model { active: false, ..own_unit.clone() })
                .await
                .unwrap(),
            "user" => {
                let disabled_at = Some(own_user.created_at);
                tx.update::<entity::user_account::Entity>(entity::user_account::Model {
                    disabled_at,
                    ..own_user.clone()
                })
                .await
                .unwrap();
            }
            "root" => {
                let unit_id = s.elsewhere;
                tx.update::<entity::user_account::Entity>(entity::user_account::Model { unit_id, ..own_user.clone() })
                    .await
                    .unwrap();
            }
            _ => {}
        }
        tx.commit().await.unwrap();
        if what == "asker" {
            db.execute_unprepared("UPDATE role_grant SET ended_at = created_at WHERE role = 'SYSTEM_ADMIN'")
                .await
                .unwrap();
        }
        let answer = approve(&s.security, &id, 1).await;
        assert_eq!(code(&answer), code_wanted, "{what}: {answer:#}");
        let fields = answer["userErrors"].as_array().unwrap().iter().map(|error| &error["field"]);
        assert!(
            fields.clone().all(|field| *field == json!(["id"])),
            "{what}: an approval has no such input: {answer:#}"
        );
        let tx = s.t.service.store().begin().await.unwrap();
        tx.update::<entity::unit::Entity>(own_unit.clone()).await.unwrap();
        tx.update::<entity::user_account::Entity>(own_user.clone()).await.unwrap();
        tx.commit().await.unwrap();
    }
    db.execute_unprepared("UPDATE role_grant SET ended_at = NULL WHERE role = 'SYSTEM_ADMIN'").await.unwrap();
    assert!(s.roles(&s.newcomer).await.is_empty());
    assert_eq!(code(&approve(&s.security, &id, 1).await), &Value::Null);
}

/// A code that the system administrator handed out is no way into another power.
#[tokio::test]
async fn codes_of_the_keeper_of_users_are_void_for_another_power() {
    let s = Scene::new().await;
    for (login, role, left) in
        [("next.security", "SECURITY_ADMIN", 0), ("next.audit", "AUDIT_ADMIN", 0), ("next.system", "SYSTEM_ADMIN", 1)]
    {
        let candidate = s.candidate(login).await;
        let codes = format!("one_time_code c JOIN user_account u ON u.id = c.user_id WHERE u.login = '{login}'");
        assert_eq!(s.count(&codes).await, 1);
        let id = s.asked(&s.system, &candidate, role, s.root).await;
        assert_eq!(code(&approve(&s.second, &id, 1).await), &Value::Null);
        assert_eq!(s.count(&codes).await, left, "{role}");
    }
}
