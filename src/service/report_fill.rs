//! Drafts that are filled from what is there: what was handed in before, and the parts of the co-units.

use entity::vocabulary::{Completion, PeriodKind, ReportStatus};
use entity::{progress_report, report_obligation, report_part, reporting_period, unit};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;

use super::report_desk::desk;
use super::reports::{ReportSave, apply};
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::domain::report::MAX_NARRATIVE;
use crate::domain::report_life::Life;
use crate::error::{FillMessage, Message, UserError, UserErrorCode};
use crate::store::Visible;

/// Parts of a merged report at most.
pub const MAX_PARTS: usize = 200;

/// What a lead merges.
#[derive(Clone, Debug, Serialize)]
pub struct ReportMerge {
    /// What the lead answers.
    pub obligation: Uuid,
    /// The version of its report; missing when nothing is written yet.
    pub expected_version: Option<i32>,
    /// The reports to take over; all that are handed in when missing.
    pub sources: Option<Vec<Uuid>>,
}

impl Service {
    /// Fills the draft of an obligation with what was handed in before; see [`crate::store::Tx::handed_in_before`].
    pub async fn progress_report_carry_forward(
        &self,
        caller: &Caller,
        key: Option<String>,
        obligation: Uuid,
        expected_version: Option<i32>,
    ) -> Answer<Uuid> {
        let call = Call::new("progressReportCarryForward", key, &(obligation, expected_version))?;
        let mut work = begin!(self, caller, call);
        let result = carry(&mut work, obligation, expected_version).await;
        work.end(result).await
    }

    /// Fills the lead's draft with what the co-units handed in, and keeps the parts.
    pub async fn progress_report_merge(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: ReportMerge,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("progressReportMerge", key, &input)?);
        let result = merge(&mut work, input).await;
        work.end(result).await
    }
}

/// A change of the narrative and nothing else.
fn only(obligation: Uuid, narrative: String) -> ReportSave {
    ReportSave {
        obligation,
        expected_version: None,
        narrative: Some(Some(narrative)),
        completion: None,
        percent: None,
        done_count: None,
        filled_on: None,
        reporter_name: None,
        reporter_phone: None,
    }
}

async fn carry(work: &mut Work, obligation: Uuid, expected_version: Option<i32>) -> Result<Uuid, Stop> {
    let mut desk = desk(work, Action::ReportSave, obligation, expected_version).await?;
    let place = (desk.owed.task_id, desk.owed.unit_id, desk.owed.reporting_period_id);
    let Some(before) = work.tx.handed_in_before(&work.actor, place).await? else {
        return Err(UserError::at(
            UserErrorCode::InvalidState,
            Message::Fill(FillMessage::NothingToCarry),
            "input.obligation",
        )
        .into());
    };
    let count = before.done_count.filter(|_| desk.owed.expected_count.is_some());
    // A cumulative count goes on from the last one; in a span of its own counting begins anew, and an old number would be
    // taken for a new one.
    let goes_on = count.is_some() && counts_on(work, &desk.owed, before.progress_report_id).await?;
    let save = ReportSave {
        completion: Some(Some(before.completion)),
        percent: Some(before.percent),
        done_count: goes_on.then_some(count),
        ..only(obligation, before.narrative.clone())
    };
    let changed = apply(work, &mut desk.report, desk.owed.expected_count, save)?;
    desk.put(work, &changed).await
}

/// Whether what is owed and the report before it both count from January.
async fn counts_on(work: &Work, owed: &report_obligation::Model, before: Uuid) -> Result<bool, Stop> {
    let column = progress_report::Column::Id;
    let before = work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &[before]).await?;
    let periods: Vec<Uuid> =
        before.iter().map(|row| row.reporting_period_id).chain([owed.reporting_period_id]).collect();
    let column = reporting_period::Column::Id;
    let periods = work.tx.visible_where::<reporting_period::Entity>(&work.actor, column, &periods).await?;
    Ok(periods.len() == 2 && periods.iter().all(|period| period.kind == PeriodKind::Cumulative))
}

