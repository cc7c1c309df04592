//! What a reporting unit does: write, hand in, take back.

use chrono::NaiveDate;
use entity::vocabulary::{Completion, ReportStatus};
use entity::{progress_report, progress_report_revision, report_obligation, unit};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::done_count;
use super::periods::subject_over;
use super::reopenings;
use super::report_desk::desk;
use super::report_header::seal;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::report::{MAX_NARRATIVE, ReportProblem, Stage, validate_report};
use crate::domain::report_life::{Life, Step};
use crate::domain::text::parse_phone;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Characters of a reporter's name at most.
pub const REPORTER_NAME_CHARS: usize = 100;

/// What a unit writes; what is `None` stays, `Some(None)` takes it away.
#[derive(Clone, Debug, Serialize)]
pub struct ReportSave {
    /// What is answered.
    pub obligation: Uuid,
    /// The version the change was made on; missing when nothing is written yet.
    pub expected_version: Option<i32>,
    /// What was done.
    pub narrative: Option<Option<String>>,
    /// How far the work is.
    pub completion: Option<Option<Completion>>,
    /// How far the work is, 0 to 100.
    pub percent: Option<Option<i32>>,
    /// How often a recurring task was done.
    pub done_count: Option<Option<i32>>,
    /// The day the unit writes on it.
    pub filled_on: Option<Option<NaiveDate>>,
    /// The contact's name.
    pub reporter_name: Option<Option<String>>,
    /// The contact's telephone number. Not in the digest of the input: see [`Service::progress_report_save`].
    #[serde(skip)]
    pub reporter_phone: Option<Option<String>>,
}

impl Service {
    /// Writes the report of an obligation, the first time or again.
    pub async fn progress_report_save(&self, caller: &Caller, key: Option<String>, input: ReportSave) -> Answer<Uuid> {
        let phone = self.phone_print(&input);
        let mut work = begin!(self, caller, Call::new("progressReportSave", key, &(&input, phone))?);
        let result = save(&mut work, input).await;
        work.end(result).await
    }

    /// What stands for the telephone number in the digest of an input: the digest is kept, and one of eleven digits
    /// would be found by trying.
    pub(super) fn phone_print(&self, input: &ReportSave) -> Option<Option<String>> {
        input.reporter_phone.as_ref().map(|phone| phone.as_deref().map(|p| self.cipher().fingerprint(p)))
    }

