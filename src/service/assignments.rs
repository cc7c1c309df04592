//! Who does what for a task of a draft.
//!
//! The list's version counts on with each change and the task's stays: whoever edits a task's text and whoever edits its
//! units don't disturb each other.

use entity::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget};
use entity::{assignment, task, task_list};
use serde::Serialize;
use uuid::Uuid;

use super::drafts::{place, touch};
use super::names::{Directory, Named};
use super::tasks::task_under_lock;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::documents::list_json::{MAX_ASSIGNMENTS, MAX_NAME};
use crate::domain::names::Found;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Whom an assignment names: a unit or a group by its key, or a name that is looked up, or nobody in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Whom {
    /// What it names; follows from `unit` or `group` when those are given.
    pub target: Option<AssignmentTarget>,
    /// The unit.
    pub unit: Option<Uuid>,
    /// The group.
    pub group: Option<Uuid>,
    /// The name as printed; the unit's or group's own when none is given.
    pub name: Option<String>,
}

/// A new assignment.
#[derive(Clone, Debug, Serialize)]
pub struct NewAssignment {
    /// The task.
    pub task: Uuid,
    /// The role.
    pub role: AssignmentRole,
    /// Whom it names.
    pub whom: Whom,
    /// The part it is limited to.
    pub scope_note: Option<String>,
    /// The place in the cell; at the end when none is given.
    pub position: Option<i32>,
}

/// Changes of an assignment; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AssignmentChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The role.
    pub role: Option<AssignmentRole>,
    /// Whom it names.
    pub whom: Whom,
    /// The part it is limited to; `Some(None)` takes it away.
    pub scope_note: Option<Option<String>>,
    /// The place in the cell.
    pub position: Option<i32>,
}

impl Service {
    /// Adds an assignment to a task of a draft.
    pub async fn assignment_create(&self, caller: &Caller, key: Option<String>, input: NewAssignment) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes an assignment of a draft.
    pub async fn assignment_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: AssignmentChange,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }

    /// Removes an assignment of a draft.
    pub async fn assignment_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("assignmentDelete", key, &(id, expected_version))?);
        let result = delete(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// Who was found.
pub(super) struct Who {
    pub(super) target: AssignmentTarget,
    pub(super) unit: Option<Uuid>,
    pub(super) group: Option<Uuid>,
    pub(super) name: String,
}

async fn create(work: &mut Work, input: NewAssignment) -> Result<Uuid, Stop> {
    let (list, task) = match task_under_lock(work, input.task).await {
        Err(Stop::Refused(errors)) if errors == [UserError::not_found()] => {
            return Err(UserError::not_found_at("input.task").into());
        }
        other => other?,
    };
    let there = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task.id]).await?;
    let directory = Directory::read(work).await?;
    let mut checks = Checks::default();
    if there.len() >= MAX_ASSIGNMENTS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_ASSIGNMENTS), "input.task");
    }
    let who = find(&mut checks, &directory, &task.number, &input.whom, None);
    if let Some(who) = &who {
        check_once(&mut checks, &there, who, None);
    }
    let scope_note = checks.optional(input.scope_note.as_deref(), MAX_NAME, "input.scopeNote");
    let position = place(&mut checks, input.position);
    checks.done()?;
    let Some(who) = who else { return Err(UserError::not_found_at("input").into()) };

    let id = work.id();
    let row = assignment::Model {
        id,
        task_id: task.id,
        position: room(work, task.id, position).await?,
        role: input.role,
        target: who.target,
        name: who.name,
        unit_id: who.unit,
        unit_group_id: who.group,
        source_assignment_id: None,
        scope_note,
        status: AssignmentStatus::Active,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    work.tx.insert::<assignment::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::Assignment, id), &["role", "target", "unit", "group", "name", "scopeNote"]);
    touch(work, list).await?;
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, input: AssignmentChange) -> Result<Uuid, Stop> {
    let (list, task, mut row) = under_lock(work, id).await?;
    expect_version(row.version, input.expected_version)?;
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(role) = input.role {
        row.role = role;
        changed.push("role");
    }
    if input.whom != Whom::default() {
        let there = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task.id]).await?;
        let directory = Directory::read(work).await?;
        if let Some(who) = find(&mut checks, &directory, &task.number, &input.whom, Some(&row)) {
            check_once(&mut checks, &there, &who, Some(id));
            (row.target, row.unit_id, row.unit_group_id, row.name) = (who.target, who.unit, who.group, who.name);
        }
        changed.extend(["target", "unit", "group", "name"]);
    }
    if let Some(note) = &input.scope_note {
        row.scope_note = checks.optional(note.as_deref(), MAX_NAME, "input.scopeNote");
        changed.push("scopeNote");
    }
    let position = place(&mut checks, input.position);
    checks.done()?;

    if position.is_some() {
        row.position = room(work, task.id, position).await?;
        changed.push("position");
    }
    save(work, row).await?;
    work.audit(GlobalId::new(Kind::Assignment, id), &changed);
    touch(work, list).await?;
    Ok(id)
}

