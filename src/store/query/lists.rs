//! Lists, sections, tasks, assignments.

use chrono::{Days, NaiveDate};
use entity::vocabulary::{
    AssignmentRole, AssignmentStatus, AssignmentTarget, DeadlineKind, ImportQuestionStatus, TaskListStatus, TaskStatus,
};
use entity::{
    assignment, deadline, import_question, report_obligation, section, section_closure, task, task_list, unit,
};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{OrderBy, order_fields, query};
use crate::authz::{Actor, Area, Reach};
use crate::store::filter::{DayRange, Filter, KeyMatch, NumberRange, Terms, TextMatch, WordMatch, contains};
use crate::store::page::{PageArgs, PageQuery};
use crate::store::{due, scope};

order_fields! {
    /// Orders of lists.
    TaskListOrder for task_list {
        /// By year.
        Year => Year,
        /// By title.
        Title => Title,
        /// By the time it was made.
        CreatedAt => CreatedAt,
        /// By the last change.
        UpdatedAt => UpdatedAt,
    }
}

order_fields! {
    /// Orders of sections.
    SectionOrder for section {
        /// As printed.
        Position => Position,
        /// By title.
        Title => Title,
    }
}

order_fields! {
    /// Orders of tasks.
    TaskOrder for task {
        /// As printed.
        Position => Position,
        /// By the last change.
        UpdatedAt => UpdatedAt,
    }
}

order_fields! {
    /// Orders of questions of an import.
    ImportQuestionOrder for import_question {
        /// As in the file.
        Position => Position,
        /// By the last change.
        UpdatedAt => UpdatedAt,
    }
}

order_fields! {
    /// Orders of assignments.
    AssignmentOrder for assignment {
        /// As printed; expanded groups follow.
        Position => Position,
        /// By name.
        Name => Name,
    }
}

order_fields! {
    /// Orders of deadlines.
    DeadlineOrder for deadline {
        /// The task's own first, then further times.
        Position => Position,
    }
}

/// Comparisons of lists.
#[derive(Clone, Debug, Default)]
pub struct TaskListLeaf {
    /// The year.
    pub year: Option<NumberRange>,
    /// The title.
    pub title: Option<TextMatch>,
    /// 文号.
    pub document_number: Option<TextMatch>,
    /// The state.
    pub status: Option<WordMatch<TaskListStatus>>,
    /// The issuing unit.
    pub issuer: Option<KeyMatch>,
    /// The day it was issued.
    pub issued_on: Option<DayRange>,
}

/// Comparisons of sections.
#[derive(Clone, Debug, Default)]
pub struct SectionLeaf {
    /// The title.
    pub title: Option<TextMatch>,
    /// The label.
    pub label: Option<TextMatch>,
    /// The section above.
    pub parent: Option<KeyMatch>,
}

/// Comparisons of questions of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportQuestionLeaf {
    /// Where it stands.
    pub status: Option<WordMatch<ImportQuestionStatus>>,
    /// The task it is about.
    pub task: Option<KeyMatch>,
    /// The words as printed.
    pub printed: Option<TextMatch>,
}

/// Comparisons of tasks.
#[derive(Clone, Debug, Default)]
pub struct TaskLeaf {
    /// The printed number.
    pub number: Option<TextMatch>,
    /// Title or requirement contains this.
    pub text: Option<String>,
    /// The section itself.
    pub section: Option<KeyMatch>,
    /// The section or one below it.
    pub within_section: Option<Uuid>,
    /// 激励性指标.
    pub incentive: Option<bool>,
    /// Waits for a person.
    pub needs_review: Option<bool>,
    /// This unit is assigned.
    pub unit: Option<Uuid>,
    /// Some unit is assigned in this role (that of `unit`, when both are asked).
    pub role: Option<AssignmentRole>,
    /// The kind of its deadline.
    pub deadline_kind: Option<WordMatch<DeadlineKind>>,
    /// The day of its deadline.
    pub due_on: Option<DayRange>,
    /// Assigned to the caller's own unit.
    pub mine: Option<bool>,
    /// The deadline has passed while the list is in force.
    pub overdue: Option<bool>,
    /// The deadline lies within so many days from today.
    pub due_within_days: Option<u32>,
    /// Somebody visible still owes the report for this period.
    pub missing_report_in: Option<Uuid>,
    /// A unit that is assigned is out of use.
    pub unit_out_of_use: Option<bool>,
}

