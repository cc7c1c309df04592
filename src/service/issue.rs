//! A list is put in force: every question answered, every group turned into units and frozen, every day computed.
//!
//! The number of statements does not grow with the list. Printed rows stay as they are; beside the row of a group stand
//! the units it came to, each with `source_assignment_id`. A unit out of use is refused where a task names it, and left
//! out where only a group holds it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use entity::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget, DeadlineKind, TaskListStatus};
use entity::{assignment, deadline, task, task_list, unit_group_member};
use serde::Serialize;
use uuid::Uuid;

use super::assignments::{is_unsettled, unsettled};
use super::drafts::{list_for, list_id};
use super::lists::{DOCUMENT_NUMBER_CHARS, save};
use super::names::Directory;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work, deadlines, questions};
use crate::authz::Action;
use crate::domain::expansion::{Expanded, Group, Printed, expand};
use crate::error::{Message, UserError, UserErrorCode};

/// Problems that are listed; of the rest only the number is said.
const PROBLEMS: usize = 100;

/// How a list is put in force.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Issue {
    /// The version that was read.
    pub expected_version: i32,
    /// The day of issue; today when none is given.
    pub issued_on: Option<NaiveDate>,
    /// The document number, where it is given only now.
    pub document_number: Option<String>,
}

impl Service {
    /// Puts a draft in force.
    pub async fn task_list_issue(&self, caller: &Caller, key: Option<String>, id: Uuid, input: Issue) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListIssue", key, &(id, &input))?);
        let result = issue(&mut work, id, input).await;
        work.end(result).await
    }
}