async fn delete(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let (list, _, row) = under_lock(work, id).await?;
    expect_version(row.version, expected_version)?;
    work.tx.delete_keys::<assignment::Entity>(&[id]).await?;
    work.audit(GlobalId::new(Kind::Assignment, id), &["deleted"]);
    touch(work, list).await?;
    Ok(id)
}

async fn under_lock(work: &Work, id: Uuid) -> Result<(task_list::Model, task::Model, assignment::Model), Stop> {
    let Some(seen) = work.tx.visible::<assignment::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let (list, task) = task_under_lock(work, seen.task_id).await?;
    match work.tx.locked::<assignment::Entity>(&work.actor, id).await? {
        Some(row) => Ok((list, task, row.into_inner())),
        None => Err(UserError::not_found().into()),
    }
}

pub(super) async fn save(work: &Work, mut row: assignment::Model) -> Result<(), Stop> {
    row.version += 1;
    row.updated_at = work.now;
    Ok(work.tx.update::<assignment::Entity>(row).await?)
}

/// Finds whom the input names; every mistake is said.
pub(super) fn find(
    checks: &mut Checks,
    directory: &Directory,
    number: &str,
    whom: &Whom,
    before: Option<&assignment::Model>,
) -> Option<Who> {
    use AssignmentTarget as T;
    let by_key = match (whom.unit, whom.group) {
        (Some(_), Some(_)) => {
            checks.fail(UserErrorCode::Conflict, Message::TargetMismatch, "input.target");
            return None;
        }
        (Some(_), None) => Some(T::Unit),
        (None, Some(_)) => Some(T::Group),
        (None, None) => None,
    };
    let Some(target) = whom.target.or(by_key).or(before.map(|row| row.target)) else {
        checks.fail(UserErrorCode::Required, Message::Required, "input.target");
        return None;
    };
    if by_key.is_some_and(|by_key| by_key != target) {
        checks.fail(UserErrorCode::Conflict, Message::TargetMismatch, "input.target");
        return None;
    }
    let name = checks.optional(whom.name.as_deref(), MAX_NAME, "input.name");
    // What was printed stays, whatever it turns out to mean.
    let printed = name.or_else(|| before.map(|row| row.name.clone()));
    let named = match (whom.unit, whom.group) {
        (Some(unit), _) => Named::Unit(unit),
        (_, Some(group)) => Named::Group(group),
        _ => {
            let Some(printed) = printed else {
                checks.fail(UserErrorCode::Required, Message::Required, "input.name");
                return None;
            };
            if target == T::Open {
                return Some(Who { target, unit: None, group: None, name: printed });
            }
            let named = look_up(checks, directory, number, &printed, target)?;
            return seated(checks, directory, named, target, Some(printed), "input.name");
        }
    };
    let path = if target == T::Unit { "input.unit" } else { "input.group" };
    seated(checks, directory, named, target, printed, path)
}

fn look_up(
    checks: &mut Checks,
    directory: &Directory,
    number: &str,
    printed: &str,
    target: AssignmentTarget,
) -> Option<Named> {
    let fits = |named: &Named| matches!(named, Named::Unit(_)) == (target == AssignmentTarget::Unit);
    match directory.find(printed) {
        Found::One(named) if fits(&named) => return Some(named),
        Found::One(_) => checks.fail(UserErrorCode::Conflict, Message::TargetMismatch, "input.target"),
        Found::Nothing => {
            let message = Message::UnknownName(number.to_owned(), printed.to_owned());
            checks.fail(UserErrorCode::NotFound, message, "input.name");
        }
        Found::Several(_) => {
            let message = Message::AmbiguousName(number.to_owned(), printed.to_owned());
            checks.fail(UserErrorCode::Conflict, message, "input.name");
        }
    }
    None
}

