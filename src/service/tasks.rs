//! Tasks of a draft.

use entity::vocabulary::TaskStatus;
use entity::{assignment, section, task, task_list};
use serde::Serialize;
use uuid::Uuid;

use super::assignments::settle_names;
use super::drafts::{list_at, list_for, place, touch};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work, deadlines, questions};
use crate::authz::Action;
use crate::documents::list_json::{MAX_LABEL, MAX_TASKS, MAX_TEXT};
use crate::domain::deadline::Deadline;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// A new task.
#[derive(Clone, Debug, Serialize)]
pub struct NewTask {
    /// The list.
    pub task_list: Uuid,
    /// The section it stands under.
    pub section: Option<Uuid>,
    /// The number, unique in the list.
    pub number: String,
    /// The title.
    pub title: Option<String>,
    /// The requirement.
    pub requirement: Option<String>,
    /// The lead units as printed.
    pub lead_text: Option<String>,
    /// The responsible units as printed.
    pub unit_text: Option<String>,
    /// Its deadline.
    pub deadline: Option<Deadline>,
    /// Further deadlines.
    pub further_deadlines: Vec<Deadline>,
    /// 激励性指标.
    pub incentive: bool,
    /// The place in the list; at the end when none is given.
    pub position: Option<i32>,
}

/// Changes of a task; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The section; `Some(None)` takes it out of all.
    pub section: Option<Option<Uuid>>,
    /// The number.
    pub number: Option<String>,
    /// The title; `Some(None)` takes it away.
    pub title: Option<Option<String>>,
    /// The requirement; `Some(None)` takes it away.
    pub requirement: Option<Option<String>>,
    /// The lead units as printed.
    pub lead_text: Option<Option<String>>,
    /// The responsible units as printed.
    pub unit_text: Option<Option<String>>,
    /// Its deadline; `Some(None)` takes it away.
    pub deadline: Option<Option<Deadline>>,
    /// All further deadlines.
    pub further_deadlines: Option<Vec<Deadline>>,
    /// 激励性指标.
    pub incentive: Option<bool>,
    /// The place in the list.
    pub position: Option<i32>,
}

impl Service {
    /// Adds a task to a draft.
    pub async fn task_create(&self, caller: &Caller, key: Option<String>, input: NewTask) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes a task of a draft.
    pub async fn task_update(&self, caller: &Caller, key: Option<String>, id: Uuid, input: TaskChange) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }

    /// Removes a task of a draft with its deadlines and assignments.
    pub async fn task_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskDelete", key, &(id, expected_version))?);
        let result = delete(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Says that a person has looked at what was understood. Names that were unknown are looked up once more, because
    /// the answer may have been a new alias; the task is not confirmed while one of them means nothing.
    pub async fn task_confirm(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskConfirm", key, &(id, expected_version))?);
        let result = confirm(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// A task of a draft and its list, both under lock, the list first.
pub(super) async fn task_under_lock(work: &Work, id: Uuid) -> Result<(task_list::Model, task::Model), Stop> {
    let Some(seen) = work.tx.visible::<task::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = list_for(work, seen.task_list_id, Action::ListEdit).await?;
    match work.tx.locked::<task::Entity>(&work.actor, id).await? {
        Some(row) => Ok((list, row.into_inner())),
        None => Err(UserError::not_found().into()),
    }
}

/// A task that is to be written, checked.
pub(super) struct Fresh {
    pub(super) row: task::Model,
    pub(super) own: Option<Deadline>,
    pub(super) further: Vec<Deadline>,
}

/// Checks a new task of a list that is locked; says everything that is wrong with it.
pub(super) async fn fresh(work: &Work, checks: &mut Checks, list: Uuid, input: &NewTask) -> Result<Fresh, Stop> {
    if work.tx.count_where::<task::Entity>(task::Column::TaskListId, list).await? >= MAX_TASKS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_TASKS), "input.taskList");
    }
    check_section(work, checks, list, input.section).await?;
    let number = checks.text(&input.number, MAX_LABEL, "input.number");
    check_number(work, checks, list, &number, None).await?;
    let title = checks.optional(input.title.as_deref(), MAX_TEXT, "input.title");
    let requirement = checks.optional(input.requirement.as_deref(), MAX_TEXT, "input.requirement");
    check_said(checks, title.as_deref(), requirement.as_deref());
    let lead_text = checks.optional(input.lead_text.as_deref(), MAX_TEXT, "input.leadText");
    let unit_text = checks.optional(input.unit_text.as_deref(), MAX_TEXT, "input.responsibilityText");
    let own = input.deadline.as_ref().and_then(|own| deadlines::clean(checks, own, "input.deadline"));
    let further = deadlines::clean_further(checks, &input.further_deadlines, "input.furtherDeadlines");
    let row = task::Model {
        id: work.id(),
        task_list_id: list,
        section_id: input.section,
        position: place(checks, input.position).unwrap_or_default(),
        number,
        title,
        requirement,
        lead_text,
        unit_text,
        inherited: false,
        incentive: input.incentive,
        needs_review: false,
        review_note: None,
        status: TaskStatus::Active,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    Ok(Fresh { row, own, further })
}

async fn create(work: &mut Work, input: NewTask) -> Result<Uuid, Stop> {
    let list = list_at(work, input.task_list, Action::ListEdit, Some("input.taskList")).await?;
    let mut checks = Checks::default();
    let mut fresh = fresh(work, &mut checks, list.id, &input).await?;
    checks.done()?;

    let id = fresh.row.id;
    fresh.row.position = room(work, list.id, input.position).await?;
    work.tx.insert::<task::Entity>(fresh.row).await?;
    deadlines::replace(work, id, Some(fresh.own), Some(fresh.further)).await?;
    work.audit(
        GlobalId::new(Kind::Task, id),
        &["section", "number", "title", "requirement", "deadline", "furtherDeadlines", "incentive", "position"],
    );
    touch(work, list).await?;
    Ok(id)
}

/// Writes the texts of a change into the row; says which fields it concerns.
pub(super) fn retext(checks: &mut Checks, row: &mut task::Model, input: &TaskChange) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let mut text = |field: &mut Option<String>, new: &Option<Option<String>>, path: &str, name: &'static str| {
        if let Some(new) = new {
            *field = checks.optional(new.as_deref(), MAX_TEXT, path);
            changed.push(name);
        }
    };
    text(&mut row.title, &input.title, "input.title", "title");
    text(&mut row.requirement, &input.requirement, "input.requirement", "requirement");
    text(&mut row.lead_text, &input.lead_text, "input.leadText", "leadText");
    text(&mut row.unit_text, &input.unit_text, "input.responsibilityText", "responsibilityText");
    check_said(checks, row.title.as_deref(), row.requirement.as_deref());
    if let Some(incentive) = input.incentive {
        row.incentive = incentive;
        changed.push("incentive");
    }
    changed
}

