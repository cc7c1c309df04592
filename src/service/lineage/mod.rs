//! Tasks that go on in another list: what is open is carried over into the next list of the same issuer, and what a unit
//! was given is taken up into a list of its own. Where a task comes from is kept.

mod copy;
mod sections;

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::task;
use entity::vocabulary::{AssignmentRole, AssignmentTarget, LineageKind, TaskListStatus, TaskStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::copy::{Copies, Origin, Target};
use super::drafts::{list_for, touch};
use super::report_sheet::SkipReason;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::documents::list_json::MAX_LABEL;
use crate::domain::look_back::{Part, is_open};
use crate::error::{LookBackMessage, Message, UserError, UserErrorCode};

/// Characters of a reason at most.
pub const REASON_CHARS: usize = 2_000;

/// A task to be carried over or taken up.
#[derive(Clone, Debug, Serialize)]
pub struct LineageItem {
    /// The task.
    pub task: Uuid,
    /// Why; only for those carried over.
    pub reason: Option<String>,
    /// Its number in the new list; the old one, or the next that is free, when none is given.
    pub number: Option<String>,
}

/// What came of one of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LineageOutcome {
    /// The task that was made.
    pub task: Option<Uuid>,
    /// Why none was; empty when it was.
    pub errors: Vec<SkipReason>,
}

impl Service {
    /// Carries open tasks over into a draft of the same issuer.
    pub async fn task_list_carry_over(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        items: Vec<LineageItem>,
    ) -> Answer<Vec<LineageOutcome>> {
        self.go_on("taskListCarryOver", LineageKind::CarriedOver, caller, key, (id, expected_version, items)).await
    }

    /// Takes tasks of lists above up into a draft of the unit's own.
    pub async fn task_list_derive(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        items: Vec<LineageItem>,
    ) -> Answer<Vec<LineageOutcome>> {
        self.go_on("taskListDerive", LineageKind::Derived, caller, key, (id, expected_version, items)).await
    }

    async fn go_on(
        &self,
        operation: &'static str,
        kind: LineageKind,
        caller: &Caller,
        key: Option<String>,
        input: (Uuid, i32, Vec<LineageItem>),
    ) -> Answer<Vec<LineageOutcome>> {
        let most = self.limits().bulk_items;
        if input.2.len() > most {
            let error = UserError::at(UserErrorCode::Limit, Message::TooMany(most), "input.items");
            return Ok(Err(vec![error]));
        }
        let mut work = begin!(self, caller, Call::new(operation, key, &input)?);
        let (id, expected_version, items) = input;
        let result = copy_all(&mut work, kind, id, expected_version, items).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }
}

async fn copy_all(
    work: &mut Work,
    kind: LineageKind,
    id: Uuid,
    expected_version: i32,
    items: Vec<LineageItem>,
) -> Result<Vec<LineageOutcome>, Stop> {
    let list = list_for(work, id, Action::ListEdit).await?;
    expect_version(list.version, expected_version)?;
    let keys: Vec<Uuid> = items.iter().map(|item| item.task).collect();
    let origins = copy::origins(work, &keys).await?;
    let mut target = Target::read(work, list, &keys).await?;
    let settled = match kind {
        LineageKind::CarriedOver => settled(work, &origins).await?,
        LineageKind::Derived => HashSet::new(),
    };
    let near = match kind {
        LineageKind::CarriedOver => HashSet::new(),
        LineageKind::Derived => units_near(work, &target, &origins).await?,
    };
    let mut copies = Copies::default();
    let mut outcomes = Vec::with_capacity(items.len());
    let mut met = HashSet::new();
    for item in items {
        let mut checks = Checks::default();
        let origin = origins.get(&item.task);
        if !met.insert(item.task) {
            checks.fail(UserErrorCode::Duplicate, Message::ItemTwice, "task");
        } else if let Some((code, message)) = refusal(kind, &target, origin, &settled, &near) {
            checks.fail(code, message, "task");
        }
        let reason = match kind {
            LineageKind::CarriedOver => {
                Some(checks.text(item.reason.as_deref().unwrap_or_default(), REASON_CHARS, "reason"))
            }
            LineageKind::Derived => None,
        };
        let number = checks.optional(item.number.as_deref(), MAX_LABEL, "number");
        if let Some(taken) = number.as_ref().filter(|number| target.numbers.contains(*number)) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(taken.clone()), "number");
        }
        target.check_room(&mut checks);
        let made = match (checks.done(), origin) {
            (Ok(()), Some(origin)) => Ok(copies.add(work, kind, &mut target, origin, reason, number)?),
            (Ok(()), None) => Err(vec![UserError::not_found_at("task")]),
            (Err(Stop::Refused(errors)), _) => Err(errors),
            (Err(fault), _) => return Err(fault),
        };
        outcomes.push(match made {
            Ok(task) => LineageOutcome { task: Some(task), errors: Vec::new() },
            Err(errors) => LineageOutcome { task: None, errors: errors.into_iter().map(Into::into).collect() },
        });
    }
    let changed = !copies.is_empty();
    target.sections.write(work).await?;
    copies.write(work).await?;
    if changed {
        touch(work, target.list).await?;
    }
    Ok(outcomes)
}

