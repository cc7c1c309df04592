//! Opening and closing of reporting periods.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::task_list;
use entity::vocabulary::{FreezeCause, PeriodKind, PeriodStatus};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::due_changes::period_was;
use super::opening::{OPENED, Opening, raise};
use super::reopenings::{freeze, keep, take_period};
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::period::{Period, PeriodProblem};
use crate::error::{Fault, Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

/// Characters of a period's label at most.
pub const LABEL_CHARS: usize = 60;
/// Characters of a reason at most.
pub(super) const REASON_CHARS: usize = 2_000;
/// Working days of grace at most.
pub(super) const MAX_GRACE: i32 = 20;

/// A period to be opened.
#[derive(Clone, Debug, Serialize)]
pub struct NewPeriod {
    /// The list.
    pub task_list: Uuid,
    /// How it counts.
    pub kind: PeriodKind,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The day reports are due.
    pub due_on: NaiveDate,
    /// The grace in working days.
    pub grace_working_days: i32,
    /// The name; made from the days when missing.
    pub label: Option<String>,
}

/// What may change in an open period; what is `None` stays.
#[derive(Clone, Debug, Serialize)]
pub struct PeriodPatch {
    /// The version that was read.
    pub expected_version: i32,
    /// The name.
    pub label: Option<String>,
    /// The day reports are due.
    pub due_on: Option<NaiveDate>,
    /// The grace in working days.
    pub grace_working_days: Option<i32>,
}

impl Service {
    /// Opens a period, and with it what every unit owes.
    pub async fn reporting_period_open(&self, caller: &Caller, key: Option<String>, input: NewPeriod) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("reportingPeriodOpen", key, &input)?);
        let result = open(&mut work, input).await;
        work.end(result).await
    }

    /// Closes a period and freezes its sums.
    pub async fn reporting_period_close(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        accept_missing: bool,
    ) -> Answer<Uuid> {
        let input = (id, expected_version, accept_missing);
        let mut work = begin!(self, caller, Call::new("reportingPeriodClose", key, &input)?);
        let result = close(&mut work, id, expected_version, accept_missing).await;
        work.end(result).await
    }

    /// Changes the name, the due day or the grace of an open period.
    pub async fn reporting_period_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        patch: PeriodPatch,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("reportingPeriodUpdate", key, &(id, &patch))?);
        let result = update(&mut work, id, patch).await;
        work.end(result).await
    }
}

/// Who the actor is to what this unit has issued.
pub(super) async fn subject_over(work: &Work, issuer: Uuid) -> Result<Subject, Stop> {
    let above = work.tx.ancestors(&[issuer]).await?.remove(&issuer).unwrap_or_default();
    Ok(Subject { office: work.actor.office_over(&above), ..Subject::default() })
}

async fn open(work: &mut Work, input: NewPeriod) -> Result<Uuid, Stop> {
    // Locked, not only held: whoever changes assignments, closes the list or opens another period waits.
    let Some(list) = work.tx.locked::<task_list::Entity>(&work.actor, input.task_list).await? else {
        return Err(UserError::not_found_at("input.taskList").into());
    };
    let subject = subject_over(work, list.issuer_unit_id).await?;
    decide(Action::PeriodOpen, subject, State { list: Some(list.status), ..State::default() })?;
    let (period, label) = checked(&list, &input)?;
    let opening = Opening {
        kind: period.kind,
        label,
        starts_on: period.starts_on,
        ends_on: period.ends_on,
        due_on: input.due_on,
        grace_working_days: input.grace_working_days,
    };
    let opened = match raise(&work.tx, work.service(), work.now, &list, opening).await {
        Err(StoreError::Unique) => {
            return Err(UserError::at(UserErrorCode::Duplicate, Message::PeriodExists, "input.startsOn").into());
        }
        other => other?,
    };
    let id = opened.id;
    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &OPENED);
    for (topic, payload) in opened.messages() {
        work.tell(topic, payload);
    }
    Ok(id)
}

