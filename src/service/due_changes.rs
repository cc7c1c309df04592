//! How days were before they are changed, kept so that what stood on a past day can be told.
//!
//! Only what changes is kept: a row holds what was so from one moment to another, and what was never changed stands on the
//! period or the obligation alone. A release needs no row, because it carries its own moment; being owed again does, because
//! that moment goes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{obligation_due_change, period_due_change, report_obligation, reporting_period};
use uuid::Uuid;

use super::{Stop, Work};

/// Keeps the day and the grace of a period as they are. The period is locked, and about to be changed.
pub(super) async fn period_was(work: &Work, was: &reporting_period::Model) -> Result<(), Stop> {
    let column = period_due_change::Column::ReportingPeriodId;
    let earlier = work.tx.all_where::<period_due_change::Entity>(column, &[was.id]).await?;
    let since_at = earlier.iter().map(|row| row.until_at).max().unwrap_or(was.created_at);
    // What was so for no time at all was never seen.
    if since_at < work.now {
        let row = period_due_change::Model {
            id: work.id(),
            reporting_period_id: was.id,
            due_on: was.due_on,
            grace_working_days: was.grace_working_days,
            since_at,
            until_at: work.now,
        };
        work.tx.insert::<period_due_change::Entity>(row).await?;
    }
    Ok(())
}

/// Keeps the own days of obligations, and since when they were not owed, as they are. Nobody else changes them meanwhile,
/// and they are about to be changed.
pub(super) async fn obligations_were(work: &Work, were: Vec<report_obligation::Model>) -> Result<(), Stop> {
    if were.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = were.iter().map(|row| row.id).collect();
    let column = obligation_due_change::Column::ReportObligationId;
    let mut since: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
    for row in work.tx.all_where::<obligation_due_change::Entity>(column, &keys).await? {
        let last = since.entry(row.report_obligation_id).or_insert(row.until_at);
        *last = row.until_at.max(*last);
    }
    let rows = were.into_iter().filter_map(|was| {
        let since_at = since.get(&was.id).copied().unwrap_or(was.created_at);
        (since_at < work.now).then(|| obligation_due_change::Model {
            id: work.id(),
            report_obligation_id: was.id,
            due_on: was.due_on,
            released_at: was.released_at,
            since_at,
            until_at: work.now,
        })
    });
    Ok(work.tx.insert_all::<obligation_due_change::Entity>(rows.collect()).await?)
}
