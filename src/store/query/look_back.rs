//! Looking back, and where tasks come from.

use chrono::NaiveDate;
use entity::vocabulary::{
    AssignmentTarget, LineageKind, LookBackFinding, LookBackStatus, RectificationStatus, TaskListStatus,
};
use entity::{
    assignment, look_back, look_back_evidence, look_back_item, rectification, rectification_step, task, task_lineage,
    task_list, unit, unit_closure,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::directory::UnitOrder;
use super::lists::AssignmentOrder;
use super::{OrderBy, order_fields, query};
use crate::authz::Actor;
use crate::domain::rectification::running;
use crate::store::filter::{DayRange, Filter, KeyMatch, Terms, WordMatch};
use crate::store::page::{PageArgs, PageQuery};
use crate::store::scope;

order_fields! {
    /// Orders of rounds.
    LookBackOrder for look_back {
        /// By the time they were begun.
        CreatedAt => CreatedAt,
        /// By the day they are due.
        DueOn => DueOn,
    }
}

order_fields! {
    /// Orders of what is looked at.
    LookBackItemOrder for look_back_item {
        /// As in the list.
        Position => Position,
        /// By the day of the deadline.
        DueOn => DueOn,
    }
}

order_fields! {
    /// Orders of rectifications.
    RectificationOrder for rectification {
        /// By the time they were opened.
        CreatedAt => CreatedAt,
        /// By the day they are due.
        DueOn => DueOn,
        /// By the last change.
        UpdatedAt => UpdatedAt,
    }
}

order_fields! {
    /// Orders of steps.
    RectificationStepOrder for rectification_step {
        /// As they were taken.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of evidence.
    LookBackEvidenceOrder for look_back_evidence {
        /// As it was added.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of where tasks come from.
    TaskLineageOrder for task_lineage {
        /// As they were made.
        CreatedAt => CreatedAt,
    }
}

/// Comparisons of rounds.
#[derive(Clone, Debug, Default)]
pub struct LookBackLeaf {
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// The state.
    pub status: Option<WordMatch<LookBackStatus>>,
    /// The day it is due.
    pub due_on: Option<DayRange>,
}

/// Comparisons of what is looked at.
#[derive(Clone, Debug, Default)]
pub struct LookBackItemLeaf {
    /// The unit.
    pub unit: Option<KeyMatch>,
    /// The task.
    pub task: Option<KeyMatch>,
    /// What was found.
    pub finding: Option<WordMatch<LookBackFinding>>,
    /// Whether anything was found yet.
    pub found: Option<bool>,
}

/// Comparisons of rectifications.
#[derive(Clone, Debug, Default)]
pub struct RectificationLeaf {
    /// The state.
    pub status: Option<WordMatch<RectificationStatus>>,
    /// The unit.
    pub unit: Option<KeyMatch>,
    /// The task.
    pub task: Option<KeyMatch>,
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// The round.
    pub look_back: Option<KeyMatch>,
    /// The day it is due.
    pub due_on: Option<DayRange>,
    /// Its day is over and it is not closed.
    pub overdue: Option<bool>,
}

/// Rounds.
pub fn look_backs(
    filter: &Filter<LookBackLeaf>,
    order: OrderBy<LookBackOrder>,
    page: PageArgs,
) -> PageQuery<look_back::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(look_back::Column::TaskListId, leaf.task_list.as_ref());
        terms.word(look_back::Column::Status, leaf.status.as_ref());
        terms.range(look_back::Column::DueOn, leaf.due_on.as_ref());
        terms.0
    });
    query(condition, order, page, None)
}