    /// Hands a report in.
    pub async fn progress_report_submit(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("progressReportSubmit", key, &(id, expected_version))?);
        let result = submit(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Takes a report back before the office decided.
    pub async fn progress_report_withdraw(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("progressReportWithdraw", key, &(id, expected_version))?);
        let result = withdraw(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// Holds list and period still, and says who the actor is to a unit's report and in what state they are.
pub(super) async fn ground(work: &Work, list: Uuid, period: Uuid, unit: Uuid) -> Result<(Subject, State), Stop> {
    let list = work.tx.held_standing(&work.actor, list).await?;
    // Held, so that it is not closed while somebody hands in; closing waits, and who comes later sees it closed.
    let period = reopenings::standing(work, period, unit).await?;
    let (Some(list), Some(period)) = (list, period) else { return Err(UserError::not_found().into()) };
    let subject = Subject {
        reporter: work.actor.reports_for(unit),
        approver: work.actor.signs_for(unit),
        ..subject_over(work, list.issuer).await?
    };
    Ok((subject, State { list: Some(list.status), period: Some(period), ..State::default() }))
}

/// The report under lock, with list and period held, if the policy allows `action` on it at this version.
pub(super) async fn take(
    work: &Work,
    action: Action,
    id: Uuid,
    expected_version: i32,
) -> Result<progress_report::Model, Stop> {
    let (report, subject, state) = lock(work, id).await?;
    decide(action, subject, state)?;
    expect_version(report.version, expected_version)?;
    Ok(report)
}

/// The report under lock, with list and period held, and what the policy asks.
pub(super) async fn lock(work: &Work, id: Uuid) -> Result<(progress_report::Model, Subject, State), Stop> {
    let Some(seen) = work.tx.visible::<progress_report::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let (subject, state) = ground(work, seen.task_list_id, seen.reporting_period_id, seen.unit_id).await?;
    let Some(report) = work.tx.locked::<progress_report::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    // It changes only with the open periods of the list locked, which is held.
    let column = report_obligation::Column::Id;
    let owed = work.tx.all_where::<report_obligation::Entity>(column, &[report.report_obligation_id]).await?;
    let released = owed.iter().any(|row| row.released_at.is_some());
    let subject = Subject {
        submitted_it: report.reporter_user_id == Some(work.actor.user_id),
        signed_it: report.signed_by_user_id == Some(work.actor.user_id),
        ..subject
    };
    let state =
        State { report: Some(report.status), correcting: report.accepted_revision.is_some(), released, ..state };
    Ok((report.into_inner(), subject, state))
}

/// Writes a changed report back, with its audit row and its message.
pub(super) async fn keep(
    work: &mut Work,
    mut report: progress_report::Model,
    topic: &str,
    changed: &[&'static str],
) -> Result<Uuid, Stop> {
    report.version += 1;
    report.updated_at = work.now;
    let told = report.clone();
    work.tx.update::<progress_report::Entity>(report).await?;
    reopenings::refreeze(work, &told).await?;
    Ok(record(work, &told, topic, changed))
}

pub(super) fn record(work: &mut Work, report: &progress_report::Model, topic: &str, changed: &[&'static str]) -> Uuid {
    work.audit(GlobalId::new(Kind::ProgressReport, report.id), changed);
    announce(work, report, topic);
    report.id
}

/// The message about a changed report.
pub(super) fn announce(work: &mut Work, report: &progress_report::Model, topic: &str) {
    work.tell(
        topic,
        json!({
            "progressReport": report.id,
            "reportingPeriod": report.reporting_period_id,
            "taskList": report.task_list_id,
            "unit": report.unit_id,
        }),
    );
}

/// What is told when a report is written.
pub(super) const SAVED: &str = "progress_report.saved";

pub(super) async fn save(work: &mut Work, input: ReportSave) -> Result<Uuid, Stop> {
    let mut desk = desk(work, Action::ReportSave, input.obligation, input.expected_version).await?;
    let changed = apply(work, &mut desk.report, desk.owed.expected_count, input)?;
    desk.put(work, &changed).await
}

/// A report with nothing in it yet.
pub(super) fn blank(work: &Work, owed: &report_obligation::Model) -> progress_report::Model {
    progress_report::Model {
        id: work.id(),
        report_obligation_id: owed.id,
        reporting_period_id: owed.reporting_period_id,
        task_list_id: owed.task_list_id,
        task_id: owed.task_id,
        unit_id: owed.unit_id,
        status: ReportStatus::Draft,
        narrative: String::new(),
        completion: None,
        percent: None,
        done_count: None,
        reporter_user_id: Some(work.actor.user_id),
        reporter_name: Some(work.actor.display_name.clone()),
        reporter_phone_ciphertext: None,
        reporter_removed_at: None,
        filled_on: None,
        signing_since: None,
        signed_by_user_id: None,
        revision: 0,
        submitted_at: None,
        decided_at: None,
        received_at: None,
        accepted_revision: None,
        accepted_completion: None,
        return_count: 0,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    }
}

/// Puts the changes into the row; the names of what changed, or everything that is wrong.
pub(super) fn apply(
    work: &Work,
    report: &mut progress_report::Model,
    expected_count: Option<i32>,
    input: ReportSave,
) -> Result<Vec<&'static str>, Stop> {
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(narrative) = input.narrative {
        report.narrative = narrative.unwrap_or_default();
        changed.push("narrative");
    }
    if let Some(completion) = input.completion {
        report.completion = completion;
        changed.push("completion");
    }
    if let Some(percent) = input.percent {
        report.percent = percent;
        changed.push("percent");
    }
    if let Some(count) = input.done_count {
        report.done_count = count;
        changed.push("doneCount");
    }
    if let Some(day) = input.filled_on {
        report.filled_on = day;
        changed.push("filledOn");
    }
    if let Some(name) = input.reporter_name {
        report.reporter_name = checks.optional(name.as_deref(), REPORTER_NAME_CHARS, "input.reporterName");
        changed.push("reporterName");
    }
    if let Some(phone) = input.reporter_phone {
        let phone = phone.filter(|phone| !phone.trim().is_empty());
        report.reporter_phone_ciphertext = match phone.as_deref().map(parse_phone) {
            None => None,
            Some(Some(number)) => Some(seal(work, &number, report.id)?),
            Some(None) => {
                checks.fail(UserErrorCode::InvalidFormat, Message::BadPhone, "input.reporterPhone");
                None
            }
        };
        changed.push("reporterPhone");
    }
    for problem in validate_report(&report.narrative, report.completion, report.percent, Stage::Save) {
        let (code, message) = told(problem);
        checks.fail(code, message, &format!("input.{}", problem.field()));
    }
    done_count::check(&mut checks, report, expected_count, Stage::Save, "input.doneCount");
    checks.done()?;
    Ok(changed)
}

pub(super) fn told(problem: ReportProblem) -> (UserErrorCode, Message) {
    match problem {
        ReportProblem::NarrativeRequired | ReportProblem::ReasonRequired => {
            (UserErrorCode::Required, Message::NarrativeRequired)
        }
        ReportProblem::NarrativeTooLong => (UserErrorCode::TooLong, Message::TooLong(MAX_NARRATIVE)),
        ReportProblem::NarrativeUnreadable => (UserErrorCode::InvalidFormat, Message::ControlCharacters),
        ReportProblem::CompletionRequired => (UserErrorCode::Required, Message::CompletionRequired),
        ReportProblem::PercentOutOfRange => (UserErrorCode::OutOfRange, Message::OutOfRange(0, 100)),
        ReportProblem::CompletedBelow100 | ReportProblem::NotStartedAbove0 => {
            (UserErrorCode::Conflict, Message::PercentContradicts)
        }
    }
}

pub(super) async fn submit(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportSubmit, id, expected_version).await?;
    let mut checks = Checks::default();
    for problem in validate_report(&report.narrative, report.completion, report.percent, Stage::Submit) {
        let (code, message) = told(problem);
        // The gap is in the report, not in the input of this verb.
        checks.fail(code, message, problem.field());
    }
    let expected = done_count::expected(work, report.report_obligation_id).await?;
    done_count::check(&mut checks, &report, expected, Stage::Submit, "doneCount");
    checks.done()?;
    let Some(unit) = work.tx.visible::<unit::Entity>(&work.actor, report.unit_id).await? else {
        return Err(UserError::not_found().into());
    };
    advance(work, &mut report, Step::Submit { signing: unit.report_signing });
    if report.status == ReportStatus::Signing {
        report.signing_since = Some(work.now);
        return keep(work, report, "progress_report.signing", &["status"]).await;
    }
    hand_in(work, report).await
}

/// Takes a step in the life of a report.
pub(super) fn advance(work: &Work, report: &mut progress_report::Model, step: Step) {
    let life = Life {
        status: report.status,
        handed_in_by: report.reporter_user_id,
        signed_by: report.signed_by_user_id,
        revision: report.revision,
        accepted_revision: report.accepted_revision,
        return_count: report.return_count,
    };
    let life = life.after(step, work.actor.user_id);
    report.status = life.status;
    report.reporter_user_id = life.handed_in_by;
    report.signed_by_user_id = life.signed_by;
    report.revision = life.revision;
    report.accepted_revision = life.accepted_revision;
    report.return_count = life.return_count;
    report.signing_since = None;
}

/// Hands what the report says to the office: the revision that its last step made.
pub(super) async fn hand_in(work: &mut Work, mut report: progress_report::Model) -> Result<Uuid, Stop> {
    let (Some(completion), Some(submitted_by)) = (report.completion, report.reporter_user_id) else {
        return Err(Fault::Internal("a report that is complete and says nothing".to_owned()).into());
    };
    report.submitted_at = Some(work.now);
    work.tx
        .insert::<progress_report_revision::Entity>(progress_report_revision::Model {
            id: work.id(),
            progress_report_id: report.id,
            revision: report.revision,
            narrative: report.narrative.clone(),
            completion,
            percent: report.percent,
            done_count: report.done_count,
            submitted_by,
            submitted_at: work.now,
            withdrawn_at: None,
            signed_by: report.signed_by_user_id,
            filled_on: report.filled_on,
        })
        .await?;
    keep(work, report, "progress_report.submitted", &["status", "revision"]).await
}

async fn withdraw(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportWithdraw, id, expected_version).await?;
    let column = progress_report_revision::Column::ProgressReportId;
    let handed_in = work.tx.visible_where::<progress_report_revision::Entity>(&work.actor, column, &[id]).await?;
    // What still waits for a signature inside the unit was never handed in.
    let with_office = report.status == ReportStatus::Submitted;
    if let Some(last) = handed_in.into_iter().find(|row| with_office && row.revision == report.revision) {
        // So that what stood on a past day can be told.
        let last = progress_report_revision::Model { withdrawn_at: Some(work.now), ..last.into_inner() };
        work.tx.update::<progress_report_revision::Entity>(last).await?;
    }
    advance(work, &mut report, Step::Withdraw);
    keep(work, report, "progress_report.withdrawn", &["status"]).await
}