/// Why a task can't go on in this list.
fn refusal(
    kind: LineageKind,
    target: &Target,
    origin: Option<&Origin>,
    settled: &HashSet<Uuid>,
    near: &HashSet<Uuid>,
) -> Option<(UserErrorCode, Message)> {
    use UserErrorCode::{Conflict, Duplicate, InvalidState, NotFound};
    let said = |code, message| Some((code, Message::LookBack(message)));
    let Some(origin) = origin else { return Some((NotFound, Message::NotFound)) };
    if origin.list.status == TaskListStatus::Draft {
        return said(InvalidState, LookBackMessage::OriginDraft);
    }
    if origin.task.status == TaskStatus::Withdrawn {
        return said(InvalidState, LookBackMessage::TaskWithdrawn);
    }
    if target.taken.contains(&origin.task.id) {
        return said(Duplicate, LookBackMessage::AlreadyThere);
    }
    let same_issuer = origin.list.issuer_unit_id == target.list.issuer_unit_id;
    match kind {
        LineageKind::CarriedOver if !same_issuer => said(Conflict, LookBackMessage::OtherIssuer),
        LineageKind::CarriedOver if settled.contains(&origin.task.id) => said(InvalidState, LookBackMessage::TaskDone),
        LineageKind::Derived if same_issuer => said(Conflict, LookBackMessage::SameIssuer),
        LineageKind::Derived if !origin.units().any(|unit| near.contains(&unit)) => {
            said(Conflict, LookBackMessage::NotAssigned)
        }
        LineageKind::CarriedOver | LineageKind::Derived => None,
    }
}

/// The tasks that are done. The actor is the office of their lists, so everything about them is seen.
async fn settled(work: &Work, origins: &BTreeMap<Uuid, Origin>) -> Result<HashSet<Uuid>, Stop> {
    let keys: Vec<Uuid> = origins.keys().copied().collect();
    let completed = work.tx.reported_completed(&work.actor, &keys).await?;
    let found = work.tx.last_findings(&work.actor, &keys).await?;
    let is_done = |origin: &&Origin| {
        let owes = |role| role != AssignmentRole::Support || origin.list.support_reports;
        let answerable = origin.assignments.iter().filter(|row| owes(row.role) && row.target == AssignmentTarget::Unit);
        let part = |unit: Uuid| {
            let part = (origin.task.id, unit);
            Part { reported_completed: completed.contains(&part), found: found.get(&part).copied() }
        };
        let parts: Vec<Part> = answerable.filter_map(|row| row.unit_id).map(part).collect();
        !is_open(&parts)
    };
    Ok(origins.values().filter(is_done).map(|origin| origin.task.id).collect())
}

/// The units on these tasks that are the issuer of the draft, or stand above or below it.
async fn units_near(work: &Work, target: &Target, origins: &BTreeMap<Uuid, Origin>) -> Result<HashSet<Uuid>, Stop> {
    let issuer = target.list.issuer_unit_id;
    let units: HashSet<Uuid> = origins.values().flat_map(Origin::units).chain([issuer]).collect();
    let units: Vec<Uuid> = units.into_iter().collect();
    let above: HashMap<Uuid, HashSet<Uuid>> = work.tx.ancestors(&units).await?;
    let is_above = |one: &Uuid, other: &Uuid| above.get(other).is_some_and(|above| above.contains(one));
    Ok(units.into_iter().filter(|unit| is_above(unit, &issuer) || is_above(&issuer, unit)).collect())
}

/// The number of a task that is free, near the old one.
fn free_number(old: &str, numbers: &HashSet<String>) -> String {
    if !numbers.contains(old) {
        return old.to_owned();
    }
    // Numbers are at most as many as tasks, so one of these is free.
    let next = (numbers.len() + 1..).map(|n| n.to_string()).find(|number| !numbers.contains(number));
    next.unwrap_or_else(|| old.to_owned())
}

/// What was changed, for the audit trail.
const MADE: [&str; 6] = ["origin", "number", "title", "requirement", "deadline", "assignments"];

const fn task_id(id: Uuid) -> crate::id::GlobalId {
    crate::id::GlobalId::new(crate::id::Kind::Task, id)
}

/// The title and the requirement of a task, which are never both absent.
fn words_of(task: &task::Model) -> (Option<String>, Option<String>) {
    (task.title.clone(), task.requirement.clone())
}
