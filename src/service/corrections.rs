//! Giving up the correction of an accepted report: what was accepted stands as it was, and the trace stays.

use entity::vocabulary::ReviewDecision;
use entity::{evidence, file, progress_report, progress_report_revision, report_part, report_review};
use uuid::Uuid;

use super::evidence::release;
use super::reports::{advance, record, take};
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::domain::report_life::Step;
use crate::error::Fault;

impl Service {
    /// Gives up the correction of an accepted report (放弃更正).
    pub async fn progress_report_correction_cancel(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let call = Call::new("progressReportCorrectionCancel", key, &(id, expected_version))?;
        let mut work = begin!(self, caller, call);
        let result = cancel(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

async fn cancel(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut report = take(work, Action::ReportCorrectionCancel, id, expected_version).await?;
    let Some((number, accepted)) = accepted(work, &report).await? else {
        return Err(Fault::Internal("a correction of nothing that was accepted".to_owned()).into());
    };
    advance(
        work,
        &mut report,
        Step::CancelCorrection { handed_in_by: Some(accepted.submitted_by), signed_by: accepted.signed_by },
    );
    let column = report_review::Column::ProgressReportId;
    let reviews = work.tx.all_where::<report_review::Entity>(column, &[id]).await?;
    let agreed = reviews.iter().find(|row| row.revision == number && row.decision == ReviewDecision::Accepted);
    report.decided_at = agreed.map_or(report.decided_at, |row| Some(row.created_at));
    report.submitted_at = Some(accepted.submitted_at);
    report.narrative = accepted.narrative;
    report.completion = Some(accepted.completion);
    report.percent = accepted.percent;
    report.done_count = accepted.done_count;
    report.filled_on = accepted.filled_on;
    evidence_of(work, &report, number).await?;
    parts_of(work, &report, number).await?;
    report.version += 1;
    report.updated_at = work.now;
    let told = report.clone();
    // Nothing is frozen anew: what was accepted counted all the time.
    work.tx.update::<progress_report::Entity>(report).await?;
    let changed = ["status", "narrative", "completion", "percent", "doneCount", "filledOn", "evidence", "parts"];
    Ok(record(work, &told, "progress_report.correction_cancelled", &changed))
}

/// The revision that counts, with its number.
async fn accepted(
    work: &Work,
    report: &progress_report::Model,
) -> Result<Option<(i32, progress_report_revision::Model)>, Stop> {
    let Some(number) = report.accepted_revision else { return Ok(None) };
    let column = progress_report_revision::Column::ProgressReportId;
    let all = work.tx.all_where::<progress_report_revision::Entity>(column, &[report.id]).await?;
    Ok(all.into_iter().find(|row| row.revision == number).map(|row| (number, row)))
}

/// What becomes of something that belongs to some revisions of a report.
enum Fate {
    /// It came with a correction that nobody handed in, and goes with it.
    Dropped,
    /// It was handed in with a correction: it stays there, and stands no more.
    TakenOut,
    /// It was taken out by a correction that nobody handed in: it was never out.
    Kept,
    /// It was handed in as taken out: it comes in again, as anew.
    Again,
}

/// The fate of what belongs to the revisions from `added` to before `removed`, when revision `accepted` of `revision` is
/// what stands again; none when nothing changes.
fn fate(added: i32, removed: Option<i32>, accepted: i32, revision: i32) -> Option<Fate> {
    match removed {
        _ if added > revision => Some(Fate::Dropped),
        None if added > accepted => Some(Fate::TakenOut),
        Some(removed) if added <= accepted && removed > revision => Some(Fate::Kept),
        Some(removed) if added <= accepted && removed > accepted => Some(Fate::Again),
        _ => None,
    }
}

async fn evidence_of(work: &Work, report: &progress_report::Model, accepted: i32) -> Result<(), Stop> {
    let next = report.revision + 1;
    let all = work.tx.all_where::<evidence::Entity>(evidence::Column::ProgressReportId, &[report.id]).await?;
    let (mut again, mut dropped) = (Vec::new(), Vec::new());
    for row in all {
        match fate(row.added_in, row.removed_in, accepted, report.revision) {
            Some(Fate::Dropped) => dropped.push(row),
            Some(Fate::TakenOut) => {
                work.tx.update::<evidence::Entity>(evidence::Model { removed_in: Some(next), ..row }).await?;
            }
            Some(Fate::Kept) => {
                work.tx.update::<evidence::Entity>(evidence::Model { removed_in: None, ..row }).await?;
            }
            Some(Fate::Again) => {
                again.push(evidence::Model { id: work.id(), added_in: next, removed_in: None, ..row });
            }
            None => {}
        }
    }
    work.tx.insert_all::<evidence::Entity>(again).await?;
    let files: Vec<Uuid> = dropped.iter().filter_map(|row| row.file_id).collect();
    // While the evidence is there: what a colleague uploaded is seen through it.
    let files = work.tx.locked_where::<file::Entity>(&work.actor, file::Column::Id, &files).await?;
    work.tx.delete_keys::<evidence::Entity>(&dropped.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    for file in files {
        release(work, file.into_inner()).await?;
    }
    Ok(())
}

async fn parts_of(work: &Work, report: &progress_report::Model, accepted: i32) -> Result<(), Stop> {
    let next = report.revision + 1;
    let column = report_part::Column::ProgressReportId;
    let all = work.tx.all_where::<report_part::Entity>(column, &[report.id]).await?;
    let (mut again, mut dropped) = (Vec::new(), Vec::new());
    for row in all {
        match fate(row.added_in, row.removed_in, accepted, report.revision) {
            Some(Fate::Dropped) => dropped.push(row.id),
            Some(Fate::TakenOut) => {
                work.tx.update::<report_part::Entity>(report_part::Model { removed_in: Some(next), ..row }).await?;
            }
            Some(Fate::Kept) => {
                work.tx.update::<report_part::Entity>(report_part::Model { removed_in: None, ..row }).await?;
            }
            Some(Fate::Again) => {
                again.push(report_part::Model { id: work.id(), added_in: next, removed_in: None, ..row });
            }
            None => {}
        }
    }
    // Before the others come in: a report is taken over once for each revision.
    work.tx.delete_keys::<report_part::Entity>(&dropped).await?;
    work.tx.insert_all::<report_part::Entity>(again).await?;
    Ok(())
}
