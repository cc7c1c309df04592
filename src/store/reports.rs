//! What the reporting verbs ask of the database beyond whole rows.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::vocabulary::{
    AssignmentRole, AssignmentStatus, AssignmentTarget, Completion, DeadlineKind, ReportStatus, TaskListStatus,
};
use entity::{
    assignment, deadline, progress_report, rectification, report_obligation, task, task_list, task_reporting_lead,
    unit, urge_notice_item,
};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::due;
use super::page::padded;
use super::reader::Reader;
use super::scope::{self, unscoped};
use super::{StoreError, Tx, Visible};
use crate::authz::Actor;
use crate::domain::rectification::running;
use crate::domain::reporting_lead::reporting_lead;
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

impl Reader {
    /// The lead that reports for all on each task, as far as the actor sees who leads.
    pub async fn reporting_leads(
        &self,
        tasks: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<assignment::Model>>, StoreError> {
        let leads = leads(self.actor(), tasks).all(self.connection()).await?;
        let column = task_reporting_lead::Column::TaskId;
        let named = self.rows_where::<task_reporting_lead::Entity>(column, tasks).await?;
        Ok(chosen(leads, named.iter().map(|row| (row.task_id, row.assignment_id)).collect()))
    }
}

/// A unit in a period: period, unit.
pub type UnitInPeriod = (Uuid, Uuid);

impl Reader {
    /// The days of their own of what units still owe in periods, as far as the actor sees; `None` where the period's holds.
    pub async fn days_owed(
        &self,
        asked: &[UnitInPeriod],
    ) -> Result<HashMap<UnitInPeriod, Vec<Option<NaiveDate>>>, StoreError> {
        let of = |part: fn(&UnitInPeriod) -> Uuid| padded(&asked.iter().map(part).collect::<Vec<_>>());
        let rows: Vec<(Uuid, Uuid, Option<NaiveDate>)> = scope::report_obligations(self.actor())
            .filter(report_obligation::Column::ReportingPeriodId.is_in(of(|one| one.0)))
            .filter(report_obligation::Column::UnitId.is_in(of(|one| one.1)))
            .filter(due::not_received(self.actor()))
            .select_only()
            .column(report_obligation::Column::ReportingPeriodId)
            .column(report_obligation::Column::UnitId)
            .column(report_obligation::Column::DueOn)
            .distinct()
            .into_tuple()
            .all(self.connection())
            .await?;
        let mut days: HashMap<UnitInPeriod, Vec<Option<NaiveDate>>> = HashMap::new();
        for (period, unit, day) in rows {
            days.entry((period, unit)).or_default().push(day);
        }
        Ok(days)
    }

    /// Those of these visible notices of which the actor sees something that is still owed.
    pub async fn notices_still_owed(&self, notices: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
        let items = report_obligation::Entity::belongs_to(urge_notice_item::Entity)
            .from(report_obligation::Column::Id)
            .to(urge_notice_item::Column::ReportObligationId);
        let owed: Vec<Uuid> = scope::report_obligations(self.actor())
            .join(JoinType::InnerJoin, items.into())
            .filter(urge_notice_item::Column::UrgeNoticeId.is_in(padded(notices)))
            .filter(due::not_received(self.actor()))
            .select_only()
            .column(urge_notice_item::Column::UrgeNoticeId)
            .distinct()
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(owed.into_iter().collect())
    }
}

/// The assignments that lead tasks.
fn leads(actor: &Actor, tasks: &[Uuid]) -> Select<assignment::Entity> {
    scope::assignments(actor)
        .filter(assignment::Column::TaskId.is_in(padded(tasks)))
        .filter(assignment::Column::Role.eq(AssignmentRole::Lead))
        .filter(assignment::Column::Target.eq(AssignmentTarget::Unit))
        .order_by_asc(assignment::Column::Id)
}

fn chosen(leads: Vec<assignment::Model>, named: HashMap<Uuid, Uuid>) -> HashMap<Uuid, Visible<assignment::Model>> {
    let mut of_task: HashMap<Uuid, Vec<assignment::Model>> = HashMap::new();
    for lead in leads {
        of_task.entry(lead.task_id).or_default().push(lead);
    }
    of_task
        .into_iter()
        .filter_map(|(task, leads)| {
            let keys: Vec<Uuid> = leads.iter().map(|lead| lead.id).collect();
            let chosen = reporting_lead(&keys, named.get(&task).copied())?;
            leads.into_iter().find(|lead| lead.id == chosen).map(|lead| (task, Visible::new(lead)))
        })
        .collect()
}

impl Tx {
    /// The lead that reports for all on a task, as far as the actor sees who leads.
    pub async fn reporting_lead(
        &self,
        actor: &Actor,
        task: Uuid,
    ) -> Result<Option<Visible<assignment::Model>>, StoreError> {
        let leads = leads(actor, &[task]).all(self.connection()).await?;
        let column = task_reporting_lead::Column::TaskId;
        let named = self.visible_where::<task_reporting_lead::Entity>(actor, column, &[task]).await?;
        Ok(chosen(leads, named.iter().map(|row| (row.task_id, row.assignment_id)).collect()).remove(&task))
    }

