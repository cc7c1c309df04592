//! Periods opened again for one unit, and the numbered freezes of their sums.

use async_graphql::{Context, ID, Object};
use entity::{period_freeze, period_reopening, progress_report, reporting_period, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::report::ProgressReport;
use super::reporting::ReportingPeriod;
use super::roll_up::RollUp;
use super::user::User;
use crate::error::Fault;
use crate::graphql::context::{self, id};
use crate::graphql::enums::FreezeCause;
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::user_error::top_level;
use crate::id::Kind;
use crate::service::reopenings::holds;

object_of_row! {
    /// A reopening.
    PeriodReopening, period_reopening::Model
}
object_of_row! {
    /// A freeze.
    PeriodFreeze, period_freeze::Model
}

connection! {
    /// 重新开放的分页列表。
    /// A page of reopenings.
    PeriodReopeningConnection,
    /// 重新开放及其游标。
    /// A reopening with its cursor.
    PeriodReopeningEdge, PeriodReopening, period_reopening::Model
}
connection! {
    /// 固定汇总的分页列表。
    /// A page of frozen sums.
    PeriodFreezeConnection,
    /// 固定汇总及其游标。
    /// Frozen sums with their cursor.
    PeriodFreezeEdge, PeriodFreeze, period_freeze::Model
}

/// The sums of a freeze.
pub(super) fn sums(row: &period_freeze::Model) -> async_graphql::Result<RollUp> {
    let sums: crate::domain::roll_up::RollUp =
        serde_json::from_value(row.roll_up.clone()).map_err(|e| top_level(Fault::Internal(e.to_string())))?;
    Ok(sums.into())
}

/// 已关闭的报告期对一个单位的重新开放。
/// A closed period opened again for one unit, until a day, with a reason.
#[Object]
impl PeriodReopening {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PeriodReopening, self.0.id)
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        let key = self.0.reporting_period_id;
        Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from))
    }

    /// 单位。
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 开放至该日（含）。
    /// The last day on which it holds.
    async fn until(&self) -> Date {
        Date(self.0.until_on)
    }

    /// 理由。
    /// The reason.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// 操作人；不可见时为空。
    /// Who reopened it; null when invisible.
    async fn reopened_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.reopened_by).await?.map(User::from))
    }

    /// 目前是否仍开放。
    /// Whether it holds today.
    async fn is_running(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(holds(&self.0, context::of(ctx)?.today))
    }

    /// 提前结束的时间。
    /// When it was ended before its day.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 重新开放的时间。
    /// When it was reopened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// 一次固定的汇总数：关闭时一次，其后每在重新开放中通过一份报告一次。
/// Sums of a period as they were frozen: once at its closing, and once per report that is accepted under a reopening.
#[Object]
impl PeriodFreeze {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PeriodFreeze, self.0.id)
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        let key = self.0.reporting_period_id;
        Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from))
    }

    /// 序号，自 1 起。
    /// The number, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// 缘由。
    /// Why it was made.
    async fn cause(&self) -> FreezeCause {
        self.0.cause.into()
    }

    /// 固定的汇总数。
    /// The frozen sums.
    async fn roll_up(&self) -> async_graphql::Result<RollUp> {
        sums(&self.0)
    }

    /// 因其通过而重新固定的报告。
    /// The report whose acceptance made it, under a reopening.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        match self.0.progress_report_id {
            Some(key) => Ok(context::of(ctx)?.row::<progress_report::Entity>(key).await?.map(ProgressReport::from)),
            None => Ok(None),
        }
    }

    /// 固定的时间。
    /// When it was frozen.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
