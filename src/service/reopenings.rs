//! Closed periods opened again for one unit, and the numbered freezes of a period's sums.

use chrono::NaiveDate;
use entity::vocabulary::{FreezeCause, PeriodStatus, ReportStatus};
use entity::{
    period_freeze, period_reopening, progress_report, report_obligation, reporting_period, unit as unit_table,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::periods::{REASON_CHARS, subject_over};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, Denied, Reason, State, decide};
use crate::domain::roll_up::RollUp;
use crate::error::{Fault, Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// For whom a period is opened again, until when and why.
#[derive(Clone, Debug, Serialize)]
pub struct NewReopening {
    /// The version of the period that was read.
    pub expected_version: i32,
    /// The unit.
    pub unit: Uuid,
    /// The last day on which it holds.
    pub until_on: NaiveDate,
    /// Why.
    pub reason: String,
}

impl Service {
    /// Opens a closed period again for one unit, until a day.
    pub async fn reporting_period_reopen(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: NewReopening,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("reportingPeriodReopen", key, &(id, &input))?);
        let result = reopen(&mut work, id, input).await;
        work.end(result).await
    }

    /// Ends a reopening before its day.
    pub async fn period_reopening_end(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("periodReopeningEnd", key, &(id, expected_version))?);
        let result = end(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// Whether a reopening holds on a day.
pub fn holds(row: &period_reopening::Model, today: NaiveDate) -> bool {
    row.ended_at.is_none() && today <= row.until_on
}

/// The period under lock with its list held, if the policy lets the office do this with it.
pub(super) async fn take_period(
    work: &Work,
    action: Action,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<reporting_period::Model, Stop> {
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
    let state = State { list: Some(list.status), period: Some(period.status), ..State::default() };
    decide(action, subject, state)?;
    if let Some(expected) = expected_version {
        expect_version(period.version, expected)?;
    }
    Ok(period.into_inner())
}

/// Holds a period still; gives its state and whether it is locked.
///
/// An open period is shared by all who report in it. A closed one is locked, because what is accepted in it changes what
/// was frozen, and two that share a lock can't both come to own it.
pub(super) async fn hold(work: &Work, period: Uuid) -> Result<Option<(PeriodStatus, bool)>, Stop> {
    let Some(seen) = work.tx.visible::<reporting_period::Entity>(&work.actor, period).await? else { return Ok(None) };
    if seen.status == PeriodStatus::Open {
        let held = work.tx.held::<reporting_period::Entity>(&work.actor, period).await?;
        return Ok(held.map(|row| (row.status, false)));
    }
    let locked = work.tx.locked::<reporting_period::Entity>(&work.actor, period).await?;
    Ok(locked.map(|row| (row.status, true)))
}

/// Holds the period of a report still, and says how it stands for this unit: a closed one counts as open while it is
/// opened again for the unit. A period that was closed between the two looks is closed: whatever opens it again can only
/// have begun afterwards.
pub(super) async fn standing(work: &Work, period: Uuid, unit: Uuid) -> Result<Option<PeriodStatus>, Stop> {
    let Some((status, locked)) = hold(work, period).await? else { return Ok(None) };
    if !locked {
        return Ok(Some(status));
    }
    let column = period_reopening::Column::ReportingPeriodId;
    let reopened = work.tx.visible_where::<period_reopening::Entity>(&work.actor, column, &[period]).await?;
    let open = reopened.iter().any(|row| row.unit_id == unit && holds(row, work.today));
    Ok(Some(if open { PeriodStatus::Open } else { PeriodStatus::Closed }))
}

/// Freezes these sums of a period under the next number. The period is locked.
pub(super) async fn freeze(
    work: &Work,
    period: &mut reporting_period::Model,
    sums: RollUp,
    cause: FreezeCause,
    report: Option<Uuid>,
) -> Result<(), Stop> {
    let sums = serde_json::to_value(&sums).map_err(|e| Fault::Internal(e.to_string()))?;
    let column = period_freeze::Column::ReportingPeriodId;
    let earlier = work.tx.all_where::<period_freeze::Entity>(column, &[period.id]).await?;
    let number = earlier.iter().map(|row| row.number).max().unwrap_or_default() + 1;
    let row = period_freeze::Model {
        id: work.id(),
        reporting_period_id: period.id,
        task_list_id: period.task_list_id,
        number,
        cause,
        roll_up: sums.clone(),
        progress_report_id: report,
        created_at: work.now,
    };
    work.tx.insert::<period_freeze::Entity>(row).await?;
    period.roll_up = Some(sums);
    Ok(())
}

/// What was frozen is frozen anew when a report is accepted after the closing, in the same transaction: no accepted
/// report stands outside the frozen sums.
pub(super) async fn refreeze(work: &mut Work, report: &progress_report::Model) -> Result<(), Stop> {
    if report.status != ReportStatus::Accepted {
        return Ok(());
    }
    let column = reporting_period::Column::Id;
    let mut found = work.tx.all_where::<reporting_period::Entity>(column, &[report.reporting_period_id]).await?;
    let Some(mut period) = found.pop().filter(|period| period.status == PeriodStatus::Closed) else { return Ok(()) };
    let sums = work.tx.roll_up(period.id).await?;
    freeze(work, &mut period, sums, FreezeCause::Reopening, Some(report.id)).await?;
    let (id, list) = (period.id, period.task_list_id);
    keep(work, period).await?;
    work.audit_also("reportingPeriodFreeze", GlobalId::new(Kind::ReportingPeriod, id), &["frozenRollUp"]);
    work.tell("reporting_period.frozen", json!({ "reportingPeriod": id, "taskList": list }));
    Ok(())
}

/// Writes a changed period back.
pub(super) async fn keep(work: &Work, mut period: reporting_period::Model) -> Result<(), Stop> {
    period.version += 1;
    period.updated_at = work.now;
    Ok(work.tx.update::<reporting_period::Entity>(period).await?)
}

async fn reopen(work: &mut Work, id: Uuid, input: NewReopening) -> Result<Uuid, Stop> {
    let period = take_period(work, Action::PeriodReopen, id, Some(input.expected_version)).await?;
    if work.tx.visible::<unit_table::Entity>(&work.actor, input.unit).await?.is_none() {
        return Err(UserError::not_found_at("input.unit").into());
    }
    let mut checks = Checks::default();
    let reason = reason(&mut checks, Some(&input.reason), "input.reason");
    if input.until_on < work.today {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::DayPast), "input.until");
    }
    let column = report_obligation::Column::ReportingPeriodId;
    let owed = work.tx.visible_where::<report_obligation::Entity>(&work.actor, column, &[id]).await?;
    if !owed.iter().any(|row| row.unit_id == input.unit) {
        checks.fail(UserErrorCode::Unassigned, Message::Period(PeriodMessage::OwesNothing), "input.unit");
    }
    let column = period_reopening::Column::ReportingPeriodId;
    let earlier = work.tx.visible_where::<period_reopening::Entity>(&work.actor, column, &[id]).await?;
    if earlier.iter().any(|row| row.unit_id == input.unit && holds(row, work.today)) {
        checks.fail(UserErrorCode::Duplicate, Message::Period(PeriodMessage::ReopenedAlready), "input.unit");
    }
    checks.done()?;
    let row = period_reopening::Model {
        id: work.id(),
        reporting_period_id: id,
        task_list_id: period.task_list_id,
        unit_id: input.unit,
        until_on: input.until_on,
        reason: reason.unwrap_or_default(),
        reopened_by: work.actor.user_id,
        ended_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let (list, reopening) = (period.task_list_id, row.id);
    work.tx.insert::<period_reopening::Entity>(row).await?;
    keep(work, period).await?;
    work.audit(GlobalId::new(Kind::ReportingPeriod, id), &["reopenings"]);
    let told = json!({ "reportingPeriod": id, "taskList": list, "unit": input.unit, "reopening": reopening });
    work.tell("reporting_period.reopened", told);
    Ok(id)
}

async fn end(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<period_reopening::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    take_period(work, Action::PeriodReopen, seen.reporting_period_id, None).await?;
    let Some(row) = work.tx.locked::<period_reopening::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let mut row = row.into_inner();
    if !holds(&row, work.today) {
        return Err(Denied { reason: Reason::ReopeningOver, forbidden: false }.into());
    }
    expect_version(row.version, expected_version)?;
    row.ended_at = Some(work.now);
    row.version += 1;
    row.updated_at = work.now;
    let (period, list, unit) = (row.reporting_period_id, row.task_list_id, row.unit_id);
    work.tx.update::<period_reopening::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::PeriodReopening, id), &["endedAt"]);
    let told = json!({ "reportingPeriod": period, "taskList": list, "unit": unit, "reopening": id });
    work.tell("period_reopening.ended", told);
    Ok(id)
}

/// A reason that must be there.
pub(super) fn reason(checks: &mut Checks, text: Option<&str>, path: &str) -> Option<String> {
    let reason = checks.optional(text, REASON_CHARS, path);
    if reason.is_none() {
        checks.fail(UserErrorCode::Required, Message::Period(PeriodMessage::ReasonNeeded), path);
    }
    reason
}
