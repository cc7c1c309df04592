//! What a principal may know of a world, as one text: two worlds with the same view must answer it with the same bytes.

use std::fmt::Write as _;

use entity::user_account;
use taizhang::domain::text::mask_phone;
use taizhang::secrets::{DataCipher, place};

use crate::support::policy::Policy;

/// Everything visible, without the columns that nobody is shown.
pub fn view(policy: &Policy<'_>, cipher: &DataCipher) -> String {
    let rows = policy.rows;
    let mut text = String::new();
    macro_rules! visible {
        ($of:literal, $table:ident, |$row:ident| $clean:block) => {
            for row in rows.$table.iter().filter(|row| policy.sees($of, row.id)) {
                #[allow(unused_mut, reason = "some rows are shown whole")]
                let mut $row = row.clone();
                $clean
                let _ = writeln!(text, "{:?}", $row);
            }
        };
    }
    let of_user = |user: &user_account::Model| {
        (user.id, user.kind, user.unit_id, user.display_name.clone(), user.disabled_at.is_some(), user.version)
    };
    let _ = writeln!(text, "{:?} {:?}", of_user(policy.user), policy.user.disabled_at);
    for grant in rows.role_grant.iter().filter(|grant| policy.sees("RoleGrant", grant.id)) {
        let _ = writeln!(text, "{grant:?}");
        for named in rows.role_grant_list.iter().filter(|named| grant.named_lists && named.role_grant_id == grant.id) {
            let _ = writeln!(text, "{named:?}");
        }
    }
    for asked in rows.role_grant_request.iter().filter(|asked| policy.sees("RoleGrantRequest", asked.id)) {
        let _ = writeln!(text, "{asked:?}");
        let named = |named: &&entity::role_grant_request_list::Model| {
            asked.named_lists && named.role_grant_request_id == asked.id
        };
        for named in rows.role_grant_request_list.iter().filter(named) {
            let _ = writeln!(text, "{named:?}");
        }
    }
    for user in rows.user_account.iter().filter(|user| policy.sees("User", user.id)) {
        let _ = writeln!(text, "{} {:?}", user.id, policy.sees_realm(user).then_some(user.realm));
        let _ = writeln!(text, "{:?}", of_user(user));
        if policy.keeps(user) {
            let _ = writeln!(text, "{} {}", user.id, user.login);
        }
    }
    for own in rows.user_credential.iter().filter(|own| policy.sees_way_in(own.user_id)) {
        let _ = writeln!(text, "{own:?}");
    }
    for asked in rows.totp_removal.iter().filter(|asked| policy.sees_totp_removal(asked.user_id)) {
        let _ = writeln!(text, "{asked:?}");
    }
    for alias in rows.unit_alias.iter().filter(|alias| alias.root_id == policy.root) {
        let _ = writeln!(text, "{} {}", alias.unit_id, alias.alias);
    }
    // What he has done already is answered as it was.
    for done in rows.idempotency_result.iter().filter(|done| done.user_id == policy.user.id) {
        let _ = writeln!(text, "{done:?}");
    }
    visible!("Session", session, |row| {});
    visible!("ServiceAccountSecret", service_secret, |row| {
        row.secret_digest = String::new();
        row.made_by = None;
    });
    visible!("ExternalIdentity", external_identity, |row| {
        row.made_by = None;
        row.ended_by = None;
    });
    visible!("Unit", unit, |row| {});
    for alias in rows.unit_group_alias.iter().filter(|alias| policy.sees("UnitGroup", alias.unit_group_id)) {
        let _ = writeln!(text, "{alias:?}");
    }
    for member in rows.unit_group_member.iter().filter(|member| policy.sees("UnitGroup", member.unit_group_id)) {
        let _ = writeln!(text, "{member:?}");
    }
    visible!("UnitGroup", unit_group, |row| {});
    visible!("TaskList", task_list, |row| {
        row.import_digest = None;
        row.columns = None;
    });
    visible!("Section", section, |row| {});
    visible!("Task", task, |row| {});
    visible!("Deadline", deadline, |row| {});
    visible!("Assignment", assignment, |row| {});
    visible!("ImportQuestion", import_question, |row| {});
    visible!("ReportingPeriod", reporting_period, |row| {
        row.roll_up = None;
    });
    visible!("ReportObligation", report_obligation, |row| {});
    for was in rows.period_due_change.iter().filter(|was| policy.sees("ReportingPeriod", was.reporting_period_id)) {
        let _ = writeln!(text, "{was:?}");
    }
    for was in rows.obligation_due_change.iter().filter(|was| policy.sees("ReportObligation", was.report_obligation_id))
    {
        let _ = writeln!(text, "{was:?}");
    }
    visible!("ExportJob", export_job, |row| {});
    visible!("ProgressReport", progress_report, |row| {
        let here = place("progress_report", "reporter_phone_ciphertext", row.id);
        let clear = row.reporter_phone_ciphertext.as_deref().and_then(|sealed| cipher.open(sealed, &here).ok());
        row.reporter_phone_ciphertext = clear.map(|clear| mask_phone(&clear));
        row.reporter_user_id = row.reporter_user_id.filter(|user| *user == policy.user.id);
    });
    visible!("ProgressReportRevision", progress_report_revision, |row| {});
    visible!("ReportReview", report_review, |row| {
        row.reviewer_user_id = row.reviewer_unit_id;
    });
    visible!("File", file, |row| {});
    visible!("PeriodSchedule", period_schedule, |row| {});
    visible!("PeriodReopening", period_reopening, |row| {});
    visible!("PeriodFreeze", period_freeze, |row| {});
    visible!("ExtensionRequest", extension_request, |row| {});
    visible!("ReportSignature", report_signature, |row| {});
    visible!("Evidence", evidence, |row| {});
    visible!("ReportPart", report_part, |row| {});
    visible!("LookBack", look_back, |row| {
        row.finished_by = None;
    });
    visible!("LookBackItem", look_back_item, |row| {});
    visible!("LookBackEvidence", look_back_evidence, |row| {
        row.added_by = row.id;
    });
    visible!("Rectification", rectification, |row| {
        row.opened_by = row.id;
        // Nobody is told who it was but he himself: he is not asked to look again.
        row.reported_by = row.reported_by.filter(|user| *user == policy.user.id);
    });
    visible!("RectificationStep", rectification_step, |row| {});
    visible!("TaskLineage", task_lineage, |row| {
        row.made_by = row.id;
        let list = rows.task_list.iter().find(|list| list.id == row.task_list_id).unwrap();
        row.reason = row.reason.filter(|_| policy.whole(list));
    });
    visible!("Publication", publication, |row| {});
    visible!("PublicationStep", publication_step, |row| {});
    visible!("PublicationFinding", publication_finding, |row| {});
    visible!("PublicationRelease", publication_release, |row| {});
    visible!("AuditEntry", audit_entry, |row| {});
    for row in rows.publication_snapshot.iter().filter(|row| policy.sees("Publication", row.id)) {
        let _ = writeln!(text, "{row:?}");
    }
    for row in rows.task_reporting_lead.iter().filter(|row| policy.sees("Task", row.task_id)) {
        let _ = writeln!(text, "{} {}", row.task_id, row.assignment_id);
    }
    visible!("Notification", notification, |row| {
        row.origin = String::new();
    });
    visible!("UrgeRule", urge_rule, |row| {
        row.sender_user_id = row.id;
        row.sender_unit_id = row.id;
    });
    visible!("UrgeNotice", urge_notice, |row| {
        row.sender_user_id = row.id;
        row.sender_unit_id = row.id;
        row.replier_user_id = None;
    });
    for item in &rows.urge_notice_item {
        if policy.sees("UrgeNotice", item.urge_notice_id) && policy.sees("ReportObligation", item.report_obligation_id)
        {
            let _ = writeln!(text, "{item:?}");
        }
    }
    visible!("AssignmentResponse", assignment_response, |row| {});
    visible!("Amendment", amendment, |row| {});
    visible!("AmendmentChange", amendment_change, |row| {});
    visible!("UnitChange", unit_change, |row| {});
    // In whatever order the rows lie.
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}
