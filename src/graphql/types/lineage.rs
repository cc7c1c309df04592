//! Where tasks come from, and what of a list was taken up below.

use async_graphql::{Context, ID, Object};
use chrono::{Days, NaiveDate};
use entity::vocabulary::TaskListStatus;
use entity::{assignment, task, task_lineage, task_list, unit};

use super::assignment::AssignmentConnection;
use super::directory::UnitConnection;
use super::object_of_row;
use super::task::Task;
use super::task_list::TaskList;
use crate::graphql::context::{self, RequestContext, id};
use crate::graphql::enums::LineageKind;
use crate::graphql::loader::ListSeenWhole;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::user_error::bad_request;
use crate::id::Kind;
use crate::store::query::look_back as queries;
use crate::store::{PageArgs, Visible};

object_of_row! {
    /// Where a task comes from.
    TaskLineage, task_lineage::Model
}

connection! {
    /// 任务来源的分页列表。
    /// A page of where tasks come from.
    TaskLineageConnection,
    /// 任务来源及其游标。
    /// Where a task comes from, with its cursor.
    TaskLineageEdge, TaskLineage, task_lineage::Model
}

/// 任务来源：一项任务由另一份清单的任务结转或分解而来；两项任务都可见才可见。
/// Where a task comes from: a task of another list, carried over or taken up. Seen by whoever sees both tasks.
#[Object]
impl TaskLineage {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::TaskLineage, self.0.id)
    }

    /// 种类。
    /// How it came out of it.
    async fn kind(&self) -> LineageKind {
        self.0.kind.into()
    }

    /// 结转理由；仅能查看整份新清单者可见。
    /// Why it was carried over; only for those who see the whole of the new list.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let whole = context::of(ctx)?.load(ListSeenWhole(self.0.task_list_id)).await?;
        Ok(whole.and_then(|()| self.0.reason.clone()))
    }

    /// 新任务。
    /// The task that was made.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 来源任务。
    /// The task it comes from.
    async fn origin(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.origin_task_id).await?.map(Task::from))
    }

    /// 建立时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// By when units with units below them should have a list of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// So many days after the issue.
    Days(u64),
    /// So many working days after it.
    WorkingDays(i32),
}

impl Within {
    /// From the arguments; the start value is a setting.
    pub fn asked(request: &RequestContext, days: Option<i32>, working: Option<i32>) -> async_graphql::Result<Self> {
        let wrong = || bad_request("give days or workingDays, from 1 to 366");
        let checked = |asked: i32| if (1..=366).contains(&asked) { Ok(asked) } else { Err(wrong()) };
        match (days, working) {
            (None, None) => Ok(Self::Days(request.service.limits().own_list_days)),
            (Some(days), None) => Ok(Self::Days(u64::try_from(checked(days)?).map_err(|_| wrong())?)),
            (None, Some(days)) => Ok(Self::WorkingDays(checked(days)?)),
            (Some(_), Some(_)) => Err(wrong()),
        }
    }
}

/// A list, looked at from above.
pub struct LineageCoverage {
    list: Visible<task_list::Model>,
    within: Within,
}

impl LineageCoverage {
    /// Of a list that left the draft and that the caller sees whole.
    pub async fn of(
        request: &RequestContext,
        list: Visible<task_list::Model>,
        within: Within,
    ) -> async_graphql::Result<Option<Self>> {
        let whole = request.load(ListSeenWhole(list.id)).await?.is_some();
        Ok((whole && list.status != TaskListStatus::Draft).then_some(Self { list, within }))
    }

    fn due_on(&self, request: &RequestContext) -> Option<NaiveDate> {
        let issued_on = self.list.issued_on?;
        match self.within {
            Within::Days(days) => issued_on.checked_add_days(Days::new(days)),
            Within::WorkingDays(days) => request.service.calendar().add_working_days(issued_on, days).ok(),
        }
    }

    async fn count(&self, request: &RequestContext, which: queries::TakenUp) -> async_graphql::Result<i32> {
        let page = PageArgs { total: true, ..PageArgs::default() };
        let query = queries::assignments_to_take_up(request.actor(), self.list.id, which, page);
        let page = request.page::<assignment::Entity>(query).await?;
        Ok(i32::try_from(page.total.unwrap_or_default()).unwrap_or(i32::MAX))
    }
}

/// 任务分解情况：已印发清单的任务在下级清单中承接了多少，只统计本人可见的清单和任务；下级清单印发后才算承接。
/// How much of an issued list was taken up in lists below, over exactly what the caller sees; a list below counts once it is issued.
#[Object]
impl LineageCoverage {
    /// 清单。
    /// The list.
    async fn task_list(&self) -> TaskList {
        self.list.clone().into()
    }

    /// 有下级的单位应印发本级清单的日期；无印发日期或缺该年度工作日历时为空。
    /// The day by which units with units below them should have issued a list of their own; null without a day of issue, or where the calendar of a year is missing.
    async fn own_list_due_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        Ok(self.due_on(context::of(ctx)?).map(Date))
    }

    /// 该日期是否已过。
    /// Whether that day is over.
    async fn is_own_list_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let request = context::of(ctx)?;
        Ok(self.due_on(request).is_some_and(|day| day < request.today))
    }

    /// 指派给有下级的单位的事项数。
    /// How many assignments go to units with units below them.
    async fn expected_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        self.count(context::of(ctx)?, queries::TakenUp::Expected).await
    }

    /// 其中下级清单已承接的事项数。
    /// How many of these were taken up in a list below.
    async fn covered_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let request = context::of(ctx)?;
        let missing = self.count(request, queries::TakenUp::Missing).await?;
        Ok(self.count(request, queries::TakenUp::Expected).await? - missing)
    }

    /// 尚无下级任务承接的指派。
    /// The assignments whose task no list below has taken up.
    async fn uncovered(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<AssignmentConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let which = queries::TakenUp::Missing;
        let query = queries::assignments_to_take_up(request.actor(), self.list.id, which, page);
        Ok(request.page::<assignment::Entity>(query).await?.into())
    }

    /// 本年度尚未印发本级清单的单位（限有下级且承担本清单任务的）；到期与否见 isOwnListOverdue。
    /// The units on this list, with units below them, that have issued no list of their own for its year; whether they are late, isOwnListOverdue says.
    async fn units_without_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = queries::units_without_list(request.actor(), &self.list, page);
        Ok(request.page::<unit::Entity>(query).await?.into())
    }
}
