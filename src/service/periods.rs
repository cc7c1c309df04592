//! Opening and closing of reporting periods.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::vocabulary::{PeriodKind, PeriodStatus};
use entity::{report_obligation, reporting_period, task_list};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::period::{Period, PeriodProblem};
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

/// Characters of a period's label at most.
pub const LABEL_CHARS: usize = 60;

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
    /// The name; made from the days when missing.
    pub label: Option<String>,
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
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("reportingPeriodClose", key, &(id, expected_version))?);
        let result = close(&mut work, id, expected_version).await;
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

    let id = work.id();
    let row = reporting_period::Model {
        id,
        task_list_id: list.id,
        kind: period.kind,
        label,
        starts_on: period.starts_on,
        ends_on: period.ends_on,
        due_on: input.due_on,
        status: PeriodStatus::Open,
        opened_at: work.now,
        closed_at: None,
        roll_up: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    match work.tx.insert::<reporting_period::Entity>(row).await {
        Err(StoreError::Unique) => {
            return Err(UserError::at(UserErrorCode::Duplicate, Message::PeriodExists, "input.startsOn").into());
        }
        other => other?,
    }
    let mut obligations = Vec::new();
    let mut per_unit: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (assignment, unit) in work.tx.owing(list.id, list.support_reports).await? {
        *per_unit.entry(unit).or_default() += 1;
        obligations.push(report_obligation::Model {
            id: work.id(),
            reporting_period_id: id,
            task_list_id: list.id,
            task_id: assignment.task_id,
            assignment_id: assignment.id,
            unit_id: unit,
            created_at: work.now,
        });
    }
    work.tx.insert_all::<report_obligation::Entity>(obligations).await?;

    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &["taskList", "kind", "startsOn", "endsOn", "dueOn", "label"]);
    // One message per unit, whatever it owes, so that nobody gets seventy at once.
    for (unit, count) in per_unit {
        work.tell(
            "reporting_period.opened",
            json!({ "reportingPeriod": id, "taskList": list.id, "unit": unit, "obligations": count }),
        );
    }
    Ok(id)
}

/// The period with its name, or everything that is wrong with it.
fn checked(list: &task_list::Model, input: &NewPeriod) -> Result<(Period, String), Stop> {
    let mut checks = Checks::default();
    let label = checks.optional(input.label.as_deref(), LABEL_CHARS, "input.label");
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

async fn close(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<reporting_period::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let Some(list) = work.tx.held_standing(&work.actor, seen.task_list_id).await? else {
        return Err(UserError::not_found().into());
    };
    // Whoever hands in holds the period, so this waits for them, and they wait for this.
    let Some(period) = work.tx.locked::<reporting_period::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let subject = subject_over(work, list.issuer).await?;
    let state = State { list: Some(list.status), period: Some(period.status), report: None };
    decide(Action::PeriodClose, subject, state)?;
    expect_version(period.version, expected_version)?;

    let sums = work.tx.roll_up(id).await?;
    let mut period = period.into_inner();
    period.status = PeriodStatus::Closed;
    period.closed_at = Some(work.now);
    period.roll_up = Some(serde_json::to_value(&sums).map_err(|e| Fault::Internal(e.to_string()))?);
    period.version += 1;
    period.updated_at = work.now;
    let list = period.task_list_id;
    work.tx.update::<reporting_period::Entity>(period).await?;
    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &["status"]);
    work.tell("reporting_period.closed", json!({ "reportingPeriod": id, "taskList": list }));
    Ok(id)
}
