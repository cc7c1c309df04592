//! Looking back in a world: rounds in each state, findings and rectifications about all sorts of units, and tasks that come
//! from other lists.

use entity::vocabulary::*;
use uuid::Uuid;

use super::Build;
use super::build::day;

/// Rounds, and the lists that take tasks up.
pub fn all(b: &mut Build) {
    lists(b);
    rounds(b);
    rectifications(b);
    lineage(b);
}

/// A list whose tasks go to a unit with units below it, and lists of that unit.
fn lists(b: &mut Build) {
    use AssignmentRole::{Lead, Responsible, Support};
    b.list("upper", "a", TaskListStatus::Issued);
    // A year in which nobody else has a list.
    b.rows.task_list.last_mut().unwrap().year = 2031;
    b.task("u1", "upper", None, &[(Lead, "a.county"), (Responsible, "resp1")]);
    b.task("u2", "upper", None, &[(Lead, "lead1"), (Responsible, "a.county")]);
    for n in 3..=6 {
        b.task(&format!("u{n}"), "upper", None, &[(Responsible, "a.county"), (Support, "supp")]);
    }
    b.list("lower", "a.county", TaskListStatus::Issued);
    b.task("l1", "lower", None, &[(Responsible, "a.county.bureau")]);
    b.task("l2", "lower", None, &[(Responsible, "a.county.village")]);
    b.list("lower-draft", "a.county", TaskListStatus::Draft);
    b.task("l3", "lower-draft", None, &[(Lead, "a.county.bureau")]);
}

fn rounds(b: &mut Build) {
    use LookBackFinding::*;
    round(b, "round-open", "issued", LookBackStatus::Open);
    round(b, "round-done", "issued", LookBackStatus::Finished);
    round(b, "round-closed", "closed", LookBackStatus::Finished);
    round(b, "round-county", "county", LookBackStatus::Finished);
    round(b, "round-foreign", "foreign", LookBackStatus::Finished);
    for (round, task, unit, finding) in [
        ("round-open", "t1", "lead1", Some(Done)),
        ("round-open", "t1", "resp1", None),
        ("round-open", "t2", "resp2", Some(NotDone)),
        ("round-open", "t5", "a.county.bureau", None),
        ("round-done", "t1", "lead1", Some(PartlyDone)),
        ("round-done", "t1", "resp1", Some(DoneOnPaperOnly)),
        ("round-done", "t1", "supp", Some(Done)),
        ("round-done", "t1", "none", Some(NotDone)),
        ("round-done", "t2", "lead2", Some(NotApplicable)),
        ("round-done", "t2", "resp1", Some(Done)),
        ("round-done", "t4", "resp2", Some(NotDone)),
        ("round-done", "t5", "a.county.bureau", Some(PartlyDone)),
        ("round-closed", "closed-t2", "supp", Some(NotDone)),
        ("round-county", "county-t1", "a.county.bureau", Some(NotDone)),
        ("round-county", "county-t2", "a.county.village", Some(Done)),
        ("round-foreign", "foreign-t1", "b.bureau", Some(NotDone)),
    ] {
        item(b, round, task, unit, finding);
    }
}

fn round(b: &mut Build, name: &str, list: &str, status: LookBackStatus) {
    let (id, at) = (b.next(), b.at());
    b.name(name, id);
    let finished = status == LookBackStatus::Finished;
    let row = entity::look_back::Model {
        id,
        task_list_id: b.get(list),
        title: format!("虚构回头看{name}"),
        due_on: day("2026-07-31"),
        deadlines_by: None,
        status,
        created_by: b.get("@office"),
        finished_by: finished.then(|| b.get("@office")),
        finished_at: finished.then_some(at),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.look_back.push(row);
}

fn item(b: &mut Build, round: &str, task: &str, unit: &str, finding: Option<LookBackFinding>) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("{round}: {task} {unit}"), id);
    let (task_id, unit_id, round_id) = (b.get(task), b.get(unit), b.get(round));
    let of = |a: &&entity::assignment::Model| a.task_id == task_id && a.unit_id == Some(unit_id);
    let assignment_id = b.rows.assignment.iter().find(of).unwrap().id;
    let task_list_id = b.rows.look_back.iter().find(|r| r.id == round_id).unwrap().task_list_id;
    let position = i32::try_from(b.rows.look_back_item.len()).unwrap();
    let row = entity::look_back_item::Model {
        id,
        look_back_id: round_id,
        task_list_id,
        task_id,
        assignment_id,
        unit_id,
        position,
        due_on: day("2026-05-31"),
        deadline_text: Some("5月底前".into()),
        finding,
        finding_text: finding.map(|_| format!("虚构核查{position}")),
        found_by: finding.map(|_| b.get("@office")),
        found_at: finding.map(|_| at),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.look_back_item.push(row);
    if finding.is_some() {
        evidence(b, Some(id), None, "@office");
    }
}

