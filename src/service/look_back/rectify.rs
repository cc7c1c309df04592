//! Rectifications (整改): opened by the office out of a finding, planned and reported by the unit, looked at again by the
//! office. Each step is kept with what was said.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::vocabulary::RectificationStatus;
use entity::{assignment, look_back_item, rectification, rectification_step};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::evidence::{self, EvidenceItem, Of};
use super::{MAX_RECTIFICATIONS, TEXT_CHARS, is_public, item};
use crate::authz::{Action, LookBackAction, State, Subject, decide};
use crate::domain::rectification::{RectificationMove, after, is_problem};
use crate::error::{Fault, LookBackMessage, Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::drafts::subject_over;
use crate::service::work::{Checks, begin, expect_version};
use crate::service::{Answer, Call, Caller, Service, Stop, Work};

/// Working days a unit is given at most.
const MAX_WORKING_DAYS: i64 = 250;

/// A rectification to be opened.
#[derive(Clone, Debug, Serialize)]
pub struct NewRectification {
    /// The item whose finding names the problem.
    pub item: Uuid,
    /// The unit that has to put it right, where that is another one than the item's.
    pub unit: Option<Uuid>,
    /// The problem.
    pub problem: String,
    /// The day by which it is to be put right.
    pub due_on: Option<NaiveDate>,
    /// The same in working days from today.
    pub due_in_working_days: Option<i32>,
}

/// What the unit says that it did.
#[derive(Clone, Debug, Serialize)]
pub struct Rectified {
    /// The version that was read.
    pub expected_version: i32,
    /// In words.
    pub result: String,
    /// What shows it, added to what is there.
    pub evidence: Vec<EvidenceItem>,
}

/// What the office saw when it looked again.
#[derive(Clone, Debug, Serialize)]
pub struct Recheck {
    /// The version that was read.
    pub expected_version: i32,
    /// It is done.
    pub closed: bool,
    /// What is said; needed when it is not.
    pub text: Option<String>,
    /// Another day, where it is not.
    pub due_on: Option<NaiveDate>,
}

impl Service {
    /// Opens a rectification.
    pub async fn rectification_open(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: NewRectification,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("rectificationOpen", key, &input)?);
        let result = open(&mut work, input).await;
        work.end(result).await
    }

    /// Says what the unit will do.
    pub async fn rectification_plan(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        measure: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("rectificationPlan", key, &(id, expected_version, &measure))?);
        let result = plan(&mut work, id, expected_version, &measure).await;
        work.end(result).await
    }

    /// Says that it is done.
    pub async fn rectification_report(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Rectified,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("rectificationReport", key, &(id, &input))?);
        let result = report(&mut work, id, input).await;
        work.end(result).await
    }

    /// Looks again.
    pub async fn rectification_recheck(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Recheck,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("rectificationRecheck", key, &(id, &input))?);
        let result = recheck(&mut work, id, input).await;
        work.end(result).await
    }

    /// Calls it off.
    pub async fn rectification_cancel(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("rectificationCancel", key, &(id, expected_version, &reason))?);
        let result = cancel(&mut work, id, expected_version, &reason).await;
        work.end(result).await
    }
}

async fn open(work: &mut Work, input: NewRectification) -> Result<Uuid, Stop> {
    let place = "input.lookBackItem";
    let (round, found) = item(work, input.item, LookBackAction::Open, UserError::not_found_at(place)).await?;
    debug_assert!(is_public(&round), "the policy refuses rounds that are not finished");
    let mut checks = Checks::default();
    if !found.finding.is_some_and(is_problem) {
        checks.fail(UserErrorCode::InvalidState, Message::LookBack(LookBackMessage::NoProblem), place);
    }
    let column = rectification::Column::LookBackItemId;
    if work.tx.count_where::<rectification::Entity>(column, found.id).await? >= MAX_RECTIFICATIONS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_RECTIFICATIONS), place);
    }
    let unit_id = who(work, &mut checks, &input, &found).await?;
    let problem = checks.text(&input.problem, TEXT_CHARS, "input.problem");
    let due_on = due_day(work, &mut checks, &input);
    checks.done()?;
    let row = rectification::Model {
        id: work.id(),
        look_back_item_id: found.id,
        look_back_id: found.look_back_id,
        task_list_id: found.task_list_id,
        task_id: found.task_id,
        unit_id,
        problem,
        due_on: due_on.unwrap_or(work.today),
        status: RectificationStatus::Opened,
        measure: None,
        result: None,
        recheck_text: None,
        return_count: 0,
        opened_by: work.actor.user_id,
        reported_by: None,
        reported_at: None,
        closed_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let said = row.problem.clone();
    work.tx.insert::<rectification::Entity>(row.clone()).await?;
    record(work, &row, Some(said), "rectification.opened", &["lookBackItem", "problem", "dueOn"]).await
}

