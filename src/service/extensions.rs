//! More time for one obligation: asked for by the unit, decided by the office.

use chrono::NaiveDate;
use entity::vocabulary::{ExtensionStatus, ReportStatus};
use entity::{extension_request, progress_report, report_obligation, reporting_period};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::due_changes::obligations_were;
use super::periods::{REASON_CHARS, subject_over};
use super::reopenings::reason;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::period::due_for;
use crate::error::{Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::Visible;

/// A request for more time.
#[derive(Clone, Debug, Serialize)]
pub struct NewExtension {
    /// The obligation.
    pub obligation: Uuid,
    /// The day asked for.
    pub until_on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// What the office decides about a request.
#[derive(Clone, Debug, Serialize)]
pub struct ExtensionVerdict {
    /// The version that was read.
    pub expected_version: i32,
    /// Whether time is granted.
    pub granted: bool,
    /// The day granted; the one asked for when missing.
    pub until_on: Option<NaiveDate>,
    /// What is said; needed for a refusal.
    pub reason: Option<String>,
}

impl Service {
    /// Asks for more time.
    pub async fn extension_request_create(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: NewExtension,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("extensionRequestCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Takes a request back before it was decided.
    pub async fn extension_request_withdraw(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("extensionRequestWithdraw", key, &(id, expected_version))?);
        let result = withdraw(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Decides about a request.
    pub async fn extension_request_decide(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        verdict: ExtensionVerdict,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("extensionRequestDecide", key, &(id, &verdict))?);
        let result = settle(&mut work, id, verdict).await;
        work.end(result).await
    }
}

/// An obligation with the state of its list and period, both held still, and who the actor is to it.
struct Ground {
    period: reporting_period::Model,
    owed: report_obligation::Model,
    subject: Subject,
    state: State,
}

async fn ground(work: &Work, obligation: Uuid, absent: UserError) -> Result<Ground, Stop> {
    let Some(seen) = work.tx.visible::<report_obligation::Entity>(&work.actor, obligation).await? else {
        return Err(absent.into());
    };
    let list = work.tx.held_standing(&work.actor, seen.task_list_id).await?;
    let period = work.tx.held::<reporting_period::Entity>(&work.actor, seen.reporting_period_id).await?;
    // Two requests at once wait for each other here; whoever writes a report does not.
    let owed = work.tx.claimed::<report_obligation::Entity>(&work.actor, obligation).await?;
    let (Some(list), Some(period), Some(owed)) = (list, period, owed) else { return Err(absent.into()) };
    let subject = Subject { reporter: work.actor.reports_for(owed.unit_id), ..subject_over(work, list.issuer).await? };
    let released = owed.released_at.is_some();
    let state = State { list: Some(list.status), period: Some(period.status), released, ..State::default() };
    Ok(Ground { period: period.into_inner(), owed: owed.into_inner(), subject, state })
}

async fn create(work: &mut Work, input: NewExtension) -> Result<Uuid, Stop> {
    let absent = UserError::not_found_at("input.obligation");
    let Ground { period, owed, subject, state } = ground(work, input.obligation, absent).await?;
    decide(Action::ExtensionCreate, subject, state)?;
    let mut checks = Checks::default();
    let reason = reason(&mut checks, Some(&input.reason), "input.reason");
    check_day(work, &mut checks, &period, &owed, input.until_on);
    let column = extension_request::Column::ReportObligationId;
    let earlier = work.tx.visible_where::<extension_request::Entity>(&work.actor, column, &[owed.id]).await?;
    if earlier.iter().any(|row| row.status == ExtensionStatus::Pending) {
        checks.fail(UserErrorCode::Duplicate, Message::Period(PeriodMessage::RequestWaits), "input.obligation");
    }
    let column = progress_report::Column::ReportObligationId;
    let reports = work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &[owed.id]).await?;
    if reports.iter().any(|row| matches!(row.status, ReportStatus::Submitted | ReportStatus::Accepted)) {
        checks.fail(UserErrorCode::InvalidState, Message::Period(PeriodMessage::HandedIn), "input.obligation");
    }
    checks.done()?;
    let row = extension_request::Model {
        id: work.id(),
        report_obligation_id: owed.id,
        reporting_period_id: owed.reporting_period_id,
        task_list_id: owed.task_list_id,
        task_id: owed.task_id,
        unit_id: owed.unit_id,
        until_on: input.until_on,
        reason: reason.unwrap_or_default(),
        status: ExtensionStatus::Pending,
        granted_until: None,
        decision_reason: None,
        requested_by: work.actor.user_id,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let told = row.clone();
    work.tx.insert::<extension_request::Entity>(row).await?;
    Ok(record(work, &told, "extension_request.created", &["untilOn", "reason"]))
}

/// A day that gives more time than there is.
fn check_day(
    work: &Work,
    checks: &mut Checks,
    period: &reporting_period::Model,
    owed: &report_obligation::Model,
    until_on: NaiveDate,
) {
    let due_on = due_for(period.due_on, owed.due_on);
    if until_on <= due_on {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::NotLater(due_on)), "input.until");
    } else if until_on < work.today {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::DayPast), "input.until");
    }
}