/// A unit or group that exists and is in use.
fn seated(
    checks: &mut Checks,
    directory: &Directory,
    named: Named,
    target: AssignmentTarget,
    printed: Option<String>,
    path: &str,
) -> Option<Who> {
    match named {
        Named::Unit(id) => match directory.units.get(&id) {
            Some(row) if row.active => {
                let name = printed.unwrap_or_else(|| row.name.clone());
                return Some(Who { target, unit: Some(id), group: None, name });
            }
            Some(row) => checks.fail(UserErrorCode::InvalidState, Message::UnitInactive(row.name.clone()), path),
            None => checks.fail(UserErrorCode::NotFound, Message::NotFound, path),
        },
        Named::Group(id) => match directory.groups.get(&id) {
            Some(row) => {
                let name = printed.unwrap_or_else(|| row.name.clone());
                return Some(Who { target, unit: None, group: Some(id), name });
            }
            None => checks.fail(UserErrorCode::NotFound, Message::NotFound, path),
        },
    }
    None
}

/// A unit or group stands in a task once.
pub(super) fn check_once(checks: &mut Checks, there: &[assignment::Model], who: &Who, me: Option<Uuid>) {
    let same = |row: &assignment::Model| {
        row.status == AssignmentStatus::Active
            && Some(row.id) != me
            && ((who.unit.is_some() && row.unit_id == who.unit)
                || (who.group.is_some() && row.unit_group_id == who.group))
    };
    if there.iter().any(same) {
        let path = if who.unit.is_some() { "input.unit" } else { "input.group" };
        checks.fail(UserErrorCode::Duplicate, Message::Duplicate(who.name.clone()), path);
    }
}

/// Looks the names up that meant nothing so far; says whether there were any, and refuses while one still means nothing.
pub(super) async fn settle_names(work: &Work, number: &str, assignments: Vec<assignment::Model>) -> Result<bool, Stop> {
    let (open, mut there): (Vec<_>, Vec<_>) = assignments.into_iter().partition(is_unsettled);
    if open.is_empty() {
        return Ok(false);
    }
    let directory = Directory::read(work).await?;
    let mut errors = Vec::new();
    for mut row in open {
        match directory.find(&row.name) {
            Found::One(named) => {
                (row.target, row.unit_id, row.unit_group_id) = match named {
                    Named::Unit(unit) => (AssignmentTarget::Unit, Some(unit), None),
                    Named::Group(group) => (AssignmentTarget::Group, None, Some(group)),
                };
                let who =
                    Who { target: row.target, unit: row.unit_id, group: row.unit_group_id, name: row.name.clone() };
                let mut checks = Checks::default();
                check_once(&mut checks, &there, &who, Some(row.id));
                match checks.done() {
                    Ok(()) => save(work, row.clone()).await?,
                    Err(Stop::Refused(more)) => errors.extend(more),
                    Err(stop) => return Err(stop),
                }
                there.push(row);
            }
            found => errors.push(unsettled(number, &row.name, &found)),
        }
    }
    if errors.is_empty() { Ok(true) } else { Err(Stop::Refused(errors)) }
}

/// Whether an assignment in force names a unit or group that is not known.
pub(super) fn is_unsettled(row: &assignment::Model) -> bool {
    row.status == AssignmentStatus::Active
        && match row.target {
            AssignmentTarget::Unit => row.unit_id.is_none(),
            AssignmentTarget::Group => row.unit_group_id.is_none(),
            AssignmentTarget::Open => false,
        }
}

/// The sentence about a name that means nothing or several things.
pub(super) fn unsettled<T>(number: &str, name: &str, found: &Found<T>) -> UserError {
    let (number, name) = (number.to_owned(), name.to_owned());
    let message = match found {
        Found::Several(_) => Message::AmbiguousName(number.clone(), name),
        Found::Nothing | Found::One(_) => Message::UnknownName(number.clone(), name),
    };
    UserError { code: UserErrorCode::InvalidState, message, field: vec!["tasks".to_owned(), number] }
}

/// The place asked for, with those behind it moved on; or the place behind all.
async fn room(work: &Work, task: Uuid, position: Option<i32>) -> Result<i32, Stop> {
    let (column, order) = (assignment::Column::TaskId, assignment::Column::Position);
    match position {
        Some(at) => work.tx.make_room::<assignment::Entity>(column, task, order, at).await.map(|()| at),
        None => work.tx.next_position::<assignment::Entity>(column, task, order).await,
    }
    .map_err(Stop::from)
}
