//! Receipt (签收) and objection (异议): what a unit answers to what was issued to it, and what the office decides.

use entity::vocabulary::{ResponseDecision, ResponseKind, Role};
use entity::{assignment, assignment_response, task, task_list};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::amendments::{self, Change, REASON_CHARS};
use super::drafts::{list_for, list_id, subject_over};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::error::{AfterIssue, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// An objection.
#[derive(Clone, Debug, Serialize)]
pub struct Decline {
    /// The version of the assignment that was read.
    pub expected_version: i32,
    /// Why.
    pub reason: String,
}

/// What the office decides about an objection.
#[derive(Clone, Debug, Serialize)]
pub struct DeclineDecision {
    /// The version of the objection that was read.
    pub expected_version: i32,
    /// Upheld or rejected.
    pub decision: ResponseDecision,
    /// Why; when it is upheld this is the reason of the amendment, which others read too.
    pub reason: String,
}

/// How many assignments of a list were acknowledged at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The list.
    pub list: Uuid,
    /// So many.
    pub count: usize,
}

impl Service {
    /// Acknowledges an assignment.
    pub async fn assignment_acknowledge(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentAcknowledge", key, &(id, expected_version))?);
        let result = acknowledge(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Acknowledges everything of a list that the caller's units have not answered yet.
    pub async fn task_list_acknowledge(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Acknowledged> {
        let mut work = begin!(self, caller, Call::new("taskListAcknowledge", key, &id)?);
        let result = acknowledge_all(&mut work, id).await;
        work.end(result).await
    }

    /// Objects to an assignment.
    pub async fn assignment_decline(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Decline,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentDecline", key, &(id, &input))?);
        let result = decline(&mut work, id, input).await;
        work.end(result).await
    }

    /// Decides about an objection.
    pub async fn assignment_decline_decide(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: DeclineDecision,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentDeclineDecide", key, &(id, &input))?);
        let result = decide_objection(&mut work, id, input).await;
        work.end(result).await
    }
}

/// Whether the actor is one of the people who report or sign for the unit; machines answer nothing.
fn of_the_unit(work: &Work, unit: Option<Uuid>) -> bool {
    let of = |role| work.actor.units_with(role).any(|there| Some(there) == unit);
    of(Role::Reporter) || of(Role::Approver)
}

/// The assignment under lock and its list held, if the actor may answer it at this version; with its list and what was
/// answered before.
async fn take(
    work: &Work,
    id: Uuid,
    expected_version: i32,
) -> Result<(assignment::Model, Uuid, Option<assignment_response::Model>), Stop> {
    let Some(seen) = work.tx.visible::<assignment::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let Some(task) = work.tx.visible::<task::Entity>(&work.actor, seen.task_id).await? else {
        return Err(UserError::not_found().into());
    };
    // Held, so that no amendment takes the assignment away meanwhile.
    let Some(list) = work.tx.held::<task_list::Entity>(&work.actor, task.task_list_id).await? else {
        return Err(UserError::not_found().into());
    };
    let Some(row) = work.tx.locked::<assignment::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let subject = Subject { reporter: of_the_unit(work, row.unit_id), ..Subject::default() };
    decide(Action::AssignmentRespond, subject, State { list: Some(list.status), ..State::default() })?;
    expect_version(row.version, expected_version)?;
    let column = assignment_response::Column::AssignmentId;
    let before = work.tx.all_where::<assignment_response::Entity>(column, &[id]).await?.pop();
    Ok((row.into_inner(), list.id, before))
}

fn refused(what: AfterIssue) -> Stop {
    UserError::new(UserErrorCode::InvalidState, Message::After(what)).into()
}

fn fresh(work: &Work, list: Uuid, row: &assignment::Model, unit: Uuid) -> assignment_response::Model {
    assignment_response::Model {
        id: work.id(),
        assignment_id: row.id,
        task_list_id: list,
        task_id: row.task_id,
        unit_id: unit,
        kind: ResponseKind::Acknowledged,
        reason: None,
        by_user_id: work.actor.user_id,
        responded_at: work.now,
        decision: None,
        decision_reason: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    }
}

/// Writes an answer: the first one, or in the place of the one before.
async fn answer(
    work: &Work,
    row: &assignment::Model,
    list: Uuid,
    before: Option<assignment_response::Model>,
    kind: ResponseKind,
    reason: Option<String>,
) -> Result<(), Stop> {
    let Some(unit) = row.unit_id else { return Err(UserError::not_found().into()) };
    match before {
        None => {
            let new = assignment_response::Model { kind, reason, ..fresh(work, list, row, unit) };
            work.tx.insert::<assignment_response::Entity>(new).await?;
        }
        Some(before) => {
            let changed = assignment_response::Model {
                kind,
                reason: reason.or(before.reason),
                by_user_id: work.actor.user_id,
                responded_at: work.now,
                version: before.version + 1,
                updated_at: work.now,
                ..before
            };
            work.tx.update::<assignment_response::Entity>(changed).await?;
        }
    }
    Ok(())
}

async fn acknowledge(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let (row, list, before) = take(work, id, expected_version).await?;
    if before.as_ref().is_some_and(|before| before.kind == ResponseKind::Acknowledged) {
        return Err(refused(AfterIssue::Acknowledged));
    }
    // Whoever objected and acknowledges now takes the objection back, or bows to the decision.
    answer(work, &row, list, before, ResponseKind::Acknowledged, None).await?;
    work.audit(GlobalId::new(Kind::Assignment, id), &["response"]);
    work.tell("assignment.acknowledged", json!({ "assignment": id, "taskList": list, "unit": row.unit_id }));
    Ok(id)
}

async fn acknowledge_all(work: &mut Work, id: Uuid) -> Result<Acknowledged, Stop> {
    let Some(list) = work.tx.held::<task_list::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let mut units: Vec<Uuid> =
        work.actor.units_with(Role::Reporter).chain(work.actor.units_with(Role::Approver)).collect();
    units.sort_unstable();
    units.dedup();
    let tasks = work.tx.visible_where::<task::Entity>(&work.actor, task::Column::TaskListId, &[id]).await?;
    let tasks: std::collections::HashSet<Uuid> = tasks.iter().map(|task| task.id).collect();
    let mut rows = work.tx.visible_where::<assignment::Entity>(&work.actor, assignment::Column::UnitId, &units).await?;
    rows.retain(|row| tasks.contains(&row.task_id));
    let subject = Subject { reporter: !rows.is_empty(), ..Subject::default() };
    decide(Action::AssignmentRespond, subject, State { list: Some(list.status), ..State::default() })?;
    // Under lock, so that nobody answers one of them meanwhile.
    let keys: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let rows = work.tx.locked_where::<assignment::Entity>(&work.actor, assignment::Column::Id, &keys).await?;
    let column = assignment_response::Column::AssignmentId;
    let answered = work.tx.all_where::<assignment_response::Entity>(column, &keys).await?;
    let open = rows.iter().filter(|row| answered.iter().all(|there| there.assignment_id != row.id));
    let new: Vec<_> = open.filter_map(|row| Some(fresh(work, id, row, row.unit_id?))).collect();
    if new.is_empty() {
        return Err(refused(AfterIssue::NothingToAcknowledge));
    }
    let mut per_unit: std::collections::BTreeMap<Uuid, usize> = std::collections::BTreeMap::new();
    for row in &new {
        *per_unit.entry(row.unit_id).or_default() += 1;
    }
    let count = new.len();
    work.tx.insert_all::<assignment_response::Entity>(new).await?;
    work.audit(list_id(id), &["responses"]);
    for (unit, count) in per_unit {
        work.tell("task_list.acknowledged", json!({ "taskList": id, "unit": unit, "assignments": count }));
    }
    Ok(Acknowledged { list: id, count })
}

async fn decline(work: &mut Work, id: Uuid, input: Decline) -> Result<Uuid, Stop> {
    let (row, list, before) = take(work, id, input.expected_version).await?;
    if before.as_ref().is_some_and(|before| before.kind == ResponseKind::Declined || before.decision.is_some()) {
        return Err(refused(AfterIssue::Declined));
    }
    let mut checks = Checks::default();
    let reason = checks.text(&input.reason, REASON_CHARS, "input.reason");
    checks.done()?;
    answer(work, &row, list, before, ResponseKind::Declined, Some(reason)).await?;
    work.audit(GlobalId::new(Kind::Assignment, id), &["response", "reason"]);
    work.tell("assignment.declined", json!({ "assignment": id, "taskList": list, "unit": row.unit_id }));
    Ok(id)
}

async fn decide_objection(work: &mut Work, id: Uuid, input: DeclineDecision) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<assignment_response::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    // Locked and not only held: an objection that is upheld amends the list.
    let list = list_for(work, seen.task_list_id, Action::ObjectionDecide).await?;
    let Some(row) = work.tx.locked::<assignment_response::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let mut row = row.into_inner();
    let asked_for_it = row.by_user_id == work.actor.user_id;
    let subject = Subject { asked_for_it, ..subject_over(work, list.issuer_unit_id).await? };
    decide(Action::ObjectionDecide, subject, State { list: Some(list.status), ..State::default() })?;
    expect_version(row.version, input.expected_version)?;
    if row.kind != ResponseKind::Declined || row.decision.is_some() {
        return Err(refused(AfterIssue::NoObjection));
    }
    let mut checks = Checks::default();
    let reason = checks.text(&input.reason, REASON_CHARS, "input.reason");
    checks.done()?;
    let (list_key, assignment, unit) = (list.id, row.assignment_id, row.unit_id);
    match input.decision {
        ResponseDecision::Upheld => {
            let changes = [Change::WithdrawAssignment(assignment)];
            let path = |_: usize| "input.decision".to_owned();
            // It decides about the objections against what it withdraws, this one among them.
            let done = amendments::run(work, Checks::default(), list, &reason, None, &changes, "input.decision", &path)
                .await?;
            work.audit_also("taskListAmend", GlobalId::new(Kind::Amendment, done.amendment), &["changes"]);
        }
        ResponseDecision::Rejected => {
            row.decision = Some(ResponseDecision::Rejected);
            row.decision_reason = Some(reason);
            row.decided_by = Some(work.actor.user_id);
            row.decided_at = Some(work.now);
            row.version += 1;
            row.updated_at = work.now;
            work.tx.update::<assignment_response::Entity>(row).await?;
        }
    }
    work.audit(GlobalId::new(Kind::AssignmentResponse, id), &["decision", "decisionReason"]);
    work.tell(
        "assignment.decline_decided",
        json!({ "assignment": assignment, "taskList": list_key, "unit": unit, "decision": input.decision }),
    );
    Ok(id)
}