/// Comparisons of assignments.
#[derive(Clone, Debug, Default)]
pub struct AssignmentLeaf {
    /// The role.
    pub role: Option<WordMatch<AssignmentRole>>,
    /// What it names.
    pub target: Option<WordMatch<AssignmentTarget>>,
    /// The unit.
    pub unit: Option<KeyMatch>,
}

/// Lists.
pub fn task_lists(
    filter: &Filter<TaskListLeaf>,
    order: OrderBy<TaskListOrder>,
    page: PageArgs,
) -> PageQuery<task_list::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.range(task_list::Column::Year, leaf.year.as_ref());
        terms.text(task_list::Column::Title, leaf.title.as_ref());
        terms.text(task_list::Column::DocumentNumber, leaf.document_number.as_ref());
        terms.word(task_list::Column::Status, leaf.status.as_ref());
        terms.key(task_list::Column::IssuerUnitId, leaf.issuer.as_ref());
        terms.range(task_list::Column::IssuedOn, leaf.issued_on.as_ref());
        terms.0
    });
    query(condition, order, page, None)
}

/// Sections of lists.
pub fn sections(
    filter: &Filter<SectionLeaf>,
    order: OrderBy<SectionOrder>,
    page: PageArgs,
) -> PageQuery<section::Entity> {
    query(section_condition(filter), order, page, Some(section::Column::TaskListId))
}

/// Sections below sections.
pub fn subsections(
    filter: &Filter<SectionLeaf>,
    order: OrderBy<SectionOrder>,
    page: PageArgs,
) -> PageQuery<section::Entity> {
    query(section_condition(filter), order, page, Some(section::Column::ParentId))
}

fn section_condition(filter: &Filter<SectionLeaf>) -> Condition {
    filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.text(section::Column::Title, leaf.title.as_ref());
        terms.text(section::Column::Label, leaf.label.as_ref());
        terms.key(section::Column::ParentId, leaf.parent.as_ref());
        terms.0
    })
}

/// Where tasks are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TasksOf {
    /// Everywhere.
    All,
    /// Per list.
    List,
    /// Per section.
    Section,
}

/// Tasks.
pub fn tasks(
    actor: &Actor,
    today: NaiveDate,
    filter: &Filter<TaskLeaf>,
    order: OrderBy<TaskOrder>,
    page: PageArgs,
    of: TasksOf,
) -> PageQuery<task::Entity> {
    let parent = match of {
        TasksOf::All => None,
        TasksOf::List => Some(task::Column::TaskListId),
        TasksOf::Section => Some(task::Column::SectionId),
    };
    // What was withdrawn is found by its key and in the amendments, and is listed no more.
    let in_force = Condition::all().add(task::Column::Status.eq(TaskStatus::Active));
    query(in_force.add(filter.condition(&|leaf| task_condition(actor, today, leaf))), order, page, parent)
}

fn task_condition(actor: &Actor, today: NaiveDate, leaf: &TaskLeaf) -> Condition {
    let mut terms = Terms::new();
    terms.text(task::Column::Number, leaf.number.as_ref());
    if let Some(text) = &leaf.text {
        terms.add_condition(
            Condition::any().add(contains(task::Column::Title, text)).add(contains(task::Column::Requirement, text)),
        );
    }
    terms.key(task::Column::SectionId, leaf.section.as_ref());
    if let Some(top) = leaf.within_section {
        let below = Query::select()
            .column(section_closure::Column::DescendantId)
            .from(section_closure::Entity)
            .and_where(section_closure::Column::AncestorId.eq(top))
            .take();
        terms.related(task::Column::SectionId, below, true);
    }
    terms.yes(task::Column::Incentive, leaf.incentive);
    terms.yes(task::Column::NeedsReview, leaf.needs_review);
    if leaf.unit.is_some() || leaf.role.is_some() {
        let mut wanted = Condition::all();
        if let Some(unit) = leaf.unit {
            wanted = wanted.add(assignment::Column::UnitId.eq(unit));
        }
        if let Some(role) = leaf.role {
            wanted = wanted.add(assignment::Column::Role.eq(role));
        }
        terms.related(task::Column::Id, assigned(actor, wanted), true);
    }
    deadline_terms(actor, today, leaf, &mut terms);
    if let Some(mine) = leaf.mine {
        let own = actor.reach(Area::Lists).into_iter().filter_map(|reach| match reach {
            Reach::Unit(unit) => Some(unit),
            Reach::Issuer(_) | Reach::Lists(..) => None,
        });
        let wanted = Condition::all()
            .add(assignment::Column::UnitId.is_in(own.chain([actor.unit_id])))
            .add(assignment::Column::Status.eq(AssignmentStatus::Active));
        terms.related(task::Column::Id, assigned(actor, wanted), mine);
    }
    if let Some(period) = leaf.missing_report_in {
        terms.related(task::Column::Id, missing(actor, report_obligation::Column::TaskId, period), true);
    }
    if let Some(out_of_use) = leaf.unit_out_of_use {
        let ended = Condition::all().add(unit::Column::Active.eq(false));
        let ended = scope::keys::<unit::Entity>(actor, unit::Column::Id, ended);
        let theirs = Condition::all().add(assignment::Column::UnitId.in_subquery(ended));
        terms.related(task::Column::Id, assigned(actor, theirs), out_of_use);
    }
    terms.0
}