/// The unit that has to put it right: what the one named, or the one that was found wanting, has become by now.
async fn who(
    work: &Work,
    checks: &mut Checks,
    input: &NewRectification,
    found: &look_back_item::Model,
) -> Result<Uuid, Stop> {
    let mergers = work.tx.mergers(&work.actor).await?;
    let (unit, heir) = (mergers.heir(input.unit.unwrap_or(found.unit_id)), mergers.heir(found.unit_id));
    // Lists of past years are amended no more: the heir of who was found wanting need not be on the task.
    if unit == heir && heir != found.unit_id {
        return Ok(unit);
    }
    let column = assignment::Column::TaskId;
    let on_it = work.tx.visible_where::<assignment::Entity>(&work.actor, column, &[found.task_id]).await?;
    if !on_it.iter().any(|row| row.unit_id.is_some_and(|on_it| mergers.heir(on_it) == unit)) {
        let path = if input.unit.is_some() { "input.unit" } else { "input.lookBackItem" };
        checks.fail(UserErrorCode::Conflict, Message::LookBack(LookBackMessage::UnitNotOnTask), path);
    }
    Ok(unit)
}

/// The day given, or so many working days from today.
fn due_day(work: &Work, checks: &mut Checks, input: &NewRectification) -> Option<NaiveDate> {
    match (input.due_on, input.due_in_working_days) {
        (Some(day), None) => {
            check_day(work, checks, day);
            Some(day)
        }
        (None, Some(days)) => {
            let place = "input.dueInWorkingDays";
            if !(1..=MAX_WORKING_DAYS).contains(&days.into()) {
                checks.within(days.into(), 1, MAX_WORKING_DAYS, place);
                return None;
            }
            match work.service().calendar().add_working_days(work.today, days) {
                Ok(day) => Some(day),
                Err(missing) => {
                    checks.fail(UserErrorCode::InvalidState, Message::NoCalendar(missing.0), place);
                    None
                }
            }
        }
        (Some(_), Some(_)) => {
            checks.fail(UserErrorCode::Conflict, Message::LookBack(LookBackMessage::OneDueDay), "input.dueOn");
            None
        }
        (None, None) => {
            checks.fail(UserErrorCode::Required, Message::LookBack(LookBackMessage::OneDueDay), "input.dueOn");
            None
        }
    }
}

fn check_day(work: &Work, checks: &mut Checks, day: NaiveDate) {
    if day < work.today {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::DayPast), "input.dueOn");
    }
}

/// The rectification under lock, if the actor may take this step.
async fn take(
    work: &Work,
    id: Uuid,
    expected_version: i32,
    action: LookBackAction,
) -> Result<rectification::Model, Stop> {
    let Some(seen) = work.tx.visible::<rectification::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = work.tx.held_standing_of(&seen).await?;
    let row = work.tx.locked::<rectification::Entity>(&work.actor, id).await?;
    let (Some(list), Some(row)) = (list, row) else { return Err(UserError::not_found().into()) };
    let reporter = work.actor.reports_for(row.unit_id);
    let reported_it = row.reported_by == Some(work.actor.user_id);
    let subject = Subject { reporter, reported_it, ..subject_over(work, list.issuer).await? };
    let state = State { list: Some(list.status), rectification: Some(row.status), ..State::default() };
    decide(Action::LookBack(action), subject, state)?;
    expect_version(row.version, expected_version)?;
    Ok(row.into_inner())
}

