//! Schedules by which periods open by themselves.

use async_graphql::{Context, ID, InputObject, Object};
use entity::period_schedule;

use super::{VersionInput, delete_payload, payload};
use crate::graphql::context::{self, key};
use crate::graphql::enums::{PeriodKind, ScheduleEvery};
use crate::graphql::types::schedule::PeriodSchedule;
use crate::id::Kind;
use crate::service::schedules::{NewSchedule, SchedulePatch};

/// 新的定期开启规则。
/// A schedule to be made.
#[derive(InputObject)]
pub struct PeriodScheduleCreateInput {
    /// 清单，草稿或执行中。
    /// The list, a draft or in force.
    task_list: ID,
    /// 类型：累计或单独时段。
    /// Cumulative from January, or each span for itself.
    kind: PeriodKind,
    /// 频次。
    /// How often.
    every: ScheduleEvery,
    /// 名称，如“月自查”，至多 30 字。
    /// The name, at most 30 characters.
    label: String,
    /// 在时段末日之后第几天开启，-60 至 60；0 为末日当天，负数为提前。
    /// Days after the last day of a span on which its period opens, -60 to 60; 0 is the last day itself.
    opens_after_days: i32,
    /// 报送截止日为时段末日之后第几个工作日，0 至 60。
    /// Working days after the last day of a span by which reports are due, 0 to 60.
    due_working_days: i32,
    /// 宽限期，工作日，0 至 20，默认 0。
    /// The grace in working days, 0 to 20; 0 unless said.
    grace_working_days: Option<i32>,
}

/// 定期开启规则的修改；不填的保持不变，已开启的报告期不受影响。
/// Changes of a schedule; what is left out stays, and so do the periods it has opened.
#[derive(InputObject)]
pub struct PeriodScheduleUpdateInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 名称，至多 30 字。
    /// The name, at most 30 characters.
    label: Option<String>,
    /// 在时段末日之后第几天开启，-60 至 60。
    /// Days after the last day of a span on which its period opens, -60 to 60.
    opens_after_days: Option<i32>,
    /// 报送截止日为时段末日之后第几个工作日，0 至 60。
    /// Working days after the last day of a span by which reports are due, 0 to 60.
    due_working_days: Option<i32>,
    /// 宽限期，工作日，0 至 20。
    /// The grace in working days, 0 to 20.
    grace_working_days: Option<i32>,
    /// 是否启用。
    /// Whether it opens anything.
    active: Option<bool>,
}

payload! {
    /// 定期开启规则变更的结果。
    /// What came of a change of a schedule.
    PeriodSchedulePayload {
        /// 规则的最新状态；不可见时为空。
        /// The schedule as it is now; null when invisible.
        period_schedule: PeriodSchedule, period_schedule
    }
}
delete_payload! {
    /// 删除定期开启规则的结果。
    /// What came of removing a schedule.
    PeriodScheduleDeletePayload {
        /// 未删除时的规则；已删除或不可见时为空。
        /// The schedule when it is still there; null when removed or invisible.
        period_schedule: PeriodSchedule, period_schedule, PeriodSchedule
    }
}

/// The verbs on schedules.
#[derive(Default)]
pub struct SchedulesMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl SchedulesMutation {
    /// 新增定期开启规则：按月、季或半年自动开启报告期，截止日已过的时段不补开（政务公开办）。
    /// Makes a schedule by which periods of a list open by themselves; a span whose due day is over is not opened (the office).
    async fn period_schedule_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe schedule.")] input: PeriodScheduleCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PeriodSchedulePayload> {
        let request = context::of(ctx)?;
        let new = NewSchedule {
            task_list: key(Kind::TaskList, &input.task_list)?,
            kind: input.kind.into(),
            every: input.every.into(),
            label: input.label,
            opens_after_days: input.opens_after_days,
            due_working_days: input.due_working_days,
            grace_working_days: input.grace_working_days.unwrap_or_default(),
        };
        let answer = request.service.period_schedule_create(&request.caller, idempotency_key, new).await;
        PeriodSchedulePayload::new(request, answer, None).await
    }

    /// 修改定期开启规则（政务公开办）。
    /// Changes a schedule (the office).
    async fn period_schedule_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "规则。\nThe schedule.")] id: ID,
        #[graphql(desc = "修改。\nThe changes.")] input: PeriodScheduleUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PeriodSchedulePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::PeriodSchedule, &id)?;
        let patch = SchedulePatch {
            expected_version: input.expected_version,
            label: input.label,
            opens_after_days: input.opens_after_days,
            due_working_days: input.due_working_days,
            grace_working_days: input.grace_working_days,
            active: input.active,
        };
        let answer = request.service.period_schedule_update(&request.caller, idempotency_key, id, patch).await;
        PeriodSchedulePayload::new(request, answer, Some(id)).await
    }

    /// 删除定期开启规则，已开启的报告期保留（政务公开办）。
    /// Removes a schedule; the periods it opened stay (the office).
    async fn period_schedule_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "规则。\nThe schedule.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PeriodScheduleDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::PeriodSchedule, &id)?;
        let version = input.expected_version;
        let answer = request.service.period_schedule_delete(&request.caller, idempotency_key, id, version).await;
        PeriodScheduleDeletePayload::new(request, answer, Some(id)).await
    }
}
