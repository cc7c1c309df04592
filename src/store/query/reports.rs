//! Periods, obligations, reports, reviews.

use entity::vocabulary::{Completion, PeriodStatus, ReportStatus};
use entity::{
    evidence, progress_report, progress_report_revision, report_obligation, report_part, report_review,
    report_signature, reporting_period,
};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, Condition};

use super::{OrderBy, OrderField, order_fields, query};
use crate::authz::Actor;
use crate::domain::due::LateDays;
use crate::store::due;
use crate::store::filter::{DayRange, Filter, KeyMatch, Terms, TimeRange, WordMatch};
use crate::store::page::{PageArgs, PageQuery};
use crate::store::scope;

order_fields! {
    /// Orders of periods.
    ReportingPeriodOrder for reporting_period {
        /// By the last day.
        EndsOn => EndsOn,
        /// By the due day.
        DueOn => DueOn,
    }
}

/// Orders of obligations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportObligationOrder {
    /// By the time they arose.
    CreatedAt,
    /// By the day they are due.
    DueOn,
}

impl OrderField<report_obligation::Entity> for ReportObligationOrder {
    fn column(self) -> report_obligation::Column {
        report_obligation::Column::CreatedAt
    }

    fn day(self) -> Option<SimpleExpr> {
        match self {
            Self::CreatedAt => None,
            Self::DueOn => Some(due::due_on()),
        }
    }
}

order_fields! {
    /// Orders of reports.
    ProgressReportOrder for progress_report {
        /// By the time they were begun.
        CreatedAt => CreatedAt,
        /// By the last change.
        UpdatedAt => UpdatedAt,
    }
}

order_fields! {
    /// Orders of revisions.
    RevisionOrder for progress_report_revision {
        /// By number.
        Revision => Revision,
    }
}

order_fields! {
    /// Orders of reviews.
    ReviewOrder for report_review {
        /// By time.
        CreatedAt => CreatedAt,
    }
}

/// Comparisons of periods.
#[derive(Clone, Debug, Default)]
pub struct ReportingPeriodLeaf {
    /// The state.
    pub status: Option<WordMatch<PeriodStatus>>,
    /// The last day.
    pub ends_on: Option<DayRange>,
    /// The due day.
    pub due_on: Option<DayRange>,
}

/// Comparisons of obligations.
#[derive(Clone, Debug, Default)]
pub struct ReportObligationLeaf {
    /// The unit that owes.
    pub unit: Option<KeyMatch>,
    /// The task.
    pub task: Option<KeyMatch>,
    /// The period.
    pub period: Option<KeyMatch>,
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// The day it is due.
    pub due_on: Option<DayRange>,
    /// Nothing is handed in yet, as far as the caller sees.
    pub missing_report: Option<bool>,
    /// Nothing is accepted yet, as far as the caller sees.
    pub outstanding: Option<bool>,
    /// Nothing is handed in yet, and it is too late.
    pub overdue: Option<bool>,
    /// An amendment has taken away what it follows from.
    pub released: Option<bool>,
}

/// What a filter of obligations asks of what never changes in them.
pub(in crate::store) fn of_keys(leaf: &ReportObligationLeaf) -> Terms {
    let mut terms = Terms::new();
    terms.key(report_obligation::Column::UnitId, leaf.unit.as_ref());
    terms.key(report_obligation::Column::TaskId, leaf.task.as_ref());
    terms.key(report_obligation::Column::ReportingPeriodId, leaf.period.as_ref());
    terms.key(report_obligation::Column::TaskListId, leaf.task_list.as_ref());
    terms
}

/// The condition of a filter of obligations.
pub(in crate::store) fn obligations_that(
    actor: &Actor,
    late: &LateDays,
    filter: &Filter<ReportObligationLeaf>,
) -> Condition {
    filter.condition(&|leaf| {
        let mut terms = of_keys(leaf);
        if let Some(days) = &leaf.due_on {
            terms.add_condition(due::due_within(actor, days));
        }
        let mut asked =
            |condition: Condition, yes: bool| terms.add_condition(if yes { condition } else { condition.not() });
        if let Some(yes) = leaf.missing_report {
            asked(due::not_received(actor), yes);
        }
        if let Some(yes) = leaf.outstanding {
            let accepted = Condition::any()
                .add(progress_report::Column::Status.eq(ReportStatus::Accepted))
                .add(progress_report::Column::AcceptedRevision.is_not_null());
            let column = progress_report::Column::ReportObligationId;
            let accepted = scope::keys::<progress_report::Entity>(actor, column, accepted);
            let waits = report_obligation::Column::Id.not_in_subquery(accepted);
            asked(Condition::all().add(waits).add(due::counted(actor)), yes);
        }
        if let Some(yes) = leaf.overdue {
            asked(due::not_received(actor).add(due::too_late(actor, late)), yes);
        }
        if let Some(yes) = leaf.released {
            asked(due::owed(), !yes);
        }
        terms.0
    })
}

