//! Answers about names: which unit or group is meant, for every task of the list that prints the name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use entity::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget};
use entity::{assignment, import_question, task, unit, unit_alias, unit_group, unit_group_alias};
use uuid::Uuid;

use super::{Answered, Asked, Choice, open_of_list};
use crate::documents::list_json::{MAX_ASSIGNMENTS, MAX_NAME};
use crate::domain::expansion::strength;
use crate::domain::names::Found;
use crate::domain::question::QuestionKind as K;
use crate::domain::text::match_key;
use crate::domain::unit_expression::{OPEN_NAME, parse};
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::assignments;
use crate::service::directory::{ALIASES, may_edit_directory};
use crate::service::import::meaning;
use crate::service::names::{Directory, Named};
use crate::service::{Stop, Work};

/// Says whom a printed name means.
pub(super) async fn answer(work: &mut Work, asked: &Asked, choice: Choice, remember: bool) -> Result<Answered, Stop> {
    let printed = asked.question.printed.clone().unwrap_or_default();
    // "These words do not look like a unit" proposes the words themselves: to say them again is to keep them.
    let choice = match choice {
        Choice::Value(name)
            if K::of_code(&asked.question.kind) == K::Name
                && match_key(&name) == match_key(&printed)
                && !matches!(asked.directory.find(&name), Found::One(_)) =>
        {
            Choice::Keep
        }
        other => other,
    };
    let named = match choice {
        Choice::Keep => {
            if is_unsettled(work, &asked.question).await? {
                let number = asked.task.as_ref().map(|task| task.number.clone()).unwrap_or_default();
                return Err(assignments::unsettled(&number, &printed, &asked.directory.find(&printed)).into());
            }
            return Ok(Answered { value: None, also: Vec::new() });
        }
        Choice::Unit(unit) => Named::Unit(unit),
        Choice::Group(group) => Named::Group(group),
        Choice::Value(name) => match asked.directory.find(&name) {
            Found::One(named) => named,
            _ if name == OPEN_NAME => {
                open(work, asked, &printed).await?;
                return Ok(Answered { value: Some(name), also: Vec::new() });
            }
            _ => {
                return Err(UserError::at(UserErrorCode::NotFound, Message::NoSuchName(name), "input.value").into());
            }
        },
        Choice::Proposal => return Ok(Answered { value: None, also: Vec::new() }),
    };
    let name = name_of(&asked.directory, named)?;
    let also = same_name(work, asked, &printed).await?;
    seat(work, asked, &printed, named).await?;
    if remember {
        remembered(work, &asked.directory, &printed, named).await?;
    }
    Ok(Answered { value: Some(name), also })
}

/// Nobody in particular is meant: 等相关部门 and its kin.
async fn open(work: &Work, asked: &Asked, printed: &str) -> Result<(), Stop> {
    let (Some(task), key) = (asked.question.task_id, match_key(printed)) else { return Ok(()) };
    for mut row in work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await? {
        if assignments::is_unsettled(&row) && match_key(&row.name) == key {
            row.target = AssignmentTarget::Open;
            save(work, row).await?;
        }
    }
    Ok(())
}

/// The name of a unit in use or of a group.
fn name_of(directory: &Directory, named: Named) -> Result<String, Stop> {
    let (name, path) = match named {
        Named::Unit(id) => match directory.units.get(&id) {
            Some(row) if !row.active => {
                let message = Message::UnitInactive(row.name.clone());
                return Err(UserError::at(UserErrorCode::InvalidState, message, "input.unit").into());
            }
            row => (row.map(|row| row.name.clone()), "input.unit"),
        },
        Named::Group(id) => (directory.groups.get(&id).map(|row| row.name.clone()), "input.unitGroup"),
    };
    name.ok_or_else(|| UserError::not_found_at(path).into())
}

/// The other open questions of the list about the same name.
async fn same_name(work: &Work, asked: &Asked, printed: &str) -> Result<Vec<import_question::Model>, Stop> {
    let key = match_key(printed);
    let mut rows = open_of_list(work, asked.list.id).await?;
    rows.retain(|row| {
        row.id != asked.question.id
            && row.kind == asked.question.kind
            && row.printed.as_deref().map(match_key).as_ref() == Some(&key)
    });
    Ok(rows)
}

