//! Rounds: begun, finished, removed before they are finished.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::vocabulary::{LookBackStatus, TaskListStatus, TaskStatus};
use entity::{assignment, deadline, look_back, look_back_evidence, look_back_item, task, task_list};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{Hold, MAX_ITEMS, MAX_ROUNDS, TITLE_CHARS, evidence, round};
use crate::authz::{Action, LookBackAction, State, decide};
use crate::domain::look_back::{PrintedDay, judged_by};
use crate::error::{LookBackMessage, Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::drafts::subject_over;
use crate::service::work::{Checks, begin, expect_version};
use crate::service::{Answer, Call, Caller, Service, Stop, Work};

/// A new round.
#[derive(Clone, Debug, Serialize)]
pub struct NewLookBack {
    /// The list.
    pub list: Uuid,
    /// What it is called.
    pub title: String,
    /// The day by which the findings are to be written.
    pub due_on: NaiveDate,
    /// Only what was due by this day.
    pub deadlines_by: Option<NaiveDate>,
}

impl Service {
    /// Begins a round over a list.
    pub async fn look_back_create(&self, caller: &Caller, key: Option<String>, input: NewLookBack) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("lookBackCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Finishes a round: from now on units see what was found about them.
    pub async fn look_back_finish(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("lookBackFinish", key, &(id, expected_version))?);
        let result = finish(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Removes a round that is not finished.
    pub async fn look_back_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("lookBackDelete", key, &(id, expected_version))?);
        let result = delete(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

const fn round_id(id: Uuid) -> GlobalId {
    GlobalId::new(Kind::LookBack, id)
}

async fn create(work: &mut Work, input: NewLookBack) -> Result<Uuid, Stop> {
    let absent = || UserError::not_found_at("input.taskList");
    // Who only reports on a list may see that it is there, and be told that this is the office's.
    let Some(standing) = work.tx.held_standing(&work.actor, input.list).await? else { return Err(absent().into()) };
    let state = State { list: Some(standing.status), ..State::default() };
    decide(Action::LookBack(LookBackAction::Create), subject_over(work, standing.issuer).await?, state)?;
    let Some(list) = work.tx.visible::<task_list::Entity>(&work.actor, input.list).await? else {
        return Err(absent().into());
    };
    debug_assert!(list.status != TaskListStatus::Draft, "the policy refuses drafts");
    let mut checks = Checks::default();
    let title = checks.text(&input.title, TITLE_CHARS, "input.title");
    if input.due_on < work.today {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::DayPast), "input.dueOn");
    }
    if work.tx.count_where::<look_back::Entity>(look_back::Column::TaskListId, list.id).await? >= MAX_ROUNDS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_ROUNDS), "input.taskList");
    }
    let id = work.id();
    let items = items(work, id, &list, input.deadlines_by).await?;
    if items.is_empty() {
        let message = Message::LookBack(LookBackMessage::NothingToLookAt);
        checks.fail(UserErrorCode::InvalidState, message, "input.taskList");
    }
    if items.len() > MAX_ITEMS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_ITEMS), "input.taskList");
    }
    checks.done()?;
    let row = look_back::Model {
        id,
        task_list_id: list.id,
        title,
        due_on: input.due_on,
        deadlines_by: input.deadlines_by,
        status: LookBackStatus::Open,
        created_by: work.actor.user_id,
        finished_by: None,
        finished_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    work.tx.insert::<look_back::Entity>(row).await?;
    work.tx.insert_all::<look_back_item::Entity>(items).await?;
    work.audit(round_id(id), &["taskList", "title", "dueOn", "deadlinesBy", "items"]);
    work.tell("look_back.created", json!({ "lookBack": id, "taskList": list.id }));
    Ok(id)
}

