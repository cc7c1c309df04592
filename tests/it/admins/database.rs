//! What the database refuses whatever the program does, and an upgrade that finds what it does not allow.

use entity::vocabulary::Realm;
use sea_orm::{TransactionSession, TransactionTrait};
use serde_json::Value;
use taizhang::store::MigrateError;

use super::*;
use crate::support::TestDatabase;
use crate::support::database::execute;
use crate::support::every_table::fill;

async fn refused(s: &Scene, sql: &str, words: &str) {
    let db = s.t.database.raw().await;
    let error = db.execute_unprepared(sql).await.expect_err(sql).to_string().to_lowercase();
    assert!(error.contains(words), "{sql}: {error}");
}

/// An INSERT of a grant by hand, for the user of this login.
fn grant(login: &str, role: &str, realm: &str) -> String {
    format!(
        "INSERT INTO role_grant (id, user_id, role, realm, unit_id, named_lists, created_at, origin) \
         SELECT id, id, '{role}', '{realm}', unit_id, FALSE, created_at, 'OPERATOR' FROM user_account WHERE login = '{login}'"
    )
}

#[tokio::test]
async fn nobody_gets_around_it_by_hand() {
    let s = Scene::new().await;
    s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    for role in ["OFFICE", "REPORTER", "APPROVER", "INSPECTOR", "INTEGRATION"] {
        refused(&s, &grant("audit", role, "BUSINESS"), "foreign key").await;
        refused(&s, &grant("audit", role, "ADMINISTRATION"), "check").await;
    }
    for role in ["SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"] {
        refused(&s, &grant("office", role, "ADMINISTRATION"), "foreign key").await;
        refused(&s, &grant("office", role, "BUSINESS"), "check").await;
        refused(&s, &grant("system", role, "ADMINISTRATION"), "unique").await;
    }
    // Nor by changing sides.
    refused(&s, "UPDATE user_account SET realm = 'BUSINESS' WHERE login = 'audit'", "foreign key").await;
    refused(&s, "UPDATE user_account SET realm = 'ADMINISTRATION' WHERE login = 'office'", "foreign key").await;
    refused(&s, "UPDATE role_grant SET role = 'OFFICE' WHERE role = 'AUDIT_ADMIN'", "check").await;
}

#[tokio::test]
async fn two_people_stand_behind_a_request_in_the_database_too() {
    let s = Scene::new().await;
    let id = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    let decided = |by: &str| {
        format!(
            "UPDATE role_grant_request SET status = 'GRANTED', decided_by = (SELECT id FROM user_account WHERE login = '{by}')"
        )
    };
    refused(&s, &decided("security"), "check").await;
    refused(&s, &decided("newcomer"), "check").await;
    refused(&s, "UPDATE role_grant_request SET status = 'GRANTED'", "check").await;
    refused(&s, "UPDATE role_grant_request SET realm = 'ADMINISTRATION'", "check").await;
    assert_eq!(code(&approve(&s.second, &id, 1).await), &Value::Null);
    // A right bears the request it was approved for, and no other right bears it.
    for change in ["role = 'OFFICE'", "unit_id = (SELECT id FROM unit WHERE code = 'liudu')"] {
        refused(&s, &format!("UPDATE role_grant SET {change} WHERE role = 'REPORTER'"), "foreign key").await;
    }
    let twice = grant("newcomer", "APPROVER", "BUSINESS")
        .replace("(id,", "(request_id, request_status, id,")
        .replace("SELECT id,", "SELECT (SELECT id FROM role_grant_request), 'GRANTED', id,")
        .replace("'OPERATOR'", "'REQUEST'");
    refused(&s, &twice, "").await;
}

