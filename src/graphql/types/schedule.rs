//! Periods that open by themselves.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{period_schedule, reporting_period, task_list};

use super::object_of_row;
use super::reporting::ReportingPeriod;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::{Action, State};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{PeriodKind, ScheduleEvery};
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::service::schedules::rhythm;

object_of_row! {
    /// A schedule.
    PeriodSchedule, period_schedule::Model
}

connection! {
    /// 定期开启规则的分页列表。
    /// A page of schedules.
    PeriodScheduleConnection,
    /// 定期开启规则及其游标。
    /// A schedule with its cursor.
    PeriodScheduleEdge, PeriodSchedule, period_schedule::Model
}

/// 对定期开启规则可做的操作。
/// What the caller may do with a schedule.
#[derive(SimpleObject)]
pub struct PeriodSchedulePermissions {
    /// 修改、删除。
    /// Change or remove it.
    edit: Permission,
}

/// 将要自动开启的报告期。
/// The period that a schedule opens next.
#[derive(SimpleObject)]
pub struct ScheduledPeriod {
    /// 起始日。
    /// The first day.
    starts_on: Date,
    /// 截止日。
    /// The last day.
    ends_on: Date,
    /// 开启日。
    /// The day it opens.
    opens_on: Date,
    /// 报送截止日；缺少当年节假日安排时为空，且届时不会自动开启。
    /// The day reports are due; null when the holidays of the year are not known, and then it does not open either.
    due_on: Option<Date>,
    /// 推算工作日所缺的节假日年份；不缺时为空。
    /// The year whose holidays are not known and would be needed; null when nothing is missing.
    missing_calendar_year: Option<i32>,
}

/// 定期自动开启报告期的规则，如月自查、季督查。
/// A rule by which the periods of a list open by themselves.
#[Object]
impl PeriodSchedule {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PeriodSchedule, self.0.id)
    }

    /// 所在清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 类型。
    /// The kind of its periods.
    async fn kind(&self) -> PeriodKind {
        self.0.kind.into()
    }

    /// 频次。
    /// How often.
    async fn every(&self) -> ScheduleEvery {
        self.0.every.into()
    }

    /// 名称，如“月自查”；报告期名为“6月（月自查）”。
    /// The name, which stands behind that of the span.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// 在时段末日之后第几天开启；负数为提前。
    /// Days after the last day of a span on which its period opens; before it when negative.
    async fn opens_after_days(&self) -> i32 {
        self.0.opens_after_days
    }

    /// 报送截止日为时段末日之后第几个工作日。
    /// Working days after the last day of a span by which reports are due.
    async fn due_working_days(&self) -> i32 {
        self.0.due_working_days
    }

    /// 宽限期，工作日。
    /// The grace in working days.
    async fn grace_working_days(&self) -> i32 {
        self.0.grace_working_days
    }

    /// 是否启用。
    /// Whether it opens anything.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// 最近一次自动开启的时段末日。
    /// The last day of the latest span it is done with.
    async fn last_ends_on(&self) -> Option<Date> {
        self.0.last_ends_on.map(Date)
    }

    /// 最近一次未自动开启时，清单中已有的同一时段的报告期：同一时段只有一个报告期，不论类型，也不论由谁开启；没有过时为空。
    /// The period that was there when it last opened nothing: a list has one period of a span, whatever its kind and whoever opened it. Null when that never happened.
    async fn last_skipped_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        let Some(period) = self.0.skipped_period_id else { return Ok(None) };
        Ok(context::of(ctx)?.row::<reporting_period::Entity>(period).await?.map(ReportingPeriod::from))
    }

    /// 最近一次因同一时段已有报告期而未自动开启的时间。
    /// When it last opened nothing because there was a period of the span already.
    async fn last_skipped_at(&self) -> Option<DateTime> {
        self.0.skipped_at.map(DateTime)
    }

    /// 下一次；停用或本年度已完时为空。
    /// What comes next; null when it is switched off or its year is through.
    async fn next(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ScheduledPeriod>> {
        let request = context::of(ctx)?;
        let Some(list) = request.row::<task_list::Entity>(self.0.task_list_id).await? else { return Ok(None) };
        if !self.0.active {
            return Ok(None);
        }
        let rhythm = rhythm(&self.0);
        let calendar = request.service.calendar();
        let turns = rhythm.turns(list.year).into_iter().map(|turn| (turn, rhythm.due_on(&turn, calendar)));
        let next = turns
            .filter(|(turn, _)| self.0.last_ends_on.is_none_or(|last| last < turn.ends_on))
            .find(|(_, due_on)| due_on.as_ref().ok().is_none_or(|day| request.today <= *day));
        Ok(next.map(|(turn, due_on)| ScheduledPeriod {
            starts_on: Date(turn.starts_on),
            ends_on: Date(turn.ends_on),
            opens_on: Date(turn.opens_on),
            due_on: due_on.ok().map(Date),
            missing_calendar_year: due_on.err().map(|missing| missing.0),
        }))
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<PeriodSchedulePermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let edit = Permission::ask(Action::ScheduleEdit, subject, State { ..state }, request.lang);
        Ok(PeriodSchedulePermissions { edit })
    }
}
