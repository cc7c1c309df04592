//! What open periods owe after an amendment. Closed ones are never touched.

use std::collections::{BTreeSet, HashSet};

use entity::vocabulary::{AssignmentRole, ExtensionStatus};
use entity::{assignment, extension_request, report_obligation};
use uuid::Uuid;

use super::draft::Draft;
use crate::domain::period::day_of_who_joins;
use crate::id::{GlobalId, Kind};
use crate::service::due_changes::obligations_were;
use crate::service::opening::expected;
use crate::service::{Stop, Work};

impl Draft {
    fn owes(&self, row: &assignment::Model) -> bool {
        row.unit_id.is_some() && (row.role != AssignmentRole::Support || self.list.support_reports)
    }

    /// Gives new assignments their obligations and releases those of withdrawn ones: they are owed no more, and stay with
    /// all that was written, granted and urged. A unit that is on the task in another role keeps owing what it owed.
    pub(super) async fn settle_obligations(&self, work: &mut Work) -> Result<(), Stop> {
        let tasks: Vec<Uuid> = self.tasks.keys().copied().collect();
        if self.periods.is_empty() || tasks.is_empty() {
            return Ok(());
        }
        let mut owed =
            work.tx.all_where::<report_obligation::Entity>(report_obligation::Column::TaskId, &tasks).await?;
        owed.retain(|row| self.periods.iter().any(|period| period.id == row.reporting_period_id));

        let now: Vec<&assignment::Model> = self.tasks.values().flat_map(|task| &task.now).collect();
        let old: HashSet<Uuid> = self.tasks.values().flat_map(|task| &task.before).map(|row| row.id).collect();
        let joins = |period: Uuid| {
            let period = self.periods.iter().find(|row| row.id == period)?;
            day_of_who_joins(work.today, period.due_on, work.service().calendar())
        };
        let mut there: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        let (mut owed_again, mut released) = (Vec::new(), Vec::new());
        for mut row in owed {
            let heir = now
                .iter()
                .filter(|seat| seat.task_id == row.task_id && seat.unit_id == Some(row.unit_id))
                .find(|seat| seat.id == row.assignment_id || self.owes(seat));
            let before = row.clone();
            if let Some(seat) = heir {
                there.insert((row.reporting_period_id, seat.id));
                if row.released_at.take().is_some() {
                    row.due_on = row.due_on.max(joins(row.reporting_period_id));
                }
                row.assignment_id = seat.id;
            } else {
                row.released_at = row.released_at.or(Some(work.now));
            }
            match (before.released_at, row.released_at) {
                (Some(_), None) => owed_again.push(before.clone()),
                (None, Some(_)) => released.push(row.id),
                _ => {}
            }
            if row != before {
                work.tx.update::<report_obligation::Entity>(row).await?;
            }
        }
        obligations_were(work, owed_again).await?;

        let mut new = Vec::new();
        for period in &self.periods {
            let expected = expected(&work.tx, self.list.id, period.starts_on, period.ends_on).await?;
            let due_on = joins(period.id);
            let fresh = now.iter().filter(|seat| !old.contains(&seat.id) && self.owes(seat));
            for seat in fresh.filter(|seat| !there.contains(&(period.id, seat.id))) {
                let Some(unit_id) = seat.unit_id else { continue };
                new.push(report_obligation::Model {
                    id: work.id(),
                    reporting_period_id: period.id,
                    task_list_id: self.list.id,
                    task_id: seat.task_id,
                    assignment_id: seat.id,
                    unit_id,
                    due_on,
                    expected_count: expected.get(&seat.task_id).copied(),
                    released_at: None,
                    created_at: work.now,
                });
            }
        }
        work.tx.insert_all::<report_obligation::Entity>(new).await?;
        withdraw_requests(work, &released).await
    }
}

/// Of what is owed no more nobody needs more time: requests that wait are withdrawn, and nobody has to refuse them.
async fn withdraw_requests(work: &mut Work, released: &[Uuid]) -> Result<(), Stop> {
    let column = extension_request::Column::ReportObligationId;
    for row in work.tx.all_where::<extension_request::Entity>(column, released).await? {
        if row.status != ExtensionStatus::Pending {
            continue;
        }
        let id = row.id;
        let withdrawn = extension_request::Model {
            status: ExtensionStatus::Withdrawn,
            version: row.version + 1,
            updated_at: work.now,
            ..row
        };
        work.tx.update::<extension_request::Entity>(withdrawn).await?;
        work.audit_also("extensionRequestWithdraw", GlobalId::new(Kind::ExtensionRequest, id), &["status"]);
    }
    Ok(())
}
