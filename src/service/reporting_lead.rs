//! Several leads name one that reports for all (牵头汇总单位).

use entity::vocabulary::{AssignmentRole, AssignmentTarget};
use entity::{assignment, task, task_reporting_lead};
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
    let lead = match unit {
        Some(unit) => {
            let column = assignment::Column::TaskId;
            let all = work.tx.visible_where::<assignment::Entity>(&work.actor, column, &[id]).await?;
            let lead = all.into_iter().find(|row| {
                row.unit_id == Some(unit) && row.role == AssignmentRole::Lead && row.target == AssignmentTarget::Unit
            });
            let no_lead = || UserError::at(UserErrorCode::InvalidState, Message::NoLead, "input.unit");
            Some(lead.ok_or_else(no_lead)?)
        }
        None => None,
    };
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
    touch(work, list).await?;
    work.audit(GlobalId::new(Kind::Task, id), &["reportingLead"]);
    Ok(id)
}
