//! The database: forward, back, and what it refuses whatever the program does.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, SqlErr, Statement};
use taizhang::store::{Engine, MigrateError, OpenError, Store};

use crate::support::{
    TestDatabase,
    database::{execute, settings},
    every_table::{TABLES, fill, id, moment},
};

/// The tables there are, without the one that remembers the migrations.
async fn tables<C: ConnectionTrait>(db: &C) -> Vec<String> {
    let sql = match db.get_database_backend() {
        sea_orm::DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        _ => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let mut names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    names.retain(|name| name != "seaql_migrations");
    names.sort();
    names
}

async fn count<C: ConnectionTrait>(db: &C, table: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n FROM \"{table}\"");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

/// Runs a statement that must be refused by a constraint whose message has one of `words`.
async fn refused<C: ConnectionTrait>(db: &C, sql: &str, words: &str) {
    let error = db.execute_unprepared(sql).await.expect_err(sql);
    assert!(error.to_string().to_lowercase().contains(words), "{sql}: {error}");
}

fn sql_err(result: Result<u64, DbErr>) -> Option<SqlErr> {
    result.expect_err("refused").sql_err()
}

#[tokio::test]
async fn up_down_and_up_again() {
    let t = TestDatabase::empty().await;
    let before = t.store.migrate_status().await.unwrap();
    let all = before.pending.len();
    assert!(before.applied.is_empty() && before.unknown.is_empty() && all >= 9, "{before:?}");
    assert!(tables(&t.raw().await).await.is_empty(), "asking for the status changes nothing");
    assert!(matches!(t.store.require_current().await, Err(MigrateError::Behind(names)) if names.len() == all));

    assert_eq!(t.store.migrate_up().await.unwrap(), before.pending);
    assert_eq!(tables(&t.raw().await).await, TABLES);
    assert!(t.store.migrate_up().await.unwrap().is_empty());
    t.store.require_current().await.unwrap();

    assert_eq!(t.store.migrate_down(Some(2)).await.unwrap().len(), 2);
    assert_eq!(t.store.migrate_status().await.unwrap().applied.len(), all - 2);
    assert_eq!(t.store.migrate_down(None).await.unwrap().len(), all - 2);
    assert!(tables(&t.raw().await).await.is_empty());

    assert_eq!(t.store.migrate_up().await.unwrap(), before.pending);
    assert_eq!(tables(&t.raw().await).await, TABLES);
}

#[tokio::test]
async fn every_table_keeps_its_row_and_goes_with_it() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    for table in TABLES {
        assert_eq!(count(&db, table).await, 1, "{table}: the row of every table is part of this test");
    }
    drop(db);
    t.store.migrate_down(None).await.unwrap();
    assert!(tables(&t.raw().await).await.is_empty());
    t.store.migrate_up().await.unwrap();
    let db = t.raw().await;
    fill(&db).await;
}

#[tokio::test]
async fn a_list_goes_with_everything_in_it_and_nothing_else() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    db.execute_unprepared("DELETE FROM task_list").await.unwrap();
    for table in [
        "section",
        "section_closure",
        "task",
        "deadline",
        "import_question",
        "export_job",
        "assignment",
        "reporting_period",
        "report_obligation",
        "progress_report",
        "progress_report_revision",
        "report_review",
        "period_schedule",
        "period_reopening",
        "period_freeze",
        "extension_request",
        "period_due_change",
        "obligation_due_change",
        "report_signature",
        "evidence",
        "report_part",
        "task_reporting_lead",
        "role_grant_list",
        "role_grant_request_list",
        "urge_notice",
        "urge_notice_item",
        "urge_rule",
        "urge_rule_run",
        "assignment_response",
        "amendment",
        "amendment_change",
        "amendment_audience",
        "look_back",
        "look_back_item",
        "look_back_evidence",
        "rectification",
        "rectification_step",
        "task_lineage",
        "publication",
        "publication_snapshot",
        "publication_step",
        "publication_finding",
        "publication_release",
        "publication_public",
    ] {
        assert_eq!(count(&db, table).await, 0, "{table}");
    }
    for table in ["unit", "user_account", "role_grant", "role_grant_request", "audit_entry", "unit_group"] {
        assert_eq!(count(&db, table).await, 1, "{table}");
    }
}