fn assigned(actor: &Actor, wanted: Condition) -> SelectStatement {
    scope::keys::<assignment::Entity>(actor, assignment::Column::TaskId, wanted)
}

fn deadline_terms(actor: &Actor, today: NaiveDate, leaf: &TaskLeaf, terms: &mut Terms) {
    let own = || Condition::all().add(deadline::Column::Position.eq(0));
    let with = |condition| scope::keys::<deadline::Entity>(actor, deadline::Column::TaskId, condition);
    if leaf.deadline_kind.is_some() || leaf.due_on.is_some() {
        let mut wanted = Terms(own());
        wanted.word(deadline::Column::Kind, leaf.deadline_kind.as_ref());
        wanted.range(deadline::Column::DueOn, leaf.due_on.as_ref());
        terms.related(task::Column::Id, with(wanted.0), true);
    }
    if let Some(overdue) = leaf.overdue {
        let in_force = scope::keys::<task_list::Entity>(
            actor,
            task_list::Column::Id,
            Condition::all().add(task_list::Column::Status.eq(TaskListStatus::Issued)),
        );
        let late = scope::keys::<task::Entity>(
            actor,
            task::Column::Id,
            Condition::all()
                .add(task::Column::Id.in_subquery(with(own().add(deadline::Column::DueOn.lt(today)))))
                .add(task::Column::TaskListId.in_subquery(in_force)),
        );
        terms.related(task::Column::Id, late, overdue);
    }
    if let Some(days) = leaf.due_within_days {
        let until = today.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
        let soon = own().add(deadline::Column::DueOn.gte(today)).add(deadline::Column::DueOn.lte(until));
        terms.related(task::Column::Id, with(soon), true);
    }
}

/// Visible obligations for which no visible report is handed in or accepted.
fn missing(actor: &Actor, column: report_obligation::Column, period: Uuid) -> SelectStatement {
    let wanted = due::not_received(actor).add(report_obligation::Column::ReportingPeriodId.eq(period));
    scope::keys::<report_obligation::Entity>(actor, column, wanted)
}

/// Questions of the imports of lists.
pub fn import_questions(
    filter: &Filter<ImportQuestionLeaf>,
    order: OrderBy<ImportQuestionOrder>,
    page: PageArgs,
) -> PageQuery<import_question::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.word(import_question::Column::Status, leaf.status.as_ref());
        terms.key(import_question::Column::TaskId, leaf.task.as_ref());
        terms.text(import_question::Column::Printed, leaf.printed.as_ref());
        terms.0
    });
    query(condition, order, page, Some(import_question::Column::TaskListId))
}

/// Assignments of tasks.
pub fn assignments(
    filter: &Filter<AssignmentLeaf>,
    order: OrderBy<AssignmentOrder>,
    page: PageArgs,
) -> PageQuery<assignment::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.word(assignment::Column::Role, leaf.role.as_ref());
        terms.word(assignment::Column::Target, leaf.target.as_ref());
        terms.key(assignment::Column::UnitId, leaf.unit.as_ref());
        terms.0
    });
    query(condition, order, page, Some(assignment::Column::TaskId))
}

/// Deadlines of tasks.
pub fn deadlines(page: PageArgs) -> PageQuery<deadline::Entity> {
    let order = OrderBy { field: DeadlineOrder::Position, descending: false };
    query(Condition::all(), order, page, Some(deadline::Column::TaskId))
}
