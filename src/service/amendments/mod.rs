//! Amendments (调整): a list in force is never edited in place. What changes becomes a numbered version of it, with what
//! was before and what is after, and with a notice to the units concerned.
//!
//! The changes are made one after the other under the list's lock, so that each is checked against what those before it
//! left; when one of them is wrong nothing of the whole amendment happens.

mod change;
mod draft;
mod owed;
mod record;

use entity::task_list;
use entity::vocabulary::AssignmentRole;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use self::draft::Draft;
use super::assignments::Whom;
use super::drafts::list_for;
use super::tasks::{NewTask, TaskChange};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::error::{AfterIssue, Message, UserError, UserErrorCode};

/// Characters of a reason at most.
pub const REASON_CHARS: usize = 2_000;
/// Changes of one amendment at most.
pub const CHANGES: usize = 100;
/// Characters of a document number at most.
const DOCUMENT_NUMBER_CHARS: usize = 100;

/// An amendment to be made.
#[derive(Clone, Debug, Serialize)]
pub struct Amend {
    /// The version of the list that was read.
    pub expected_version: i32,
    /// Why.
    pub reason: String,
    /// 文号, if it is announced under one.
    pub document_number: Option<String>,
    /// What is changed, in this order.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, Serialize)]
pub enum Change {
    /// A new task with those who do it.
    AddTask(Box<NewTask>, Vec<AddedUnit>),
    /// Other texts or times of a task.
    ChangeTask(Uuid, Box<TaskChange>),
    /// A task is taken back.
    WithdrawTask(Uuid),
    /// Somebody more does a task.
    AddAssignment(Uuid, AddedUnit),
    /// Somebody does it no longer.
    WithdrawAssignment(Uuid),
    /// A unit that joined a group since does what the group does: the assignment of the group, and the unit.
    TakeOver(Uuid, Uuid),
}

/// Who is added to a task.
#[derive(Clone, Debug, Serialize)]
pub struct AddedUnit {
    /// The role.
    pub role: AssignmentRole,
    /// Whom it names.
    pub whom: Whom,
    /// The part it is limited to.
    pub scope_note: Option<String>,
}

/// What came of an amendment: the list, and the amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amended {
    /// The list.
    pub list: Uuid,
    /// The amendment.
    pub amendment: Uuid,
}

/// Units that joined a group since are taken over.
#[derive(Clone, Debug, Serialize)]
pub struct TakeOver {
    /// The version of the list that was read.
    pub expected_version: i32,
    /// Why.
    pub reason: String,
    /// The units.
    pub units: Vec<Uuid>,
}

impl Service {
    /// Amends a list in force.
    pub async fn task_list_amend(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Amend,
    ) -> Answer<Amended> {
        let mut work = begin!(self, caller, Call::new("taskListAmend", key, &(id, &input))?);
        let result = amend(&mut work, id, input).await;
        work.end(result).await
    }

    /// Takes units that joined a group after the issue into what the group does.
    pub async fn assignment_group_take_over(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: TakeOver,
    ) -> Answer<Amended> {
        let mut work = begin!(self, caller, Call::new("assignmentGroupTakeOver", key, &(id, &input))?);
        let result = take_over(&mut work, id, input).await;
        work.end(result).await
    }
}

async fn amend(work: &mut Work, id: Uuid, input: Amend) -> Result<Amended, Stop> {
    let list = list_for(work, id, Action::ListAmend).await?;
    expect_version(list.version, input.expected_version)?;
    few(input.changes.len(), "input.changes")?;
    let mut checks = Checks::default();
    let document_number =
        checks.optional(input.document_number.as_deref(), DOCUMENT_NUMBER_CHARS, "input.documentNumber");
    let (reason, path) = (input.reason.as_str(), |nth: usize| format!("input.changes.{nth}"));
    run(work, checks, list, reason, document_number, &input.changes, "input.changes", &path).await
}

async fn take_over(work: &mut Work, id: Uuid, input: TakeOver) -> Result<Amended, Stop> {
    let Some(seen) = work.tx.visible::<entity::assignment::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let Some(task) = work.tx.visible::<entity::task::Entity>(&work.actor, seen.task_id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = list_for(work, task.task_list_id, Action::ListAmend).await?;
    expect_version(list.version, input.expected_version)?;
    if seen.unit_group_id.is_none() {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::After(AfterIssue::NoGroup)).into());
    }
    few(input.units.len(), "input.units")?;
    let changes: Vec<Change> = input.units.iter().map(|unit| Change::TakeOver(id, *unit)).collect();
    let path = |nth: usize| format!("input.units.{nth}");
    run(work, Checks::default(), list, &input.reason, None, &changes, "input.units", &path).await
}

/// More than a person can look through is refused before anything is looked at.
fn few(count: usize, path: &str) -> Result<(), Stop> {
    if count <= CHANGES {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Limit, Message::TooMany(CHANGES), path).into())
}

/// Makes the amendment of a list that is locked, after the policy allowed it.
#[expect(clippy::too_many_arguments, reason = "the parts of one input, and where they stand in it")]
pub(super) async fn run(
    work: &mut Work,
    mut checks: Checks,
    list: task_list::Model,
    reason: &str,
    document_number: Option<String>,
    changes: &[Change],
    whole: &str,
    path: &(dyn Fn(usize) -> String + Send + Sync),
) -> Result<Amended, Stop> {
    let reason = checks.text(reason, REASON_CHARS, "input.reason");
    if changes.is_empty() {
        checks.fail(UserErrorCode::Required, Message::Required, whole);
    }
    let mut draft = Draft::begin(work, list).await?;
    for (nth, change) in changes.iter().enumerate() {
        let mut part = Checks::default();
        draft.make(work, &mut part, change).await?;
        checks.part(part, &path(nth));
    }
    draft.check_owners(&mut checks, whole);
    checks.done()?;
    draft.finish(work, reason, document_number).await
}
