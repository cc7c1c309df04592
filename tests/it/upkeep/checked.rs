//! The check of everything: each kind of damage is planted past the program, and is what is named.

use std::collections::BTreeSet;

use entity::vocabulary::Role;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use taizhang::domain::lang::Lang;
use taizhang::store::Engine;

use crate::mutation::reports_stage::*;

/// Tables, what is done to them, and the checks that must name it.
type Damage = (&'static [&'static str], &'static str, &'static [&'static str]);

const NOWHERE: &str = "NOWHERE";
const DAMAGES: &[Damage] = &[
    (
        &["unit_closure"],
        "DELETE FROM unit_closure WHERE depth = 1 AND descendant_id = (SELECT id FROM unit WHERE code = 'yunting.jyj')",
        &["unit-closure-missing"],
    ),
    (&["unit_closure"], "DELETE FROM unit_closure WHERE depth = 0", &["unit-closure-missing", "unit-closure-extra"]),
    (
        &["unit_closure"],
        "INSERT INTO unit_closure (ancestor_id, descendant_id, depth) SELECT a.id, b.id, 1 FROM unit a, unit b \
         WHERE a.code LIKE '%jyj' AND b.code LIKE '%fgj'",
        &["unit-closure-extra"],
    ),
    (&["unit"], "UPDATE unit SET root_id = id WHERE code LIKE '%jyj'", &["unit-root"]),
    (&["section"], "UPDATE section SET parent_id = id WHERE parent_id IS NULL", &["section-closure-missing"]),
    (&["section_closure"], "DELETE FROM section_closure", &["section-closure-missing"]),
    (
        &["section_closure"],
        "INSERT INTO section_closure (ancestor_id, descendant_id, depth) SELECT a.id, b.id, 1 FROM section a, section b \
         WHERE a.position = 1 AND b.position = 2",
        &["section-closure-extra"],
    ),
    (
        &["task"],
        "UPDATE task SET task_list_id = NOWHERE WHERE section_id IS NOT NULL",
        &["foreign-key", "task-list", "obligation-place"],
    ),
    (&["assignment"], "UPDATE assignment SET source_assignment_id = id WHERE position = 1", &["group-expansion"]),
    (
        &["report_obligation"],
        "UPDATE report_obligation SET unit_id = (SELECT id FROM unit WHERE parent_id IS NULL ORDER BY id LIMIT 1)",
        &["obligation-place", "report-place", "obligation-missing"],
    ),
    (
        &["report_obligation"],
        "DELETE FROM report_obligation WHERE id NOT IN (SELECT report_obligation_id FROM progress_report)",
        &["obligation-missing"],
    ),
    (&["progress_report"], "UPDATE progress_report SET task_id = NOWHERE", &["foreign-key", "report-place"]),
    (
        &["progress_report"],
        "UPDATE progress_report SET revision = revision + 1 WHERE status = 'ACCEPTED'",
        &["report-revisions"],
    ),
    (
        &["progress_report_revision"],
        "DELETE FROM progress_report_revision",
        &["report-revisions", "report-status", "review-revision"],
    ),
    (&["progress_report"], "UPDATE progress_report SET submitted_at = NULL", &["report-status"]),
    (&["report_review"], "DELETE FROM report_review", &["report-review"]),
    (&["report_review"], "UPDATE report_review SET revision = 7", &["report-review", "review-revision"]),
    (&["reporting_period"], "UPDATE reporting_period SET roll_up = NULL WHERE status = 'CLOSED'", &["period-frozen"]),
    (&["period_freeze"], "UPDATE period_freeze SET number = 2", &["freeze-numbers"]),
    (
        &["reporting_period", "period_freeze"],
        "UPDATE reporting_period SET roll_up = FIGURES WHERE status = 'CLOSED'; UPDATE period_freeze SET roll_up = FIGURES",
        &["period-counted"],
    ),
    (
        &["reporting_period", "period_freeze"],
        "UPDATE reporting_period SET roll_up = CROOKED WHERE status = 'CLOSED'; UPDATE period_freeze SET roll_up = CROOKED",
        &["period-sums"],
    ),
    (&["evidence"], "UPDATE evidence SET file_id = NOWHERE", &["evidence-file", "foreign-key"]),
    (&["file"], "UPDATE file SET expires_at = created_at", &["evidence-file"]),
    (&["file"], "UPDATE file SET sha256 = 'x'", &["file-content"]),
    (&["file"], "UPDATE file SET size = size + 1", &["file-content"]),
    (&["file_chunk"], "DELETE FROM file_chunk WHERE position = 0", &["file-chunks"]),
    (&["file_chunk"], "UPDATE file_chunk SET position = 7 WHERE position = 1", &["file-chunks", "file-content"]),
    (&["file_chunk"], "UPDATE file_chunk SET file_id = NOWHERE", &["chunk-orphan", "foreign-key", "file-chunks"]),
    (
        &["file_chunk"],
        "UPDATE file_chunk SET bytes = (SELECT c.bytes FROM file_chunk c WHERE c.position = 1) WHERE position = 0",
        &["sealed"],
    ),
    (&["notification"], "UPDATE notification SET subject_id = NOWHERE", &["notification-subject"]),
    (
        &["notification"],
        "UPDATE notification SET user_id = NOWHERE WHERE id = (SELECT id FROM notification ORDER BY id LIMIT 1)",
        &["foreign-key"],
    ),
    (&["outbox"], "UPDATE outbox SET attempts = 0", &["outbox-state"]),
    (&["idempotency_result"], "UPDATE idempotency_result SET user_id = NOWHERE", &["foreign-key", "idempotency"]),
    (&["idempotency_result"], "UPDATE idempotency_result SET input_digest = ''", &["idempotency"]),
    (
        &["role_grant"],
        "UPDATE role_grant SET created_at = (SELECT expires_at FROM session LIMIT 1) WHERE role = 'OFFICE'",
        &["operator-grant"],
    ),
    (&["session"], "UPDATE session SET external_identity_id = user_id", &["external-session"]),
    (&["progress_report"], "UPDATE progress_report SET reporter_removed_at = created_at", &["contact-removed"]),
    (&["progress_report"], "UPDATE progress_report SET reporter_phone_ciphertext = 'v1.0001-x.AAAA'", &["sealed"]),
];

/// A place in which something of everything stands.
async fn furnished() -> Stage {
    let s = Stage::with(false).await;
    s.t.service.data_keys_follow().await.unwrap();
    let unit = s.lead_unit;
    s.t.user("security", unit, &[(Role::SecurityAdmin, unit)]).await;
    let sections = "INSERT INTO section (id, task_list_id, parent_id, position, label, title, version, created_at, \
         updated_at) SELECT id, task_list_id, NULL, position, number, number, 1, created_at, updated_at FROM task";
    let closure = "INSERT INTO section_closure (ancestor_id, descendant_id, depth) SELECT id, id, 0 FROM section";
    let tasks = "UPDATE task SET section_id = id WHERE position = 1";
    let db = s.t.database.raw().await;
    for sql in [sections, closure, tasks] {
        db.execute_unprepared(sql).await.unwrap();
    }
    drop(db);
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("13987654321");
    let saved = save(&s.responsible, input, Some("one")).await;
    let report = text(&saved["progressReport"]["id"]);
    let content = crate::files::text(400_000, 1);
    let file = crate::files::put(&s.responsible, "a.txt", content).await.id();
    let add = "mutation($r: ID!, $f: Upload) { evidenceAdd(input: { progressReport: $r, kind: FILE, title: \"材料\", file: $f, \
               expectedVersion: 1 }) { userErrors { code message field } } }";
    let added = s.responsible.payload(add, json!({ "r": report, "f": file })).await;
    assert_eq!(errors(&added), []);
    for (client, verb, version) in [(&s.responsible, "Submit", 2), (&s.office, "Accept", 3)] {
        let acted = act(client, verb, &report, input_of(verb, version), None).await;
        assert_eq!(errors(&acted), [], "{verb}");
    }
    let closed = close(&s.office, &period, 1).await;
    assert_eq!(errors(&closed), []);
    let again = period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-09-30", "2026-10-10");
    assert_eq!(errors(&open(&s.office, again, None).await), []);
    while s.t.service.notices_deliver().await.unwrap() > 0 {}
    s
}

#[tokio::test]
async fn each_kind_of_damage_is_named_and_nothing_else() {
    let s = Box::pin(furnished()).await;
    assert_eq!(s.t.findings().await, []);
    let db = s.t.database.raw().await;
    let sqlite = s.t.database.engine() == Engine::Sqlite;
    db.execute_unprepared(if sqlite { "PRAGMA foreign_keys = OFF" } else { "SET session_replication_role = replica" })
        .await
        .unwrap();
    let (nowhere, json) = if sqlite {
        ("X'00000000000000000000000000000007'", "")
    } else {
        ("'00000000-0000-0000-0000-000000000007'", "::jsonb")
    };
    let figures = |accepted: u32, missing: u32| {
        format!(
            "'{{\"expected\":3,\"received\":{accepted},\"submitted\":0,\"accepted\":{accepted},\"returned\":0,\"missing\":{missing},\
             \"nothingToReport\":0,\"notApplicable\":0,\"completion\":{{}}}}'{json}"
        )
    };
    let mut named = BTreeSet::new();
    for (tables, sql, expected) in DAMAGES {
        for table in *tables {
            db.execute_unprepared(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await.unwrap();
        }
        let sql = sql.replace(NOWHERE, nowhere).replace("FIGURES", &figures(2, 1)).replace("CROOKED", &figures(1, 1));
        for statement in sql.split("; ") {
            let done = db.execute_raw(Statement::from_string(db.get_database_backend(), statement)).await;
            let done = done.unwrap_or_else(|error| panic!("{statement}: {error}"));
            assert!(done.rows_affected() > 0, "{statement} met nothing");
        }
        let found = s.t.findings().await;
        let checks: BTreeSet<&str> = found.iter().map(|finding| finding.check.as_str()).collect();
        assert_eq!(checks, expected.iter().copied().collect(), "{sql}\n{found:#?}");
        for finding in &found {
            assert!(!finding.row.is_empty() && !finding.zh.is_empty() && !finding.advice(Lang::En).is_empty());
        }
        named.extend(expected.iter().copied());
        for table in *tables {
            db.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
            db.execute_unprepared(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await.unwrap();
            db.execute_unprepared(&format!("DROP TABLE kept_{table}")).await.unwrap();
        }
    }
    assert_eq!(s.t.findings().await, [], "everything was put back");

    // What a unique index refuses is there only without the index.
    let mut planted: BTreeSet<&str> = BTreeSet::new();
    let twice = "INSERT INTO report_obligation (id, reporting_period_id, task_list_id, task_id, assignment_id, unit_id, \
                 created_at) SELECT NOWHERE, reporting_period_id, task_list_id, task_id, assignment_id, unit_id, \
                 created_at FROM report_obligation LIMIT 1";
    let two_roles = "UPDATE role_grant SET user_id = (SELECT user_id FROM role_grant WHERE role = 'SYSTEM_ADMIN') \
                     WHERE role = 'SECURITY_ADMIN'";
    for (index, sql, check) in [
        ("uq_report_obligation_reporting_period_id_assignment_id", twice, "obligation-twice"),
        ("uq_role_grant_one_admin", two_roles, "administrators"),
    ] {
        db.execute_unprepared(&format!("DROP INDEX {index}")).await.unwrap();
        db.execute_unprepared(&sql.replace(NOWHERE, nowhere)).await.unwrap();
        let found = s.t.findings().await;
        let checks: BTreeSet<&str> = found.iter().map(|finding| finding.check.as_str()).collect();
        planted.insert(check);
        assert_eq!(checks, planted, "{found:#?}");
        named.insert(check);
    }
    // The trail comes last, because nothing puts it back.
    if sqlite {
        let sql = "SELECT name AS n FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'";
        for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap() {
            let name: String = row.try_get("", "n").unwrap();
            db.execute_unprepared(&format!("DROP TRIGGER {name}")).await.unwrap();
        }
    }
    db.execute_unprepared("UPDATE audit_entry SET operation = 'x' WHERE sequence = 3").await.unwrap();
    let found = s.t.findings().await;
    let audit = found.iter().find(|finding| finding.check == "audit-chain").unwrap();
    assert_eq!(audit.detail, "altered 3");
    named.insert("audit-chain");

    // Every rule has its turn.
    let rules: BTreeSet<&str> = taizhang::store::Store::rules().iter().map(|rule| rule.name).collect();
    let never = ["section-list", "report-twice"];
    let left: Vec<_> = rules.difference(&named).copied().filter(|rule| !never.contains(rule)).collect();
    assert_eq!(left, Vec::<&str>::new(), "rules that no damage was planted for");
}