#[tokio::test]
async fn words_outside_the_vocabulary_are_refused() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    for (table, column) in [
        ("unit_group", "expansion"),
        ("user_account", "kind"),
        ("role_grant", "role"),
        ("role_grant", "realm"),
        ("role_grant", "origin"),
        ("role_grant", "request_status"),
        ("totp_removal", "status"),
        ("role_grant_request", "role"),
        ("role_grant_request", "realm"),
        ("role_grant_request", "status"),
        ("user_account", "realm"),
        ("task_list", "status"),
        ("deadline", "kind"),
        ("deadline", "source"),
        ("import_question", "status"),
        ("export_job", "status"),
        ("export_job", "view"),
        ("export_job", "format"),
        ("assignment", "role"),
        ("assignment", "target"),
        ("assignment", "status"),
        ("reporting_period", "kind"),
        ("reporting_period", "status"),
        ("progress_report", "status"),
        ("progress_report", "completion"),
        ("progress_report_revision", "completion"),
        ("report_review", "decision"),
        ("report_signature", "decision"),
        ("evidence", "kind"),
        ("progress_report", "accepted_completion"),
        ("report_part", "completion"),
        ("file", "purpose"),
        ("file", "media_type"),
        ("period_schedule", "kind"),
        ("period_schedule", "every"),
        ("period_freeze", "cause"),
        ("extension_request", "status"),
        ("task", "status"),
        ("assignment_response", "kind"),
        ("assignment_response", "decision"),
        ("amendment_change", "kind"),
        ("unit_change", "kind"),
        ("look_back", "status"),
        ("look_back_item", "finding"),
        ("rectification", "status"),
        ("rectification_step", "status"),
        ("look_back_evidence", "kind"),
        ("task_lineage", "kind"),
        ("publication", "kind"),
        ("publication", "status"),
        ("publication_step", "act"),
        ("publication_step", "decision"),
        ("publication_finding", "kind"),
        ("publication_finding", "field"),
        ("publication_release", "kind"),
        ("publication_release", "field"),
        ("publication_public", "kind"),
        ("notification", "kind"),
        ("one_time_code", "kind"),
    ] {
        refused(&db, &format!("UPDATE {table} SET \"{column}\" = 'WRONG'"), "check").await;
    }
}