/// Comparisons of reports.
#[derive(Clone, Debug, Default)]
pub struct ProgressReportLeaf {
    /// The state.
    pub status: Option<WordMatch<ReportStatus>>,
    /// How far the work is.
    pub completion: Option<WordMatch<Completion>>,
    /// The reporting unit.
    pub unit: Option<KeyMatch>,
    /// The task.
    pub task: Option<KeyMatch>,
    /// The period.
    pub period: Option<KeyMatch>,
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// When it was handed in.
    pub submitted_at: Option<TimeRange>,
}

/// Periods of lists.
pub fn reporting_periods(
    filter: &Filter<ReportingPeriodLeaf>,
    order: OrderBy<ReportingPeriodOrder>,
    page: PageArgs,
) -> PageQuery<reporting_period::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.word(reporting_period::Column::Status, leaf.status.as_ref());
        terms.range(reporting_period::Column::EndsOn, leaf.ends_on.as_ref());
        terms.range(reporting_period::Column::DueOn, leaf.due_on.as_ref());
        terms.0
    });
    query(condition, order, page, Some(reporting_period::Column::TaskListId))
}

/// Where obligations are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObligationsOf {
    /// Everywhere.
    All,
    /// Per period.
    Period,
    /// Per task.
    Task,
}

/// Obligations.
pub fn report_obligations(
    actor: &Actor,
    late: &LateDays,
    filter: &Filter<ReportObligationLeaf>,
    order: OrderBy<ReportObligationOrder>,
    page: PageArgs,
    of: ObligationsOf,
) -> PageQuery<report_obligation::Entity> {
    let condition = obligations_that(actor, late, filter);
    let parent = match of {
        ObligationsOf::All => None,
        ObligationsOf::Period => Some(report_obligation::Column::ReportingPeriodId),
        ObligationsOf::Task => Some(report_obligation::Column::TaskId),
    };
    query(condition, order, page, parent)
}

/// The obligations for which nothing is accepted yet.
pub fn outstanding() -> Filter<ReportObligationLeaf> {
    Filter { leaf: ReportObligationLeaf { outstanding: Some(true), ..Default::default() }, ..Filter::default() }
}

/// Where reports are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportsOf {
    /// Everywhere.
    All,
    /// Per task.
    Task,
}

/// Reports.
pub fn progress_reports(
    filter: &Filter<ProgressReportLeaf>,
    order: OrderBy<ProgressReportOrder>,
    page: PageArgs,
    of: ReportsOf,
) -> PageQuery<progress_report::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.word(progress_report::Column::Status, leaf.status.as_ref());
        terms.word(progress_report::Column::Completion, leaf.completion.as_ref());
        terms.key(progress_report::Column::UnitId, leaf.unit.as_ref());
        terms.key(progress_report::Column::TaskId, leaf.task.as_ref());
        terms.key(progress_report::Column::ReportingPeriodId, leaf.period.as_ref());
        terms.key(progress_report::Column::TaskListId, leaf.task_list.as_ref());
        terms.range(progress_report::Column::SubmittedAt, leaf.submitted_at.as_ref());
        terms.0
    });
    let parent = match of {
        ReportsOf::All => None,
        ReportsOf::Task => Some(progress_report::Column::TaskId),
    };
    query(condition, order, page, parent)
}

/// Revisions of reports, the newest first.
pub fn revisions(page: PageArgs) -> PageQuery<progress_report_revision::Entity> {
    let order = OrderBy { field: RevisionOrder::Revision, descending: true };
    query(Condition::all(), order, page, Some(progress_report_revision::Column::ProgressReportId))
}

/// Reviews of reports, the newest first.
pub fn reviews(page: PageArgs) -> PageQuery<report_review::Entity> {
    let order = OrderBy { field: ReviewOrder::CreatedAt, descending: true };
    query(Condition::all(), order, page, Some(report_review::Column::ProgressReportId))
}

order_fields! {
    /// Orders of signatures.
    SignatureOrder for report_signature {
        /// By time.
        CreatedAt => CreatedAt,
    }
}

/// What was signed and sent back inside the unit, the newest first.
pub fn signatures(page: PageArgs) -> PageQuery<report_signature::Entity> {
    let order = OrderBy { field: SignatureOrder::CreatedAt, descending: true };
    query(Condition::all(), order, page, Some(report_signature::Column::ProgressReportId))
}

order_fields! {
    /// Orders of evidence.
    EvidenceOrder for evidence {
        /// By time.
        CreatedAt => CreatedAt,
    }
}

/// Evidence of reports as it stands, the oldest first; with what was taken out since, if wanted.
pub fn evidence(page: PageArgs, removed_too: bool) -> PageQuery<evidence::Entity> {
    let order = OrderBy { field: EvidenceOrder::CreatedAt, descending: false };
    let mut condition = Condition::all();
    if !removed_too {
        condition = condition.add(evidence::Column::RemovedIn.is_null());
    }
    query(condition, order, page, Some(evidence::Column::ProgressReportId))
}

order_fields! {
    /// Orders of parts.
    PartOrder for report_part {
        /// By place.
        Position => Position,
    }
}

/// The parts of merged reports as they stand.
pub fn parts(page: PageArgs) -> PageQuery<report_part::Entity> {
    let order = OrderBy { field: PartOrder::Position, descending: false };
    let standing = Condition::all().add(report_part::Column::RemovedIn.is_null());
    query(standing, order, page, Some(report_part::Column::ProgressReportId))
}
