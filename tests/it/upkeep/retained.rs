//! What is no longer needed goes, with one row in the trail that counts it; what is still needed stays.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use taizhang::store::retention::Kept;

use crate::mutation::reports_stage::*;
use crate::support::database::execute;

#[tokio::test]
async fn names_and_numbers_of_archived_lists_go_and_the_report_stays() {
    let s = Stage::with(true).await;
    s.t.service.data_keys_follow().await.unwrap();
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    (input["reporterPhone"], input["reporterName"]) = (json!("13987654321"), json!("虚构填报人"));
    let saved = save(&s.responsible, input, Some("key")).await;
    let report = text(&saved["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    while s.t.service.notices_deliver().await.unwrap() > 0 {}
    assert!(s.count("notification").await > 0 && s.count("outbox").await > 0);

    // Nothing is old enough.
    assert_eq!(s.t.service.retention().await.unwrap(), []);
    assert_eq!(s.count("audit_entry WHERE operation = 'retentionRun'").await, 0);

    // Results and messages after thirty days, notices after four hundred.
    s.t.clock.advance(TimeDelta::days(31));
    let gone = s.t.service.retention().await.unwrap();
    let kinds: Vec<Kept> = gone.iter().map(|(kept, _)| *kept).collect();
    assert_eq!(kinds, [Kept::IdempotencyResults, Kept::Messages]);
    assert_eq!((s.count("idempotency_result").await, s.count("outbox").await), (0, 0));
    assert!(s.count("notification").await > 0);
    s.t.clock.advance(TimeDelta::days(370));
    assert_eq!(s.t.service.retention().await.unwrap().len(), 1);
    assert_eq!(s.count("notification").await, 0);

    // A list that is closed and not archived keeps them, and so does one that was closed less than three years ago.
    let closed = "UPDATE task_list SET closed_at = created_at, status = ";
    execute(&s.t.database.url, &format!("{closed}'CLOSED'")).await;
    s.t.clock.advance(TimeDelta::days(694));
    execute(&s.t.database.url, &format!("{closed}'ARCHIVED'")).await;
    assert_eq!(s.t.service.retention().await.unwrap(), [], "1,095 days are not over");
    execute(&s.t.database.url, &format!("{closed}'CLOSED'")).await;
    s.t.clock.advance(TimeDelta::days(1));
    assert_eq!(s.t.service.retention().await.unwrap(), []);
    execute(&s.t.database.url, &format!("{closed}'ARCHIVED'")).await;
    assert_eq!(s.t.service.retention().await.unwrap(), [(Kept::ReporterContacts, 1)]);

    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let asked = "{ progressReports { nodes { id status narrative reporterName reporterPhone reporterRemovedAt revision \
                 revisions { nodes { revision narrative } } } } }";
    let shown = office.data(asked, json!({})).await;
    let shown = &shown["progressReports"]["nodes"][0];
    assert_eq!((&shown["reporterName"], &shown["reporterPhone"]), (&json!(null), &json!(null)));
    assert!(shown["reporterRemovedAt"].is_string(), "{shown}");
    assert_eq!(shown["revisions"]["nodes"].as_array().unwrap().len(), 1, "what was reported stays");
    assert_eq!(reveal(&office, &report).await["phone"], json!(null));

    // One row with counts for each run in which something went.
    let db = s.t.database.raw().await;
    let sql = "SELECT CAST(changed AS text) AS c FROM audit_entry WHERE operation = 'retentionRun' ORDER BY sequence";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let said: Vec<String> = rows.iter().map(|row| row.try_get("", "c").unwrap()).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[2].contains("reporterContact=1"), "{said:?}");
    assert_eq!(s.t.findings().await, []);
}

#[tokio::test]
async fn what_disabled_users_signed_in_with_goes_in_portions() {
    let s = Stage::new().await;
    let insert = "INSERT INTO user_credential (user_id, must_change, failures, version, created_at, updated_at) \
                  SELECT id, false, 0, 1, created_at, updated_at FROM user_account";
    execute(&s.t.database.url, insert).await;
    let insert = "INSERT INTO external_identity (id, user_id, issuer, subject, created_at) \
                  SELECT id, id, 'https://sign-in.example', login, created_at FROM user_account";
    execute(&s.t.database.url, insert).await;
    let linked = s.count("external_identity").await;
    let all = s.count("user_credential").await;
    execute(&s.t.database.url, "UPDATE user_account SET disabled_at = created_at WHERE login IN ('lead', 'support')")
        .await;
    s.t.clock.advance(TimeDelta::days(180));
    assert_eq!(s.t.service.retention().await.unwrap(), []);
    s.t.clock.advance(TimeDelta::days(1));
    assert_eq!(s.t.service.retention().await.unwrap(), [(Kept::Credentials, 2), (Kept::ExternalIdentities, 2)]);
    assert_eq!((s.count("user_credential").await, s.count("external_identity").await), (all - 2, linked - 2));
    // A link that was taken away goes by its own time, whoever it was.
    execute(&s.t.database.url, "UPDATE external_identity SET ended_at = created_at WHERE subject = 'office'").await;
    assert_eq!(s.t.service.retention().await.unwrap(), [(Kept::ExternalIdentities, 1)]);

    // As long as a session says by which link it was opened, that stays; the check of everything would miss it.
    let again = "INSERT INTO external_identity (id, user_id, issuer, subject, created_at, ended_at) \
                 SELECT id, id, 'https://sign-in.example', login, created_at, created_at FROM user_account \
                 WHERE login = 'office'";
    execute(&s.t.database.url, again).await;
    let session = "UPDATE session SET external_identity_id = user_id WHERE user_id = (SELECT id FROM user_account \
                   WHERE login = 'office')";
    execute(&s.t.database.url, session).await;
    assert!(s.count("session WHERE external_identity_id IS NOT NULL").await > 0);
    assert_eq!(s.t.service.retention().await.unwrap(), []);
    assert!(s.t.findings().await.iter().all(|finding| finding.check != "external-session"));
    execute(&s.t.database.url, "UPDATE session SET external_identity_id = NULL").await;
    assert_eq!(s.t.service.retention().await.unwrap(), [(Kept::ExternalIdentities, 1)]);

    // More than a portion: several transactions, each with its row.
    let now = s.t.service.clock().now();
    let tx = s.t.service.store().begin().await.unwrap();
    let message = |_| entity::outbox::Model {
        id: s.t.ids.next(),
        topic: "demo".into(),
        payload: json!({}),
        created_at: now,
        available_at: now,
        attempts: 1,
        delivered_at: Some(now),
    };
    tx.insert_all::<entity::outbox::Entity>((0..1_200).map(message).collect()).await.unwrap();
    tx.commit().await.unwrap();
    s.t.clock.advance(TimeDelta::days(31));
    assert_eq!(s.t.service.retention().await.unwrap(), [(Kept::Messages, 1_200)]);
    assert_eq!(s.count("audit_entry WHERE operation = 'retentionRun'").await, 6);
}