/// Every word of the vocabulary is accepted by every column it belongs to: migration and entity agree.
#[tokio::test]
async fn words_of_the_vocabulary_are_accepted() {
    use entity::vocabulary::*;
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    macro_rules! accepts {
        ($($table:literal.$column:literal = $words:ident),+ $(,)?) => {$(
            for word in $words::ALL {
                let sql = format!("UPDATE {} SET \"{}\" = '{}'", $table, $column, word.as_str());
                db.execute_unprepared(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            }
        )+};
    }
    // An open assignment names no unit.
    db.execute_unprepared("UPDATE assignment SET unit_id = NULL").await.unwrap();
    accepts!(
        "unit_group"."expansion" = GroupExpansion, "user_account"."kind" = UserKind,
        "task_list"."status" = TaskListStatus, "deadline"."kind" = DeadlineKind, "deadline"."source" = DeadlineSource,
        "assignment"."role" = AssignmentRole, "assignment"."target" = AssignmentTarget,
        "assignment"."status" = AssignmentStatus, "reporting_period"."kind" = PeriodKind,
        "reporting_period"."status" = PeriodStatus, "progress_report"."status" = ReportStatus,
        "progress_report"."completion" = Completion, "progress_report_revision"."completion" = Completion,
        "report_review"."decision" = ReviewDecision, "period_schedule"."kind" = PeriodKind,
        "period_schedule"."every" = ScheduleEvery, "period_freeze"."cause" = FreezeCause,
        "extension_request"."status" = ExtensionStatus, "publication"."status" = PublicationStatus,
        "publication_public"."kind" = PublicationKind, "publication_finding"."kind" = PersonalDataKind,
        "publication_finding"."field" = PublicationField, "publication_release"."kind" = PersonalDataKind,
        "publication_release"."field" = PublicationField,
        "report_review"."decision" = ReviewDecision, "report_part"."completion" = Completion,
        "progress_report"."accepted_completion" = Completion,
        "task"."status" = TaskStatus,
        "assignment_response"."kind" = ResponseKind, "assignment_response"."decision" = ResponseDecision,
        "amendment_change"."kind" = AmendmentChangeKind, "unit_change"."kind" = UnitChangeKind,
        "look_back_item"."finding" = LookBackFinding,
        "rectification_step"."status" = RectificationStatus, "notification"."kind" = NotificationKind,
        "one_time_code"."kind" = CodeKind,
    );
}

#[tokio::test]
async fn rows_that_make_no_sense_are_refused() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    for sql in [
        "UPDATE unit SET name = ''",
        "UPDATE task SET title = NULL, requirement = NULL",
        "UPDATE assignment SET target = 'OPEN'",
        "UPDATE assignment SET target = 'GROUP', source_assignment_id = id",
        "UPDATE progress_report SET percent = 101",
        "UPDATE progress_report SET done_count = -1",
        "UPDATE progress_report_revision SET done_count = 10001",
        "UPDATE report_part SET done_count = -1",
        "UPDATE period_due_change SET grace_working_days = 21",
        "UPDATE progress_report_revision SET percent = -1",
        "UPDATE report_review SET reason = NULL",
        "UPDATE reporting_period SET grace_working_days = 21",
        "UPDATE period_schedule SET opens_after_days = -61",
        "UPDATE urge_rule SET offset_working_days = 21",
        "UPDATE urge_rule SET grade = NULL",
        "UPDATE urge_rule SET offset_working_days = 0",
        "UPDATE extension_request SET granted_until = NULL",
        "UPDATE report_signature SET reason = NULL",
        "UPDATE report_signature SET decision = 'SIGNED', revision = NULL",
        "UPDATE evidence SET url = 'https://example.com'",
        "UPDATE evidence SET kind = 'LINK'",
        "UPDATE assignment_response SET reason = NULL",
        "UPDATE assignment_response SET decision_reason = NULL",
        "UPDATE amendment SET number = 0",
        "UPDATE amendment_change SET after = NULL",
        "UPDATE look_back SET finished_at = NULL",
        "UPDATE look_back_item SET finding_text = NULL",
        "UPDATE look_back_item SET found_at = NULL",
        "UPDATE look_back_item SET finding = NULL, found_at = NULL",
        "UPDATE rectification SET closed_at = NULL",
        "UPDATE rectification SET status = 'PLANNED'",
        "UPDATE look_back_evidence SET rectification_id = NULL",
        "UPDATE look_back_evidence SET kind = 'LINK'",
        "UPDATE task_lineage SET reason = NULL",
        "UPDATE publication SET reporting_period_id = NULL",
        "UPDATE publication SET kind = 'LIST'",
        "UPDATE publication SET open_findings = 1",
        "UPDATE publication SET published_at = NULL",
        "UPDATE publication SET status = 'WITHDRAWN', withdrawn_at = NULL",
        "UPDATE publication_public SET document = NULL",
        "UPDATE publication_public SET withdrawn_at = published_at",
        "UPDATE publication_finding SET release_reason = NULL",
        // Whoever made the text decides nothing about it.
        "UPDATE publication_step SET act = 'APPROVAL', decision = 'PASSED', decider_id = user_id",
        "UPDATE publication_step SET decider_id = user_id",
        "UPDATE publication_step SET act = 'APPROVAL'",
    ] {
        refused(&db, sql, "check").await;
    }
}

