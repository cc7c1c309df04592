//! Who owes what, counted in SQL: one statement whatever the number of obligations, over exactly the rows an actor sees.

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{AssignmentRole, Completion, ReportStatus, ReviewDecision};
use entity::{
    assignment, progress_report, progress_report_revision, report_obligation, report_review, reporting_period, section,
    section_closure, task, unit, unit_group_member,
};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::filter::Filter;
use super::page::padded;
use super::query::reports::{ReportObligationLeaf, obligations_that};
use super::{Reader, StoreError, Visible, due, scope};
use crate::domain::due::{LateDays, received_statuses};
use crate::domain::standing::state_after;

/// What obligations are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKey {
    /// The unit that owes.
    Unit,
    /// The outermost section of the task.
    Section,
    /// The lead units of the task; with several, it counts for each.
    Lead,
    /// The groups the unit is a member of; with several, it counts for each.
    Group,
    /// The list.
    List,
}

/// Some obligations that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// What they are put together by; none for those without section, lead or group.
    pub key: Option<Uuid>,
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

/// The report of an obligation, as it is or as it was.
const REPORT: &str = "r";
/// What is asked of it, and under which name.
const REPORTED: [(&str, &str); 4] =
    [("status", "r_status"), ("completion", "r_completion"), ("withdrawn", "r_withdrawn"), ("decision", "r_decision")];
/// What rows are put together by.
const BY: &str = "g";

fn of(table: &'static str, column: &'static str) -> SimpleExpr {
    Expr::col((Alias::new(table), Alias::new(column)))
}

impl Reader {
    /// How many visible obligations stand how, put together by `key`, or all together.
    pub async fn status_lines(
        &self,
        query: &StatusQuery,
        key: Option<StatusKey>,
    ) -> Result<Vec<StatusLine>, StoreError> {
        let mut condition = obligations_that(self.actor(), &query.late, &query.filter);
        let reports = match query.before {
            None => self.reports_now(),
            Some(end) => {
                condition = condition.add(report_obligation::Column::CreatedAt.lt(end));
                self.reports_before(end)
            }
        };
        let mut select = scope::report_obligations(self.actor()).filter(condition).select_only().into_query();
        select
            .join(
                JoinType::InnerJoin,
                reporting_period::Entity,
                Expr::col((reporting_period::Entity, reporting_period::Column::Id))
                    .equals((report_obligation::Entity, report_obligation::Column::ReportingPeriodId)),
            )
            .join_subquery(
                JoinType::LeftJoin,
                reports,
                REPORT,
                of(REPORT, "report_obligation_id").equals((report_obligation::Entity, report_obligation::Column::Id)),
            );
        self.keyed(&mut select, key);
        // Names that no table has, because a plain name means the column of a table first.
        for (column, name) in REPORTED {
            select.expr_as(of(REPORT, column), name).group_by_col(name);
        }
        let handed_in = due::day_of(self.engine(), of(REPORT, "submitted_at"));
        select
            .expr_as(due::due_beside_period(), "due_day")
            .expr_as(Expr::col((reporting_period::Entity, reporting_period::Column::GraceWorkingDays)), "grace_days")
            .expr_as(handed_in, "handed_in_on")
            .expr_as(Expr::cust("COUNT(*)"), "number")
            .group_by_col("due_day")
            .group_by_col("grace_days")
            .group_by_col("handed_in_on");
        let mut lines = Vec::new();
        for row in self.connection().query_all(&select).await? {
            let stored: Option<ReportStatus> = row.try_get("", "r_status")?;
            let status = match (query.before, row.try_get::<Option<i32>>("", "r_withdrawn")?) {
                (Some(_), Some(withdrawn)) => {
                    let decision: Option<ReviewDecision> = row.try_get("", "r_decision")?;
                    Some(state_after(withdrawn != 0, decision))
                }
                _ => stored,
            };
            let count: i64 = row.try_get("", "number")?;
            lines.push(StatusLine {
                key: match key {
                    Some(_) => row.try_get("", "put_by")?,
                    None => None,
                },
                due_on: row.try_get("", "due_day")?,
                grace_working_days: row.try_get("", "grace_days")?,
                handed_in_on: row.try_get("", "handed_in_on")?,
                status,
                completion: row.try_get("", "r_completion")?,
                count: u32::try_from(count).unwrap_or(u32::MAX),
            });
        }
        Ok(lines)
    }

