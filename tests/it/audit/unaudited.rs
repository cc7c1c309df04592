//! No audit, no change: where the trail takes no row, nothing is done, given out or let in, by whatever door.

use std::time::Duration;

use entity::vocabulary::{Role, UserKind};
use sea_orm::ConnectionTrait;
use serde_json::json;
use taizhang::service::operator::NewUser;
use taizhang::store::Engine;

use super::command::{Desk, said};
use super::{Notary, busy, verify};
use crate::auth::scene::{PASSWORD, Scene};
use crate::files;
use crate::mutation::reports_stage::*;
use crate::support::TestApp;
use crate::support::database::{execute, raw_at};

/// From now on the trail takes no row.
async fn jam(t: &TestApp) {
    let url = &t.database.url;
    if raw_at(url).await.get_database_backend() == sea_orm::DbBackend::Postgres {
        let made = "CREATE FUNCTION audit_jam() RETURNS trigger LANGUAGE plpgsql AS \
                    'BEGIN RAISE EXCEPTION ''the disk is full''; END'";
        execute(url, made).await;
        let set = "CREATE TRIGGER audit_jam BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_jam()";
        execute(url, set).await;
    } else {
        let set =
            "CREATE TRIGGER audit_jam BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
        execute(url, set).await;
    }
}

async fn mend(t: &TestApp) {
    let postgres = t.database.engine() == Engine::Postgres;
    let gone = if postgres { "DROP TRIGGER audit_jam ON audit_entry" } else { "DROP TRIGGER audit_jam" };
    execute(&t.database.url, gone).await;
}

#[tokio::test]
async fn nobody_is_let_in() {
    let s = Scene::new().await;
    s.person("zhang", &[Role::Reporter]).await;
    let first = s.sign_in("zhang", PASSWORD).await.ok();
    let count = async |table: &str| files::count(&s.t, table).await;
    let sessions = count("session").await;
    jam(&s.t).await;
    for (login, password) in [("zhang", PASSWORD), ("zhang", "wrong"), ("nobody", PASSWORD)] {
        let reply = s.sign_in(login, password).await;
        assert!(reply.status >= 500 && reply.json()["accessToken"].is_null(), "{} {:?}", reply.status, reply.json());
    }
    assert_eq!(count("session").await, sessions);
    // Who is in stays in; a secret that is set anew is not.
    let (access, now, then) = (first.access(), PASSWORD, "另一个 Password-2027");
    let change = json!({ "current": now, "new": then });
    let reply = s.send_as(&access, "/auth/password", change).await;
    assert!(reply.status >= 400, "{} {:?}", reply.status, reply.json());
    assert!(s.is_in(&access).await);
    mend(&s.t).await;
    s.sign_in("zhang", PASSWORD).await.ok();
    assert_eq!(count("session").await, sessions + 1);
}

#[tokio::test]
async fn nothing_is_given_out() {
    let f = files::scene(|_| {}).await;
    let file = files::put(&f.office, "a.txt", "abcabcabc").await.id();
    jam(&f.t).await;
    let refused = files::get(&f.office, &format!("/files/{file}")).await;
    assert!(refused.status.is_server_error() && !String::from_utf8_lossy(&refused.bytes).contains("abcabc"));
    let refused = files::put(&f.office, "b.txt", "def").await;
    assert!(refused.status.is_server_error(), "{}", refused.status);
    assert_eq!(f.count("file").await, 1);
    mend(&f.t).await;
    assert_eq!(files::get(&f.office, &format!("/files/{file}")).await.bytes, b"abcabcabc");
}

#[tokio::test]
async fn no_number_is_read_and_nothing_is_changed() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let other = s.owes(&period, s.responsible_unit, s.second).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("13987654321");
    let report = text(&save(&s.responsible, input, None).await["progressReport"]["id"]);
    jam(&s.t).await;
    let before = s.rows().await;

    let phone = "mutation($id: ID!) { progressReportPhoneReveal(id: $id) { phone progressReport { reporterPhone } } }";
    let items = json!({ "input": { "items": [full(&other)] } });
    let many = "mutation($input: ProgressReportSaveManyInput!) { progressReportSaveMany(input: $input) { doneCount } }";
    let hand_in = json!({ "input": { "items": [{ "id": report, "expectedVersion": 1 }] } });
    let submit =
        "mutation($input: ProgressReportSubmitManyInput!) { progressReportSubmitMany(input: $input) { doneCount } }";
    for (query, variables) in [(phone, json!({ "id": report })), (many, items), (submit, hand_in)] {
        let answer = s.responsible.answer(query, variables).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
        assert!(code == "INTERNAL" || code == "UNAVAILABLE", "{query}: {answer}");
        assert!(!answer.to_string().contains("13987654321") && !answer.to_string().contains("disk"), "{answer}");
    }
    assert_eq!(s.rows().await, before);
    // A refusal stands all the same.
    assert_eq!(codes(&act(&s.lead, "Accept", &report, input_of("Accept", 1), None).await), ["FORBIDDEN"]);
    assert_eq!(codes(&act(&s.support, "Submit", &report, input_of("Submit", 1), None).await), ["NOT_FOUND"]);
    mend(&s.t).await;
    assert_eq!(reveal(&s.responsible, &report).await["phone"], "13987654321");
}

#[tokio::test]
async fn the_operator_does_nothing_either() {
    let s = busy().await;
    let notary = Notary::new(&s);
    s.t.service.keys_register(&notary.keyring.public_keys()).await.unwrap();
    let whole = verify(&s, &notary).await.unwrap();
    let (users, sessions) = (s.count("user_account").await, s.count("session").await);
    let office = s.office.user.unwrap();
    jam(&s.t).await;
    let new = NewUser {
        kind: UserKind::Person,
        login: "unheard".to_owned(),
        display_name: "虚构".to_owned(),
        unit: s.lead_unit,
        grants: Vec::new(),
    };
    assert!(s.t.service.user_add(new).await.is_err());
    assert!(s.t.service.session_open(office, Duration::from_secs(60), "test").await.is_err());
    assert!(s.t.service.operator_code(office, true).await.is_err());
    if s.t.database.engine() == Engine::Sqlite {
        let desk = Desk::beside(&s).await;
        let make = ["token", "unheard", "--create", "--unit", "yunting.fgj", "--role", "REPORTER"];
        for args in [&["token", "office"][..], &make, &["invite", "office"], &["audit", "export"]] {
            assert_eq!(said(&desk.run(args), false), "", "{args:?}");
        }
    }
    assert_eq!((s.count("user_account").await, s.count("session").await), (users, sessions));
    mend(&s.t).await;
    assert_eq!(verify(&s, &notary).await, Ok(whole));
}
