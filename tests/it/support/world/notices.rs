//! What people of the world were told and urged about, some of it about things they don't see.

use entity::vocabulary::*;
use uuid::Uuid;

use super::build::Build;

pub(super) fn notices(b: &mut Build) {
    let urged = [
        ("urge1", "issued", "p2", "resp1"),
        ("urge2", "issued", "p2", "lead1"),
        ("urge3", "issued", "p2", "resp2"),
        ("urge4", "county", "county-p", "a.county.bureau"),
        ("urge5", "foreign", "foreign-p", "b.bureau"),
        ("urge6", "issued", "p1", "none"),
    ];
    for (nth, (name, list, period, unit)) in (1..).zip(urged) {
        urge(b, nth, name, list, period, unit);
    }
    for (list, offset) in [("issued", -3), ("issued", 1), ("county", 1), ("foreign", 0)] {
        rule(b, list, offset);
    }
    let returned = |b: &Build, unit: &str| -> Uuid {
        let unit = b.get(unit);
        let of = |r: &&entity::progress_report::Model| r.unit_id == unit && r.status == ReportStatus::Returned;
        b.rows.progress_report.iter().find(of).unwrap().id
    };
    let (own, others) = (returned(b, "resp1"), returned(b, "resp2"));
    use NotificationKind::*;
    let about = |b: &Build, name: &str| b.get(name);
    let told = [
        ("resp1", "resp1", ListIssued, about(b, "issued")),
        ("resp1", "resp1", ListIssued, about(b, "draft")),
        ("resp1", "resp1", PeriodOpened, about(b, "p2")),
        ("resp1", "resp1", PeriodOpened, about(b, "county-p")),
        ("resp1", "lead1", PeriodOpened, about(b, "p2")),
        ("resp1", "resp1", ReportReturned, own),
        ("resp1", "resp1", ReportReturned, others),
        ("resp1", "resp1", ReportsAccepted, about(b, "p1")),
        ("resp1", "resp1", Urged, about(b, "urge1")),
        ("resp1", "resp1", Urged, about(b, "urge2")),
        ("resp1", "resp1", ReportsSubmitted, about(b, "p2")),
        ("lead1", "lead1", Urged, about(b, "urge2")),
        ("lead1", "lead1", ReportReturned, own),
        ("two-units", "lead2", PeriodOpened, about(b, "p2")),
        ("none", "none", Urged, about(b, "urge6")),
        ("expired", "lead1", PeriodOpened, about(b, "p2")),
        ("no-grants", "lead1", PeriodOpened, about(b, "p2")),
        ("system-admin", "lead1", PeriodOpened, about(b, "p2")),
        ("office", "resp1", ReportsSubmitted, about(b, "p2")),
        ("office", "resp2", ReportsSubmitted, about(b, "p2")),
        ("office", "a.county.bureau", ReportsSubmitted, about(b, "county-p")),
        ("office", "b.bureau", ReportsSubmitted, about(b, "foreign-p")),
        ("office", "resp1", PeriodOpened, about(b, "p2")),
        ("office-county", "a.county.bureau", ReportsSubmitted, about(b, "county-p")),
        ("office-county", "resp1", ReportsSubmitted, about(b, "p2")),
        ("inspector", "resp1", ReportsSubmitted, about(b, "p2")),
        ("foreign-office", "b.bureau", ReportsSubmitted, about(b, "foreign-p")),
        ("resp1", "resp1", Reminded, about(b, "p2")),
        ("resp1", "resp1", SignatureWanted, about(b, "p2")),
        ("resp1", "resp1", SignatureRefused, own),
        ("resp1", "resp1", PeriodReopened, about(b, "p1")),
        ("resp1", "resp1", ExtensionDecided, about(b, "resp1 asks in p2, PENDING")),
        ("lead1", "lead1", ExtensionDecided, about(b, "resp1 asks in p2, PENDING")),
        ("office", "resp1", ExtensionRequested, about(b, "resp1 asks in p2, PENDING")),
        ("office-county", "resp1", ExtensionRequested, about(b, "resp1 asks in p2, PENDING")),
        ("inspector", "resp1", ExtensionRequested, about(b, "resp1 asks in p2, PENDING")),
        ("office", "resp1", UrgeReplied, about(b, "urge1")),
        ("resp1", "resp1", UrgeReplied, about(b, "urge1")),
        ("office", "resp1", AssignmentDeclined, about(b, "issued")),
        ("resp1", "resp1", ObjectionDecided, about(b, "issued")),
        ("resp2", "resp2", ListAmended, about(b, "amendment 2")),
        ("resp1", "resp1", ListAmended, about(b, "amendment 2")),
        ("resp1", "resp1", LookBackFound, about(b, "round-done")),
        ("resp1", "resp1", LookBackFound, about(b, "round-open")),
        ("lead1", "lead1", LookBackFound, about(b, "round-foreign")),
        ("resp1", "resp1", RectificationOpened, about(b, "rect-resp1")),
        ("none", "none", RectificationDecided, about(b, "rect-none")),
        ("office", "resp1", RectificationAnswered, about(b, "rect-resp1")),
        ("office-county", "resp1", RectificationAnswered, about(b, "rect-resp1")),
        ("office", "a", PublicationReviewWanted, about(b, "list anew")),
        ("office", "a", PublicationReturned, about(b, "county's draft")),
        ("office-division", "a", PublicationApproved, about(b, "sums approved")),
        ("office-county", "a", PublicationPublished, about(b, "list published")),
        ("office-county", "a.county", PublicationReviewWanted, about(b, "county's secret")),
        ("inspector", "a", PublicationReviewWanted, about(b, "list anew")),
        ("resp1", "resp1", PublicationReviewWanted, about(b, "list anew")),
        ("resp1", "resp1", PublicationWithdrawn, about(b, "progress withdrawn")),
        ("foreign-office", "a", PublicationReviewWanted, about(b, "list anew")),
        ("resp1", "resp1", PeriodMoved, about(b, "p2")),
        ("resp1", "resp1", PeriodMoved, about(b, "county-p")),
        ("resp1", "resp1", ReopeningEnded, about(b, "p1")),
        ("office", "resp1", ExtensionWithdrawn, about(b, "resp1 asks in p2, PENDING")),
        ("office-county", "resp1", ExtensionWithdrawn, about(b, "resp1 asks in p2, PENDING")),
        ("lead1", "lead1", ReportingLeadNamed, about(b, "issued")),
        ("lead1", "lead1", ReportingLeadNamed, about(b, "draft")),
        // It is on the list no more, and hears of its own objection all the same; as another unit it is none of its business.
        ("none", "none", ObjectionDecided, about(b, "issued")),
        ("none", "resp1", ObjectionDecided, about(b, "issued")),
        // One's own account and rights; those of others are none of one's business, whoever was told by mistake.
        ("lead1", "lead1", AccountLocked, about(b, "@lead1")),
        ("lead1", "lead1", AccountLocked, about(b, "@resp1")),
        ("system-admin", "a", SessionsEnded, about(b, "@system-admin")),
        ("none", "a", GrantEnded, about(b, "right of none that was taken away")),
        ("office", "a", GrantEnded, about(b, "right of none that was taken away")),
        ("security-admin", "a", GrantRequested, about(b, "right waits")),
        ("office", "a", GrantRequested, about(b, "right waits")),
        ("security-admin", "a.county.bureau", TotpRemovalRequested, about(b, "@county-bureau")),
        ("county-bureau", "a.county.bureau", TotpRemovalRequested, about(b, "@county-bureau")),
        ("foreign-office", "a.county.bureau", TotpRemovalRequested, about(b, "@county-bureau")),
    ];
    for (nth, (user, unit, kind, subject_id)) in told.into_iter().enumerate() {
        let (id, at) = (b.next(), b.at());
        b.name(&format!("told {nth}"), id);
        let row = entity::notification::Model {
            id,
            user_id: b.get(&format!("@{user}")),
            unit_id: b.get(unit),
            kind,
            subject_id,
            origin: format!("{nth}"),
            created_at: at,
            read_at: (nth % 3 == 0).then_some(at),
        };
        b.rows.notification.push(row);
    }
}

