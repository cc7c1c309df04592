//! One row in every table, invented.

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::*;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

/// Every table of the model.
pub const TABLES: [&str; 74] = [
    "amendment",
    "amendment_audience",
    "amendment_change",
    "assignment",
    "assignment_response",
    "audit_anchor",
    "audit_entry",
    "audit_head",
    "data_key",
    "deadline",
    "evidence",
    "export_job",
    "extension_request",
    "external_identity",
    "file",
    "file_chunk",
    "idempotency_result",
    "import_question",
    "look_back",
    "look_back_evidence",
    "look_back_item",
    "notification",
    "obligation_due_change",
    "one_time_code",
    "outbox",
    "password_history",
    "period_due_change",
    "period_freeze",
    "period_reopening",
    "period_schedule",
    "progress_report",
    "progress_report_revision",
    "publication",
    "publication_finding",
    "publication_public",
    "publication_release",
    "publication_snapshot",
    "publication_step",
    "rectification",
    "rectification_step",
    "refresh_token",
    "report_obligation",
    "report_part",
    "report_review",
    "report_signature",
    "reporting_period",
    "role_grant",
    "role_grant_list",
    "role_grant_request",
    "role_grant_request_list",
    "section",
    "section_closure",
    "service_secret",
    "session",
    "signing_key",
    "task",
    "task_lineage",
    "task_list",
    "task_reporting_lead",
    "totp_removal",
    "unit",
    "unit_alias",
    "unit_change",
    "unit_closure",
    "unit_group",
    "unit_group_alias",
    "unit_group_member",
    "urge_notice",
    "urge_notice_item",
    "urge_rule",
    "urge_rule_run",
    "used_handle",
    "user_account",
    "user_credential",
];

/// Inserts a row and reads it back as it was.
macro_rules! keep {
    ($db:expr, $table:ident, { $($fields:tt)* }) => {{
        let row = entity::$table::Model { $($fields)* };
        entity::$table::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning($db)
            .await
            .unwrap_or_else(|e| panic!(concat!(stringify!($table), ": {}"), e));
        #[expect(clippy::disallowed_methods, reason = "reads back what was written, past every scope")]
        let found = entity::$table::Entity::find().all($db).await.expect(stringify!($table));
        assert_eq!(found, std::slice::from_ref(&row), stringify!($table));
        row
    }};
}

/// What other rows may point to.
pub struct Rows {
    pub unit: Uuid,
    pub user: Uuid,
    pub task: Uuid,
    pub assignment: Uuid,
}