#[tokio::test]
async fn nobody_holds_two_admin_roles() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    let rows = fill(&db).await;
    // The first row makes the user a SECURITY_ADMIN.
    let grant = |number, role| {
        let row = entity::role_grant::Model {
            id: id(number),
            user_id: rows.user,
            role,
            realm: role.realm(),
            unit_id: rows.unit,
            scopes: String::new(),
            named_lists: false,
            valid_until: None,
            origin: entity::vocabulary::GrantOrigin::Operator,
            request_id: None,
            request_status: None,
            ended_at: None,
            ended_by: None,
            end_reason: None,
            version: 1,
            created_at: moment(),
        };
        entity::role_grant::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&db)
    };
    use entity::vocabulary::Role;
    // Nor one of them and business with lists.
    for role in [Role::Office, Role::Reporter, Role::Approver, Role::Inspector, Role::Integration] {
        assert!(matches!(sql_err(grant(100, role).await), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{role:?}");
    }
    for role in [Role::SystemAdmin, Role::AuditAdmin] {
        assert!(matches!(sql_err(grant(102, role).await), Some(SqlErr::UniqueConstraintViolation(_))), "{role:?}");
    }
}

#[tokio::test]
async fn a_unit_is_in_a_task_once() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    let rows = fill(&db).await;
    use entity::vocabulary::*;
    let assign = |number, unit_id, status| {
        let row = entity::assignment::Model {
            id: id(number),
            task_id: rows.task,
            position: 2,
            role: AssignmentRole::Support,
            target: AssignmentTarget::Unit,
            name: "示例办".into(),
            unit_id,
            unit_group_id: None,
            source_assignment_id: Some(rows.assignment),
            scope_note: None,
            status,
            version: 1,
            created_at: moment(),
            updated_at: moment(),
        };
        entity::assignment::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&db)
    };
    let again = assign(100, Some(rows.unit), AssignmentStatus::Active).await;
    assert!(matches!(sql_err(again), Some(SqlErr::UniqueConstraintViolation(_))));
    assign(101, Some(rows.unit), AssignmentStatus::Withdrawn).await.unwrap();
    assign(102, Some(rows.unit), AssignmentStatus::Withdrawn).await.unwrap();
    assign(103, None, AssignmentStatus::Active).await.unwrap();
    assign(104, None, AssignmentStatus::Active).await.unwrap();
}

#[tokio::test]
async fn rows_point_to_rows() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    refused(&db, "DELETE FROM unit", "foreign key").await;
    refused(&db, "DELETE FROM user_account", "foreign key").await;
    refused(&db, "DELETE FROM section", "foreign key").await;
    // A root that nothing else needs can go, although it points to itself.
    let row = entity::unit::Model {
        id: id(200),
        root_id: id(200),
        parent_id: None,
        code: "X".into(),
        name: "示例县".into(),
        short_name: None,
        kind: "GOVERNMENT_OFFICE".into(),
        position: 1,
        active: true,
        report_signing: false,
        version: 1,
        created_at: moment(),
        updated_at: moment(),
    };
    let stray = entity::unit::Model { id: id(201), root_id: id(999), name: "游离".into(), ..row.clone() };
    entity::unit::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(&db)
        .await
        .unwrap();
    let insert = entity::unit::Entity::insert(stray.into_active_model().reset_all()).exec_without_returning(&db).await;
    assert!(matches!(sql_err(insert), Some(SqlErr::ForeignKeyConstraintViolation(_))));
    entity::unit::Entity::delete_by_id(row.id).exec(&db).await.unwrap();
    assert_eq!(count(&db, "unit").await, 1);
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let t = TestDatabase::new().await;
    execute(&t.url, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_future', 0)").await;
    assert_eq!(t.store.migrate_status().await.unwrap().unknown, ["m20990101_000001_future"]);
    for refused in [
        t.store.require_current().await.err(),
        t.store.migrate_up().await.err(),
        t.store.migrate_down(None).await.err(),
    ] {
        assert!(matches!(&refused, Some(MigrateError::Newer(names)) if names.len() == 1), "{refused:?}");
    }
    assert_eq!(tables(&t.raw().await).await, TABLES);
}