fn urge(b: &mut Build, number: i32, name: &str, list: &str, period: &str, unit: &str) {
    let (id, at) = (b.next(), b.at());
    b.name(name, id);
    let (period, unit) = (b.get(period), b.get(unit));
    // To some a reply is wanted: too late, in time, given.
    let reply_due_on = match number {
        1 | 3 | 6 => Some("2026-06-30".parse().unwrap()),
        2 => Some("2026-07-03".parse().unwrap()),
        _ => None,
    };
    let reply = (number == 3).then(|| "虚构回复".to_owned());
    let row = entity::urge_notice::Model {
        id,
        task_list_id: b.get(list),
        reporting_period_id: period,
        unit_id: unit,
        year: 2026,
        number,
        grade: UrgeGrade::Yellow,
        text: Some(format!("虚构说明{number}")),
        days_overdue: 0,
        reply_due_on,
        sender_user_id: b.get("@office"),
        sender_unit_id: b.get("a"),
        read_at: (number % 2 == 0).then_some(at),
        replied_at: reply.is_some().then_some(at),
        replier_user_id: reply.is_some().then(|| b.get("@resp2")),
        reply,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.urge_notice.push(row);
    let owed = b.rows.report_obligation.iter().filter(|o| o.reporting_period_id == period && o.unit_id == unit);
    let items: Vec<_> =
        owed.map(|o| entity::urge_notice_item::Model { urge_notice_id: id, report_obligation_id: o.id }).collect();
    b.rows.urge_notice_item.extend(items);
}

fn rule(b: &mut Build, list: &str, offset: i32) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("{list}'s rule {offset}"), id);
    let row = entity::urge_rule::Model {
        id,
        task_list_id: b.get(list),
        offset_working_days: offset,
        grade: (offset > 0).then_some(UrgeGrade::Blue),
        text: (offset > 0).then(|| format!("虚构催办{list}")),
        reply_within_working_days: None,
        active: true,
        sender_user_id: b.get("@office"),
        sender_unit_id: b.get("a"),
        ran_on: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.urge_rule.push(row);
}
