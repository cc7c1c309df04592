//! Who owes what, counted in SQL: one statement whatever the number of obligations, over exactly the rows an actor sees.

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{AssignmentRole, Completion, ReportStatus, ReviewDecision};
use entity::{assignment, progress_report, report_obligation, reporting_period, unit};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, JoinType, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::filter::Filter;
use super::page::padded;
use super::past::Past;
use super::query::reports::{ReportObligationLeaf, obligations_that};
use super::{Reader, StoreError, Visible, due, scope};
use crate::domain::due::{LateDays, received_statuses};
use crate::domain::standing::state_after;

/// The column of obligations that they are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusColumn {
    /// The unit that owes.
    Unit,
    /// The task.
    Task,
    /// The list.
    List,
}

/// Some obligations that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// What they are put together by.
    pub key: Uuid,
    /// The day they are due.
    pub due_on: NaiveDate,
    /// Working days of grace behind it.
    pub grace_working_days: i32,
    /// The day they were handed in last.
    pub handed_in_on: Option<NaiveDate>,
    /// The state of their reports.
    pub status: Option<ReportStatus>,
    /// What their reports say.
    pub completion: Option<Completion>,
    /// How many.
    pub count: u32,
}

/// Which obligations are counted.
#[derive(Clone, Debug)]
pub struct StatusQuery {
    /// Those.
    pub filter: Filter<ReportObligationLeaf>,
    /// For which days it is too late on the day of which they are asked.
    pub late: LateDays,
    /// As they stood right before this moment, which is past.
    pub before: Option<DateTime<Utc>>,
}

fn report(column: progress_report::Column) -> SimpleExpr {
    Expr::col((progress_report::Entity, column))
}

impl Reader {
    /// How many visible obligations stand how.
    pub async fn status_lines(&self, query: &StatusQuery, by: StatusColumn) -> Result<Vec<StatusLine>, StoreError> {
        let past = query.before.map(|end| Past::new(self.actor(), end));
        let condition = match &past {
            None => obligations_that(self.actor(), &query.late, &query.filter).add(due::counted(self.actor())),
            Some(past) => past.that(&query.late, &query.filter).add(past.counted()),
        };
        let mut select = scope::report_obligations(self.actor()).filter(condition).select_only().into_query();
        // The period and the report of an obligation; of reports those that are seen.
        select
            .join(
                JoinType::InnerJoin,
                reporting_period::Entity,
                Expr::col((reporting_period::Entity, reporting_period::Column::Id))
                    .equals((report_obligation::Entity, report_obligation::Column::ReportingPeriodId)),
            )
            .join(
                JoinType::LeftJoin,
                progress_report::Entity,
                Condition::all()
                    .add(
                        report(progress_report::Column::ReportObligationId)
                            .equals((report_obligation::Entity, report_obligation::Column::Id)),
                    )
                    .add(scope::seen_reports(self.actor())),
            );
        let (due_day, grace_days) = match &past {
            None => {
                self.as_it_is(&mut select);
                let grace = (reporting_period::Entity, reporting_period::Column::GraceWorkingDays);
                (due::due_beside_period(), Expr::col(grace))
            }
            Some(past) => {
                past.join(&mut select);
                past.add(&mut select, self.engine());
                (past.due_on(), past.grace())
            }
        };
        let key = match by {
            StatusColumn::Unit => report_obligation::Column::UnitId,
            StatusColumn::Task => report_obligation::Column::TaskId,
            StatusColumn::List => report_obligation::Column::TaskListId,
        };
        select
            .expr_as(Expr::col((report_obligation::Entity, key)), "put_by")
            .expr_as(due_day, "due_day")
            .expr_as(grace_days, "grace_days")
            .expr_as(Expr::cust("COUNT(*)"), "number");
        // Names that no table has, because a plain name means the column of a table first.
        for name in
            ["put_by", "due_day", "grace_days", "r_status", "r_completion", "r_withdrawn", "r_decision", "handed_in_on"]
        {
            select.group_by_col(name);
        }
        let mut lines = Vec::new();
        for row in self.connection().query_all(&select).await? {
            let stored: Option<ReportStatus> = row.try_get("", "r_status")?;
            let withdrawn: Option<i32> = row.try_get("", "r_withdrawn")?;
            let handed_in_on: Option<NaiveDate> = row.try_get("", "handed_in_on")?;
            let decision: Option<ReviewDecision> = row.try_get("", "r_decision")?;
            let stood = handed_in_on.map(|_| state_after(withdrawn.is_some_and(|n| n != 0), decision));
            let count: i64 = row.try_get("", "number")?;
            lines.push(StatusLine {
                key: row.try_get("", "put_by")?,
                due_on: row.try_get("", "due_day")?,
                grace_working_days: row.try_get("", "grace_days")?,
                handed_in_on,
                status: if query.before.is_some() { stood } else { stored },
                completion: row.try_get("", "r_completion")?,
                count: u32::try_from(count).unwrap_or(u32::MAX),
            });
        }
        Ok(lines)
    }