/// Puts the unit or group into the rows that print the name: of the task that was asked about, and elsewhere in the list
/// where nobody has decided yet.
async fn seat(work: &Work, asked: &Asked, printed: &str, named: Named) -> Result<(), Stop> {
    let key = match_key(printed);
    let tasks = work.tx.all_where::<task::Entity>(task::Column::TaskListId, &[asked.list.id]).await?;
    let keys: Vec<_> = tasks.iter().map(|row| row.id).collect();
    let rows = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await?;
    let undecided = |row: &assignment::Model| {
        let unit = row.unit_id.and_then(|unit| asked.directory.units.get(&unit));
        assignments::is_unsettled(row) || unit.is_some_and(|unit| !unit.active)
    };
    let hit = |row: &&assignment::Model| {
        row.status == AssignmentStatus::Active
            && match_key(&row.name) == key
            && (Some(row.task_id) == asked.question.task_id || undecided(row))
    };
    let mut by_task: BTreeMap<Uuid, Vec<assignment::Model>> = BTreeMap::new();
    for row in rows.iter().filter(hit) {
        let mut row = row.clone();
        (row.target, row.unit_id, row.unit_group_id) = match named {
            Named::Unit(unit) => (AssignmentTarget::Unit, Some(unit), None),
            Named::Group(group) => (AssignmentTarget::Group, None, Some(group)),
        };
        by_task.entry(row.task_id).or_default().push(row);
    }
    for (task, changed) in by_task {
        let there: Vec<assignment::Model> = rows.iter().filter(|row| row.task_id == task).cloned().collect();
        keep_strongest(work, &there, &changed).await?;
    }
    Ok(())
}

/// Writes changed rows of a task. A unit or group is in force once, with its strongest role, as after an import; its other
/// rows are kept as WITHDRAWN, before the one that stays, because no two may be in force even for a moment.
pub(super) async fn keep_strongest(
    work: &Work,
    there: &[assignment::Model],
    changed: &[assignment::Model],
) -> Result<(), Stop> {
    let whom = |row: &assignment::Model| (row.unit_id, row.unit_group_id);
    // Whoever the answer was not about is left alone.
    let concerned = |row: &assignment::Model| {
        changed.iter().all(|new| new.id != row.id) && changed.iter().any(|new| whom(new) == whom(row))
    };
    let mut rows: Vec<assignment::Model> = there
        .iter()
        .filter(|row| row.status == AssignmentStatus::Active && concerned(row))
        .chain(changed)
        .cloned()
        .collect();
    rows.sort_by_key(|row| (Reverse(strength(row.role)), row.position, row.id));
    let stays = |at: usize, row: &assignment::Model| {
        whom(row) == (None, None) || rows[..at].iter().all(|other| whom(other) != whom(row))
    };
    let settled: Vec<assignment::Model> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| match stays(at, row) {
            true => row.clone(),
            false => assignment::Model { status: AssignmentStatus::Withdrawn, ..row.clone() },
        })
        .collect();
    let (stay, go): (Vec<_>, Vec<_>) = settled.into_iter().partition(|row| row.status == AssignmentStatus::Active);
    for row in go.into_iter().chain(stay) {
        if there.iter().all(|old| *old != row) {
            save(work, row).await?;
        }
    }
    Ok(())
}

/// Makes the printed name another name of what it means, unless it is one already or names something else.
async fn remembered(work: &mut Work, directory: &Directory, printed: &str, named: Named) -> Result<(), Stop> {
    if !matches!(directory.find(printed), Found::Nothing) || match_key(printed).is_empty() {
        return Ok(());
    }
    let root = work.actor.root_id;
    let kept_at = match named {
        Named::Unit(unit) => unit,
        Named::Group(_) => root,
    };
    match may_edit_directory(work, kept_at).await {
        Ok(()) => {}
        // An office below the root answers for its own list; the names of the whole place are not its to change.
        Err(Stop::Refused(errors)) if errors.iter().all(|error| error.code == UserErrorCode::Forbidden) => {
            return Ok(());
        }
        Err(stop) => return Err(stop),
    }
    match named {
        Named::Unit(unit) => {
            if work.tx.count_where::<unit_alias::Entity>(unit_alias::Column::UnitId, unit).await? >= ALIASES {
                return Ok(());
            }
            let Some(row) = work.tx.locked::<unit::Entity>(&work.actor, unit).await? else { return Ok(()) };
            let mut row = row.into_inner();
            (row.version, row.updated_at) = (row.version + 1, work.now);
            work.tx.update::<unit::Entity>(row).await?;
            let row = unit_alias::Model { id: work.id(), root_id: root, unit_id: unit, alias: printed.to_owned() };
            work.tx.insert::<unit_alias::Entity>(row).await?;
            work.audit_also("unitUpdate", GlobalId::new(Kind::Unit, unit), &["aliases"]);
            work.tell("unit.updated", serde_json::json!({ "unit": unit }));
        }
        Named::Group(group) => {
            let column = unit_group_alias::Column::UnitGroupId;
            if work.tx.count_where::<unit_group_alias::Entity>(column, group).await? >= ALIASES {
                return Ok(());
            }
            let Some(row) = work.tx.locked::<unit_group::Entity>(&work.actor, group).await? else { return Ok(()) };
            let mut row = row.into_inner();
            (row.version, row.updated_at) = (row.version + 1, work.now);
            work.tx.update::<unit_group::Entity>(row).await?;
            let alias = printed.to_owned();
            let row = unit_group_alias::Model { id: work.id(), root_id: root, unit_group_id: group, alias };
            work.tx.insert::<unit_group_alias::Entity>(row).await?;
            work.audit_also("unitGroupUpdate", GlobalId::new(Kind::UnitGroup, group), &["aliases"]);
            work.tell("unit_group.updated", serde_json::json!({ "unitGroup": group }));
        }
    }
    Ok(())
}