    /// The visible reports as they are; one under correction is accepted, as in the sums of a period.
    fn reports_now(&self) -> SelectStatement {
        // A day that does not matter would only make more groups.
        let handed_in = CaseStatement::new().case(
            Condition::any()
                .add(progress_report::Column::Status.is_in(received_statuses()))
                .add(progress_report::Column::AcceptedRevision.is_not_null()),
            Expr::col((progress_report::Entity, progress_report::Column::SubmittedAt)),
        );
        let accepted = || progress_report::Column::AcceptedRevision.is_not_null();
        let column = |column| Expr::col((progress_report::Entity, column));
        let status = CaseStatement::new()
            .case(accepted(), Expr::val(ReportStatus::Accepted.as_str()))
            .finally(column(progress_report::Column::Status));
        let completion = CaseStatement::new()
            .case(accepted(), column(progress_report::Column::AcceptedCompletion))
            .finally(column(progress_report::Column::Completion));
        let mut reports = scope::progress_reports(self.actor())
            .select_only()
            .column(progress_report::Column::ReportObligationId)
            .into_query();
        reports
            .expr_as(status, "status")
            .expr_as(completion, "completion")
            .expr_as(handed_in, "submitted_at")
            .expr_as(Expr::cust("CAST(NULL AS INTEGER)"), "withdrawn")
            .expr_as(Expr::cust("CAST(NULL AS TEXT)"), "decision");
        reports
    }

    /// What had been handed in last of the visible reports right before `end`, and what had become of it. A lead reads no
    /// reviews of its co-units; that a report is accepted, it sees on the report itself.
    fn reports_before(&self, end: DateTime<Utc>) -> SelectStatement {
        let revision = |column| Expr::col((progress_report_revision::Entity, column));
        let report = |column| Expr::col((progress_report::Entity, column));
        let later = Alias::new("later");
        let last = Query::select()
            .expr(Func::max(Expr::col((later.clone(), progress_report_revision::Column::Revision))))
            .from_as(progress_report_revision::Entity, later.clone())
            .and_where(
                Expr::col((later.clone(), progress_report_revision::Column::ProgressReportId))
                    .equals((progress_report::Entity, progress_report::Column::Id)),
            )
            .and_where(Expr::col((later, progress_report_revision::Column::SubmittedAt)).lt(end))
            .take();
        let reviews = scope::report_reviews(self.actor())
            .filter(report_review::Column::CreatedAt.lt(end))
            .select_only()
            .column(report_review::Column::ProgressReportId)
            .column(report_review::Column::Revision)
            .column(report_review::Column::Decision)
            .into_query();
        let accepted = Condition::all()
            .add(progress_report::Column::Status.eq(ReportStatus::Accepted))
            .add(
                report(progress_report::Column::Revision)
                    .equals((progress_report_revision::Entity, progress_report_revision::Column::Revision)),
            )
            .add(progress_report::Column::DecidedAt.lt(end));
        let accepted = CaseStatement::new().case(accepted, Expr::val(ReviewDecision::Accepted.as_str()));
        let withdrawn = CaseStatement::new()
            .case(progress_report_revision::Column::WithdrawnAt.lt(end), Expr::val(1))
            .finally(Expr::val(0));
        let mut reports = scope::progress_reports(self.actor())
            .select_only()
            .column(progress_report::Column::ReportObligationId)
            .column(progress_report::Column::Status)
            .into_query();
        reports
            .column((progress_report_revision::Entity, progress_report_revision::Column::Completion))
            .column((progress_report_revision::Entity, progress_report_revision::Column::SubmittedAt))
            .expr_as(withdrawn, "withdrawn")
            .expr_as(Func::coalesce([of("w", "decision"), accepted.into()]), "decision")
            .join(
                JoinType::InnerJoin,
                progress_report_revision::Entity,
                Condition::all()
                    .add(
                        revision(progress_report_revision::Column::ProgressReportId)
                            .equals((progress_report::Entity, progress_report::Column::Id)),
                    )
                    .add(revision(progress_report_revision::Column::Revision).in_subquery(last)),
            )
            .join_subquery(
                JoinType::LeftJoin,
                reviews,
                "w",
                of("w", "progress_report_id").equals((progress_report::Entity, progress_report::Column::Id)).and(
                    of("w", "revision")
                        .equals((progress_report_revision::Entity, progress_report_revision::Column::Revision)),
                ),
            );
        reports
    }