async fn plan(work: &mut Work, id: Uuid, expected_version: i32, measure: &str) -> Result<Uuid, Stop> {
    let mut row = take(work, id, expected_version, LookBackAction::Plan).await?;
    let mut checks = Checks::default();
    let measure = checks.text(measure, TEXT_CHARS, "input.measure");
    checks.done()?;
    row.measure = Some(measure.clone());
    keep(work, row, RectificationMove::Plan, Some(measure), "rectification.planned", &["status", "measure"]).await
}

async fn report(work: &mut Work, id: Uuid, input: Rectified) -> Result<Uuid, Stop> {
    let mut row = take(work, id, input.expected_version, LookBackAction::Report).await?;
    let mut checks = Checks::default();
    let result = checks.text(&input.result, TEXT_CHARS, "input.result");
    let there = evidence::standing(work, Of::Rectification(id)).await?;
    let shown = evidence::clean(&mut checks, input.evidence, there.len(), "input.evidence");
    checks.done()?;
    let kept: HashSet<Uuid> = there.iter().filter_map(|row| row.file_id).collect();
    evidence::add(work, Of::Rectification(id), shown, &kept, "input.evidence").await?;
    row.result = Some(result.clone());
    (row.reported_by, row.reported_at) = (Some(work.actor.user_id), Some(work.now));
    let changed = ["status", "result", "evidence"];
    keep(work, row, RectificationMove::Report, Some(result), "rectification.reported", &changed).await
}

async fn recheck(work: &mut Work, id: Uuid, input: Recheck) -> Result<Uuid, Stop> {
    let mut row = take(work, id, input.expected_version, LookBackAction::Recheck).await?;
    let mut checks = Checks::default();
    let text = checks.optional(input.text.as_deref(), TEXT_CHARS, "input.text");
    if !input.closed && text.is_none() {
        checks.fail(UserErrorCode::Required, Message::LookBack(LookBackMessage::WhyReturned), "input.text");
    }
    if let Some(day) = input.due_on {
        check_day(work, &mut checks, day);
    }
    checks.done()?;
    row.recheck_text.clone_from(&text);
    if input.closed {
        row.closed_at = Some(work.now);
        let changed = ["status", "recheckText"];
        return keep(work, row, RectificationMove::Close, text, "rectification.closed", &changed).await;
    }
    row.return_count += 1;
    row.due_on = input.due_on.unwrap_or(row.due_on);
    let changed = ["status", "recheckText", "dueOn"];
    keep(work, row, RectificationMove::Return, text, "rectification.returned", &changed).await
}

async fn cancel(work: &mut Work, id: Uuid, expected_version: i32, reason: &str) -> Result<Uuid, Stop> {
    let mut row = take(work, id, expected_version, LookBackAction::Cancel).await?;
    let mut checks = Checks::default();
    let reason = checks.text(reason, TEXT_CHARS, "input.reason");
    checks.done()?;
    row.recheck_text = Some(reason.clone());
    row.closed_at = Some(work.now);
    let changed = ["status", "recheckText"];
    keep(work, row, RectificationMove::Cancel, Some(reason), "rectification.cancelled", &changed).await
}

async fn keep(
    work: &mut Work,
    mut row: rectification::Model,
    step: RectificationMove,
    said: Option<String>,
    topic: &str,
    changed: &[&'static str],
) -> Result<Uuid, Stop> {
    let Some(status) = after(row.status, step) else {
        return Err(Fault::Internal("a step the policy allows and the rules do not".to_owned()).into());
    };
    row.status = status;
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<rectification::Entity>(row.clone()).await?;
    record(work, &row, said, topic, changed).await
}

async fn record(
    work: &mut Work,
    row: &rectification::Model,
    said: Option<String>,
    topic: &str,
    changed: &[&'static str],
) -> Result<Uuid, Stop> {
    let step = rectification_step::Model {
        id: work.id(),
        rectification_id: row.id,
        status: row.status,
        text: said,
        user_id: work.actor.user_id,
        created_at: work.now,
    };
    work.tx.insert::<rectification_step::Entity>(step).await?;
    work.audit(GlobalId::new(Kind::Rectification, row.id), changed);
    let told = json!({
        "rectification": row.id,
        "lookBackItem": row.look_back_item_id,
        "taskList": row.task_list_id,
        "unit": row.unit_id,
    });
    work.tell(topic, told);
    Ok(row.id)
}