    /// The report of a unit that the actor wrote last.
    pub async fn last_written(
        &self,
        actor: &Actor,
        unit: Uuid,
    ) -> Result<Option<Visible<progress_report::Model>>, StoreError> {
        let last = scope::progress_reports(actor)
            .filter(progress_report::Column::UnitId.eq(unit))
            .filter(progress_report::Column::ReporterUserId.eq(actor.user_id))
            .order_by_desc(progress_report::Column::UpdatedAt)
            .order_by_desc(progress_report::Column::Id)
            .limit(1)
            .one(self.connection())
            .await?;
        Ok(last.map(Visible::new))
    }

    /// The standing of a list the actor reports or reviews for; the list is held still until the end.
    pub async fn held_standing(&self, actor: &Actor, list: Uuid) -> Result<Option<ListStanding>, StoreError> {
        let row = scope::reported_lists(actor)
            .filter(task_list::Column::Id.eq(list))
            .lock_shared()
            .one(self.connection())
            .await?;
        Ok(row.map(Into::into))
    }

    /// The standing of the list a visible rectification belongs to, as [`Reader::standings_of_rectifications`] gives it; the
    /// list is held still until the end.
    pub async fn held_standing_of(
        &self,
        row: &Visible<rectification::Model>,
    ) -> Result<Option<ListStanding>, StoreError> {
        let list = unscoped::rows::<task_list::Entity>()
            .filter(task_list::Column::Id.eq(row.task_list_id))
            .lock_shared()
            .one(self.connection())
            .await?;
        Ok(list.map(Into::into))
    }

    /// What these units still have to put right, in the order of the key and under lock. Unscoped: what a unit owes goes
    /// over to the one it became part of, whoever enters the merger and whatever he sees of it.
    pub async fn running_rectifications(&self, units: &[Uuid]) -> Result<Vec<rectification::Model>, StoreError> {
        Ok(unscoped::rows::<rectification::Entity>()
            .filter(rectification::Column::UnitId.is_in(padded(units)))
            .filter(rectification::Column::Status.is_in(running()))
            .order_by_asc(rectification::Column::Id)
            .lock_exclusive()
            .all(self.connection())
            .await?)
    }

    /// The assignments of a list that owe reports, with their units; the table takes a unit once per task. A unit that is out
    /// of use owes nothing more: nobody would answer, and the close would wait for it. Unscoped: what is owed does not depend
    /// on who asks.
    pub async fn owing(&self, list: Uuid, support_too: bool) -> Result<Vec<(assignment::Model, Uuid)>, StoreError> {
        let tasks = unscoped::rows::<task::Entity>()
            .filter(task::Column::TaskListId.eq(list))
            .select_only()
            .column(task::Column::Id)
            .into_query();
        let in_use = unscoped::rows::<unit::Entity>()
            .filter(unit::Column::Active.eq(true))
            .select_only()
            .column(unit::Column::Id)
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
            .filter(assignment::Column::UnitId.in_subquery(in_use))
            .order_by_asc(assignment::Column::Id)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().filter_map(|row| row.unit_id.map(|unit| (row, unit))).collect())
    }

    /// The deadlines "at least n times per span" of the tasks of a list, a task's own first. Unscoped, as what is owed.
    pub async fn recurring_deadlines(&self, list: Uuid) -> Result<Vec<deadline::Model>, StoreError> {
        let tasks = unscoped::rows::<task::Entity>()
            .filter(task::Column::TaskListId.eq(list))
            .select_only()
            .column(task::Column::Id)
            .into_query();
        Ok(unscoped::rows::<deadline::Entity>()
            .filter(deadline::Column::TaskId.in_subquery(tasks))
            .filter(deadline::Column::Kind.eq(DeadlineKind::Recurring))
            .order_by_asc(deadline::Column::Position)
            .order_by_asc(deadline::Column::Id)
            .all(self.connection())
            .await?)
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

    /// What is missing in a period, by unit. Unscoped: who is told of it does not hang on who asks.
    pub async fn missing_in(&self, period: Uuid) -> Result<Vec<report_obligation::Model>, StoreError> {
        Ok(unscoped::rows::<report_obligation::Entity>()
            .filter(report_obligation::Column::ReportingPeriodId.eq(period))
            .filter(due::nothing_received())
            .order_by_asc(report_obligation::Column::UnitId)
            .order_by_asc(report_obligation::Column::Id)
            .all(self.connection())
            .await?)
    }

    /// The sums of a period over all its obligations. Unscoped: what is frozen is the same for everybody.
    pub async fn roll_up(&self, period: Uuid) -> Result<RollUp, StoreError> {
        let lines: Vec<(Option<ReportStatus>, Option<Completion>, Option<Completion>)> =
            unscoped::rows::<report_obligation::Entity>()
                .join(
                    JoinType::LeftJoin,
                    report_obligation::Entity::belongs_to(progress_report::Entity)
                        .from(report_obligation::Column::Id)
                        .to(progress_report::Column::ReportObligationId)
                        .into(),
                )
                .filter(report_obligation::Column::ReportingPeriodId.eq(period))
                .filter(due::counted_for_all())
                .select_only()
                .column(progress_report::Column::Status)
                .column(progress_report::Column::Completion)
                .column(progress_report::Column::AcceptedCompletion)
                .into_tuple()
                .all(self.connection())
                .await?;
        let line = |(status, completion, accepted): (Option<ReportStatus>, _, _)| match status {
            Some(status) => Line::of(status, completion, accepted),
            None => Line { status: None, completion: None },
        };
        Ok(RollUp::of(lines.into_iter().map(line)))
    }
}