/// A right hangs on a request that was approved, or is the operator's and says so.
#[tokio::test]
async fn no_right_hangs_on_a_request_that_nobody_approved() {
    let s = Scene::new().await;
    let waits = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    let by_request = |of: &str, status: &str| {
        format!(
            "INSERT INTO role_grant (id, user_id, role, realm, unit_id, named_lists, created_at, origin, request_id, request_status) \
             SELECT id, user_id, role, realm, unit_id, FALSE, created_at, 'REQUEST', id, {status} FROM role_grant_request WHERE status = '{of}'"
        )
    };
    let states = async |words: &str| {
        for (status, why) in [("'GRANTED'", "foreign key"), ("status", "check"), ("NULL", "check")] {
            refused(&s, &by_request(words, status), why).await;
        }
    };
    states("PENDING").await;
    refuse(&s.second, &waits, "岗位不符").await;
    states("REFUSED").await;
    let taken_back = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    withdraw(&s.security, &taken_back).await;
    states("WITHDRAWN").await;
    // Nor is it the operator's with a request, or anybody's without.
    for (origin, request, status) in [
        ("OPERATOR", "id", "'GRANTED'"),
        ("REQUEST", "NULL", "NULL"),
        ("REQUEST", "NULL", "'GRANTED'"),
        ("SOMEBODY", "NULL", "NULL"),
    ] {
        let sql = by_request("WITHDRAWN", status).replace("'REQUEST', id", &format!("'{origin}', {request}"));
        refused(&s, &sql, "check").await;
    }
    refused(&s, &grant("newcomer", "REPORTER", "BUSINESS").replace("'OPERATOR'", "NULL"), "null").await;
    assert_eq!(s.count("role_grant WHERE role = 'REPORTER'").await, 0);

    let asked = s.asked(&s.security, &s.newcomer, "APPROVER", s.unit).await;
    assert_eq!(code(&approve(&s.second, &asked, 1).await), &Value::Null);
    // What was approved stays so as long as the right hangs on it.
    let other = "UPDATE role_grant_request SET status = 'REFUSED' WHERE role = 'APPROVER'";
    refused(&s, other, "foreign key").await;
    for change in [
        "origin = 'OPERATOR'",
        "request_id = NULL",
        "request_status = NULL",
        "origin = 'OPERATOR', request_id = NULL",
        "request_status = 'PENDING'",
    ] {
        refused(&s, &format!("UPDATE role_grant SET {change} WHERE role = 'APPROVER'"), "check").await;
    }
    assert_eq!(s.count("role_grant WHERE origin = 'OPERATOR' AND request_id IS NULL").await, 4);
}

/// Back and forth: rights keep what they come from, and one that hangs on nothing stops the upgrade.
#[tokio::test]
async fn an_upgrade_keeps_what_rights_come_from() {
    let s = Scene::new().await;
    let asked = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    assert_eq!(code(&approve(&s.second, &asked, 1).await), &Value::Null);
    let t = &s.t.database;
    let back = async || {
        while t.store.migrate_status().await.unwrap().applied.iter().any(|name| name.contains("000032")) {
            t.store.migrate_down(Some(1)).await.unwrap();
        }
    };
    back().await;
    assert_eq!(s.count("role_grant WHERE request_id IS NOT NULL").await, 1);
    t.store.migrate_up().await.unwrap();
    let origins =
        |origin: &str, status: &str| format!("role_grant WHERE origin = '{origin}' AND request_status {status}");
    assert_eq!(s.count(&origins("REQUEST", "= 'GRANTED'")).await, 1);
    assert_eq!(s.count(&origins("OPERATOR", "IS NULL")).await, 4);
    assert_eq!(s.roles(&s.newcomer).await, ["REPORTER"]);

    back().await;
    let loose = "UPDATE role_grant_request SET status = 'WITHDRAWN', decided_by = NULL";
    execute(&t.url, loose).await;
    let answer = t.store.migrate_up().await;
    let Err(MigrateError::Unfit(why)) = &answer else { panic!("{answer:?}") };
    assert!(why.contains(": newcomer. After a backup") && why.contains("role_grant"), "{why}");
    execute(&t.url, "DELETE FROM role_grant WHERE request_id IS NOT NULL").await;
    t.store.migrate_up().await.unwrap();
    assert_eq!(s.count("role_grant").await, 4);
}