/// A piece of each kind behind a finding or a rectification.
fn evidence(b: &mut Build, item: Option<Uuid>, rectification: Option<Uuid>, owner: &str) {
    let owner = b.get(owner);
    let file = b.attached(owner);
    for kind in EvidenceKind::ALL {
        let (id, at) = (b.next(), b.at());
        let row = entity::look_back_evidence::Model {
            id,
            look_back_item_id: item,
            rectification_id: rectification,
            kind: *kind,
            title: Some(format!("虚构核查材料{}", id.as_u128() % 10_000)),
            url: (*kind == EvidenceKind::Link).then(|| "https://example.com/found".to_owned()),
            document_number: (*kind == EvidenceKind::DocumentNumber).then(|| "虚构〔2026〕9号".to_owned()),
            file_id: (*kind == EvidenceKind::File).then_some(file),
            added_by: owner,
            created_at: at,
        };
        b.rows.look_back_evidence.push(row);
    }
}

fn rectifications(b: &mut Build) {
    use RectificationStatus::*;
    for (name, item, status, due) in [
        ("rect-resp1", "round-done: t1 resp1", Opened, "2026-06-30"),
        ("rect-resp1-2", "round-done: t1 resp1", Reported, "2026-07-15"),
        ("rect-lead1", "round-done: t1 lead1", Planned, "2026-06-15"),
        ("rect-none", "round-done: t1 none", Returned, "2026-06-15"),
        ("rect-resp2", "round-done: t4 resp2", Cancelled, "2026-06-01"),
        ("rect-bureau", "round-done: t5 a.county.bureau", Closed, "2026-06-01"),
        ("rect-supp", "round-closed: closed-t2 supp", Opened, "2026-07-01"),
        ("rect-county", "round-county: county-t1 a.county.bureau", Reported, "2026-06-01"),
        ("rect-foreign", "round-foreign: foreign-t1 b.bureau", Planned, "2026-07-30"),
    ] {
        rectification(b, name, item, status, due);
    }
}

fn rectification(b: &mut Build, name: &str, item: &str, status: RectificationStatus, due: &str) {
    use RectificationStatus::*;
    let (id, at) = (b.next(), b.at());
    b.name(name, id);
    let item = b.get(item);
    let item = b.rows.look_back_item.iter().find(|i| i.id == item).unwrap().clone();
    let planned = !matches!(status, Opened | Cancelled);
    let over = matches!(status, Closed | Cancelled);
    let row = entity::rectification::Model {
        id,
        look_back_item_id: item.id,
        look_back_id: item.look_back_id,
        task_list_id: item.task_list_id,
        task_id: item.task_id,
        unit_id: item.unit_id,
        problem: format!("虚构问题{name}"),
        due_on: day(due),
        status,
        measure: planned.then(|| format!("虚构措施{name}")),
        result: (planned && status != Planned).then(|| format!("虚构结果{name}")),
        recheck_text: over.then(|| "虚构复核".to_owned()),
        return_count: i32::from(status == Returned),
        opened_by: b.get("@office"),
        // One was reported by somebody who holds an office too, and does not look at it again.
        reported_by: (planned && status != Planned)
            .then(|| b.get(if name == "rect-county" { "@office-county" } else { "@resp1" })),
        reported_at: (planned && status != Planned).then_some(at),
        closed_at: over.then_some(at),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.rectification.push(row);
    for status in [Opened, status] {
        let (step, at) = (b.next(), b.at());
        let row = entity::rectification_step::Model {
            id: step,
            rectification_id: id,
            status,
            text: Some(format!("虚构经过{name}")),
            user_id: b.get("@office"),
            created_at: at,
        };
        b.rows.rectification_step.push(row);
    }
    evidence(b, None, Some(id), "@supp");
}

fn lineage(b: &mut Build) {
    use LineageKind::{CarriedOver, Derived};
    for (task, origin, kind) in [
        ("t2", "archived-t1", CarriedOver),
        ("t2", "closed-t1", CarriedOver),
        ("draft-t1", "t1", CarriedOver),
        ("draft-t2", "t2", CarriedOver),
        ("l1", "t2", Derived),
        ("l1", "t5", Derived),
        ("l1", "u1", Derived),
        ("l2", "county-t1", CarriedOver),
        ("l3", "u2", Derived),
        ("u3", "t1", CarriedOver),
    ] {
        let (id, at) = (b.next(), b.at());
        b.name(&format!("{task} from {origin}"), id);
        let list = |task: Uuid| b.rows.task.iter().find(|t| t.id == task).unwrap().task_list_id;
        let (task_id, origin_task_id) = (b.get(task), b.get(origin));
        let row = entity::task_lineage::Model {
            id,
            task_id,
            task_list_id: list(task_id),
            origin_task_id,
            origin_task_list_id: list(origin_task_id),
            kind,
            reason: (kind == CarriedOver).then(|| format!("虚构结转理由{task}")),
            made_by: b.get("@office"),
            created_at: at,
        };
        b.rows.task_lineage.push(row);
    }
}
