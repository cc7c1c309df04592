//! The amendment written down: its number, its changes with those who may see them, and the notices.

use std::collections::{BTreeSet, HashSet};

use entity::vocabulary::{AmendmentChangeKind, ResponseDecision, ResponseKind};
use entity::{amendment, amendment_audience, amendment_change, assignment_response};
use serde_json::json;
use uuid::Uuid;

use super::Amended;
use super::draft::{Draft, Line, units};
use crate::domain::amendment::Snapshot;
use crate::error::Fault;
use crate::id::{GlobalId, Kind};
use crate::service::drafts::touch;
use crate::service::{Stop, Work};

impl Draft {
    /// Writes everything down, settles what is owed and what was objected to, and tells the units concerned.
    pub(in crate::service) async fn finish(
        self,
        work: &mut Work,
        reason: String,
        document_number: Option<String>,
    ) -> Result<Amended, Stop> {
        let (list, id) = (self.list.id, work.id());
        // The list is locked: nobody else takes this number.
        let earlier = work.tx.count_where::<amendment::Entity>(amendment::Column::TaskListId, list).await?;
        let number = i32::try_from(earlier + 1).map_err(|_| Fault::Internal("too many amendments".to_owned()))?;
        let row = amendment::Model {
            id,
            task_list_id: list,
            number,
            reason: reason.clone(),
            document_number,
            by_user_id: work.actor.user_id,
            by_unit_id: work.actor.unit_id,
            created_at: work.now,
        };
        work.tx.insert::<amendment::Entity>(row).await?;
        let mut told: BTreeSet<Uuid> = BTreeSet::new();
        let (mut changes, mut audience) = (Vec::new(), Vec::new());
        for (position, line) in (0..).zip(&self.lines) {
            let change = work.id();
            changes.push(amendment_change::Model {
                id: change,
                amendment_id: id,
                task_list_id: list,
                position,
                kind: line.kind,
                task_id: line.task,
                assignment_id: line.assignment,
                unit_id: line.unit,
                before: stored(line.before.as_ref())?,
                after: stored(line.after.as_ref())?,
            });
            for unit_id in self.audience(line) {
                told.insert(unit_id);
                audience.push(amendment_audience::Model { amendment_change_id: change, unit_id });
            }
        }
        work.tx.insert_all::<amendment_change::Entity>(changes).await?;
        work.tx.insert_all::<amendment_audience::Entity>(audience).await?;
        self.settle_obligations(work).await?;
        self.settle_objections(work, &reason).await?;
        work.audit(GlobalId::new(Kind::Amendment, id), &["taskList", "number", "reason", "changes"]);
        // One notice per unit, whatever concerns it.
        for unit in told {
            work.tell("task_list.amended", json!({ "taskList": list, "amendment": id, "unit": unit }));
        }
        touch(work, self.list).await?;
        Ok(Amended { list, amendment: id })
    }

    /// Who may see a change: who is on the task before and after it; who goes sees that it goes, who comes that it comes,
    /// and neither what else happens to the task.
    fn audience(&self, line: &Line) -> BTreeSet<Uuid> {
        let Some(task) = self.tasks.get(&line.task) else { return BTreeSet::new() };
        let (before, now) = (units(&task.before), units(&task.now));
        let mut audience: BTreeSet<Uuid> = match line.kind {
            AmendmentChangeKind::WithdrawTask => before,
            _ if task.new => now,
            _ => before.intersection(&now).copied().collect(),
        };
        audience.extend(line.unit);
        audience
    }

    /// An objection against an assignment that is withdrawn is upheld by that.
    async fn settle_objections(&self, work: &Work, reason: &str) -> Result<(), Stop> {
        let now: HashSet<Uuid> = self.tasks.values().flat_map(|task| &task.now).map(|row| row.id).collect();
        let before = self.tasks.values().flat_map(|task| &task.before);
        let gone: Vec<Uuid> = before.map(|row| row.id).filter(|id| !now.contains(id)).collect();
        let column = assignment_response::Column::AssignmentId;
        for mut row in work.tx.all_where::<assignment_response::Entity>(column, &gone).await? {
            if row.kind == ResponseKind::Declined && row.decision.is_none() {
                row.decision = Some(ResponseDecision::Upheld);
                row.decision_reason = Some(reason.to_owned());
                row.decided_by = Some(work.actor.user_id);
                row.decided_at = Some(work.now);
                row.version += 1;
                row.updated_at = work.now;
                work.tx.update::<assignment_response::Entity>(row).await?;
            }
        }
        Ok(())
    }
}

fn stored(snapshot: Option<&Snapshot>) -> Result<Option<serde_json::Value>, Stop> {
    let stored = snapshot.map(serde_json::to_value).transpose();
    Ok(stored.map_err(|e| Fault::Internal(e.to_string()))?)
}
