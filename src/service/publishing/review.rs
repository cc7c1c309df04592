//! What reviewers decide, and what the secrecy reviewer lets through.

use std::collections::HashMap;

use entity::vocabulary::PublicationDecision;
use entity::{publication_finding, publication_release};
use serde::Serialize;
use uuid::Uuid;

use super::findings::{counted, of, put};
use super::{course, keep, record, take, told};
use crate::authz::Action;
use crate::domain::publication::{ReviewStep, Step};
use crate::error::{Message, PublishingMessage, UserError, UserErrorCode};
use crate::service::reviews::REASON_CHARS;
use crate::service::work::Checks;
use crate::service::{Stop, Work};

/// What a reviewer decides.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The version that was read.
    pub expected_version: i32,
    /// Which step it is.
    pub step: ReviewStep,
    /// What is decided.
    pub decision: PublicationDecision,
    /// Why; needed for a return.
    pub reason: Option<String>,
    /// Findings that are let through.
    pub releases: Vec<Release>,
    /// Why all findings that are not named are let through.
    pub release_others: Option<String>,
}

/// A finding that is let through.
#[derive(Clone, Debug, Serialize)]
pub struct Release {
    /// The finding.
    pub finding: Uuid,
    /// Why.
    pub reason: String,
}

pub(super) async fn review(work: &mut Work, id: Uuid, verdict: Verdict) -> Result<Uuid, Stop> {
    let (mut row, _) = take(work, Action::PublicationReview, id, verdict.expected_version).await?;
    let Some(next) = course(&row).after(Step::Review(verdict.step, verdict.decision)) else {
        let message = Message::Publishing(PublishingMessage::NotTheNextStep);
        return Err(UserError::at(UserErrorCode::InvalidState, message, "input.step").into());
    };
    let returned = verdict.decision == PublicationDecision::Returned;
    let mut checks = Checks::default();
    let reason = checks.optional(verdict.reason.as_deref(), REASON_CHARS, "input.reason");
    if returned && reason.is_none() {
        checks.fail(UserErrorCode::Required, Message::ReasonRequired, "input.reason");
    }
    let lets_through = verdict.step == ReviewStep::Secrecy && !returned;
    let releases = !verdict.releases.is_empty() || verdict.release_others.is_some();
    if releases && !lets_through {
        let message = Message::Publishing(PublishingMessage::ReleaseMisplaced);
        checks.fail(UserErrorCode::Conflict, message, "input.releases");
    }
    let mut findings = of(work, id).await?;
    if lets_through {
        release(work, &mut checks, &mut findings, &verdict);
    }
    checks.done()?;
    if returned {
        // The next secrecy reviewer decides for himself.
        findings.iter_mut().for_each(close);
    }
    let step = record(work, &row, row.round, verdict.step.act(), Some(verdict.decision), reason).await?;
    if lets_through {
        // The findings are closed again by a return, and gone with the text they stand in: this stays.
        work.tx.insert_all::<publication_release::Entity>(trace(work, step, &findings)).await?;
    }
    if lets_through || returned {
        let open = findings.iter().filter(|finding| finding.released_by.is_none()).count();
        row.open_findings = counted(open);
        put(work, id, findings).await?;
    }
    (row.status, row.round) = (next.status, next.round);
    let id = told(work, &row, step, "publication.reviewed", &["status"]);
    keep(work, row).await?;
    Ok(id)
}

/// What a step lets through, as it stays on record.
fn trace(work: &Work, step: Uuid, findings: &[publication_finding::Model]) -> Vec<publication_release::Model> {
    let kept = findings.iter().filter_map(|finding| {
        Some(publication_release::Model {
            id: work.id(),
            publication_step_id: step,
            task_list_id: finding.task_list_id,
            position: finding.position,
            kind: finding.kind,
            field: finding.field,
            task_number: finding.task_number.clone(),
            pointer: finding.pointer.clone(),
            excerpt: finding.excerpt.clone(),
            reason: finding.release_reason.clone()?,
        })
    });
    kept.collect()
}

fn close(finding: &mut publication_finding::Model) {
    (finding.released_by, finding.released_at, finding.release_reason) = (None, None, None);
}

/// Lets the named findings through, and the others where a reason is given for all of them.
fn release(work: &Work, checks: &mut Checks, findings: &mut [publication_finding::Model], verdict: &Verdict) {
    let most = work.service().limits().bulk_items;
    if verdict.releases.len() > most {
        checks.fail(UserErrorCode::Limit, Message::TooMany(most), "input.releases");
    }
    let mut places: HashMap<Uuid, usize> = findings.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
    for (nth, one) in verdict.releases.iter().take(most).enumerate() {
        let path = format!("input.releases.{nth}");
        let reason = checks.text(&one.reason, REASON_CHARS, &format!("{path}.reason"));
        match places.remove(&one.finding).and_then(|at| findings.get_mut(at)) {
            Some(finding) => open(work, finding, reason),
            None => {
                let message = Message::Publishing(PublishingMessage::NoOpenFinding);
                checks.fail(UserErrorCode::NotFound, message, &format!("{path}.finding"));
            }
        }
    }
    if let Some(reason) = checks.optional(verdict.release_others.as_deref(), REASON_CHARS, "input.releaseOthers") {
        for finding in findings.iter_mut().filter(|finding| finding.released_by.is_none()) {
            open(work, finding, reason.clone());
        }
    }
    let left = findings.iter().filter(|finding| finding.released_by.is_none()).count();
    if left > 0 {
        let message = Message::Publishing(PublishingMessage::FindingsOpen(left));
        checks.fail(UserErrorCode::Conflict, message, "input.releases");
    }
}

fn open(work: &Work, finding: &mut publication_finding::Model, reason: String) {
    finding.released_by = Some(work.actor.user_id);
    finding.released_at = Some(work.now);
    finding.release_reason = Some(reason);
}