async fn take(
    work: &Work,
    action: Action,
    id: Uuid,
    expected_version: i32,
) -> Result<(extension_request::Model, Ground), Stop> {
    let Some(seen) = work.tx.visible::<extension_request::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let ground = ground(work, seen.report_obligation_id, UserError::not_found()).await?;
    // The obligation is claimed, and whoever changes its requests claims it first.
    let row = work.tx.locked::<extension_request::Entity>(&work.actor, id).await?.map(Visible::into_inner);
    let Some(row) = row else { return Err(UserError::not_found().into()) };
    let subject = Subject { asked_for_it: row.requested_by == work.actor.user_id, ..ground.subject };
    decide(action, subject, State { extension: Some(row.status), ..ground.state })?;
    expect_version(row.version, expected_version)?;
    Ok((row, ground))
}

async fn withdraw(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let (mut row, _) = take(work, Action::ExtensionWithdraw, id, expected_version).await?;
    row.status = ExtensionStatus::Withdrawn;
    keep(work, row, "extension_request.withdrawn", &["status"]).await
}

async fn settle(work: &mut Work, id: Uuid, verdict: ExtensionVerdict) -> Result<Uuid, Stop> {
    let (mut row, ground) = take(work, Action::ExtensionDecide, id, verdict.expected_version).await?;
    let mut checks = Checks::default();
    if verdict.granted {
        row.decision_reason = checks.optional(verdict.reason.as_deref(), REASON_CHARS, "input.reason");
        let until_on = verdict.until_on.unwrap_or(row.until_on);
        check_day(work, &mut checks, &ground.period, &ground.owed, until_on);
        row.granted_until = Some(until_on);
        row.status = ExtensionStatus::Granted;
    } else {
        row.decision_reason = reason(&mut checks, verdict.reason.as_deref(), "input.reason");
        if verdict.until_on.is_some() {
            let message = Message::Period(PeriodMessage::DayWithoutGrant);
            checks.fail(UserErrorCode::Conflict, message, "input.until");
        }
        row.status = ExtensionStatus::Refused;
    }
    checks.done()?;
    row.decided_by = Some(work.actor.user_id);
    row.decided_at = Some(work.now);
    if let Some(until_on) = row.granted_until {
        obligations_were(work, vec![ground.owed.clone()]).await?;
        let owed = report_obligation::Model { due_on: Some(until_on), ..ground.owed };
        let object = GlobalId::new(Kind::ReportObligation, owed.id);
        work.tx.update::<report_obligation::Entity>(owed).await?;
        work.audit_also("extensionRequestDecide", object, &["dueOn"]);
    }
    keep(work, row, "extension_request.decided", &["status", "grantedUntil", "decisionReason"]).await
}

async fn keep(
    work: &mut Work,
    mut row: extension_request::Model,
    topic: &str,
    changed: &[&'static str],
) -> Result<Uuid, Stop> {
    row.version += 1;
    row.updated_at = work.now;
    let told = row.clone();
    work.tx.update::<extension_request::Entity>(row).await?;
    Ok(record(work, &told, topic, changed))
}

fn record(work: &mut Work, row: &extension_request::Model, topic: &str, changed: &[&'static str]) -> Uuid {
    work.audit(GlobalId::new(Kind::ExtensionRequest, row.id), changed);
    let told = json!({
        "extensionRequest": row.id,
        "reportObligation": row.report_obligation_id,
        "reportingPeriod": row.reporting_period_id,
        "taskList": row.task_list_id,
        "unit": row.unit_id,
    });
    work.tell(topic, told);
    row.id
}
