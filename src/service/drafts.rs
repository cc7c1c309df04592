//! What every verb on a list has in common: the list's row is locked first, then the policy is asked on it.
//!
//! A change of a section, task or assignment counts on the version of the list too, so that whoever issues the list
//! issues the one he read: an older `expectedVersion` is STALE.

use entity::{task_list, unit};
use uuid::Uuid;

use super::work::Checks;
use super::{Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// The actor's standing over what a unit issues.
pub(super) async fn subject_over(work: &Work, issuer: Uuid) -> Result<Subject, Stop> {
    let above = work.tx.ancestors(&[issuer]).await?.remove(&issuer).unwrap_or_default();
    Ok(Subject { office: work.actor.office_over(&above), ..Subject::default() })
}

/// The list under lock, if the actor may do this to it; nothing about it can change until the verb ends.
pub(super) async fn list_for(work: &Work, list: Uuid, action: Action) -> Result<task_list::Model, Stop> {
    list_at(work, list, action, None).await
}

/// As [`list_for`], for a list that a field of the input names.
pub(super) async fn list_at(
    work: &Work,
    list: Uuid,
    action: Action,
    path: Option<&str>,
) -> Result<task_list::Model, Stop> {
    let Some(row) = work.tx.locked::<task_list::Entity>(&work.actor, list).await? else {
        return Err(path.map_or_else(UserError::not_found, UserError::not_found_at).into());
    };
    let subject = subject_over(work, row.issuer_unit_id).await?;
    decide(action, subject, State { list: Some(row.status), ..State::default() })?;
    Ok(row.into_inner())
}

/// The unit that is to issue a list, if the actor's office stands at or above it.
pub(super) async fn issuer(work: &Work, id: Uuid) -> Result<unit::Model, Stop> {
    let Some(row) = work.tx.visible::<unit::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found_at("input.issuer").into());
    };
    decide(Action::ListCreate, subject_over(work, id).await?, State::default())?;
    if !row.active {
        let message = Message::UnitInactive(row.name.clone());
        return Err(UserError::at(UserErrorCode::InvalidState, message, "input.issuer").into());
    }
    Ok(row.into_inner())
}

/// Counts a list's version on because something in it changed, and tells it.
pub(super) async fn touch(work: &mut Work, mut list: task_list::Model) -> Result<(), Stop> {
    let id = list.id;
    list.version += 1;
    list.updated_at = work.now;
    work.tx.update::<task_list::Entity>(list).await?;
    work.tell("task_list.updated", serde_json::json!({ "taskList": id }));
    Ok(())
}

/// A place counted from 0; nothing when none is given.
pub(super) fn place(checks: &mut Checks, position: Option<i32>) -> Option<i32> {
    const LAST: i64 = 1_000_000;
    let position = position?;
    checks.within(position.into(), 0, LAST, "input.position");
    Some(position)
}

/// The outer name of a list.
pub(super) const fn list_id(list: Uuid) -> GlobalId {
    GlobalId::new(Kind::TaskList, list)
}