/// The deadlines of a change, checked: the own one and the further ones, as far as they change.
pub(super) fn redate(checks: &mut Checks, input: &TaskChange) -> (Option<Option<Deadline>>, Option<Vec<Deadline>>) {
    let own =
        input.deadline.as_ref().map(|own| own.as_ref().and_then(|own| deadlines::clean(checks, own, "input.deadline")));
    let further = input.further_deadlines.as_ref();
    (own, further.map(|further| deadlines::clean_further(checks, further, "input.furtherDeadlines")))
}

async fn update(work: &mut Work, id: Uuid, input: TaskChange) -> Result<Uuid, Stop> {
    let (list, mut row) = task_under_lock(work, id).await?;
    expect_version(row.version, input.expected_version)?;
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(section) = input.section {
        check_section(work, &mut checks, list.id, section).await?;
        row.section_id = section;
        changed.push("section");
    }
    if let Some(number) = &input.number {
        row.number = checks.text(number, MAX_LABEL, "input.number");
        check_number(work, &mut checks, list.id, &row.number, Some(id)).await?;
        changed.push("number");
    }
    changed.extend(retext(&mut checks, &mut row, &input));
    let (own, further) = redate(&mut checks, &input);
    changed.extend(own.is_some().then_some("deadline"));
    changed.extend(further.is_some().then_some("furtherDeadlines"));
    let position = place(&mut checks, input.position);
    checks.done()?;

    if position.is_some() {
        row.position = room(work, list.id, position).await?;
        changed.push("position");
    }
    save(work, row).await?;
    if own.is_some() || further.is_some() {
        deadlines::replace(work, id, own, further).await?;
    }
    work.audit(GlobalId::new(Kind::Task, id), &changed);
    touch(work, list).await?;
    Ok(id)
}

async fn delete(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let (list, row) = task_under_lock(work, id).await?;
    expect_version(row.version, expected_version)?;
    work.tx.delete_keys::<task::Entity>(&[id]).await?;
    work.audit(GlobalId::new(Kind::Task, id), &["deleted"]);
    touch(work, list).await?;
    Ok(id)
}

async fn confirm(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let (list, mut row) = task_under_lock(work, id).await?;
    expect_version(row.version, expected_version)?;
    let assignments = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[id]).await?;
    let settled = settle_names(work, &row.number, assignments).await?;
    let answered = questions::close_of_task(work, id).await?;
    if !row.needs_review && !settled && !answered {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::NothingToConfirm).into());
    }
    row.needs_review = false;
    row.review_note = None;
    save(work, row).await?;
    work.audit(GlobalId::new(Kind::Task, id), &["needsReview"]);
    touch(work, list).await?;
    Ok(id)
}

/// Writes a changed task with its version counted on.
pub(super) async fn save(work: &Work, mut row: task::Model) -> Result<(), Stop> {
    row.version += 1;
    row.updated_at = work.now;
    Ok(work.tx.update::<task::Entity>(row).await?)
}

async fn check_section(work: &Work, checks: &mut Checks, list: Uuid, section: Option<Uuid>) -> Result<(), Stop> {
    let Some(section) = section else { return Ok(()) };
    let row = work.tx.visible::<section::Entity>(&work.actor, section).await?;
    if row.is_none_or(|row| row.task_list_id != list) {
        checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.section");
    }
    Ok(())
}

async fn check_number(
    work: &Work,
    checks: &mut Checks,
    list: Uuid,
    number: &str,
    bearer: Option<Uuid>,
) -> Result<(), Stop> {
    // The list is locked: nobody else gives a number meanwhile.
    let there = work.tx.task_by_number(list, number).await?;
    if there.is_some() && there != bearer {
        checks.fail(UserErrorCode::Duplicate, Message::Duplicate(number.to_owned()), "input.number");
    }
    Ok(())
}

fn check_said(checks: &mut Checks, title: Option<&str>, requirement: Option<&str>) {
    if title.is_none() && requirement.is_none() {
        checks.fail(UserErrorCode::Required, Message::NeitherTitleNorRequirement, "input.requirement");
    }
}

/// The place asked for, with those behind it moved on; or the place behind all.
pub(super) async fn room(work: &Work, list: Uuid, position: Option<i32>) -> Result<i32, Stop> {
    let (column, order) = (task::Column::TaskListId, task::Column::Position);
    match position {
        Some(at) => work.tx.make_room::<task::Entity>(column, list, order, at).await.map(|()| at),
        None => work.tx.next_position::<task::Entity>(column, list, order).await,
    }
    .map_err(Stop::from)
}
