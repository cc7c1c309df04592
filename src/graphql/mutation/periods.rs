//! Reporting periods.

use async_graphql::{Context, ID, InputObject, Object};
use entity::reporting_period;

use super::payload;
use crate::graphql::context::{self, key};
use crate::graphql::enums::PeriodKind;
use crate::graphql::scalar::Date;
use crate::graphql::types::reporting::ReportingPeriod;
use crate::id::Kind;
use crate::service::periods::NewPeriod;

/// 新报告期。
/// A reporting period to open.
#[derive(InputObject)]
pub struct ReportingPeriodOpenInput {
    /// 清单，须已印发。
    /// The list; it must be in force.
    task_list: ID,
    /// 类型：累计（自 1 月 1 日起至某月末）或单独时段。
    /// Cumulative from 1 January to the end of a month, or a span of its own.
    kind: PeriodKind,
    /// 起始日，须在清单年度之内。
    /// The first day, within the list's year.
    starts_on: Date,
    /// 截止日，须在清单年度之内。
    /// The last day, within the list's year.
    ends_on: Date,
    /// 报送截止日，不早于起始日。
    /// The day reports are due, not before the first day.
    due_on: Date,
    /// 名称，至多 60 字；不填则按起止日生成，如“1–6月”。
    /// The label, at most 60 characters; made from the days when missing, such as 1–6月.
    label: Option<String>,
}

/// 关闭报告期的依据。
/// What the closing was decided on.
#[derive(InputObject)]
pub struct ReportingPeriodCloseInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

payload! {
    /// 报告期变更的结果。
    /// What came of a change of a reporting period.
    ReportingPeriodPayload {
        /// 报告期的最新状态；不可见时为空。
        /// The period as it is now; null when invisible.
        reporting_period: ReportingPeriod, reporting_period
    }
}

/// Opening and closing of periods.
#[derive(Default)]
pub struct PeriodsMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl PeriodsMutation {
    /// 开启报告期：牵头、责任单位（清单要求时含配合单位）各生成一项应报（政务公开办）。
    /// Opens a period; every lead and responsible unit, and supporting ones where the list says so, owes a report per task from now on (the office).
    async fn reporting_period_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe period.")] input: ReportingPeriodOpenInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ReportingPeriodPayload> {
        let request = context::of(ctx)?;
        let new = NewPeriod {
            task_list: key(Kind::TaskList, &input.task_list)?,
            kind: input.kind.into(),
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.0,
            due_on: input.due_on.0,
            label: input.label,
        };
        let answer = request.service.reporting_period_open(&request.caller, idempotency_key, new).await;
        ReportingPeriodPayload::new(request, answer, None).await
    }

    /// 关闭报告期：不再收报，汇总数就此固定（政务公开办）。
    /// Closes a period; nothing is taken any more and its sums are frozen (the office).
    async fn reporting_period_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期。\nThe period.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ReportingPeriodCloseInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ReportingPeriodPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ReportingPeriod, &id)?;
        let answer =
            request.service.reporting_period_close(&request.caller, idempotency_key, id, input.expected_version).await;
        ReportingPeriodPayload::new(request, answer, Some(id)).await
    }
}