/// What a round looks at: the parts of units that owe reports on the list, of tasks that have a day.
async fn items(
    work: &Work,
    round: Uuid,
    list: &task_list::Model,
    by: Option<NaiveDate>,
) -> Result<Vec<look_back_item::Model>, Stop> {
    let tasks = work.tx.visible_where::<task::Entity>(&work.actor, task::Column::TaskListId, &[list.id]).await?;
    let in_force = tasks.iter().filter(|row| row.status == TaskStatus::Active);
    let places: HashMap<Uuid, i32> = in_force.map(|row| (row.id, row.position)).collect();
    let keys: Vec<Uuid> = places.keys().copied().collect();
    let mut printed: HashMap<Uuid, Vec<deadline::Model>> = HashMap::new();
    for row in work.tx.visible_where::<deadline::Entity>(&work.actor, deadline::Column::TaskId, &keys).await? {
        printed.entry(row.task_id).or_default().push(row.into_inner());
    }
    let judged = |task: Uuid| {
        let rows = printed.get(&task)?;
        let days = |row: &deadline::Model| PrintedDay { position: row.position, kind: row.kind, due_on: row.due_on };
        let days: Vec<PrintedDay> = rows.iter().map(days).collect();
        let row = rows.get(judged_by(&days)?)?;
        let due_on = row.due_on.filter(|day| by.is_none_or(|by| *day <= by))?;
        Some((due_on, row.text.clone()))
    };
    let mut owing: Vec<(assignment::Model, Uuid)> = work.tx.owing(list.id, list.support_reports).await?;
    owing.sort_by_key(|(row, _)| (places.get(&row.task_id).copied(), row.task_id, row.position, row.id));
    let found = owing.into_iter().filter_map(|(row, unit)| Some((judged(row.task_id)?, row, unit)));
    let made = (0..).zip(found).map(|(position, ((due_on, deadline_text), row, unit_id))| look_back_item::Model {
        id: work.id(),
        look_back_id: round,
        task_list_id: list.id,
        task_id: row.task_id,
        assignment_id: row.id,
        unit_id,
        position,
        due_on,
        deadline_text,
        finding: None,
        finding_text: None,
        found_by: None,
        found_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    });
    Ok(made.collect())
}

async fn finish(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut row = round(work, id, LookBackAction::Finish, Hold::Alone, UserError::not_found()).await?;
    expect_version(row.version, expected_version)?;
    let missing = work.tx.items_without_finding(&work.actor, id).await?;
    if missing > 0 {
        let message = Message::LookBack(LookBackMessage::FindingsMissing(missing));
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    row.status = LookBackStatus::Finished;
    row.finished_by = Some(work.actor.user_id);
    row.finished_at = Some(work.now);
    row.version += 1;
    row.updated_at = work.now;
    let list = row.task_list_id;
    work.tx.update::<look_back::Entity>(row).await?;
    work.audit(round_id(id), &["status"]);
    work.tell("look_back.finished", json!({ "lookBack": id, "taskList": list }));
    let column = look_back_item::Column::LookBackId;
    let items = work.tx.visible_where::<look_back_item::Entity>(&work.actor, column, &[id]).await?;
    let units: BTreeSet<Uuid> = items.iter().map(|item| item.unit_id).collect();
    for unit in units {
        work.tell("look_back.found", json!({ "lookBack": id, "taskList": list, "unit": unit }));
    }
    Ok(id)
}

async fn delete(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let row = round(work, id, LookBackAction::Delete, Hold::Alone, UserError::not_found()).await?;
    expect_version(row.version, expected_version)?;
    let column = look_back_item::Column::LookBackId;
    let items = work.tx.visible_where::<look_back_item::Entity>(&work.actor, column, &[id]).await?;
    let keys: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    let column = look_back_evidence::Column::LookBackItemId;
    let shown = work.tx.visible_where::<look_back_evidence::Entity>(&work.actor, column, &keys).await?;
    evidence::remove(work, shown.into_iter().map(crate::store::Visible::into_inner).collect()).await?;
    work.tx.delete_keys::<look_back::Entity>(&[id]).await?;
    work.audit(round_id(id), &["deleted"]);
    work.tell("look_back.deleted", json!({ "lookBack": id, "taskList": row.task_list_id }));
    Ok(id)
}