/// What a round looks at.
pub fn look_back_items(
    filter: &Filter<LookBackItemLeaf>,
    order: OrderBy<LookBackItemOrder>,
    page: PageArgs,
) -> PageQuery<look_back_item::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(look_back_item::Column::UnitId, leaf.unit.as_ref());
        terms.key(look_back_item::Column::TaskId, leaf.task.as_ref());
        terms.word(look_back_item::Column::Finding, leaf.finding.as_ref());
        match leaf.found {
            Some(true) => terms.add(look_back_item::Column::Finding.is_not_null()),
            Some(false) => terms.add(look_back_item::Column::Finding.is_null()),
            None => {}
        }
        terms.0
    });
    query(condition, order, page, Some(look_back_item::Column::LookBackId))
}

/// Where rectifications are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RectificationsOf {
    /// Everywhere.
    All,
    /// Per item.
    Item,
}

/// Rectifications.
pub fn rectifications(
    today: NaiveDate,
    filter: &Filter<RectificationLeaf>,
    order: OrderBy<RectificationOrder>,
    page: PageArgs,
    of: RectificationsOf,
) -> PageQuery<rectification::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.word(rectification::Column::Status, leaf.status.as_ref());
        terms.key(rectification::Column::UnitId, leaf.unit.as_ref());
        terms.key(rectification::Column::TaskId, leaf.task.as_ref());
        terms.key(rectification::Column::TaskListId, leaf.task_list.as_ref());
        terms.key(rectification::Column::LookBackId, leaf.look_back.as_ref());
        terms.range(rectification::Column::DueOn, leaf.due_on.as_ref());
        if let Some(yes) = leaf.overdue {
            let late = Condition::all()
                .add(rectification::Column::Status.is_in(running()))
                .add(rectification::Column::DueOn.lt(today));
            terms.add_condition(if yes { late } else { late.not() });
        }
        terms.0
    });
    let parent = match of {
        RectificationsOf::All => None,
        RectificationsOf::Item => Some(rectification::Column::LookBackItemId),
    };
    query(condition, order, page, parent)
}

/// Steps of rectifications, the first one first.
pub fn rectification_steps(page: PageArgs) -> PageQuery<rectification_step::Entity> {
    let order = OrderBy { field: RectificationStepOrder::CreatedAt, descending: false };
    query(Condition::all(), order, page, Some(rectification_step::Column::RectificationId))
}

/// What evidence stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceOf {
    /// A finding.
    Item,
    /// What a unit put right.
    Rectification,
}

/// Evidence of findings or rectifications, the oldest first.
pub fn look_back_evidence(page: PageArgs, of: EvidenceOf) -> PageQuery<look_back_evidence::Entity> {
    let order = OrderBy { field: LookBackEvidenceOrder::CreatedAt, descending: false };
    let parent = match of {
        EvidenceOf::Item => look_back_evidence::Column::LookBackItemId,
        EvidenceOf::Rectification => look_back_evidence::Column::RectificationId,
    };
    query(Condition::all(), order, page, Some(parent))
}

/// From which side a line of descent is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineageOf {
    /// From the task that was made.
    Task,
    /// From the task it comes from.
    Origin,
}

/// Where tasks come from, or what came out of them, the oldest first.
pub fn task_lineages(page: PageArgs, of: LineageOf) -> PageQuery<task_lineage::Entity> {
    let order = OrderBy { field: TaskLineageOrder::CreatedAt, descending: false };
    let parent = match of {
        LineageOf::Task => task_lineage::Column::TaskId,
        LineageOf::Origin => task_lineage::Column::OriginTaskId,
    };
    query(Condition::all(), order, page, Some(parent))
}

/// The units with units below them.
fn units_with_subtree() -> SelectStatement {
    Query::select()
        .column(unit::Column::ParentId)
        .from(unit::Entity)
        .and_where(unit::Column::ParentId.is_not_null())
        .and_where(unit::Column::Active.eq(true))
        .take()
}

