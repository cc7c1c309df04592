//! Units that became part of others, or were divided: what they handed in is the successors' to read, on the tasks they do.

use entity::vocabulary::*;

use super::build::Build;
use super::now;

pub(super) fn mergers(b: &mut Build) {
    b.unit("older", Some("a"));
    // The last one is in use again, and what it writes is its own.
    for (kind, from, to) in [
        (UnitChangeKind::Merged, "older", "old"),
        (UnitChangeKind::Split, "older", "resp1"),
        (UnitChangeKind::Merged, "old", "resp2"),
        (UnitChangeKind::Merged, "none", "resp1"),
    ] {
        became(b, kind, from, to);
    }
    use ReportStatus::*;
    for (unit, task, period, status, revisions) in [
        ("old", "t4", "p1", Accepted, 1),
        ("old", "t4", "p2", Draft, 0),
        ("older", "t4", "p1", Returned, 1),
        // The successor is not on this one.
        ("older", "t5", "p1", Submitted, 2),
    ] {
        handed_in(b, unit, task, period, status, revisions);
    }
}

fn became(b: &mut Build, kind: UnitChangeKind, from: &str, to: &str) {
    let (from, to) = (b.get(from), b.get(to));
    let name = |id| b.rows.unit.iter().find(|u| u.id == id).unwrap().name.clone();
    let (old_name, new_name) = (name(from), name(to));
    for unit_id in [from, to] {
        let row = entity::unit_change::Model {
            id: b.next(),
            root_id: b.get("a"),
            unit_id,
            kind,
            from_unit_id: from,
            to_unit_id: to,
            old_name: old_name.clone(),
            new_name: new_name.clone(),
            changed_on: now().date_naive(),
            document_number: None,
            created_at: now(),
        };
        b.rows.unit_change.push(row);
    }
}

fn handed_in(b: &mut Build, unit: &str, task: &str, period: &str, status: ReportStatus, revisions: i32) {
    let (task_id, unit_id) = (b.get(task), b.get(unit));
    let there = b.rows.assignment.iter().find(|a| a.task_id == task_id && a.unit_id == Some(unit_id)).map(|a| a.id);
    let assignment_id = there.unwrap_or_else(|| {
        let seat = b.assign(task, AssignmentRole::Responsible, AssignmentTarget::Unit, Some(unit));
        b.assignment().status = AssignmentStatus::Withdrawn;
        seat
    });
    let (id, reporting_period_id, at) = (b.next(), b.get(period), b.at());
    let owed = entity::report_obligation::Model {
        id,
        reporting_period_id,
        task_list_id: b.get("issued"),
        task_id,
        assignment_id,
        unit_id,
        due_on: None,
        expected_count: None,
        released_at: Some(at),
        created_at: at,
    };
    b.rows.report_obligation.push(owed.clone());
    b.report(&owed, status, revisions);
}
