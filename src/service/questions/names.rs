//! Answers about names: which unit or group is meant, for every task of the list that prints the name.

use entity::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget};
use entity::{assignment, import_question, task, unit_alias, unit_group_alias};

use super::{Answered, Asked, Choice, open_of_list};
use crate::documents::understand::QuestionKind;
use crate::domain::names::Found;
use crate::domain::text::match_key;
use crate::domain::unit_expression::parse;
use crate::error::{Message, UserError, UserErrorCode};
use crate::service::assignments;
use crate::service::directory::may_edit_directory;
use crate::service::import::meaning;
use crate::service::names::{Directory, Named};
use crate::service::{Stop, Work};

/// Says whom a printed name means.
pub(super) async fn answer(work: &mut Work, asked: &Asked, choice: Choice, remember: bool) -> Result<Answered, Stop> {
    let printed = asked.question.printed.clone().unwrap_or_default();
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
            _ if is_open(&name) => return Ok(Answered { value: None, also: Vec::new() }),
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

fn is_open(name: &str) -> bool {
    name == crate::domain::unit_expression::OPEN_NAME
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

/// Puts the unit or group into every row of the list that prints the name; where a task has it already, the row with
/// the name is kept and not in force.
async fn seat(work: &Work, asked: &Asked, printed: &str, named: Named) -> Result<(), Stop> {
    let key = match_key(printed);
    let tasks = work.tx.all_where::<task::Entity>(task::Column::TaskListId, &[asked.list.id]).await?;
    let keys: Vec<_> = tasks.iter().map(|row| row.id).collect();
    let rows = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await?;
    let (target, unit, group) = match named {
        Named::Unit(unit) => (AssignmentTarget::Unit, Some(unit), None),
        Named::Group(group) => (AssignmentTarget::Group, None, Some(group)),
    };
    let in_force = |row: &assignment::Model| row.status == AssignmentStatus::Active;
    for row in rows.iter().filter(|row| in_force(row) && match_key(&row.name) == key) {
        let mut row = row.clone();
        let there = rows.iter().any(|other| {
            in_force(other)
                && other.task_id == row.task_id
                && other.id != row.id
                && (other.unit_id, other.unit_group_id) == (unit, group)
        });
        (row.target, row.unit_id, row.unit_group_id) = (target, unit, group);
        if there {
            row.status = AssignmentStatus::Withdrawn;
        }
        save(work, row).await?;
    }
    Ok(())
}

/// Makes the printed name another name of what it means, unless it is one already or names something else.
async fn remembered(work: &mut Work, directory: &Directory, printed: &str, named: Named) -> Result<(), Stop> {
    if !matches!(directory.find(printed), Found::Nothing) || match_key(printed).is_empty() {
        return Ok(());
    }
    let root = work.actor.root_id;
    match may_edit_directory(
        work,
        match named {
            Named::Unit(unit) => unit,
            Named::Group(_) => root,
        },
    )
    .await
    {
        Ok(()) => {}
        // An office below the root answers for its own list; the names of the whole place are not its to change.
        Err(Stop::Refused(errors)) if errors.iter().all(|error| error.code == UserErrorCode::Forbidden) => {
            return Ok(());
        }
        Err(stop) => return Err(stop),
    }
    match named {
        Named::Unit(unit) => {
            let row = unit_alias::Model { id: work.id(), root_id: root, unit_id: unit, alias: printed.to_owned() };
            work.tx.insert::<unit_alias::Entity>(row).await?;
            work.tell("unit.updated", serde_json::json!({ "unit": unit }));
        }
        Named::Group(group) => {
            let row = unit_group_alias::Model {
                id: work.id(),
                root_id: root,
                unit_group_id: group,
                alias: printed.to_owned(),
            };
            work.tx.insert::<unit_group_alias::Entity>(row).await?;
            work.tell("unit_group.updated", serde_json::json!({ "unitGroup": group }));
        }
    }
    Ok(())
}

/// Whether the question is about a name that still means nothing, so that it can't just be kept.
pub(super) async fn is_unsettled(work: &Work, question: &import_question::Model) -> Result<bool, Stop> {
    use QuestionKind as K;
    let (Some(task), Some(printed)) = (question.task_id, question.printed.as_deref()) else { return Ok(false) };
    if !matches!(K::of_code(&question.kind), K::UnknownName | K::AmbiguousName | K::Name) {
        return Ok(false);
    }
    let rows = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await?;
    let key = match_key(printed);
    Ok(rows.iter().any(|row| assignments::is_unsettled(row) && match_key(&row.name) == key))
}

/// Puts the units of an expression ("市甲局牵头，市乙局配合") in the place of those a task has.
pub(super) async fn assign_anew(
    work: &Work,
    directory: &Directory,
    task: &task::Model,
    expression: &str,
) -> Result<(), Stop> {
    let assigned = parse(expression).assignments(AssignmentRole::Responsible);
    let mut rows: Vec<assignment::Model> = Vec::new();
    let mut errors = Vec::new();
    for (position, item) in (0..).zip(assigned) {
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
            errors.push(UserError {
                field: vec!["input".to_owned(), "value".to_owned()],
                ..assignments::unsettled(&task.number, &row.name, &directory.find(&row.name))
            });
        }
        let same = |other: &assignment::Model| {
            row.target != AssignmentTarget::Open
                && (other.unit_id, other.unit_group_id) == (row.unit_id, row.unit_group_id)
        };
        if !rows.iter().any(same) {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        let message = Message::TaskUnassigned(task.number.clone());
        errors.push(UserError::at(UserErrorCode::Unassigned, message, "input.value"));
    }
    if !errors.is_empty() {
        return Err(Stop::Refused(errors));
    }
    work.tx.delete_where::<assignment::Entity>(assignment::Column::TaskId, task.id).await?;
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