/// Two transactions that do not see each other yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hands_at_once_do_not_make_two_powers() {
    let s = Scene::new().await;
    s.candidate("candidate").await;
    let db = s.t.database.raw().await;
    if db.get_database_backend() != sea_orm::DbBackend::Postgres {
        // One writer at a time: there is no side by side.
        return;
    }
    let first = db.begin().await.unwrap();
    first.execute_unprepared(&grant("candidate", "AUDIT_ADMIN", "ADMINISTRATION")).await.unwrap();
    let url = s.t.database.url.clone();
    let other = tokio::spawn(async move {
        let db = sea_orm::Database::connect(&url).await.unwrap();
        let id = "UPDATE role_grant SET id = id WHERE 1 = 0";
        db.execute_unprepared(id).await.unwrap();
        let sql = grant("candidate", "SYSTEM_ADMIN", "ADMINISTRATION").replace("SELECT id, id", "SELECT unit_id, id");
        db.execute_unprepared(&sql).await.map_err(|error| error.to_string())
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    first.commit().await.unwrap();
    let refused = other.await.unwrap().unwrap_err();
    assert!(refused.contains("uq_role_grant_one_admin"), "{refused}");
}

#[tokio::test]
async fn an_upgrade_names_those_who_hold_too_much_and_changes_nothing() {
    let s = Scene::new().await;
    let t = &s.t.database;
    let office = s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    revoke(&s.security, &s.grant_of(&office).await, "试").await;
    while t.store.migrate_status().await.unwrap().applied.iter().any(|name| name.contains("000029")) {
        t.store.migrate_down(Some(1)).await.unwrap();
    }
    assert_eq!(s.count("role_grant WHERE role = 'OFFICE'").await, 0, "what was taken away does not come back");
    let before = s.count("role_grant").await;
    let mixed = "INSERT INTO role_grant (id, user_id, role, unit_id, named_lists, created_at) \
                 SELECT id, id, 'OFFICE', unit_id, FALSE, created_at FROM user_account WHERE login IN ('audit', 'office')";
    execute(&t.url, mixed).await;
    let status = t.store.migrate_status().await.unwrap();
    let answer = t.store.migrate_up().await;
    let Err(MigrateError::Unfit(why)) = &answer else { panic!("{answer:?}") };
    assert!(why.contains(": audit. After a backup") && why.contains("role_grant"), "{why}");
    assert_eq!(t.store.migrate_status().await.unwrap(), status, "nothing was done");
    assert_eq!(s.count("role_grant").await, before + 2, "and nothing dropped");
    execute(&t.url, "DELETE FROM role_grant WHERE role = 'OFFICE' AND user_id IN (SELECT id FROM user_account WHERE login = 'audit')").await;
    t.store.migrate_up().await.unwrap();
    assert_eq!(s.count("role_grant").await, before + 1);
    assert_eq!(s.count("user_account WHERE realm = 'ADMINISTRATION'").await, 4);
    assert_eq!(s.roles(&office).await, ["OFFICE"]);
    assert_eq!(s.roles(&s.audit).await, ["AUDIT_ADMIN"]);
}

/// Words that hang together can't be tried one by one.
#[tokio::test]
async fn every_role_stands_on_its_side_of_the_house() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    db.execute_unprepared("DELETE FROM role_grant").await.unwrap();
    for realm in Realm::ALL {
        db.execute_unprepared(&format!(
            "DELETE FROM role_grant_request; UPDATE user_account SET realm = '{}'",
            realm.as_str()
        ))
        .await
        .unwrap();
        for role in Role::ALL {
            let sql = format!(
                "INSERT INTO role_grant (id, user_id, role, realm, unit_id, named_lists, created_at, origin) \
                 SELECT id, id, '{}', '{}', unit_id, FALSE, created_at, 'OPERATOR' FROM user_account",
                role.as_str(),
                realm.as_str()
            );
            let done = db.execute_unprepared(&sql).await;
            assert_eq!(done.is_ok(), role.realm() == *realm, "{role:?} in {realm:?}: {done:?}");
            db.execute_unprepared("DELETE FROM role_grant").await.unwrap();
        }
    }
}