/// A moment with milliseconds.
pub fn moment() -> DateTime<Utc> {
    "2026-03-05T08:09:10.123Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An identifier of no meaning.
pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Puts one row into every table of an empty database and reads each back.
pub async fn fill<C: ConnectionTrait>(db: &C) -> Rows {
    let now = moment();
    let unit = keep!(db, unit, {
        id: id(1), root_id: id(1), parent_id: None, code: "SY001".into(), name: "示例市政府办公室".into(),
        short_name: Some("示例办".into()), kind: "GOVERNMENT_OFFICE".into(), position: 1, active: true, report_signing: true, version: 1,
        created_at: now, updated_at: now,
    })
    .id;
    keep!(db, unit_closure, { ancestor_id: unit, descendant_id: unit, depth: 0 });
    keep!(db, unit_alias, { id: id(2), root_id: unit, unit_id: unit, alias: "示例市府办".into() });
    let group = keep!(db, unit_group, {
        id: id(3), root_id: unit, code: "XZ".into(), name: "各示例乡镇".into(), expansion: GroupExpansion::ExceptLeads,
        members_complete: false, version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, unit_group_alias, { id: id(4), root_id: unit, unit_group_id: group, alias: "各乡镇(示例)".into() });
    keep!(db, unit_group_member, { unit_group_id: group, unit_id: unit, added_at: now });
    let user = keep!(db, user_account, {
        id: id(5), kind: UserKind::Person, realm: Realm::Administration, unit_id: unit, login: "demo".into(), display_name: "演示用户".into(),
        phone_ciphertext: Some("k1.x".into()), disabled_at: None, version: 1, created_at: now, updated_at: now,
    })
    .id;
    let asked = keep!(db, role_grant_request, {
        id: id(93), user_id: user, role: Role::SecurityAdmin, realm: Realm::Administration, unit_id: unit, root_id: unit,
        scopes: String::new(), named_lists: true, valid_until: Some(day("2026-12-31")), reason: "演示".into(),
        status: RoleGrantRequestStatus::Withdrawn, requested_by: user, decided_by: None, decided_at: None,
        decision_reason: None, lapses_at: now, version: 1, created_at: now, updated_at: now,
    })
    .id;
    let grant = keep!(db, role_grant, {
        id: id(6), user_id: user, role: Role::SecurityAdmin, realm: Realm::Administration, unit_id: unit,
        scopes: String::new(), named_lists: true, valid_until: Some(day("2026-12-31")), origin: GrantOrigin::Operator,
        request_id: None, request_status: None, ended_at: None, ended_by: None, end_reason: None, version: 1, created_at: now,
    })
    .id;
    keep!(db, session, {
        id: id(7), user_id: user, created_at: now, expires_at: now, revoked_at: Some(now), purpose: "demo".into(),
        last_used_at: Some(now), idle_ends_at: Some(now), address: Some("192.0.2.1".into()),
        user_agent: Some("示例浏览器".into()), scopes: Some("lists:read".into()), service_secret_id: Some(id(93)),
        external_identity_id: Some(id(94)), second_factor_elsewhere: true, previous_sign_in_at: Some(now),
        previous_sign_in_address: Some("192.0.2.2".into()),
    });
    keep!(db, service_secret, {
        id: id(93), user_id: user, secret_digest: "demo".into(), created_at: now, made_by: Some(user),
        expires_on: Some(day("2026-12-31")), revoked_at: Some(now), last_used_at: Some(now),
    });
    keep!(db, external_identity, {
        id: id(94), user_id: user, issuer: "https://sign-in.example".into(), subject: "demo".into(), created_at: now,
        made_by: Some(user), last_used_at: Some(now), ended_at: Some(now), ended_by: Some(user),
    });
    keep!(db, used_handle, { id: id(95), expires_at: now });
    keep!(db, user_credential, {
        user_id: user, password_hash: Some("$argon2id$demo".into()), changed_at: Some(now), must_change: true, failures: 2,
        locked_until: Some(now), totp_ciphertext: Some("k1.x".into()), totp_confirmed_at: Some(now),
        totp_last_step: Some(57_654_321), last_sign_in_at: Some(now),
        last_sign_in_address: Some("192.0.2.1".into()), version: 1, created_at: now, updated_at: now,
    });
    keep!(db, totp_removal, {
        user_id: user, status: RoleGrantRequestStatus::Pending, requested_by: user, decided_by: None,
        decided_at: None, lapses_at: now, version: 1, created_at: now, updated_at: now,
    });
    keep!(db, password_history, {
        id: id(90), user_id: user, password_hash: "$argon2id$demo".into(), created_at: now,
    });
    keep!(db, refresh_token, {
        id: id(91), session_id: id(7), token_digest: "demo".into(), created_at: now, used_at: Some(now), expires_at: now,
    });
    keep!(db, one_time_code, {
        id: id(92), user_id: user, kind: CodeKind::Invitation, code_digest: "demo".into(), created_at: now,
        expires_at: now, used_at: Some(now), made_by: Some(user),
    });
    keep!(db, signing_key, {
        id: "demo-key".into(), algorithm: "ES256".into(), public_key: "AAAA".into(), created_at: now, retired_at: None,
        signs_from: Some(now),
    });
    let list = keep!(db, task_list, {
        id: id(8), root_id: unit, issuer_unit_id: unit, year: 2026, title: "示例清单".into(),
        document_number: Some("示办发〔2026〕0号".into()), issuer_text: None, status: TaskListStatus::Draft,
        reporting_period_text: None, columns: Some(json!(["序号", "任务", {"宽": 1.5}])), support_reports: true,
        issued_on: Some(day("2026-02-28")), issued_at: None, closed_at: None, import_digest: Some("00".into()),
        version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, role_grant_list, { role_grant_id: grant, task_list_id: list });
    keep!(db, role_grant_request_list, { role_grant_request_id: asked, task_list_id: list });
    let section = keep!(db, section, {
        id: id(9), task_list_id: list, parent_id: None, position: 1, label: "一、".into(), title: "示例".into(),
        version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, section_closure, { ancestor_id: section, descendant_id: section, depth: 0 });
    let task = keep!(db, task, {
        id: id(10), task_list_id: list, section_id: Some(section), position: 1, number: "1".into(), title: None,
        requirement: Some("示例要求。".into()), lead_text: None, unit_text: Some("示例办".into()), inherited: false,
        incentive: true, needs_review: true, review_note: Some("?".into()), status: TaskStatus::Active, version: 1, created_at: now,
        updated_at: now,
    })
    .id;
    keep!(db, deadline, {
        id: id(11), task_id: task, position: 0, kind: DeadlineKind::MonthEnd, text: Some("12月底前".into()),
        due_on: Some(day("2026-12-31")), from_on: None, rule: Some(json!({"month": 12})),
        source: Some(DeadlineSource::Column),
    });
    keep!(db, export_job, {
        id: id(31), task_list_id: list, reporting_period_id: None, subject_unit_id: Some(unit), owner_user_id: user,
        unit_id: unit, view: ExportView::Ledger, format: ExportFormat::Docx, standard_layout: true, clear_phones: false,
        lang: "zh-CN".into(), status: ExportStatus::Failed, progress: 40, attempts: 1, file_id: None,
        problem: Some("?".into()), created_at: now, started_at: Some(now), finished_at: Some(now),
        scopes: Some("lists:read".into()),
    });
    keep!(db, import_question, {
        id: id(30), task_list_id: list, task_id: Some(task), position: 0, kind: "UNKNOWN_NAME".into(),
        subject: "assignments".into(), place: Some("表1 第2行".into()), printed: Some("示例局".into()),
        text_zh: "单位库中没有这个名称。".into(), text_en: "?".into(), candidates: json!(["示例办"]),
        proposal: Some("示例办".into()), status: ImportQuestionStatus::Answered, answer: None, answered_by: Some(user),
        answered_at: Some(now), version: 2, created_at: now, updated_at: now,
    });
    let assignment = keep!(db, assignment, {
        id: id(12), task_id: task, position: 1, role: AssignmentRole::Lead, target: AssignmentTarget::Unit,
        name: "示例办".into(), unit_id: Some(unit), unit_group_id: None, source_assignment_id: None, scope_note: None,
        status: AssignmentStatus::Active, version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, assignment_response, {
        id: id(46), assignment_id: assignment, task_list_id: list, task_id: task, unit_id: unit,
        kind: ResponseKind::Declined, reason: Some("示例理由".into()), by_user_id: user, responded_at: now,
        decision: Some(ResponseDecision::Rejected), decision_reason: Some("示例".into()), decided_by: Some(user),
        decided_at: Some(now), version: 2, created_at: now, updated_at: now,
    });
    let amendment = keep!(db, amendment, {
        id: id(47), task_list_id: list, number: 1, reason: "示例调整".into(), document_number: None, by_user_id: user,
        by_unit_id: unit, created_at: now,
    })
    .id;
    let change = keep!(db, amendment_change, {
        id: id(48), amendment_id: amendment, task_list_id: list, position: 0, kind: AmendmentChangeKind::AddAssignment,
        task_id: task, assignment_id: Some(assignment), unit_id: Some(unit), before: None,
        after: Some(json!({"number": "1"})),
    })
    .id;
    keep!(db, amendment_audience, { amendment_change_id: change, unit_id: unit });
    keep!(db, unit_change, {
        id: id(49), root_id: unit, unit_id: unit, kind: UnitChangeKind::Renamed, from_unit_id: unit, to_unit_id: unit,
        old_name: "旧示例办".into(), new_name: "示例办".into(), changed_on: day("2026-05-01"),
        document_number: Some("示编〔2026〕0号".into()), created_at: now,
    });
    let period = keep!(db, reporting_period, {
        id: id(13), task_list_id: list, kind: PeriodKind::Cumulative, label: "1–3月".into(),
        starts_on: day("2026-01-01"), ends_on: day("2026-03-31"), due_on: day("2026-04-10"),
        grace_working_days: 2, first_due_on: Some(day("2026-04-08")), status: PeriodStatus::Open, opened_at: now, closed_at: None, roll_up: Some(json!({"total": 0})), version: 1,
        created_at: now, updated_at: now,
    })
    .id;
    let obligation = keep!(db, report_obligation, {
        id: id(14), reporting_period_id: period, task_list_id: list, task_id: task, assignment_id: assignment,
        unit_id: unit, due_on: Some(day("2026-04-20")), expected_count: Some(3), released_at: Some(now),
        created_at: now,
    })
    .id;
    let report = keep!(db, progress_report, {
        id: id(15), report_obligation_id: obligation, reporting_period_id: period, task_list_id: list, task_id: task,
        unit_id: unit, status: ReportStatus::Submitted, narrative: "示例进展".into(),
        completion: Some(Completion::Limited), percent: Some(40), done_count: Some(2), reporter_user_id: Some(user),
        reporter_name: Some("演示".into()), reporter_phone_ciphertext: None, reporter_removed_at: Some(now), filled_on: Some(day("2026-04-01")),
        signing_since: Some(now), signed_by_user_id: Some(user), revision: 1, submitted_at: Some(now),
        decided_at: None, received_at: Some(now), accepted_revision: Some(1), accepted_completion: Some(Completion::Limited), return_count: 0, version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, progress_report_revision, {
        id: id(16), progress_report_id: report, revision: 1, narrative: "示例进展".into(),
        completion: Completion::Limited, percent: None, done_count: Some(2), submitted_by: user, submitted_at: now,
        withdrawn_at: Some(now),
        signed_by: Some(user), filled_on: Some(day("2026-04-01")),
    });
    keep!(db, report_review, {
        id: id(17), progress_report_id: report, revision: 1, decision: ReviewDecision::Returned,
        reason: Some("请补充".into()), reviewer_user_id: user, reviewer_unit_id: unit, created_at: now,
    });
    keep!(db, period_schedule, {
        id: id(40), task_list_id: list, kind: PeriodKind::Plain, every: ScheduleEvery::Month, label: "月自查".into(),
        opens_after_days: -3, due_working_days: 5, grace_working_days: 2, active: true,
        last_ends_on: Some(day("2026-03-31")), skipped_period_id: Some(period), skipped_at: Some(now), version: 1,
        created_at: now, updated_at: now,
    });
    keep!(db, period_reopening, {
        id: id(41), reporting_period_id: period, task_list_id: list, unit_id: unit, until_on: day("2026-05-10"),
        reason: "补报".into(), reopened_by: user, ended_at: Some(now), version: 2, created_at: now, updated_at: now,
    });
    keep!(db, period_freeze, {
        id: id(42), reporting_period_id: period, task_list_id: list, number: 2, cause: FreezeCause::Reopening,
        roll_up: json!({"expected": 1}), progress_report_id: Some(report), created_at: now,
    });
    keep!(db, extension_request, {
        id: id(43), report_obligation_id: obligation, reporting_period_id: period, task_list_id: list, task_id: task,
        unit_id: unit, until_on: day("2026-04-30"), reason: "数据未齐".into(), status: ExtensionStatus::Granted,
        granted_until: Some(day("2026-04-20")), decision_reason: Some("同意".into()), requested_by: user,
        decided_by: Some(user), decided_at: Some(now), version: 2, created_at: now, updated_at: now,
    });
    keep!(db, period_due_change, {
        id: id(90), reporting_period_id: period, due_on: day("2026-04-08"), grace_working_days: 0, since_at: now,
        until_at: now,
    });
    keep!(db, obligation_due_change, {
        id: id(91), report_obligation_id: obligation, due_on: Some(day("2026-04-15")), released_at: Some(now),
        since_at: now, until_at: now,
    });
    keep!(db, notification, {
        id: id(44), user_id: user, unit_id: unit, kind: NotificationKind::ReportReturned, subject_id: report,
        origin: "demo".into(), created_at: now, read_at: None,
    });
    let notice = keep!(db, urge_notice, {
        id: id(45), task_list_id: list, reporting_period_id: period, unit_id: unit, year: 2026, number: 1,
        grade: UrgeGrade::Yellow, text: None, days_overdue: 3, reply_due_on: None, sender_user_id: user,
        sender_unit_id: unit, read_at: None, reply: None, replied_at: None, replier_user_id: None, version: 1,
        created_at: now, updated_at: now,
    })
    .id;
    keep!(db, urge_notice_item, { urge_notice_id: notice, report_obligation_id: obligation });
    let rule = keep!(db, urge_rule, {
        id: id(50), task_list_id: list, offset_working_days: 1, grade: Some(UrgeGrade::Blue), text: None,
        reply_within_working_days: Some(3), active: true, sender_user_id: user, sender_unit_id: unit,
        ran_on: Some(day("2026-04-02")), version: 1, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, urge_rule_run, {
        urge_rule_id: rule, reporting_period_id: period, unit_id: unit, due_on: day("2026-04-01"), created_at: now,
    });
    keep!(db, audit_entry, {
        id: id(18), at: now, user_id: Some(user), unit_id: None, operation: "demo".into(), object_type: None,
        object_id: Some(report), result: "DONE".into(), changed: Some(json!(["title"])), request_id: "r".into(),
        sequence: Some(1), hash: Some("h".into()), address: Some("192.0.2.1".into()), reasons: Some("FORBIDDEN".into()),
    });
    keep!(db, data_key, { id: "0001-0".into(), proof: "p".into(), created_at: now, seals_from: now, retired_at: None });
    keep!(db, audit_anchor, { id: id(18), sequence: 1, statement: "s".into(), created_at: now });
    keep!(db, idempotency_result, {
        user_id: user, operation: "demo".into(), key: "k".into(), input_digest: "d".into(), result: json!({}),
        created_at: now,
    });
    keep!(db, outbox, {
        id: id(19), topic: "demo".into(), payload: json!({"id": "x"}), created_at: now, available_at: now,
        attempts: 0, delivered_at: None,
    });
    let file = keep!(db, file, {
        id: id(20), purpose: FilePurpose::Upload, owner_user_id: user, unit_id: unit, name: "示例.csv".into(),
        media_type: MediaType::Csv, size: 3, sha256: "00".into(), created_at: now, expires_at: Some(now),
    })
    .id;
    keep!(db, report_signature, {
        id: id(21), progress_report_id: report, decision: SignatureDecision::SentBack, revision: None,
        reason: Some("请补充".into()), user_id: user, created_at: now,
    });
    keep!(db, evidence, {
        id: id(22), progress_report_id: report, kind: EvidenceKind::File, title: Some("示例材料".into()), url: None,
        document_number: None, file_id: Some(file), added_in: 1, removed_in: Some(2), added_by: user, created_at: now,
    });
    keep!(db, report_part, {
        id: id(23), progress_report_id: report, source_report_id: report, source_revision: 1, unit_id: unit,
        position: 0, narrative: "示例进展".into(), completion: Completion::Limited, percent: Some(40), done_count: Some(2), added_in: 1,
        removed_in: None, created_at: now,
    });
    keep!(db, task_reporting_lead, {
        id: id(24), task_id: task, assignment_id: assignment, named_by: user, created_at: now,
    });
    keep!(db, file_chunk, { file_id: file, position: 0, bytes: vec![0, 255, 7] });
    let round = keep!(db, look_back, {
        id: id(60), task_list_id: list, title: "示例回头看".into(), due_on: day("2026-07-31"),
        deadlines_by: Some(day("2026-06-30")), status: LookBackStatus::Finished, created_by: user,
        finished_by: Some(user), finished_at: Some(now), version: 2, created_at: now, updated_at: now,
    })
    .id;
    let item = keep!(db, look_back_item, {
        id: id(61), look_back_id: round, task_list_id: list, task_id: task, assignment_id: assignment, unit_id: unit,
        position: 0, due_on: day("2026-06-30"), deadline_text: Some("6月底前".into()),
        finding: Some(LookBackFinding::NotDone), finding_text: Some("示例核查".into()), found_by: Some(user),
        found_at: Some(now), version: 2, created_at: now, updated_at: now,
    })
    .id;
    let rectification = keep!(db, rectification, {
        id: id(62), look_back_item_id: item, look_back_id: round, task_list_id: list, task_id: task, unit_id: unit,
        problem: "示例问题".into(), due_on: day("2026-08-31"), status: RectificationStatus::Closed,
        measure: Some("示例措施".into()), result: Some("示例结果".into()), recheck_text: Some("示例复核".into()),
        return_count: 1, opened_by: user, reported_by: Some(user), reported_at: Some(now), closed_at: Some(now), version: 5, created_at: now,
        updated_at: now,
    })
    .id;
    keep!(db, rectification_step, {
        id: id(63), rectification_id: rectification, status: RectificationStatus::Returned, text: Some("?".into()),
        user_id: user, created_at: now,
    });
    keep!(db, look_back_evidence, {
        id: id(64), look_back_item_id: None, rectification_id: Some(rectification), kind: EvidenceKind::File,
        title: Some("示例材料".into()), url: None, document_number: None, file_id: Some(file), added_by: user,
        created_at: now,
    });
    keep!(db, task_lineage, {
        id: id(65), task_id: task, task_list_id: list, origin_task_id: task, origin_task_list_id: list,
        kind: LineageKind::CarriedOver, reason: Some("示例理由".into()), made_by: user, created_at: now,
    });
    let publication = keep!(db, publication, {
        id: id(80), task_list_id: list, reporting_period_id: Some(period), issuer_unit_id: unit,
        kind: PublicationKind::Progress, title: "示例公开稿".into(), status: PublicationStatus::Published, round: 1,
        checksum: "00".into(), open_findings: 0, left_out: 1, prepared_by: user, replaces_id: None,
        replaced_by_id: None, published_at: Some(now), withdrawn_at: Some(now), withdrawal_reason: Some("误发".into()),
        version: 3, created_at: now, updated_at: now,
    })
    .id;
    keep!(db, publication_snapshot, { id: publication, task_list_id: list, document: "{}".into() });
    keep!(db, publication_step, {
        id: id(82), publication_id: publication, task_list_id: list, round: 1, act: PublicationAct::Preparation,
        decision: None, reason: None, checksum: "00".into(), user_id: user, unit_id: unit, decider_id: None,
        prepared_by: user, created_at: now,
    });
    keep!(db, publication_finding, {
        id: id(83), publication_id: publication, task_list_id: list, position: 1, kind: PersonalDataKind::Phone,
        field: PublicationField::Narrative, task_number: Some("1".into()), pointer: "/title".into(),
        excerpt: "138****0000".into(), released_by: Some(user), released_at: Some(now),
        release_reason: Some("咨询电话".into()),
    });
    keep!(db, publication_release, {
        id: id(84), publication_step_id: id(82), task_list_id: list, position: 1, kind: PersonalDataKind::Phone,
        field: PublicationField::Narrative, task_number: Some("1".into()), pointer: "/title".into(),
        excerpt: "138****0000".into(), reason: "咨询电话".into(),
    });
    keep!(db, publication_public, {
        id: publication, kind: PublicationKind::Progress, title: "示例公开稿".into(), issuer: "示例办".into(),
        year: 2026, document: Some("{}".into()), checksum: Some("00".into()), published_at: now, withdrawn_at: None,
        replaced_by: None,
    });
    Rows { unit, user, task, assignment }
}