/// Half of a migration is not kept, on SQLite neither.
#[tokio::test]
async fn a_failing_migration_changes_nothing() {
    let t = TestDatabase::empty().await;
    // In the way of the third migration.
    execute(&t.url, "CREATE TABLE task (id integer)").await;
    assert!(matches!(t.store.migrate_up().await, Err(MigrateError::Failed(_))));
    assert_eq!(tables(&t.raw().await).await, ["task"]);
    assert!(t.store.migrate_status().await.unwrap().applied.is_empty());
}

#[tokio::test]
async fn two_programs_that_start_together_migrate_once() {
    let t = TestDatabase::empty().await;
    let other = Store::open(&settings(&t.url)).await.unwrap();
    let (a, b) = tokio::join!(t.store.migrate_up(), other.migrate_up());
    let all = t.store.migrate_status().await.unwrap().applied.len();
    assert_eq!(a.unwrap().len() + b.unwrap().len(), all);
}

/// What the guards against one query per row stand on.
#[tokio::test]
async fn statements_inside_transactions_are_counted() {
    let t = TestDatabase::new().await;
    let start = t.store.statements();
    t.store.migrate_status().await.unwrap();
    let outside = t.store.statements() - start;
    assert_eq!(outside, 2, "is there a table, and what is in it");
    // Everything this sends is inside one transaction, the same two statements among it.
    t.store.migrate_up().await.unwrap();
    assert!(t.store.statements() - start >= 2 * outside, "{}", t.store.statements());
}

#[tokio::test]
async fn weaker_settings_are_refused() {
    let t = TestDatabase::new().await;
    let refusal = |result: Result<Store, OpenError>| match result {
        Err(error @ OpenError::WeakerSettings(_)) => error.to_string(),
        other => panic!("{:?}", other.err()),
    };
    match t.engine() {
        Engine::Sqlite => {
            // This way of locking has no shared memory, and so no WAL, like a network drive.
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/x.db?mode=rwc&vfs=unix-dotfile", folder.path().display());
            let text = refusal(Store::open(&settings(&url)).await);
            assert!(text.contains("journal mode"), "{text}");
        }
        Engine::Postgres => {
            let strict = taizhang::store::DatabaseSettings { allow_unsafe_durability: false, ..settings(&t.url) };
            execute(&t.url, &format!("ALTER DATABASE {} SET synchronous_commit = off", name(&t.url))).await;
            let text = refusal(Store::open(&strict).await);
            assert!(text.contains("fsync") || text.contains("synchronous_commit"), "{text}");

            let plain = format!("{}_c", name(&t.url));
            execute(&t.url, &format!("CREATE DATABASE {plain} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")).await;
            let text = refusal(Store::open(&settings(&t.url.replace(&name(&t.url), &plain))).await);
            execute(&t.url, &format!("DROP DATABASE {plain} WITH (FORCE)")).await;
            assert!(text.contains("LC_CTYPE"), "{text}");
        }
    }
}