/// The assignments of a list, as far as they are seen, to units that could have a list of their own.
fn to_units_with_subtree(list: Uuid) -> Condition {
    let tasks =
        Query::select().column(task::Column::Id).from(task::Entity).and_where(task::Column::TaskListId.eq(list)).take();
    Condition::all()
        .add(assignment::Column::TaskId.in_subquery(tasks))
        .add(assignment::Column::Target.eq(AssignmentTarget::Unit))
        .add(assignment::Column::UnitId.in_subquery(units_with_subtree()))
}

/// Where assignments of a list stand that should have been taken up below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenUp {
    /// All of them.
    Expected,
    /// Those of which no visible list in force below has taken the task up.
    Missing,
}

/// The assignments of a list to units with units below them.
pub fn assignments_to_take_up(
    actor: &Actor,
    list: Uuid,
    which: TakenUp,
    page: PageArgs,
) -> PageQuery<assignment::Entity> {
    let mut condition = to_units_with_subtree(list);
    if which == TakenUp::Missing {
        condition = condition.add(Expr::exists(taken_up(actor)).not());
    }
    query(condition, OrderBy { field: AssignmentOrder::Position, descending: false }, page, None)
}

/// A task of a visible list that left the draft, issued at or below the unit of the assignment, made out of its task.
fn taken_up(actor: &Actor) -> SelectStatement {
    let in_force = Condition::all().add(task_list::Column::Status.ne(TaskListStatus::Draft));
    let seen = scope::keys::<task_lineage::Entity>(actor, task_lineage::Column::Id, Condition::all());
    let lists = scope::keys::<task_list::Entity>(actor, task_list::Column::Id, in_force);
    let (line, lower) = (Alias::new("line"), Alias::new("lower"));
    Query::select()
        .expr(Expr::val(1))
        .from_as(task_lineage::Entity, line.clone())
        .join_as(
            JoinType::InnerJoin,
            task_list::Entity,
            lower.clone(),
            Expr::col((lower.clone(), task_list::Column::Id)).equals((line.clone(), task_lineage::Column::TaskListId)),
        )
        .join(
            JoinType::InnerJoin,
            unit_closure::Entity,
            Expr::col((unit_closure::Entity, unit_closure::Column::DescendantId))
                .equals((lower.clone(), task_list::Column::IssuerUnitId)),
        )
        .and_where(
            Expr::col((line.clone(), task_lineage::Column::OriginTaskId))
                .equals((assignment::Entity, assignment::Column::TaskId)),
        )
        .and_where(
            Expr::col((unit_closure::Entity, unit_closure::Column::AncestorId))
                .equals((assignment::Entity, assignment::Column::UnitId)),
        )
        .and_where(Expr::col((line.clone(), task_lineage::Column::Kind)).eq(LineageKind::Derived))
        .and_where(Expr::col((line, task_lineage::Column::Id)).in_subquery(seen))
        .and_where(Expr::col((lower, task_list::Column::Id)).in_subquery(lists))
        .take()
}

/// The units with units below them that are on a list and have issued none of their own for its year, as far as lists are
/// seen; a list issued below the unit is its own.
pub fn units_without_list(actor: &Actor, list: &task_list::Model, page: PageArgs) -> PageQuery<unit::Entity> {
    let on_it = scope::keys::<assignment::Entity>(actor, assignment::Column::UnitId, to_units_with_subtree(list.id));
    let own = Condition::all()
        .add(task_list::Column::Status.ne(TaskListStatus::Draft))
        .add(task_list::Column::Year.eq(list.year))
        .add(task_list::Column::Id.ne(list.id));
    let issuers = scope::keys::<task_list::Entity>(actor, task_list::Column::IssuerUnitId, own);
    let with_list = Query::select()
        .column(unit_closure::Column::AncestorId)
        .from(unit_closure::Entity)
        .and_where(unit_closure::Column::DescendantId.in_subquery(issuers))
        .take();
    let condition =
        Condition::all().add(unit::Column::Id.in_subquery(on_it)).add(unit::Column::Id.not_in_subquery(with_list));
    query(condition, OrderBy { field: UnitOrder::Position, descending: false }, page, None)
}