    /// Adds what the rows are put together by, in the words of the tables that stand beside obligations.
    fn keyed(&self, select: &mut SelectStatement, key: Option<StatusKey>) {
        let obligation = |column| Expr::col((report_obligation::Entity, column));
        let by = match key {
            None => return,
            Some(StatusKey::Unit) => obligation(report_obligation::Column::UnitId),
            Some(StatusKey::List) => obligation(report_obligation::Column::TaskListId),
            Some(StatusKey::Section) => {
                self.join_sections(select);
                of(BY, "ancestor_id")
            }
            Some(StatusKey::Lead) => {
                let leads = scope::assignments(self.actor())
                    .filter(assignment::Column::Role.eq(AssignmentRole::Lead))
                    .filter(assignment::Column::UnitId.is_not_null())
                    .select_only()
                    .column(assignment::Column::TaskId)
                    .column(assignment::Column::UnitId)
                    .into_query();
                let on = of(BY, "task_id").equals((report_obligation::Entity, report_obligation::Column::TaskId));
                select.join_subquery(JoinType::LeftJoin, leads, BY, on);
                of(BY, "unit_id")
            }
            Some(StatusKey::Group) => {
                let members = scope::unit_group_members(self.actor())
                    .select_only()
                    .column(unit_group_member::Column::UnitId)
                    .column(unit_group_member::Column::UnitGroupId)
                    .into_query();
                let on = of(BY, "unit_id").equals((report_obligation::Entity, report_obligation::Column::UnitId));
                select.join_subquery(JoinType::LeftJoin, members, BY, on);
                of(BY, "unit_group_id")
            }
        };
        select.expr_as(by, "put_by").group_by_col("put_by");
    }

    /// Joins the outermost section of each task, as far as tasks and sections are seen.
    fn join_sections(&self, select: &mut SelectStatement) {
        let tasks = scope::tasks(self.actor())
            .select_only()
            .column(task::Column::Id)
            .column(task::Column::SectionId)
            .into_query();
        let top = Condition::all().add(section::Column::ParentId.is_null());
        let top = scope::keys::<section::Entity>(self.actor(), section::Column::Id, top);
        let above = Query::select()
            .column(section_closure::Column::DescendantId)
            .column(section_closure::Column::AncestorId)
            .from(section_closure::Entity)
            .and_where(section_closure::Column::AncestorId.in_subquery(top))
            .take();
        select
            .join_subquery(
                JoinType::LeftJoin,
                tasks,
                "t",
                of("t", "id").equals((report_obligation::Entity, report_obligation::Column::TaskId)),
            )
            .join_subquery(
                JoinType::LeftJoin,
                above,
                BY,
                of(BY, "descendant_id").equals((Alias::new("t"), Alias::new("section_id"))),
            );
    }
}

impl Reader {
    /// The units of which something in a period is seen, in the order of the directory.
    pub async fn units_of_period(&self, period: Uuid) -> Result<Vec<Visible<unit::Model>>, StoreError> {
        let owed = Condition::all().add(report_obligation::Column::ReportingPeriodId.eq(period));
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
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }
}
