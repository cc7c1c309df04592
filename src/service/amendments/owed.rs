//! What open periods owe after an amendment. Closed ones are never touched.

use std::collections::{BTreeSet, HashSet};

use entity::vocabulary::AssignmentRole;
use entity::{assignment, progress_report, report_obligation};
use uuid::Uuid;

use super::draft::Draft;
use crate::service::opening::expected;
use crate::service::{Stop, Work};

impl Draft {
    fn owes(&self, row: &assignment::Model) -> bool {
        row.unit_id.is_some() && (row.role != AssignmentRole::Support || self.list.support_reports)
    }

    /// Gives new assignments their obligations and takes those of withdrawn ones away, where nothing was ever handed in.
    /// What was handed in stays with its obligation, which is owed no more; a unit that is on the task in another role keeps
    /// what it wrote.
    pub(super) async fn settle_obligations(&self, work: &Work) -> Result<(), Stop> {
        let tasks: Vec<Uuid> = self.tasks.keys().copied().collect();
        if self.periods.is_empty() || tasks.is_empty() {
            return Ok(());
        }
        let mut owed =
            work.tx.all_where::<report_obligation::Entity>(report_obligation::Column::TaskId, &tasks).await?;
        owed.retain(|row| self.periods.iter().any(|period| period.id == row.reporting_period_id));
        let keys: Vec<Uuid> = owed.iter().map(|row| row.id).collect();
        let column = progress_report::Column::ReportObligationId;
        let reports = work.tx.all_where::<progress_report::Entity>(column, &keys).await?;
        let handed_in: HashSet<Uuid> =
            reports.iter().filter(|row| row.revision > 0).map(|row| row.report_obligation_id).collect();

        let now: Vec<&assignment::Model> = self.tasks.values().flat_map(|task| &task.now).collect();
        let old: HashSet<Uuid> = self.tasks.values().flat_map(|task| &task.before).map(|row| row.id).collect();
        let mut there: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        let mut gone = Vec::new();
        for mut row in owed {
            let heir = now
                .iter()
                .filter(|seat| seat.task_id == row.task_id && seat.unit_id == Some(row.unit_id))
                .find(|seat| seat.id == row.assignment_id || self.owes(seat));
            match heir {
                Some(seat) if seat.id == row.assignment_id && row.released_at.is_none() => {}
                Some(seat) => {
                    (row.assignment_id, row.released_at) = (seat.id, None);
                    work.tx.update::<report_obligation::Entity>(row.clone()).await?;
                }
                None if handed_in.contains(&row.id) => {
                    if row.released_at.is_none() {
                        row.released_at = Some(work.now);
                        work.tx.update::<report_obligation::Entity>(row).await?;
                    }
                    continue;
                }
                None => {
                    gone.push(row.id);
                    continue;
                }
            }
            there.insert((row.reporting_period_id, row.assignment_id));
        }
        // A draft that nobody ever handed in goes with what it was written for.
        work.tx.delete_in::<progress_report::Entity>(column, &gone).await?;
        work.tx.delete_keys::<report_obligation::Entity>(&gone).await?;

        let mut new = Vec::new();
        for period in &self.periods {
            let expected = expected(&work.tx, self.list.id, period.starts_on, period.ends_on).await?;
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
                    due_on: None,
                    expected_count: expected.get(&seat.task_id).copied(),
                    released_at: None,
                    created_at: work.now,
                });
            }
        }
        Ok(work.tx.insert_all::<report_obligation::Entity>(new).await?)
    }
}
