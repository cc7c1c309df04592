//! What the office decides about a report that was handed in.

use entity::report_review;
use entity::vocabulary::ReviewDecision;
use uuid::Uuid;

use super::reports::{advance, keep, take};
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::domain::report_life::Step;
use crate::error::{Message, UserErrorCode};

/// Characters of a reason or comment at most.
pub const REASON_CHARS: usize = 2_000;

impl Service {
    /// Accepts a report (通过).
    pub async fn progress_report_accept(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        comment: Option<String>,
    ) -> Answer<Uuid> {
        let call = Call::new("progressReportAccept", key, &(id, expected_version, &comment))?;
        let mut work = begin!(self, caller, call);
        let result = accept(&mut work, id, expected_version, comment).await;
        work.end(result).await
    }

    /// Returns a report (退回), with the reason.
    pub async fn progress_report_return(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let call = Call::new("progressReportReturn", key, &(id, expected_version, &reason))?;
        let mut work = begin!(self, caller, call);
        let result = send_back(&mut work, id, expected_version, &reason).await;
        work.end(result).await
    }
}

pub(super) async fn accept(
    work: &mut Work,
    id: Uuid,
    expected_version: i32,
    comment: Option<String>,
) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportAccept, id, expected_version).await?;
    let mut checks = Checks::default();
    let comment = checks.optional(comment.as_deref(), REASON_CHARS, "input.comment");
    checks.done()?;
    review(work, id, report.revision, ReviewDecision::Accepted, comment).await?;
    advance(work, &mut report, Step::Accept);
    report.accepted_completion = report.completion;
    report.decided_at = Some(work.now);
    report.received_at = report.received_at.or(report.submitted_at);
    keep(work, report, "progress_report.accepted", &["status"]).await
}

async fn send_back(work: &mut Work, id: Uuid, expected_version: i32, reason: &str) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportReturn, id, expected_version).await?;
    let mut checks = Checks::default();
    let reason = checks.optional(Some(reason), REASON_CHARS, "input.reason");
    if reason.is_none() {
        checks.fail(UserErrorCode::Required, Message::ReasonRequired, "input.reason");
    }
    checks.done()?;
    review(work, id, report.revision, ReviewDecision::Returned, reason).await?;
    advance(work, &mut report, Step::Return);
    report.decided_at = Some(work.now);
    keep(work, report, "progress_report.returned", &["status", "returnCount"]).await
}

async fn review(
    work: &Work,
    report: Uuid,
    revision: i32,
    decision: ReviewDecision,
    reason: Option<String>,
) -> Result<(), Stop> {
    let row = report_review::Model {
        id: work.id(),
        progress_report_id: report,
        revision,
        decision,
        reason,
        reviewer_user_id: work.actor.user_id,
        reviewer_unit_id: work.actor.unit_id,
        created_at: work.now,
    };
    Ok(work.tx.insert::<report_review::Entity>(row).await?)
}
