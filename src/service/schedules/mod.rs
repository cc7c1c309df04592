//! Periods that open by themselves (月自查、季督查): the rules, and the worker that follows them.

mod run;

use entity::vocabulary::{PeriodKind, ScheduleEvery};
use entity::{period_schedule, task_list};
use serde::Serialize;
use uuid::Uuid;

use super::periods::{MAX_GRACE, subject_over};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, decide};
use crate::domain::schedule::Rhythm;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Characters of a schedule's name at most; the name of the span stands before it.
pub const LABEL_CHARS: usize = 30;
/// Schedules of a list at most.
const MOST: usize = 12;
/// Days between the end of a span and the opening of its period at most, before or behind.
const MAX_OPENS: i32 = 60;
/// Working days from the end of a span to its due day at most.
const MAX_DUE: i32 = 60;

/// A schedule to be made.
#[derive(Clone, Debug, Serialize)]
pub struct NewSchedule {
    /// The list.
    pub task_list: Uuid,
    /// Cumulative or plain.
    pub kind: PeriodKind,
    /// How often.
    pub every: ScheduleEvery,
    /// Its name.
    pub label: String,
    /// Days after the end of a span on which its period opens; before it when negative.
    pub opens_after_days: i32,
    /// Working days after the end of a span by which reports are due.
    pub due_working_days: i32,
    /// The grace of the periods.
    pub grace_working_days: i32,
}

/// What may change of a schedule; what is `None` stays.
#[derive(Clone, Debug, Serialize)]
pub struct SchedulePatch {
    /// The version that was read.
    pub expected_version: i32,
    /// Its name.
    pub label: Option<String>,
    /// Days after the end of a span on which its period opens.
    pub opens_after_days: Option<i32>,
    /// Working days after the end of a span by which reports are due.
    pub due_working_days: Option<i32>,
    /// The grace of the periods.
    pub grace_working_days: Option<i32>,
    /// Whether it opens anything.
    pub active: Option<bool>,
}

impl Service {
    /// Makes a schedule for a list.
    pub async fn period_schedule_create(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: NewSchedule,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("periodScheduleCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes a schedule; the periods it opened stay as they are.
    pub async fn period_schedule_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        patch: SchedulePatch,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("periodScheduleUpdate", key, &(id, &patch))?);
        let result = update(&mut work, id, patch).await;
        work.end(result).await
    }

    /// Removes a schedule; the periods it opened stay.
    pub async fn period_schedule_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("periodScheduleDelete", key, &(id, expected_version))?);
        let result = remove(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// The rhythm of a schedule.
pub fn rhythm(row: &period_schedule::Model) -> Rhythm {
    Rhythm {
        kind: row.kind,
        every: row.every,
        opens_after_days: row.opens_after_days,
        due_working_days: row.due_working_days,
    }
}

/// The list under lock, if the office may keep its schedules. Locked, because the worker locks it too: a schedule never
/// changes while it opens something.
async fn lock_list(work: &Work, list: Uuid, absent: UserError) -> Result<task_list::Model, Stop> {
    let Some(list) = work.tx.locked::<task_list::Entity>(&work.actor, list).await? else { return Err(absent.into()) };
    let subject = subject_over(work, list.issuer_unit_id).await?;
    decide(Action::ScheduleEdit, subject, State { list: Some(list.status), ..State::default() })?;
    Ok(list.into_inner())
}

async fn take(work: &Work, id: Uuid, expected_version: i32) -> Result<period_schedule::Model, Stop> {
    let Some(seen) = work.tx.visible::<period_schedule::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    lock_list(work, seen.task_list_id, UserError::not_found()).await?;
    let Some(row) = work.tx.locked::<period_schedule::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, expected_version)?;
    Ok(row.into_inner())
}

async fn create(work: &mut Work, input: NewSchedule) -> Result<Uuid, Stop> {
    let list = lock_list(work, input.task_list, UserError::not_found_at("input.taskList")).await?;
    let mut checks = Checks::default();
    let column = period_schedule::Column::TaskListId;
    if work.tx.count_where::<period_schedule::Entity>(column, list.id).await? >= MOST {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MOST), "input.taskList");
    }
    let row = period_schedule::Model {
        id: work.id(),
        task_list_id: list.id,
        kind: input.kind,
        every: input.every,
        label: checks.text(&input.label, LABEL_CHARS, "input.label"),
        opens_after_days: input.opens_after_days,
        due_working_days: input.due_working_days,
        grace_working_days: input.grace_working_days,
        active: true,
        last_ends_on: None,
        skipped_period_id: None,
        skipped_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    check_days(&mut checks, &row);
    checks.done()?;
    let id = row.id;
    work.tx.insert::<period_schedule::Entity>(row).await?;
    let changed = ["kind", "every", "label", "opensAfterDays", "dueWorkingDays", "graceWorkingDays", "active"];
    work.audit(GlobalId::new(Kind::PeriodSchedule, id), &changed);
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, patch: SchedulePatch) -> Result<Uuid, Stop> {
    let mut row = take(work, id, patch.expected_version).await?;
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(label) = patch.label {
        row.label = checks.text(&label, LABEL_CHARS, "input.label");
        changed.push("label");
    }
    if let Some(days) = patch.opens_after_days {
        row.opens_after_days = days;
        changed.push("opensAfterDays");
    }
    if let Some(days) = patch.due_working_days {
        row.due_working_days = days;
        changed.push("dueWorkingDays");
    }
    if let Some(days) = patch.grace_working_days {
        row.grace_working_days = days;
        changed.push("graceWorkingDays");
    }
    if let Some(active) = patch.active {
        row.active = active;
        changed.push("active");
    }
    check_days(&mut checks, &row);
    checks.done()?;
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<period_schedule::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::PeriodSchedule, id), &changed);
    Ok(id)
}

async fn remove(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    take(work, id, expected_version).await?;
    work.tx.delete_where::<period_schedule::Entity>(period_schedule::Column::Id, id).await?;
    work.audit(GlobalId::new(Kind::PeriodSchedule, id), &["deleted"]);
    Ok(id)
}

fn check_days(checks: &mut Checks, row: &period_schedule::Model) {
    checks.within(row.opens_after_days.into(), (-MAX_OPENS).into(), MAX_OPENS.into(), "input.opensAfterDays");
    checks.within(row.due_working_days.into(), 0, MAX_DUE.into(), "input.dueWorkingDays");
    checks.within(row.grace_working_days.into(), 0, MAX_GRACE.into(), "input.graceWorkingDays");
}
