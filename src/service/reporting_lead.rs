//! Several leads name one that reports for all (牵头汇总单位).

use std::collections::BTreeSet;

use entity::vocabulary::{AssignmentRole, AssignmentTarget, TaskListStatus};
use entity::{assignment, task, task_reporting_lead};
use serde_json::json;
use uuid::Uuid;

use super::drafts::{list_for, touch};
use super::work::{begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

impl Service {
    /// Names the lead that reports for all on a task, or takes the naming back.
    pub async fn task_reporting_lead_name(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        unit: Option<Uuid>,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskReportingLeadName", key, &(id, expected_version, unit))?);
        let result = name(&mut work, id, expected_version, unit).await;
        work.end(result).await
    }
}

async fn name(work: &mut Work, id: Uuid, expected_version: i32, unit: Option<Uuid>) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<task::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = list_for(work, seen.task_list_id, Action::ReportingLeadName).await?;
    let Some(row) = work.tx.locked::<task::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, expected_version)?;
    let column = assignment::Column::TaskId;
    let mut leads = work.tx.visible_where::<assignment::Entity>(&work.actor, column, &[id]).await?;
    leads.retain(|row| row.role == AssignmentRole::Lead && row.target == AssignmentTarget::Unit);
    let no_lead = || UserError::at(UserErrorCode::InvalidState, Message::NoLead, "input.unit");
    let lead = unit.map(|unit| leads.iter().find(|row| row.unit_id == Some(unit)).ok_or_else(no_lead)).transpose()?;
    work.tx.delete_where::<task_reporting_lead::Entity>(task_reporting_lead::Column::TaskId, id).await?;
    if let Some(lead) = lead {
        let named = task_reporting_lead::Model {
            id: work.id(),
            task_id: id,
            assignment_id: lead.id,
            named_by: work.actor.user_id,
            created_at: work.now,
        };
        work.tx.insert::<task_reporting_lead::Entity>(named).await?;
    }
    let mut row = row.into_inner();
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<task::Entity>(row).await?;
    let (in_force, list_id) = (list.status == TaskListStatus::Issued, list.id);
    touch(work, list).await?;
    work.audit(GlobalId::new(Kind::Task, id), &["reportingLead"]);
    // Of a draft nobody knows yet.
    let units: BTreeSet<Uuid> = leads.iter().filter_map(|row| row.unit_id).filter(|_| in_force).collect();
    for unit in units {
        work.tell("task.reporting_lead_named", json!({ "task": id, "taskList": list_id, "unit": unit }));
    }
    Ok(id)
}
