//! What came after the issue: answers of units, amendments with those who were there then, a withdrawn task, somebody who
//! joined a group late, and a unit with another name.

use chrono::TimeDelta;
use entity::vocabulary::*;

use super::{Build, now};

/// Adds it all, behind everything else, so that no other key changes.
pub fn after_issue(b: &mut Build) {
    b.task("tw", "issued", Some("s1.2"), &[(AssignmentRole::Lead, "lead1"), (AssignmentRole::Responsible, "resp1")]);
    let tw = b.get("tw");
    b.rows.task.last_mut().unwrap().status = TaskStatus::Withdrawn;
    for seat in b.rows.assignment.iter_mut().filter(|a| a.task_id == tw) {
        seat.status = AssignmentStatus::Withdrawn;
    }
    use ResponseKind::{Acknowledged, Declined};
    for (task, unit, kind, decision) in [
        ("t1", "resp1", Acknowledged, None),
        ("t1", "none", Declined, Some(ResponseDecision::Upheld)),
        ("t2", "lead1", Declined, None),
        ("t3", "resp2", Declined, Some(ResponseDecision::Rejected)),
        ("t3", "supp", Acknowledged, None),
        ("t6", "lead1", Acknowledged, None),
        ("tw", "lead1", Acknowledged, None),
        ("county-t1", "a.county.bureau", Acknowledged, None),
        ("foreign-t1", "b.bureau", Declined, None),
    ] {
        answer(b, task, unit, kind, decision);
    }
    use AmendmentChangeKind::*;
    amend(
        b,
        "1",
        "issued",
        1,
        &[
            ("text of t1", ChangeTask, "t1", None, &["lead1", "resp1", "supp"]),
            ("none", WithdrawAssignment, "t1", Some("none"), &["lead1", "resp1", "supp", "none"]),
        ],
    );
    amend(b, "2", "issued", 2, &[("text of t4", ChangeTask, "t4", None, &["resp2"])]);
    amend(
        b,
        "3",
        "issued",
        3,
        &[
            ("tw", WithdrawTask, "tw", None, &["lead1", "resp1"]),
            ("t5", AddTask, "t5", None, &["lead2", "a.county.bureau"]),
        ],
    );
    amend(b, "county", "county", 1, &[("text of county-t2", ChangeTask, "county-t2", None, &["a.county.village"])]);
    amend(b, "foreign", "foreign", 1, &[("text of foreign-t1", ChangeTask, "foreign-t1", None, &["b.bureau"])]);

    let (unit_group_id, unit_id) = (b.get("group"), b.get("none"));
    let added_at = now() - TimeDelta::hours(1);
    b.rows.unit_group_member.push(entity::unit_group_member::Model { unit_group_id, unit_id, added_at });
    for (name, unit) in [("renamed", "a"), ("renamed elsewhere", "b")] {
        let (id, unit) = (b.next(), b.get(unit));
        b.name(name, id);
        b.rows.unit_change.push(entity::unit_change::Model {
            id,
            root_id: unit,
            unit_id: unit,
            kind: UnitChangeKind::Renamed,
            from_unit_id: unit,
            to_unit_id: unit,
            old_name: format!("虚构旧名{name}"),
            new_name: format!("虚构新名{name}"),
            changed_on: now().date_naive(),
            document_number: None,
            created_at: now(),
        });
    }
}

fn answer(b: &mut Build, task: &str, unit: &str, kind: ResponseKind, decision: Option<ResponseDecision>) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("answer of {unit} on {task}"), id);
    let (task_id, unit_id) = (b.get(task), b.get(unit));
    let seat = b.rows.assignment.iter().find(|a| a.task_id == task_id && a.unit_id == Some(unit_id)).unwrap().id;
    let by = b.rows.user_account.iter().find(|u| u.unit_id == unit_id).unwrap().id;
    b.rows.assignment_response.push(entity::assignment_response::Model {
        id,
        assignment_id: seat,
        task_list_id: b.rows.task.iter().find(|t| t.id == task_id).unwrap().task_list_id,
        task_id,
        unit_id,
        kind,
        reason: (kind == ResponseKind::Declined).then(|| format!("虚构异议{unit}")),
        by_user_id: by,
        responded_at: at,
        decision,
        decision_reason: decision.map(|_| "虚构处理".to_owned()),
        decided_by: None,
        decided_at: decision.map(|_| at),
        version: 1,
        created_at: at,
        updated_at: at,
    });
}

/// Its name, what it does to which task, the unit it is about, and those who were there then.
type Change<'c> = (&'c str, AmendmentChangeKind, &'c str, Option<&'c str>, &'c [&'c str]);

fn amend(b: &mut Build, name: &str, list: &str, number: i32, changes: &[Change<'_>]) {
    let (id, at, task_list_id) = (b.next(), b.at(), b.get(list));
    b.name(&format!("amendment {name}"), id);
    let issuer = b.rows.task_list.iter().find(|l| l.id == task_list_id).unwrap().issuer_unit_id;
    b.rows.amendment.push(entity::amendment::Model {
        id,
        task_list_id,
        number,
        reason: format!("虚构调整{name}"),
        document_number: None,
        by_user_id: b.get("@office"),
        by_unit_id: issuer,
        created_at: at,
    });
    for (position, (what, kind, task, unit, audience)) in (0..).zip(changes) {
        let change = b.next();
        b.name(&format!("change {what}"), change);
        let (task_id, unit_id) = (b.get(task), unit.map(|unit| b.get(unit)));
        let seat = b.rows.assignment.iter().find(|a| a.task_id == task_id && a.unit_id == unit_id && unit.is_some());
        let picture = |word: &str| Some(serde_json::json!({ "number": task, "title": format!("虚构{what}{word}") }));
        b.rows.amendment_change.push(entity::amendment_change::Model {
            id: change,
            amendment_id: id,
            task_list_id,
            position,
            kind: *kind,
            task_id,
            assignment_id: seat.map(|a| a.id),
            unit_id,
            before: picture("旧").filter(|_| *kind != AmendmentChangeKind::AddTask),
            after: picture("新")
                .filter(|_| *kind == AmendmentChangeKind::ChangeTask || *kind == AmendmentChangeKind::AddTask),
        });
        for unit in *audience {
            let unit_id = b.get(unit);
            b.rows.amendment_audience.push(entity::amendment_audience::Model { amendment_change_id: change, unit_id });
        }
    }
}