/// Whether the question asks whom a name means.
pub(super) fn are_asked_for(question: &import_question::Model) -> bool {
    matches!(K::of_code(&question.kind), K::UnknownName | K::AmbiguousName | K::InactiveUnit | K::Name)
}

/// Whether the question is about a name that still means nothing, so that it can't just be kept.
pub(super) async fn is_unsettled(work: &Work, question: &import_question::Model) -> Result<bool, Stop> {
    let (Some(task), Some(printed)) = (question.task_id, question.printed.as_deref()) else { return Ok(false) };
    if !matches!(K::of_code(&question.kind), K::UnknownName | K::AmbiguousName | K::Name) {
        return Ok(false);
    }
    let rows = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await?;
    let key = match_key(printed);
    Ok(rows.iter().any(|row| assignments::is_unsettled(row) && match_key(&row.name) == key))
}

/// Which rows of a task an expression takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replaced {
    /// None: it is added.
    Nothing,
    /// All but the leads, which have a column of their own.
    NotLeads,
    /// All.
    All,
}

/// Puts the units of an expression ("市甲局牵头，市乙局配合") beside or in the place of those a task has; names without a
/// role get `role`.
pub(super) async fn assign_anew(
    work: &Work,
    directory: &Directory,
    task: &task::Model,
    expression: &str,
    role: AssignmentRole,
    replaced: Replaced,
) -> Result<(), Stop> {
    let there = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task.id]).await?;
    let goes = |row: &assignment::Model| match replaced {
        Replaced::Nothing => false,
        Replaced::NotLeads => row.role != AssignmentRole::Lead,
        Replaced::All => true,
    };
    let (gone, stay): (Vec<_>, Vec<_>) = there.into_iter().partition(|row| goes(row));
    let next = stay.iter().map(|row| row.position).max().map_or(0, |last| last.saturating_add(1));
    let mut rows: Vec<assignment::Model> = Vec::new();
    let mut errors = Vec::new();
    let at_value = |error: UserError| UserError { field: vec!["input".to_owned(), "value".to_owned()], ..error };
    for (position, item) in (next..).zip(parse(expression).assignments(role)) {
        let mut row = assignment::Model {
            id: work.id(),
            task_id: task.id,
            position,
            role: item.role,
            target: item.target,
            name: item.name,
            unit_id: None,
            unit_group_id: None,
            source_assignment_id: None,
            scope_note: item.scope,
            status: AssignmentStatus::Active,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        };
        look_up(directory, &mut row);
        if assignments::is_unsettled(&row) {
            errors.push(at_value(assignments::unsettled(&task.number, &row.name, &directory.find(&row.name))));
        }
        if row.unit_id.and_then(|unit| directory.units.get(&unit)).is_some_and(|unit| !unit.active) {
            let message = Message::UnitInactive(row.name.clone());
            errors.push(UserError::at(UserErrorCode::InvalidState, message, "input.value"));
        }
        let same = |other: &assignment::Model| {
            other.status == AssignmentStatus::Active
                && row.target != AssignmentTarget::Open
                && (other.unit_id, other.unit_group_id) == (row.unit_id, row.unit_group_id)
        };
        let long = |text: &str| text.chars().count() > MAX_NAME;
        if long(&row.name) || row.scope_note.as_deref().is_some_and(long) {
            errors.push(UserError::at(UserErrorCode::TooLong, Message::TooLong(MAX_NAME), "input.value"));
        }
        if !rows.iter().chain(&stay).any(same) {
            rows.push(row);
        }
    }
    if rows.is_empty() && stay.is_empty() {
        let message = Message::TaskUnassigned(task.number.clone());
        errors.push(UserError::at(UserErrorCode::Unassigned, message, "input.value"));
    }
    if rows.len() + stay.len() > MAX_ASSIGNMENTS {
        errors.push(UserError::at(UserErrorCode::Limit, Message::TooMany(MAX_ASSIGNMENTS), "input.value"));
    }
    if !errors.is_empty() {
        return Err(Stop::Refused(errors));
    }
    work.tx.delete_keys::<assignment::Entity>(&gone.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(work.tx.insert_all::<assignment::Entity>(rows).await?)
}

/// Looks up what the name of a row means.
pub(super) fn look_up(directory: &Directory, row: &mut assignment::Model) {
    let (meaning, _) = meaning(directory, row.target, &row.name);
    (row.target, row.unit_id, row.unit_group_id) = (meaning.target, meaning.unit, meaning.group);
}

/// Writes a changed row with its version counted on.
pub(super) async fn save(work: &Work, row: assignment::Model) -> Result<(), Stop> {
    assignments::save(work, row).await
}