async fn merge(work: &mut Work, input: ReportMerge) -> Result<Uuid, Stop> {
    let mut desk = desk(work, Action::ReportMerge, input.obligation, input.expected_version).await?;
    let mut sources = handed_in(work, &desk.owed).await?;
    if let Some(wanted) = &input.sources {
        let mut errors = Vec::new();
        let mut met = HashSet::new();
        for (n, id) in wanted.iter().enumerate() {
            let path = format!("input.sources.{n}");
            if !met.insert(*id) {
                errors.push(UserError::at(UserErrorCode::Duplicate, Message::ItemTwice, &path));
            } else if !sources.iter().any(|(source, ..)| source.id == *id) {
                errors.push(UserError::not_found_at(&path));
            }
        }
        if !errors.is_empty() {
            return Err(Stop::Refused(errors));
        }
        sources.retain(|(source, ..)| met.contains(&source.id));
    }
    if sources.is_empty() {
        return Err(UserError::at(
            UserErrorCode::InvalidState,
            Message::Fill(FillMessage::NothingToMerge),
            "input.sources",
        )
        .into());
    }
    if sources.len() > MAX_PARTS {
        return Err(UserError::at(UserErrorCode::Limit, Message::TooMany(MAX_PARTS), "input.sources").into());
    }
    let texts = sources.iter().map(|(source, unit, completion)| headed(&unit.name, &source.narrative, *completion));
    let narrative = texts.collect::<Vec<_>>().join("\n\n");
    if narrative.chars().nth(MAX_NARRATIVE).is_some() {
        let message = Message::Fill(FillMessage::MergedTooLong(narrative.chars().count(), MAX_NARRATIVE));
        return Err(UserError::at(UserErrorCode::TooLong, message, "input.sources").into());
    }
    // The lead counts for itself: what several units did together would be counted once for each of them in a sum. What each
    // of them said stands on its part.
    let expected = desk.owed.expected_count;
    let mut changed = apply(work, &mut desk.report, expected, only(input.obligation, narrative))?;
    changed.push("parts");
    let (report, revision) = (desk.report.id, desk.report.revision);
    let id = desk.put(work, &changed).await?;
    clear_parts(work, report, revision).await?;
    let parts = (0..).zip(sources).map(|(position, (source, _, completion))| report_part::Model {
        id: work.id(),
        progress_report_id: report,
        source_report_id: source.id,
        source_revision: Life::standing_revision(source.status, source.revision, source.accepted_revision),
        unit_id: source.unit_id,
        position,
        narrative: source.narrative.clone(),
        completion,
        percent: source.percent,
        done_count: source.done_count,
        added_in: revision + 1,
        removed_in: None,
        created_at: work.now,
    });
    work.tx.insert_all::<report_part::Entity>(parts.collect()).await?;
    Ok(id)
}

/// Takes the parts out that stand; what was handed in with a revision stays with it.
async fn clear_parts(work: &Work, report: Uuid, revision: i32) -> Result<(), Stop> {
    let column = report_part::Column::ProgressReportId;
    let mut standing = work.tx.all_where::<report_part::Entity>(column, &[report]).await?;
    standing.retain(|row| row.removed_in.is_none());
    let (kept, new): (Vec<_>, Vec<_>) = standing.into_iter().partition(|row| row.added_in <= revision);
    work.tx.delete_keys::<report_part::Entity>(&new.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    for row in kept {
        let row = report_part::Model { removed_in: Some(revision + 1), ..row };
        work.tx.update::<report_part::Entity>(row).await?;
    }
    Ok(())
}

type Source = (Visible<progress_report::Model>, Visible<unit::Model>, Completion);

/// What the co-units of an obligation handed in for its task and period, as far as it is visible, in the order of the
/// directory. Nobody changes it while it is handed in, so it needs no lock; what moves on later is seen on the part.
async fn handed_in(work: &Work, owed: &report_obligation::Model) -> Result<Vec<Source>, Stop> {
    let column = progress_report::Column::TaskId;
    let rows = work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &[owed.task_id]).await?;
    let rows = rows.into_iter().filter(|row| {
        row.reporting_period_id == owed.reporting_period_id
            && row.unit_id != owed.unit_id
            && matches!(row.status, ReportStatus::Submitted | ReportStatus::Accepted)
    });
    let rows: Vec<_> = rows.collect();
    let units: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
    let units = work.tx.visible_by_keys::<unit::Entity>(&work.actor, &units).await?;
    let mut sources: Vec<Source> = rows
        .into_iter()
        .filter_map(|row| {
            let (unit, completion) = (units.get(&row.unit_id)?.clone(), row.completion?);
            Some((row, unit, completion))
        })
        .collect();
    sources.sort_by(|(_, a, _), (_, b, _)| (a.position, &a.code).cmp(&(b.position, &b.code)));
    Ok(sources)
}

/// A part under the name of its unit.
fn headed(unit: &str, narrative: &str, completion: Completion) -> String {
    match (narrative.trim(), completion) {
        ("", Completion::NothingToReport) => format!("【{unit}】本期无新增情况。"),
        (said, _) => format!("【{unit}】{said}"),
    }
}
