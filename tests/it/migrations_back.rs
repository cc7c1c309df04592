//! Going back keeps what was decided, or is refused; going forward again finds what is left.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use taizhang::store::{MigrateError, Store};

use crate::mutation::reports_stage::*;
use crate::publishing::scene::*;
use crate::support::{TestDatabase, database::execute, every_table::fill};

/// Takes migrations back, one by one, up to and with the one of this number.
async fn down_behind(store: &Store, number: &str) {
    while store.migrate_status().await.unwrap().applied.iter().any(|name| name.contains(number)) {
        store.migrate_down(Some(1)).await.unwrap();
    }
}

async fn texts(t: &TestDatabase, sql: &str) -> Vec<Option<String>> {
    let db = t.raw().await;
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "x").unwrap()).collect()
}

#[tokio::test]
async fn withdrawn_tasks_never_come_into_force_again() {
    let t = TestDatabase::new().await;
    fill(&t.raw().await).await;
    execute(&t.url, "UPDATE task SET status = 'WITHDRAWN'").await;
    let before = t.store.migrate_status().await.unwrap();
    // All at once, or one after the other.
    let refused = t.store.migrate_down(None).await;
    let Err(MigrateError::Refused(why)) = &refused else { panic!("{refused:?}") };
    assert!(why.starts_with("1 withdrawn tasks would be in force again") && why.contains("backup"), "{why}");
    assert_eq!(t.store.migrate_status().await.unwrap(), before, "nothing was taken back");
    t.store.require_current().await.unwrap();
    down_behind(&t.store, "000014").await;
    assert!(matches!(t.store.migrate_down(Some(1)).await, Err(MigrateError::Refused(_))));
    assert_eq!(texts(&t, "SELECT status AS x FROM task").await, [Some("WITHDRAWN".to_owned())]);
    assert_eq!(texts(&t, "SELECT reason AS x FROM amendment").await.len(), 1, "what was dropped with it is there");
    // A withdrawn assignment is older than this, and stays withdrawn.
    execute(&t.url, "UPDATE task SET status = 'ACTIVE'").await;
    execute(&t.url, "UPDATE assignment SET status = 'WITHDRAWN'").await;
    t.store.migrate_down(Some(1)).await.unwrap();
    t.store.migrate_up().await.unwrap();
    assert_eq!(texts(&t, "SELECT status AS x FROM task").await, [Some("ACTIVE".to_owned())]);
    assert_eq!(texts(&t, "SELECT status AS x FROM assignment").await, [Some("WITHDRAWN".to_owned())]);
}

#[tokio::test]
async fn who_reported_before_it_was_kept_is_the_last_who_did() {
    let t = TestDatabase::new().await;
    fill(&t.raw().await).await;
    let kept = "SELECT CASE WHEN reported_by IS NULL THEN NULL ELSE 'somebody' END AS x FROM rectification";
    for (status, expected) in [("REPORTED", Some("somebody".to_owned())), ("RETURNED", None)] {
        execute(&t.url, &format!("UPDATE rectification_step SET status = '{status}'")).await;
        down_behind(&t.store, "000024").await;
        t.store.migrate_up().await.unwrap();
        assert_eq!(texts(&t, kept).await, [expected], "{status}");
    }
    let same = "SELECT 'x' AS x FROM rectification r JOIN rectification_step s ON s.user_id = r.reported_by";
    execute(&t.url, "UPDATE rectification_step SET status = 'REPORTED'").await;
    down_behind(&t.store, "000024").await;
    t.store.migrate_up().await.unwrap();
    assert_eq!(texts(&t, same).await.len(), 1);
}

/// What is let through at the moment of the upgrade is on record from then on.
#[tokio::test]
async fn what_is_let_through_now_is_put_on_record() {
    let p = Scene::new().await;
    let number = "UPDATE task SET title = '咨询电话0594-2345678' WHERE number = '1'";
    execute(&p.s.t.database.url, number).await;
    let made = p.prepared(p.of_list("虚构")).await;
    let key = text(&made["id"]);
    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
    let mut input = pass("SECRECY_REVIEW", 2);
    input["releaseOthers"] = json!("公开电话");
    assert_eq!(errors(&review(&p.secrecy, &key, input).await), []);
    let t = &p.s.t.database;
    let kept = "SELECT r.kind || r.field || r.task_number || r.pointer || r.excerpt || r.reason || s.act AS x \
                FROM publication_release r JOIN publication_step s ON s.id = r.publication_step_id";
    let before = texts(t, kept).await;
    assert_eq!(before.len(), 1);
    down_behind(&t.store, "000023").await;
    t.store.migrate_up().await.unwrap();
    assert_eq!(texts(t, kept).await, before);
    // What a return has closed was let through by nobody that is known.
    assert_eq!(errors(&review(&p.chief, &key, back("APPROVAL", 3)).await), []);
    down_behind(&t.store, "000023").await;
    t.store.migrate_up().await.unwrap();
    assert!(texts(t, kept).await.is_empty());
}
