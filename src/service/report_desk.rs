//! The report of an obligation, taken up to be written: the one there is, or a new one.

use entity::{progress_report, report_obligation};
use uuid::Uuid;

use super::report_header::Header;
use super::reports::{SAVED, ground, keep, record};
use super::work::expect_version;
use super::{Stop, Work};
use crate::authz::{Action, State, decide};
use crate::error::{Message, UserError, UserErrorCode};
use crate::store::StoreError;

/// The report of an obligation under lock, begun where nothing is written yet.
pub(super) struct Desk {
    /// What is answered.
    pub owed: report_obligation::Model,
    /// The report.
    pub report: progress_report::Model,
    new: bool,
}

/// The report of an obligation under lock, if the policy allows `action` on it at this version.
pub(super) async fn desk(
    work: &Work,
    action: Action,
    obligation: Uuid,
    expected_version: Option<i32>,
) -> Result<Desk, Stop> {
    let absent = || UserError::not_found_at("input.obligation");
    let Some(seen) = work.tx.visible::<report_obligation::Entity>(&work.actor, obligation).await? else {
        return Err(absent().into());
    };
    let (mut subject, state) = ground(work, seen.task_list_id, seen.reporting_period_id, seen.unit_id).await?;
    // Once more: whoever amended the list while this waited for it may have released what was owed, or taken it away.
    let Some(owed) = work.tx.visible::<report_obligation::Entity>(&work.actor, obligation).await? else {
        return Err(absent().into());
    };
    if action == Action::ReportMerge {
        let lead = work.tx.reporting_lead(&work.actor, owed.task_id).await?;
        subject.reporting_lead = lead.is_some_and(|lead| lead.unit_id == Some(owed.unit_id));
    }
    let column = progress_report::Column::ReportObligationId;
    let written = work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &[owed.id]).await?;
    let written = match written.first() {
        Some(row) => work.tx.locked::<progress_report::Entity>(&work.actor, row.id).await?,
        None => None,
    };
    let released = owed.released_at.is_some();
    decide(action, subject, State { report: written.as_ref().map(|row| row.status), released, ..state })?;
    match (&written, expected_version) {
        (None, None) => {}
        (Some(row), Some(expected)) => expect_version(row.version, expected)?,
        _ => return Err(stale()),
    }
    let new = written.is_none();
    let report = match written {
        Some(row) => row.into_inner(),
        None => Header::usual(work, owed.unit_id).await?.begin(work, &owed)?,
    };
    Ok(Desk { owed: owed.into_inner(), report, new })
}

impl Desk {
    /// Writes the report back, or for the first time.
    pub(super) async fn put(self, work: &mut Work, changed: &[&'static str]) -> Result<Uuid, Stop> {
        if !self.new {
            return keep(work, self.report, SAVED, changed).await;
        }
        let told = self.report.clone();
        match work.tx.insert::<progress_report::Entity>(self.report).await {
            // Two first saves at once: the obligation takes one report, and the second one hears of the first.
            Err(StoreError::Unique) => return Err(stale()),
            other => other?,
        }
        Ok(record(work, &told, SAVED, changed))
    }
}

fn stale() -> Stop {
    UserError::at(UserErrorCode::Stale, Message::Stale, "expectedVersion").into()
}
