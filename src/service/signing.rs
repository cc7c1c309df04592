//! Inside the unit: the second signature, sending back, correcting what was accepted, and whether a unit asks for it.

use entity::vocabulary::SignatureDecision;
use entity::{report_signature, unit};
use uuid::Uuid;

use super::reports::{advance, hand_in, keep, take};
use super::reviews::REASON_CHARS;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::report_life::Step;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

impl Service {
    /// Signs a report (签发): it goes to the office.
    pub async fn progress_report_sign(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("progressReportSign", key, &(id, expected_version))?);
        let result = sign(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Sends a report back to its writer inside the unit, with the reason.
    pub async fn progress_report_send_back(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let call = Call::new("progressReportSendBack", key, &(id, expected_version, &reason))?;
        let mut work = begin!(self, caller, call);
        let result = send_back(&mut work, id, expected_version, &reason).await;
        work.end(result).await
    }

    /// Begins the correction of an accepted report (更正); what was accepted counts until the correction is accepted.
    pub async fn progress_report_correct(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("progressReportCorrect", key, &(id, expected_version))?);
        let result = correct(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Says whether the reports of a unit need the signature of its approver.
    pub async fn unit_report_signing_set(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        required: bool,
    ) -> Answer<Uuid> {
        let call = Call::new("unitReportSigningSet", key, &(id, expected_version, required))?;
        let mut work = begin!(self, caller, call);
        let result = switch(&mut work, id, expected_version, required).await;
        work.end(result).await
    }
}

pub(super) async fn sign(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportSign, id, expected_version).await?;
    advance(work, &mut report, Step::Sign);
    decided(work, id, SignatureDecision::Signed, Some(report.revision), None).await?;
    hand_in(work, report).await
}

async fn send_back(work: &mut Work, id: Uuid, expected_version: i32, reason: &str) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportSendBack, id, expected_version).await?;
    let mut checks = Checks::default();
    let reason = checks.optional(Some(reason), REASON_CHARS, "input.reason");
    if reason.is_none() {
        checks.fail(UserErrorCode::Required, Message::ReasonRequired, "input.reason");
    }
    checks.done()?;
    decided(work, id, SignatureDecision::SentBack, None, reason).await?;
    advance(work, &mut report, Step::SendBack);
    keep(work, report, "progress_report.sent_back", &["status"]).await
}

async fn decided(
    work: &Work,
    report: Uuid,
    decision: SignatureDecision,
    revision: Option<i32>,
    reason: Option<String>,
) -> Result<(), Stop> {
    let row = report_signature::Model {
        id: work.id(),
        progress_report_id: report,
        decision,
        revision,
        reason,
        user_id: work.actor.user_id,
        created_at: work.now,
    };
    Ok(work.tx.insert::<report_signature::Entity>(row).await?)
}

async fn correct(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportCorrect, id, expected_version).await?;
    advance(work, &mut report, Step::Correct);
    keep(work, report, "progress_report.correcting", &["status"]).await
}

async fn switch(work: &mut Work, id: Uuid, expected_version: i32, required: bool) -> Result<Uuid, Stop> {
    // Claimed, not locked: whatever refers to the unit meanwhile need not wait.
    let Some(row) = work.tx.claimed::<unit::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let above = work.tx.ancestors(&[id]).await?.remove(&id).unwrap_or_default();
    let subject = Subject {
        approver: work.actor.signs_for(id),
        office: work.actor.office_over(&above),
        system_admin: work.actor.administers(&above),
        ..Subject::default()
    };
    decide(Action::SigningSwitch, subject, State::default())?;
    expect_version(row.version, expected_version)?;
    let mut row = row.into_inner();
    row.report_signing = required;
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<unit::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["reportSigning"]);
    work.tell("unit.updated", serde_json::json!({ "unit": id }));
    Ok(id)
}