/// The period with its name, or everything that is wrong with it.
fn checked(list: &task_list::Model, input: &NewPeriod) -> Result<(Period, String), Stop> {
    let mut checks = Checks::default();
    let label = checks.optional(input.label.as_deref(), LABEL_CHARS, "input.label");
    check_grace(&mut checks, input.grace_working_days);
    if input.due_on < input.starts_on {
        checks.fail(UserErrorCode::OutOfRange, Message::DueBeforeStart, "input.dueOn");
    }
    let period = match Period::new(input.kind, input.starts_on, input.ends_on) {
        Ok(period) => {
            // A label names no year and a period can't be taken back, so a slip in the year has to be caught here.
            if !period.warnings(list.year).is_empty() {
                checks.fail(UserErrorCode::OutOfRange, Message::OutsideYear, "input.startsOn");
            }
            Some(period)
        }
        Err(problems) => {
            for problem in problems {
                let (code, message, path) = told(problem);
                checks.fail(code, message, path);
            }
            None
        }
    };
    checks.done()?;
    let period = period.ok_or_else(|| Fault::Internal("a period that is neither right nor wrong".to_owned()))?;
    let label = label.unwrap_or_else(|| period.label.clone());
    Ok((period, label))
}

fn told(problem: PeriodProblem) -> (UserErrorCode, Message, &'static str) {
    match problem {
        PeriodProblem::Reversed => (UserErrorCode::OutOfRange, Message::DaysReversed, "input.endsOn"),
        PeriodProblem::NotFromJanuary => (UserErrorCode::OutOfRange, Message::NotCumulative, "input.startsOn"),
        PeriodProblem::NotMonthEnd => (UserErrorCode::OutOfRange, Message::NotCumulative, "input.endsOn"),
        PeriodProblem::CrossesYear => (UserErrorCode::OutOfRange, Message::OutsideYear, "input.endsOn"),
    }
}

async fn update(work: &mut Work, id: Uuid, patch: PeriodPatch) -> Result<Uuid, Stop> {
    let mut period = take_period(work, Action::PeriodUpdate, id, Some(patch.expected_version)).await?;
    let was = period.clone();
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(label) = patch.label {
        period.label = checks.text(&label, LABEL_CHARS, "input.label");
        changed.push("label");
    }
    if let Some(days) = patch.grace_working_days {
        check_grace(&mut checks, days);
        period.grace_working_days = days;
        changed.push("graceWorkingDays");
    }
    if let Some(due_on) = patch.due_on.filter(|day| *day != period.due_on) {
        if due_on < period.starts_on {
            checks.fail(UserErrorCode::OutOfRange, Message::DueBeforeStart, "input.dueOn");
        }
        period.first_due_on = period.first_due_on.or(Some(period.due_on));
        period.due_on = due_on;
        changed.push("dueOn");
    }
    checks.done()?;
    if (was.due_on, was.grace_working_days) != (period.due_on, period.grace_working_days) {
        period_was(work, &was).await?;
    }
    let (list, moved) = (period.task_list_id, was.due_on != period.due_on);
    keep(work, period).await?;
    if moved {
        // Those who have reported have nothing to hurry for, or to put off.
        let units: BTreeSet<Uuid> = work.tx.missing_in(id).await?.into_iter().map(|row| row.unit_id).collect();
        for unit in units {
            work.tell("reporting_period.moved", json!({ "reportingPeriod": id, "taskList": list, "unit": unit }));
        }
    }
    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &changed);
    work.tell("reporting_period.updated", json!({ "reportingPeriod": id, "taskList": list }));
    Ok(id)
}

fn check_grace(checks: &mut Checks, days: i32) {
    checks.within(days.into(), 0, MAX_GRACE.into(), "input.graceWorkingDays");
}

async fn close(work: &mut Work, id: Uuid, expected_version: i32, accept_missing: bool) -> Result<Uuid, Stop> {
    let mut period = take_period(work, Action::PeriodClose, id, Some(expected_version)).await?;
    let sums = work.tx.roll_up(id).await?;
    if sums.accepted < sums.expected && !accept_missing {
        let message = Message::Period(PeriodMessage::Incomplete(sums.missing, sums.returned, sums.submitted));
        return Err(UserError::at(UserErrorCode::Conflict, message, "input.acceptMissing").into());
    }
    period.status = PeriodStatus::Closed;
    period.closed_at = Some(work.now);
    freeze(work, &mut period, sums, FreezeCause::Closing, None).await?;
    let list = period.task_list_id;
    keep(work, period).await?;
    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &["status"]);
    work.tell("reporting_period.closed", json!({ "reportingPeriod": id, "taskList": list }));
    Ok(id)
}
