//! The difference is saved, all of it or nothing.

use std::collections::BTreeSet;

use entity::progress_report;
use uuid::Uuid;

use super::difference::{Difference, Part, RowState};
use super::form::Sheet;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::report_header::Header;
use crate::service::reports::{ReportSave, SAVED, announce, apply};
use crate::service::{Stop, Work};
use crate::store::StoreError;

/// Writes what is new and what is changed; how many reports that are.
pub(super) async fn keep(
    work: &mut Work,
    sheet: &Sheet,
    differences: &[Difference],
    period: Uuid,
) -> Result<usize, Stop> {
    // A sheet is of one unit.
    let header = match sheet.rows.first() {
        Some(row) => Header::usual(work, row.obligation.unit_id).await?,
        None => Header::default(),
    };
    let mut new = Vec::new();
    let mut told = Vec::new();
    let mut parts: BTreeSet<Part> = BTreeSet::new();
    for (answered, difference) in sheet.rows.iter().zip(differences) {
        let row = &difference.row;
        if !matches!(row.state, RowState::New | RowState::Changed) {
            continue;
        }
        let mut report = match &difference.report {
            Some(report) => report.clone(),
            None => header.begin(work, &answered.obligation)?,
        };
        apply(work, &mut report, answered.obligation.expected_count, save_of(sheet, difference)?)?;
        parts.extend(&row.changed);
        if row.state == RowState::New {
            new.push(report.clone());
        } else {
            report.version += 1;
            report.updated_at = work.now;
            work.tx.update::<progress_report::Entity>(report.clone()).await?;
        }
        told.push(report);
    }
    match work.tx.insert_all::<progress_report::Entity>(new).await {
        // Somebody wrote the first words of one of them meanwhile.
        Err(StoreError::Unique) => return Err(UserError::new(UserErrorCode::Stale, Message::Stale).into()),
        other => other?,
    }
    for report in &told {
        announce(work, report, SAVED);
    }
    let changed: Vec<&'static str> = parts.into_iter().map(Part::field).collect();
    work.audit(GlobalId::new(Kind::ReportingPeriod, period), &changed);
    Ok(told.len())
}

/// The same change as it would be made by hand.
fn save_of(sheet: &Sheet, difference: &Difference) -> Result<ReportSave, Stop> {
    let row = &difference.row;
    let Some(after) = row.after.clone() else {
        return Err(Fault::Internal("a change to nothing".to_owned()).into());
    };
    let when = |part: Part| row.changed.contains(&part);
    Ok(ReportSave {
        obligation: row.obligation,
        expected_version: difference.report.as_ref().map(|report| report.version),
        narrative: when(Part::Narrative).then_some(after.narrative),
        completion: when(Part::Completion).then_some(after.completion),
        percent: when(Part::Percent).then_some(after.percent),
        done_count: when(Part::DoneCount).then_some(after.done_count),
        filled_on: sheet.filled_on.map(Some),
        reporter_name: when(Part::ReporterName).then(|| sheet.reporter.clone()),
        reporter_phone: when(Part::ReporterPhone).then(|| sheet.phone.clone()),
    })
}
