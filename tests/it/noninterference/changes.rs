//! Changes of a world, one row at a time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::vocabulary::*;
use serde_json::json;
use taizhang::secrets::{DataCipher, place};
use uuid::Uuid;

use super::write::Write;
use crate::support::lcg::Lcg;
use crate::support::world::{Rows, key, now};

/// How many kinds of changes there are.
pub const KINDS: usize = 70;
/// Those of them that are about what stands beside the rows, and shows.
pub const BESIDE: std::ops::Range<usize> = 49..57;

/// Some change of this kind of some row; most people may not see most of them.
pub fn any(kind: usize, rows: &Rows, cipher: &DataCipher, nth: usize, random: &mut Lcg) -> Write {
    let fresh = key(1_000_000 + u128::try_from(nth).unwrap());
    let new = random.below(3) == 0;
    let mark = format!("改{nth}");
    macro_rules! row {
        ($table:ident) => {
            random.pick(&rows.$table).clone()
        };
    }
    macro_rules! touch {
        ($row:ident) => {
            $row.version += 1;
            $row.updated_at += TimeDelta::hours(1);
            if new {
                $row.id = fresh;
            }
        };
    }
    match kind {
        38 => {
            let mut round = row!(look_back);
            touch!(round);
            round.title = mark;
            Write::look_back(new, round)
        }
        39 => {
            let mut item = row!(look_back_item);
            item.version += 1;
            (item.finding, item.finding_text) = (Some(LookBackFinding::PartlyDone), Some(mark));
            item.found_at = Some(item.created_at);
            Write::look_back_item(false, item)
        }
        40 => {
            let mut rectification = row!(rectification);
            touch!(rectification);
            (rectification.problem, rectification.measure) = (mark.clone(), Some(mark));
            Write::rectification(new, rectification)
        }
        41 => {
            let mut step = row!(rectification_step);
            (step.text, step.id) = (Some(mark), if new { fresh } else { step.id });
            Write::rectification_step(new, step)
        }
        42 => {
            let mut shown = row!(look_back_evidence);
            (shown.title, shown.id) = (Some(mark), if new { fresh } else { shown.id });
            Write::look_back_evidence(new, shown)
        }
        43 => {
            let mut line = row!(task_lineage);
            line.reason = line.reason.map(|_| mark);
            if new {
                let origin = row!(task);
                (line.id, line.origin_task_id, line.origin_task_list_id) = (fresh, origin.id, origin.task_list_id);
            }
            Write::task_lineage(new, line)
        }
        30 => {
            let mut schedule = row!(period_schedule);
            touch!(schedule);
            (schedule.label, schedule.opens_after_days) = (mark, 9);
            Write::period_schedule(new, schedule)
        }
        27 => {
            let mut reopening = row!(period_reopening);
            touch!(reopening);
            (reopening.reason, reopening.until_on) = (mark, "2026-09-01".parse().unwrap());
            Write::period_reopening(new, reopening)
        }
        28 => {
            let mut freeze = row!(period_freeze);
            freeze.roll_up["expected"] = json!(5_000 + nth);
            if new {
                (freeze.id, freeze.number) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::period_freeze(new, freeze)
        }
        29 => {
            let mut request = row!(extension_request);
            touch!(request);
            (request.reason, request.decision_reason) = (mark.clone(), Some(mark));
            Write::extension_request(new, request)
        }
        26 => {
            let mut obligation = row!(report_obligation);
            obligation.due_on = Some("2026-08-01".parse().unwrap());
            obligation.expected_count = Some(4);
            Write::report_obligation(false, obligation)
        }
        0 => {
            let mut unit = row!(unit);
            unit.name = format!("{mark}单位");
            unit.active = !unit.active;
            unit.version += 1;
            Write::unit(false, unit)
        }
        1 => {
            let mut alias = row!(unit_alias);
            (alias.alias, alias.id) = (format!("别名lead{mark}"), if new { fresh } else { alias.id });
            Write::unit_alias(new, alias)
        }
        2 => {
            let mut group = row!(unit_group);
            group.name = format!("{mark}组");
            Write::unit_group(false, group)
        }
        3 => {
            let mut user = row!(user_account);
            touch!(user);
            (user.display_name, user.login) = (format!("{mark}人"), mark);
            Write::user_account(new, user)
        }
        4 => {
            let mut user = row!(user_account);
            let sealed = cipher.seal("13912345678", &place("user_account", "phone_ciphertext", user.id)).unwrap();
            (user.phone_ciphertext, user.login) = (Some(sealed), mark);
            Write::user_account(false, user)
        }
        5 => {
            let mut grant = row!(role_grant);
            grant.valid_until = Some("2026-03-31".parse().unwrap());
            Write::role_grant(false, grant)
        }
        6 | 7 => {
            let mut list = row!(task_list);
            touch!(list);
            list.title = format!("虚构清单c{mark}");
            (list.year, list.import_digest) = (2024, Some(mark));
            Write::task_list(new, list)
        }
        8 => {
            let mut list = row!(task_list);
            (list.import_digest, list.columns) = (Some(mark), Some(json!(["改"])));
            Write::task_list(false, list)
        }
        9 => {
            let mut section = row!(section);
            section.version += 1;
            section.title = mark;
            Write::section(false, section)
        }
        10 | 11 => {
            let mut task = row!(task);
            touch!(task);
            (task.number, task.title) = (mark.clone(), Some(format!("虚构任务t1{mark}")));
            task.incentive = !task.incentive;
            Write::task(new, task)
        }
        12 => {
            let mut deadline = row!(deadline);
            (deadline.text, deadline.due_on) = (Some(mark), Some("2026-06-15".parse().unwrap()));
            Write::deadline(false, deadline)
        }
        13 => {
            let mut assignment = row!(assignment);
            assignment.version += 1;
            assignment.scope_note = Some(mark);
            assignment.role = *random.pick(AssignmentRole::ALL);
            Write::assignment(false, assignment)
        }
        14 => {
            let mut period = row!(reporting_period);
            period.roll_up = Some(json!({ "改": nth }));
            if random.below(2) == 0 {
                period.label = mark;
                period.version += 1;
            }
            Write::reporting_period(false, period)
        }
        15 => {
            let mut obligation = row!(report_obligation);
            obligation.created_at += TimeDelta::hours(1);
            Write::report_obligation(false, obligation)
        }
        16 => {
            let mut revision = row!(progress_report_revision);
            revision.narrative = mark;
            if new {
                (revision.id, revision.revision) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::progress_report_revision(new, revision)
        }
        17 => {
            let mut review = row!(report_review);
            (review.reason, review.id) = (Some(mark), if new { fresh } else { review.id });
            Write::report_review(new, review)
        }
        19 => {
            let mut question = row!(import_question);
            touch!(question);
            (question.printed, question.answer) = (Some(mark), Some("改".to_owned()));
            question.status = ImportQuestionStatus::Answered;
            Write::import_question(new, question)
        }
        21 => {
            let mut signature = row!(report_signature);
            (signature.reason, signature.id) = (Some(mark), if new { fresh } else { signature.id });
            Write::report_signature(new, signature)
        }
        22 => {
            let mut evidence = row!(evidence);
            (evidence.title, evidence.id) = (Some(mark), if new { fresh } else { evidence.id });
            evidence.removed_in = (random.below(2) == 0).then_some(9);
            Write::evidence(new, evidence)
        }
        23 => {
            let mut part = row!(report_part);
            (part.narrative, part.position) = (mark, 7);
            Write::report_part(false, part)
        }
        24 => {
            let lead = row!(assignment);
            let task_id = lead.task_id;
            if rows.task_reporting_lead.iter().any(|row| row.task_id == task_id) {
                let mut row = row!(task_reporting_lead);
                row.created_at += TimeDelta::hours(1);
                return Write::task_reporting_lead(false, row);
            }
            let row = entity::task_reporting_lead::Model {
                id: fresh,
                task_id,
                assignment_id: lead.id,
                named_by: row!(user_account).id,
                created_at: lead.created_at,
            };
            Write::task_reporting_lead(true, row)
        }
        31 => {
            let mut told = row!(notification);
            told.created_at += TimeDelta::minutes(1);
            (told.read_at, told.origin) = (Some(told.created_at), mark);
            if new {
                told.id = fresh;
            }
            Write::notification(new, told)
        }
        37 => {
            let mut rule = row!(urge_rule);
            touch!(rule);
            (rule.active, rule.ran_on) = (false, Some("2026-06-30".parse().unwrap()));
            Write::urge_rule(new, rule)
        }
        32 => {
            let mut notice = row!(urge_notice);
            touch!(notice);
            (notice.text, notice.number) = (Some(mark), 100 + i32::try_from(nth).unwrap());
            Write::urge_notice(new, notice)
        }
        20 => Write::progress_report(false, phone_changed(row!(progress_report), cipher)),
        33 => {
            let mut answer = row!(assignment_response);
            answer.version += 1;
            (answer.kind, answer.reason) = (ResponseKind::Declined, Some(mark));
            answer.decision = None;
            Write::assignment_response(false, answer)
        }
        34 => {
            let mut amendment = row!(amendment);
            (amendment.reason, amendment.document_number) = (mark, Some("改".to_owned()));
            if new {
                (amendment.id, amendment.number) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::amendment(new, amendment)
        }
        35 => {
            let mut change = row!(amendment_change);
            change.after = Some(json!({ "number": mark, "title": "改" }));
            if new {
                (change.id, change.position) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::amendment_change(new, change)
        }
        36 => {
            let mut change = row!(unit_change);
            change.old_name = mark;
            Write::unit_change(false, change)
        }
        44 => {
            let mut publication = row!(publication);
            touch!(publication);
            (publication.title, publication.left_out) = (mark, 9);
            Write::publication(new, publication)
        }
        45 => {
            let mut kept = row!(publication_snapshot);
            kept.document = kept.document.replace("虚构单位", &mark);
            Write::publication_snapshot(false, kept)
        }
        46 => {
            let mut step = row!(publication_step);
            step.reason = Some(mark);
            if new {
                (step.id, step.round) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::publication_step(new, step)
        }
        47 => {
            let mut finding = row!(publication_finding);
            finding.excerpt = mark;
            if new {
                (finding.id, finding.position) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::publication_finding(new, finding)
        }
        48 => {
            let mut release = row!(publication_release);
            release.reason = mark;
            if new {
                (release.id, release.position) = (fresh, 100 + i32::try_from(nth).unwrap());
            }
            Write::publication_release(new, release)
        }
        49..KINDS => beside(kind, rows, nth, random),
        18 => {
            let mut file = row!(file);
            (file.name, file.size) = (format!("{mark}.csv"), 4);
            file.created_at += TimeDelta::minutes(1);
            if random.below(2) == 0 {
                file.owner_user_id = row!(user_account).id;
            }
            if new {
                file.id = fresh;
            }
            Write::file(new, file)
        }
        _ => {
            let mut report = row!(progress_report);
            report.narrative = mark;
            report.version += 1;
            report.updated_at += TimeDelta::hours(1);
            report.status = *random.pick(ReportStatus::ALL);
            report.completion = Some(Completion::Completed);
            report.done_count = Some(99);
            report.reporter_name = Some("改名".to_owned());
            if let (true, Some(obligation)) = (new, without_report(rows)) {
                report.id = fresh;
                report.reporter_phone_ciphertext = None;
                report.report_obligation_id = obligation.id;
                report.reporting_period_id = obligation.reporting_period_id;
                (report.task_list_id, report.task_id) = (obligation.task_list_id, obligation.task_id);
                report.unit_id = obligation.unit_id;
                return Write::progress_report(true, report);
            }
            Write::progress_report(false, report)
        }
    }
}

/// The number in the middle is hidden from everybody who only reads.
fn phone_changed(mut report: entity::progress_report::Model, cipher: &DataCipher) -> entity::progress_report::Model {
    let here = place("progress_report", "reporter_phone_ciphertext", report.id);
    let Some(clear) = report.reporter_phone_ciphertext.as_deref().and_then(|sealed| cipher.open(sealed, &here).ok())
    else {
        return report;
    };
    let other = format!("{}{:04}{}", &clear[..3], (clear[3..7].parse::<u32>().unwrap() + 1) % 10_000, &clear[7..]);
    report.reporter_phone_ciphertext = Some(cipher.seal(&other, &here).unwrap());
    report
}

fn without_report(rows: &Rows) -> Option<entity::report_obligation::Model> {
    let has = |id: Uuid| rows.progress_report.iter().any(|r| r.report_obligation_id == id);
    rows.report_obligation.iter().rev().find(|o| !has(o.id)).cloned()
}

/// Changes of what stands beside the rows: who belongs to what, how days were, and what nobody is shown.
fn beside(kind: usize, rows: &Rows, nth: usize, random: &mut Lcg) -> Write {
    let fresh = key(1_000_000 + u128::try_from(nth).unwrap());
    let mark = format!("改{nth}");
    let at = now() - TimeDelta::hours(1);
    macro_rules! row {
        ($table:ident) => {
            random.pick(&rows.$table).clone()
        };
    }
    /// The rows under one row, with one more, or without it.
    macro_rules! turned {
        ($table:ident, $of:ident, $row:expr) => {{
            let row = $row;
            let mut all: Vec<_> = rows.$table.iter().filter(|one| one.$of == row.$of).cloned().collect();
            let of = row.$of;
            match all.iter().position(|one| *one == row) {
                Some(there) => drop(all.remove(there)),
                None => all.push(row),
            }
            Write::$table(of, all)
        }};
    }
    match kind {
        49 => turned!(
            amendment_audience,
            amendment_change_id,
            entity::amendment_audience::Model {
                amendment_change_id: row!(amendment_change).id,
                unit_id: row!(unit).id,
            }
        ),
        50 => {
            let notice = row!(urge_notice);
            let owed: Vec<_> =
                rows.report_obligation.iter().filter(|o| o.reporting_period_id == notice.reporting_period_id).collect();
            let item = entity::urge_notice_item::Model {
                urge_notice_id: notice.id,
                report_obligation_id: random.pick(&owed).id,
            };
            turned!(urge_notice_item, urge_notice_id, item)
        }
        51 => {
            let group = row!(unit_group);
            let units: Vec<_> = rows.unit.iter().filter(|unit| unit.root_id == group.root_id).collect();
            let unit_id = random.pick(&units).id;
            let there = rows.unit_group_member.iter().find(|m| m.unit_group_id == group.id && m.unit_id == unit_id);
            let new = entity::unit_group_member::Model { unit_group_id: group.id, unit_id, added_at: at };
            turned!(unit_group_member, unit_group_id, there.cloned().unwrap_or(new))
        }
        52 => turned!(
            role_grant_list,
            role_grant_id,
            entity::role_grant_list::Model { role_grant_id: row!(role_grant).id, task_list_id: row!(task_list).id }
        ),
        53 => {
            let group = row!(unit_group);
            let alias = entity::unit_group_alias::Model {
                id: fresh,
                root_id: group.root_id,
                unit_group_id: group.id,
                alias: format!("组别名{mark}"),
            };
            let there = rows.unit_group_alias.iter().find(|row| row.unit_group_id == group.id);
            let id = there.map_or(fresh, |row| row.id);
            Write::unit_group_alias(there.is_none(), entity::unit_group_alias::Model { id, ..alias })
        }
        54 => {
            let mut job = row!(export_job);
            (job.status, job.problem, job.progress) = (ExportStatus::Failed, Some(mark), 40);
            Write::export_job(false, job)
        }
        55 => period_was(rows, random, fresh),
        56 => obligation_was(rows, random, fresh),
        57 => Write::audit_entry(entity::audit_entry::Model {
            id: fresh,
            at,
            user_id: Some(row!(user_account).id),
            unit_id: Some(row!(unit).id),
            operation: "taskListUpdate".to_owned(),
            object_type: Some("tasklist".to_owned()),
            object_id: Some(row!(task_list).id),
            result: "DONE".to_owned(),
            changed: Some(json!([mark])),
            request_id: "test".to_owned(),
            sequence: None,
            hash: None,
            address: None,
            reasons: None,
        }),
        58 => Write::outbox(entity::outbox::Model {
            id: fresh,
            topic: "list.issued".to_owned(),
            payload: json!({ "taskList": row!(task_list).id, "改": mark }),
            created_at: at,
            available_at: at,
            attempts: 0,
            delivered_at: None,
        }),
        59 => Write::idempotency_result(entity::idempotency_result::Model {
            user_id: row!(user_account).id,
            operation: "taskListUpdate".to_owned(),
            key: super::requests::KEY.to_owned(),
            input_digest: mark,
            result: json!(row!(task_list).id),
            created_at: at,
        }),
        60 => {
            let period = row!(reporting_period);
            Write::urge_rule_run(entity::urge_rule_run::Model {
                urge_rule_id: row!(urge_rule).id,
                reporting_period_id: period.id,
                unit_id: row!(unit).id,
                due_on: period.due_on,
                created_at: at,
            })
        }
        61 => Write::opened(fresh, row!(user_account).id, at, mark),
        62 => {
            let (mut secret, new) = (row!(service_secret), random.below(3) == 0);
            if new {
                secret.id = fresh;
                secret.user_id = row!(user_account).id;
            }
            secret.secret_digest = mark;
            secret.last_used_at = Some(at);
            Write::service_secret(new, secret)
        }
        63 => {
            let mut request = row!(role_grant_request);
            (request.reason, request.version, request.updated_at) = (mark, request.version + 1, at);
            Write::role_grant_request(false, request)
        }
        64 => turned!(
            role_grant_request_list,
            role_grant_request_id,
            entity::role_grant_request_list::Model {
                role_grant_request_id: row!(role_grant_request).id,
                task_list_id: row!(task_list).id
            }
        ),
        65 => {
            let (mut identity, new) = (row!(external_identity), random.below(3) == 0);
            if new {
                (identity.id, identity.user_id) = (fresh, row!(user_account).id);
            }
            (identity.subject, identity.last_used_at) = (mark, Some(at));
            Write::external_identity(new, identity)
        }
        68 => turned!(user_credential, user_id, Write::way_in(row!(user_account).id, at)),
        67 => turned!(
            totp_removal,
            user_id,
            entity::totp_removal::Model { user_id: row!(user_account).id, updated_at: at, ..row!(totp_removal) }
        ),
        66 => Write::used_handle(entity::used_handle::Model { id: fresh, expires_at: at }),
        _ => Write::signing_key(entity::signing_key::Model {
            id: mark,
            algorithm: "ES256".to_owned(),
            public_key: "AAAA".to_owned(),
            created_at: at,
            retired_at: None,
            signs_from: None,
        }),
    }
}

/// Since when and until when something was so that is not any more: the days that the requests ask for lie between.
fn span(created_at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    (created_at - TimeDelta::days(30), now())
}

fn other_day(random: &mut Lcg) -> NaiveDate {
    let days: Vec<NaiveDate> = ["2026-05-11", "2026-06-29", "2026-08-03"].map(|day| day.parse().unwrap()).into();
    *random.pick(&days)
}

/// A period was due on another day. There is one time of it, because times don't overlap.
fn period_was(rows: &Rows, random: &mut Lcg, fresh: Uuid) -> Write {
    let period = random.pick(&rows.reporting_period).clone();
    let (since_at, until_at) = span(period.created_at);
    let there = rows.period_due_change.iter().find(|row| row.reporting_period_id == period.id);
    let row = entity::period_due_change::Model {
        id: there.map_or(fresh, |row| row.id),
        reporting_period_id: period.id,
        due_on: other_day(random),
        grace_working_days: 1,
        since_at,
        until_at,
    };
    Write::period_due_change(there.is_none(), row)
}

/// Something was due on another day of its own, or not owed.
fn obligation_was(rows: &Rows, random: &mut Lcg, fresh: Uuid) -> Write {
    let owed = random.pick(&rows.report_obligation).clone();
    let (since_at, until_at) = span(owed.created_at);
    let there = rows.obligation_due_change.iter().find(|row| row.report_obligation_id == owed.id);
    let row = entity::obligation_due_change::Model {
        id: there.map_or(fresh, |row| row.id),
        report_obligation_id: owed.id,
        due_on: Some(other_day(random)),
        released_at: (random.below(2) == 0).then_some(since_at),
        since_at,
        until_at,
    };
    Write::obligation_due_change(there.is_none(), row)
}