    /// Adds the reports as they are; one under correction is accepted, as in the sums of a period.
    fn as_it_is(&self, select: &mut SelectStatement) {
        let accepted = || progress_report::Column::AcceptedRevision.is_not_null();
        // A day that does not matter would only make more groups.
        let handed_in = CaseStatement::new().case(
            Condition::any().add(progress_report::Column::Status.is_in(received_statuses())).add(accepted()),
            Func::coalesce([report(progress_report::Column::ReceivedAt), report(progress_report::Column::SubmittedAt)]),
        );
        let status = CaseStatement::new()
            .case(accepted(), Expr::val(ReportStatus::Accepted.as_str()))
            .finally(report(progress_report::Column::Status));
        let completion = CaseStatement::new()
            .case(accepted(), report(progress_report::Column::AcceptedCompletion))
            .finally(report(progress_report::Column::Completion));
        select
            .expr_as(status, "r_status")
            .expr_as(completion, "r_completion")
            .expr_as(Expr::cust("CAST(NULL AS INTEGER)"), "r_withdrawn")
            .expr_as(Expr::cust("CAST(NULL AS TEXT)"), "r_decision")
            .expr_as(due::day_of(self.engine(), handed_in.into()), "handed_in_on");
    }

    /// The visible leads of tasks: task and unit.
    pub async fn leads_of(&self, tasks: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        let mut leads = Vec::new();
        for part in tasks.chunks(5_000) {
            let rows = scope::assignments(self.actor())
                .filter(assignment::Column::Role.eq(AssignmentRole::Lead))
                .filter(assignment::Column::TaskId.is_in(padded(part)))
                .all(self.connection())
                .await?;
            leads.extend(rows.into_iter().filter_map(|row| row.unit_id.map(|unit| (row.task_id, unit))));
        }
        Ok(leads)
    }

    /// The units of which something in a period is seen, in the order of the directory.
    pub async fn units_of_period(&self, period: Uuid) -> Result<Vec<Visible<unit::Model>>, StoreError> {
        let owed = Condition::all()
            .add(report_obligation::Column::ReportingPeriodId.eq(period))
            .add(due::counted(self.actor()));
        let owed = scope::keys::<report_obligation::Entity>(self.actor(), report_obligation::Column::UnitId, owed);
        let rows = scope::units(self.actor())
            .filter(unit::Column::Id.in_subquery(owed))
            .order_by_asc(unit::Column::Position)
            .order_by_asc(unit::Column::Code)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }

    /// What is seen of a period on these tasks.
    pub async fn obligations_on(
        &self,
        period: Uuid,
        tasks: &[Uuid],
    ) -> Result<Vec<Visible<report_obligation::Model>>, StoreError> {
        let rows = scope::report_obligations(self.actor())
            .filter(report_obligation::Column::ReportingPeriodId.eq(period))
            .filter(report_obligation::Column::TaskId.is_in(padded(tasks)))
            .filter(due::counted(self.actor()))
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }
}