fn name(url: &str) -> String {
    url.rsplit('/').find(|part| part.starts_with("taizhang_")).unwrap().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn databases_that_cannot_be_opened_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let open = async |url: String| {
        let settings = taizhang::store::DatabaseSettings {
            acquire_timeout: std::time::Duration::from_millis(500),
            ..settings(&url)
        };
        Store::open(&settings).await.err().expect("refused")
    };
    let below_a_file = open(format!("{}/x.db", file.display())).await;
    assert!(matches!(below_a_file, OpenError::CannotWrite(_)), "{below_a_file:?}");
    let a_folder = open(folder.path().display().to_string()).await;
    assert!(matches!(a_folder, OpenError::CannotWrite(_)), "{a_folder:?}");
    assert!(matches!(open("sqlite::memory:".to_owned()).await, OpenError::BadUrl(_)));
    assert!(matches!(open("mysql://localhost/x".to_owned()).await, OpenError::BadUrl(_)));
    let nobody_there = open("postgres://someone:secret@127.0.0.1:1/x".to_owned()).await;
    assert!(matches!(nobody_there, OpenError::Unreachable(_)), "{nobody_there:?}");
    assert!(!format!("{nobody_there:?}").contains("secret"));

    let t = TestDatabase::new().await;
    if t.engine() == Engine::Postgres {
        let missing = open(t.url.replace(&name(&t.url), "taizhang_no_such_database")).await;
        assert!(matches!(missing, OpenError::LoginRefused(_)), "{missing:?}");
    }
}

#[tokio::test]
async fn a_missing_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a").join("数据 100%").join("台账.db");
    let store = Store::open(&settings(path.to_str().unwrap())).await.unwrap();
    store.migrate_up().await.unwrap();
    store.ping().await.unwrap();
    store.close().await.unwrap();
    assert!(path.is_file());
    assert!(store.ping().await.is_err());
}

/// Takes migrations back, one by one, up to and with the one of this number.
async fn down_behind(t: &TestDatabase, number: &str) {
    while t.store.migrate_status().await.unwrap().applied.iter().any(|name| name.contains(number)) {
        t.store.migrate_down(Some(1)).await.unwrap();
    }
}

/// What was written before the second signature stays as it was, forth and back.
#[tokio::test]
async fn reports_keep_their_state_when_signing_comes_and_goes() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    drop(db);
    down_behind(&t, "000009").await;
    let status = async || {
        let db = t.raw().await;
        let sql = "SELECT status FROM progress_report";
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get::<String>("", "status").unwrap()
    };
    assert_eq!(status().await, "SUBMITTED");
    let db = t.raw().await;
    refused(&db, "UPDATE progress_report SET status = 'SIGNING'", "check").await;
    for table in ["progress_report_revision", "report_review"] {
        assert_eq!(count(&db, table).await, 1, "{table} goes with nothing");
    }
    db.execute_unprepared("UPDATE progress_report SET status = 'ACCEPTED', completion = 'LIMITED'").await.unwrap();
    drop(db);
    t.store.migrate_up().await.unwrap();
    assert_eq!(status().await, "ACCEPTED");
    let db = t.raw().await;
    let accepted = "progress_report WHERE accepted_revision = 1 AND accepted_completion = 'LIMITED'";
    let sql = format!("SELECT count(*) AS n FROM {accepted}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), 1, "what was accepted counts");
    for table in ["progress_report_revision", "report_review"] {
        assert_eq!(count(&db, table).await, 1, "{table} goes with nothing");
    }
    db.execute_unprepared("UPDATE progress_report SET status = 'SIGNING'").await.unwrap();
    drop(db);
    down_behind(&t, "000009").await;
    assert_eq!(status().await, "DRAFT");
}

/// What was taken back before the moment was kept was taken back at the latest when it was changed last.
#[tokio::test]
async fn drafts_that_were_handed_in_before_were_taken_back() {
    let t = TestDatabase::new().await;
    let db = t.raw().await;
    fill(&db).await;
    for (status, taken_back) in [("SUBMITTED", 0), ("DRAFT", 1)] {
        db.execute_unprepared(&format!("UPDATE progress_report SET status = '{status}'")).await.unwrap();
        down_behind(&t, "000011").await;
        t.store.migrate_up().await.unwrap();
        let sql = "SELECT count(*) AS n FROM progress_report_revision WHERE withdrawn_at IS NOT NULL";
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), taken_back, "{status}");
    }
}