async fn issue(work: &mut Work, id: Uuid, input: Issue) -> Result<Uuid, Stop> {
    let mut list = list_for(work, id, Action::ListIssue).await?;
    expect_version(list.version, input.expected_version)?;
    let mut checks = Checks::default();
    let number = checks.optional(input.document_number.as_deref(), DOCUMENT_NUMBER_CHARS, "input.documentNumber");
    let issued_on = input.issued_on.unwrap_or(work.today);
    let plausible = (issued_on.year() - list.year).abs() <= 1;
    if !plausible {
        checks.fail(UserErrorCode::OutOfRange, Message::IssueDayImplausible, "input.issuedOn");
    }
    let mut problems = match checks.done() {
        Err(Stop::Refused(errors)) => errors,
        other => other.map(|()| Vec::new())?,
    };

    let contents = Contents::read(work, id).await?;
    if contents.tasks.is_empty() {
        problems.push(UserError::new(UserErrorCode::InvalidState, Message::ListEmpty));
    }
    // Those about a task are named with it.
    let open = questions::open_of_list(work, id).await?.iter().filter(|row| row.task_id.is_none()).count();
    if open > 0 {
        problems.push(UserError::new(UserErrorCode::InvalidState, Message::QuestionsOpen(open)));
    }
    let mut frozen = Vec::new();
    let mut units = BTreeSet::new();
    for task in &contents.tasks {
        contents.check(task, &mut problems);
        let owners = contents.owners(task);
        if !owners.iter().any(|owner| owner.role != AssignmentRole::Support) && !contents.asks(task) {
            problems.push(about(UserErrorCode::Unassigned, Message::TaskUnassigned(task.number.clone()), task));
        }
        units.extend(owners.iter().map(|owner| owner.unit));
        frozen.extend(contents.rows(work, task, &owners));
    }
    // From a day that can't be meant nothing is computed.
    let days = if plausible { contents.days(work, &list, issued_on, &mut problems) } else { Vec::new() };
    refuse(problems)?;

    work.tx.insert_all::<assignment::Entity>(frozen).await?;
    // Deleting and writing anew is two statements, however many days there are.
    work.tx.delete_keys::<deadline::Entity>(&days.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    work.tx.insert_all::<deadline::Entity>(days).await?;
    list.status = TaskListStatus::Issued;
    list.issued_on = Some(issued_on);
    list.issued_at = Some(work.now);
    if number.is_some() {
        list.document_number = number;
    }
    save(work, list).await?;
    work.audit(list_id(id), &["status", "issuedOn", "documentNumber", "assignments", "deadlines"]);
    work.tell("task_list.issued", serde_json::json!({ "taskList": id }));
    for unit in units {
        work.tell("task.assigned", serde_json::json!({ "taskList": id, "unit": unit }));
    }
    Ok(id)
}

fn refuse(mut problems: Vec<UserError>) -> Result<(), Stop> {
    if problems.is_empty() {
        return Ok(());
    }
    if let Some(more) = problems.len().checked_sub(PROBLEMS).filter(|more| *more > 0) {
        problems.truncate(PROBLEMS);
        problems.push(UserError::new(UserErrorCode::Limit, Message::MoreProblems(more)));
    }
    Err(Stop::Refused(problems))
}

fn about(code: UserErrorCode, message: Message, task: &task::Model) -> UserError {
    UserError { code, message, field: vec!["tasks".to_owned(), task.number.clone()] }
}

/// Everything in a list, and the directory it is issued to.
struct Contents {
    tasks: Vec<task::Model>,
    assignments: HashMap<Uuid, Vec<assignment::Model>>,
    deadlines: Vec<deadline::Model>,
    groups: BTreeMap<Uuid, Group>,
    directory: Directory,
}

impl Contents {
    async fn read(work: &Work, list: Uuid) -> Result<Self, Stop> {
        let tx = &work.tx;
        let mut tasks = tx.all_where::<task::Entity>(task::Column::TaskListId, &[list]).await?;
        tasks.sort_by_key(|row| (row.position, row.id));
        let keys: Vec<Uuid> = tasks.iter().map(|row| row.id).collect();
        let mut assignments: HashMap<Uuid, Vec<assignment::Model>> = HashMap::new();
        for row in tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await? {
            assignments.entry(row.task_id).or_default().push(row);
        }
        assignments.values_mut().for_each(|rows| rows.sort_by_key(|row| (row.position, row.id)));
        let deadlines = tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &keys).await?;
        let directory = Directory::read(work).await?;
        let named: BTreeSet<Uuid> = assignments.values().flatten().filter_map(|row| row.unit_group_id).collect();
        let named: Vec<Uuid> = named.into_iter().collect();
        let members = tx.all_where::<unit_group_member::Entity>(unit_group_member::Column::UnitGroupId, &named).await?;
        Ok(Self { groups: groups(&directory, members), tasks, assignments, deadlines, directory })
    }

    fn in_force(&self, task: &task::Model) -> impl Iterator<Item = &assignment::Model> {
        let rows = self.assignments.get(&task.id).into_iter().flatten();
        rows.filter(|row| row.status == AssignmentStatus::Active)
    }

    /// Whether a name of the task is still open: then nobody can say that nobody owns it.
    fn asks(&self, task: &task::Model) -> bool {
        self.in_force(task).any(is_unsettled)
    }

    fn check(&self, task: &task::Model, problems: &mut Vec<UserError>) {
        if task.needs_review {
            let note = task.review_note.clone().unwrap_or_default();
            let message = Message::TaskNeedsReview(task.number.clone(), note);
            problems.push(about(UserErrorCode::InvalidState, message, task));
        }
        for row in self.in_force(task) {
            if is_unsettled(row) {
                problems.push(unsettled(&task.number, &row.name, &self.directory.find(&row.name)));
            }
            let unit = row.unit_id.and_then(|unit| self.directory.units.get(&unit));
            if unit.is_some_and(|unit| !unit.active) {
                let message = Message::TaskUnitInactive(task.number.clone(), row.name.clone());
                problems.push(about(UserErrorCode::InvalidState, message, task));
            }
        }
    }

    fn owners(&self, task: &task::Model) -> Vec<Expanded> {
        let printed: Vec<Printed> = self
            .in_force(task)
            .map(|row| Printed {
                id: row.id,
                role: row.role,
                target: row.target,
                unit: row.unit_id,
                group: row.unit_group_id,
            })
            .collect();
        expand(&printed, &self.groups)
    }

    /// The units that groups came to, behind the printed rows.
    fn rows(&self, work: &Work, task: &task::Model, owners: &[Expanded]) -> Vec<assignment::Model> {
        let last = self.assignments.get(&task.id).into_iter().flatten().map(|row| row.position).max();
        let next = last.map_or(0, |last| last.saturating_add(1));
        let from_groups = owners.iter().filter(|owner| owner.source.is_some());
        (next..)
            .zip(from_groups)
            .map(|(position, owner)| assignment::Model {
                id: work.id(),
                task_id: task.id,
                position,
                role: owner.role,
                target: AssignmentTarget::Unit,
                name: self.directory.units.get(&owner.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
                unit_id: Some(owner.unit),
                unit_group_id: None,
                source_assignment_id: owner.source,
                scope_note: None,
                status: AssignmentStatus::Active,
                version: 1,
                created_at: work.now,
                updated_at: work.now,
            })
            .collect()
    }

    /// The deadlines that come to a day only now.
    fn days(
        &self,
        work: &Work,
        list: &task_list::Model,
        issued_on: NaiveDate,
        problems: &mut Vec<UserError>,
    ) -> Vec<deadline::Model> {
        let tasks: HashMap<Uuid, &task::Model> = self.tasks.iter().map(|row| (row.id, row)).collect();
        let mut resolved = Vec::new();
        for row in &self.deadlines {
            if !matches!(row.kind, DeadlineKind::Relative | DeadlineKind::AllYear) {
                continue;
            }
            match deadlines::of_row(row).resolve(list.year, Some(issued_on), work.service().calendar()) {
                Ok(day) if day.is_some() && day != row.due_on => {
                    resolved.push(deadline::Model { due_on: day, ..row.clone() });
                }
                Ok(_) => {}
                Err(missing) => {
                    if let Some(task) = tasks.get(&row.task_id) {
                        problems.push(about(UserErrorCode::InvalidState, Message::NoCalendar(missing.0), task));
                    }
                }
            }
        }
        resolved
    }
}

/// The groups as they stand today, without units out of use, their units in the order of the directory.
pub(super) fn groups(directory: &Directory, members: Vec<unit_group_member::Model>) -> BTreeMap<Uuid, Group> {
    let mut groups: BTreeMap<Uuid, Group> = BTreeMap::new();
    for member in members {
        let Some(row) = directory.groups.get(&member.unit_group_id) else { continue };
        let group = groups.entry(row.id).or_insert_with(|| Group { members: Vec::new(), expansion: row.expansion });
        if directory.units.get(&member.unit_id).is_some_and(|unit| unit.active) {
            group.members.push(member.unit_id);
        }
    }
    let order = |unit: &Uuid| directory.units.get(unit).map(|row| (row.position, row.code.clone()));
    groups.values_mut().for_each(|group| group.members.sort_by_key(order));
    groups
}
