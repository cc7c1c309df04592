//! Reporting periods.

use async_graphql::{Context, ID, InputObject, Object};
use entity::{period_reopening, reporting_period};

use super::{VersionInput, payload};
use crate::graphql::context::{self, key};
use crate::graphql::enums::PeriodKind;
use crate::graphql::scalar::Date;
use crate::graphql::types::reopening::PeriodReopening;
use crate::graphql::types::reporting::ReportingPeriod;
use crate::id::Kind;
use crate::service::periods::{NewPeriod, PeriodPatch};
use crate::service::reopenings::NewReopening;

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
    /// 宽限期：截止日之后仍按时计的工作日数，0 至 20，默认 0。
    /// The grace: working days after the due day in which a report still counts as on time, 0 to 20; 0 unless said.
    grace_working_days: Option<i32>,
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
    /// 尚有未报、退回或待审核的，是否仍要关闭；默认否。
    /// Whether to close although something is missing, returned or undecided; false unless said.
    accept_missing: Option<bool>,
}

/// 报告期的修改；不填的保持不变。
/// Changes of an open period; what is left out stays.
#[derive(InputObject)]
pub struct ReportingPeriodUpdateInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 名称，至多 60 字。
    /// The label, at most 60 characters.
    label: Option<String>,
    /// 报送截止日，不早于起始日；最初的截止日仍可查到。
    /// The day reports are due, not before the first day; the first due day stays readable.
    due_on: Option<Date>,
    /// 宽限期，工作日，0 至 20。
    /// The grace in working days, 0 to 20.
    grace_working_days: Option<i32>,
}

/// 对一个单位的重新开放。
/// For whom a closed period is opened again, until when and why.
#[derive(InputObject)]
pub struct ReportingPeriodReopenInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 单位，须在本报告期有应报事项。
    /// The unit; it must owe something in this period.
    unit: ID,
    /// 开放至该日（含），不早于今天。
    /// The last day on which it holds, not before today.
    until: Date,
    /// 理由，至多 2000 字。
    /// The reason, at most 2,000 characters.
    reason: String,
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

payload! {
    /// 重新开放变更的结果。
    /// What came of a change of a reopening.
    PeriodReopeningPayload {
        /// 重新开放的最新状态；不可见时为空。
        /// The reopening as it is now; null when invisible.
        period_reopening: PeriodReopening, period_reopening
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
            grace_working_days: input.grace_working_days.unwrap_or_default(),
            label: input.label,
        };
        let answer = request.service.reporting_period_open(&request.caller, idempotency_key, new).await;
        ReportingPeriodPayload::new(request, answer, None).await
    }

    /// 关闭报告期：不再收报，汇总数就此固定；尚有未报、退回或待审核的须确认（政务公开办）。
    /// Closes a period; nothing is taken any more and its sums are frozen. While something is missing, returned or undecided it has to be said that this is meant (the office).
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
        let accept_missing = input.accept_missing.unwrap_or_default();
        let answer = request
            .service
            .reporting_period_close(&request.caller, idempotency_key, id, input.expected_version, accept_missing)
            .await;
        ReportingPeriodPayload::new(request, answer, Some(id)).await
    }

    /// 修改开启中的报告期（政务公开办）。
    /// Changes the label, the due day or the grace of an open period (the office).
    async fn reporting_period_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期。\nThe period.")] id: ID,
        #[graphql(desc = "修改。\nThe changes.")] input: ReportingPeriodUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ReportingPeriodPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ReportingPeriod, &id)?;
        let patch = PeriodPatch {
            expected_version: input.expected_version,
            label: input.label,
            due_on: input.due_on.map(|day| day.0),
            grace_working_days: input.grace_working_days,
        };
        let answer = request.service.reporting_period_update(&request.caller, idempotency_key, id, patch).await;
        ReportingPeriodPayload::new(request, answer, Some(id)).await
    }

    /// 将已关闭的报告期对一个单位重新开放至某日，其间通过的报告随即计入固定的汇总数（政务公开办）。
    /// Opens a closed period again for one unit until a day; each report accepted meanwhile freezes the sums anew (the office).
    async fn reporting_period_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期。\nThe period.")] id: ID,
        #[graphql(desc = "对谁、至何日、何故。\nFor whom, until when and why.")] input: ReportingPeriodReopenInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ReportingPeriodPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ReportingPeriod, &id)?;
        let new = NewReopening {
            expected_version: input.expected_version,
            unit: key(Kind::Unit, &input.unit)?,
            until_on: input.until.0,
            reason: input.reason,
        };
        let answer = request.service.reporting_period_reopen(&request.caller, idempotency_key, id, new).await;
        ReportingPeriodPayload::new(request, answer, Some(id)).await
    }

    /// 提前结束重新开放（政务公开办）。
    /// Ends a reopening before its day (the office).
    async fn period_reopening_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "重新开放。\nThe reopening.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PeriodReopeningPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::PeriodReopening, &id)?;
        let version = input.expected_version;
        let answer = request.service.period_reopening_end(&request.caller, idempotency_key, id, version).await;
        PeriodReopeningPayload::new(request, answer, Some(id)).await
    }
}
