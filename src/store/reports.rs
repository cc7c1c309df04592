//! What the reporting verbs ask of the database beyond whole rows.

use std::collections::HashMap;

use entity::vocabulary::{
    AssignmentRole, AssignmentStatus, AssignmentTarget, Completion, ReportStatus, TaskListStatus,
};
use entity::{assignment, progress_report, report_obligation, task, task_list};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::due;
use super::page::padded;
use super::reader::Reader;
use super::scope::{self, unscoped};
use super::{StoreError, Tx};
use crate::authz::Actor;
use crate::domain::roll_up::{Line, RollUp};

/// What reporting needs to know of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListStanding {
    /// The unit that issued it.
    pub issuer: Uuid,
    /// Where it is in its life.
    pub status: TaskListStatus,
}

impl From<task_list::Model> for ListStanding {
    fn from(row: task_list::Model) -> Self {
        Self { issuer: row.issuer_unit_id, status: row.status }
    }
}

impl Reader {
    /// The standing of lists the actor reports or reviews for.
    pub async fn list_standings(&self, lists: &[Uuid]) -> Result<HashMap<Uuid, ListStanding>, StoreError> {
        let rows = scope::reported_lists(self.actor())
            .filter(task_list::Column::Id.is_in(padded(lists)))
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
    }
}

impl Tx {
    /// The standing of a list the actor reports or reviews for; the list is held still until the end.
    pub async fn held_standing(&self, actor: &Actor, list: Uuid) -> Result<Option<ListStanding>, StoreError> {
        let row = scope::reported_lists(actor)
            .filter(task_list::Column::Id.eq(list))
            .lock_shared()
            .one(self.connection())
            .await?;
        Ok(row.map(Into::into))
    }

    /// The assignments of a list that owe reports, with their units; the table takes a unit once per task. Unscoped:
    /// what is owed does not depend on who asks.
    pub async fn owing(&self, list: Uuid, support_too: bool) -> Result<Vec<(assignment::Model, Uuid)>, StoreError> {
        let tasks = unscoped::rows::<task::Entity>()
            .filter(task::Column::TaskListId.eq(list))
            .select_only()
            .column(task::Column::Id)
            .into_query();
        let mut roles = vec![AssignmentRole::Lead, AssignmentRole::Responsible];
        if support_too {
            roles.push(AssignmentRole::Support);
        }
        let rows = unscoped::rows::<assignment::Entity>()
            .filter(assignment::Column::TaskId.in_subquery(tasks))
            .filter(assignment::Column::Status.eq(AssignmentStatus::Active))
            .filter(assignment::Column::Target.eq(AssignmentTarget::Unit))
            .filter(assignment::Column::Role.is_in(roles))
            .order_by_asc(assignment::Column::Id)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().filter_map(|row| row.unit_id.map(|unit| (row, unit))).collect())
    }

    /// What units owe in a period and the office has not received, as far as the actor sees.
    pub async fn owed_in(
        &self,
        actor: &Actor,
        period: Uuid,
        units: &[Uuid],
    ) -> Result<Vec<report_obligation::Model>, StoreError> {
        Ok(scope::report_obligations(actor)
            .filter(report_obligation::Column::ReportingPeriodId.eq(period))
            .filter(report_obligation::Column::UnitId.is_in(padded(units)))
            .filter(due::not_received(actor))
            .order_by_asc(report_obligation::Column::Id)
            .all(self.connection())
            .await?)
    }

    /// The sums of a period over all its obligations. Unscoped: what is frozen is the same for everybody.
    pub async fn roll_up(&self, period: Uuid) -> Result<RollUp, StoreError> {
        let lines: Vec<(Option<ReportStatus>, Option<Completion>)> = unscoped::rows::<report_obligation::Entity>()
            .join(
                JoinType::LeftJoin,
                report_obligation::Entity::belongs_to(progress_report::Entity)
                    .from(report_obligation::Column::Id)
                    .to(progress_report::Column::ReportObligationId)
                    .into(),
            )
            .filter(report_obligation::Column::ReportingPeriodId.eq(period))
            .select_only()
            .column(progress_report::Column::Status)
            .column(progress_report::Column::Completion)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(RollUp::of(lines.into_iter().map(|(status, completion)| Line { status, completion })))
    }
}
