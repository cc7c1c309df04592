//! Rectifications.

use async_graphql::{Context, ID, InputObject, Object};
use entity::rectification;

use super::look_back::LookBackEvidenceInput;
use super::payload;
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::RecheckDecision;
use crate::graphql::scalar::Date;
use crate::graphql::types::rectification::Rectification;
use crate::id::Kind;
use crate::service::look_back::{NewRectification, Recheck, Rectified};

/// 交办的整改。
/// A rectification to be opened.
#[derive(InputObject)]
pub struct RectificationOpenInput {
    /// 回头看事项，其结论须有问题。
    /// The item whose finding names a problem.
    look_back_item: ID,
    /// 整改单位，须承担该任务；不填即该事项的单位。单位已合并的，由合并后的单位整改。
    /// The unit that has to put it right, which must be on the task; the item's when missing. Of units that were merged it is the successor.
    unit: Option<ID>,
    /// 问题，至多 5000 字。
    /// The problem, at most 5,000 characters.
    problem: String,
    /// 整改期限，不早于今天；与工作日数二者择一。
    /// The day by which it is to be put right, not before today; or else a number of working days.
    due_on: Option<Date>,
    /// 自今日起几个工作日内，1 至 250，按工作日历推算。
    /// Within so many working days from today, 1 to 250, by the calendar.
    due_in_working_days: Option<i32>,
}

/// 整改措施。
/// What the unit will do.
#[derive(InputObject)]
pub struct RectificationPlanInput {
    /// 填写所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 措施，至多 5000 字。
    /// The measure, at most 5,000 characters.
    measure: String,
}

/// 整改完成情况。
/// What the unit did.
#[derive(InputObject)]
pub struct RectificationReportInput {
    /// 填写所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 完成情况，至多 5000 字。
    /// What was done, at most 5,000 characters.
    result: String,
    /// 佐证材料，添加到已有的之后，合计至多 20 件。
    /// What shows it, added to what is there, at most 20 pieces together.
    evidence: Option<Vec<LookBackEvidenceInput>>,
}

/// 复核。
/// What the office saw when it looked again.
#[derive(InputObject)]
pub struct RectificationRecheckInput {
    /// 复核所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 结论。
    /// The decision.
    decision: RecheckDecision,
    /// 意见，至多 5000 字；退回时必填。
    /// What is said, at most 5,000 characters; needed when it goes back.
    text: Option<String>,
    /// 退回时另定的整改期限，不早于今天；不填则不变。
    /// Another day when it goes back, not before today; the old one stays when missing.
    due_on: Option<Date>,
}

/// 撤销整改。
/// Why a rectification is called off.
#[derive(InputObject)]
pub struct RectificationCancelInput {
    /// 撤销所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 理由，至多 5000 字。
    /// Why, at most 5,000 characters.
    reason: String,
}

payload! {
    /// 整改变更的结果。
    /// What came of a change of a rectification.
    RectificationPayload {
        /// 整改的最新状态；不可见时为空。
        /// The rectification as it is now; null when invisible.
        rectification: Rectification, rectification
    }
}

/// What the office does.
#[derive(Default)]
pub struct RectificationMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl RectificationMutation {
    /// 由已结束的回头看中有问题的结论交办整改（发文单位的政务公开办）。
    /// Opens a rectification out of a finding of a finished round that names a problem (the office of the issuer).
    async fn rectification_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe rectification.")] input: RectificationOpenInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RectificationPayload> {
        let request = context::of(ctx)?;
        let new = NewRectification {
            item: key(Kind::LookBackItem, &input.look_back_item)?,
            unit: optional_key(Kind::Unit, input.unit.as_ref())?,
            problem: input.problem,
            due_on: input.due_on.map(|day| day.0),
            due_in_working_days: input.due_in_working_days,
        };
        let answer = request.service.rectification_open(&request.caller, idempotency_key, new).await;
        RectificationPayload::new(request, answer, None).await
    }

    /// 复核已报完成的整改：销号，或写明理由退回（发文单位的政务公开办）。
    /// Looks again at what was reported as done: closes it, or sends it back for a reason (the office of the issuer).
    async fn rectification_recheck(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。\nThe rectification.")] id: ID,
        #[graphql(desc = "复核。\nThe decision.")] input: RectificationRecheckInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RectificationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Rectification, &id)?;
        let recheck = Recheck {
            expected_version: input.expected_version,
            closed: input.decision == RecheckDecision::Closed,
            text: input.text,
            due_on: input.due_on.map(|day| day.0),
        };
        let answer = request.service.rectification_recheck(&request.caller, idempotency_key, id, recheck).await;
        RectificationPayload::new(request, answer, Some(id)).await
    }

    /// 撤销误交办的整改，须写明理由（发文单位的政务公开办）。
    /// Calls a rectification off that was opened by mistake, for a reason (the office of the issuer).
    async fn rectification_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。\nThe rectification.")] id: ID,
        #[graphql(desc = "理由。\nWhy.")] input: RectificationCancelInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RectificationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Rectification, &id)?;
        let RectificationCancelInput { expected_version, reason } = input;
        let answer =
            request.service.rectification_cancel(&request.caller, idempotency_key, id, expected_version, reason).await;
        RectificationPayload::new(request, answer, Some(id)).await
    }
}

/// What the unit does.
#[derive(Default)]
pub struct RectifyingMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl RectifyingMutation {
    /// 填报整改措施，报完成之前可以改（整改单位）。
    /// Says what will be done; it can be said anew until it is reported as done (the unit).
    async fn rectification_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。\nThe rectification.")] id: ID,
        #[graphql(desc = "措施。\nThe measure.")] input: RectificationPlanInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RectificationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Rectification, &id)?;
        let RectificationPlanInput { expected_version, measure } = input;
        let answer =
            request.service.rectification_plan(&request.caller, idempotency_key, id, expected_version, measure).await;
        RectificationPayload::new(request, answer, Some(id)).await
    }

    /// 报整改完成，待政务公开办复核（整改单位）。
    /// Says that it is done; the office looks again (the unit).
    async fn rectification_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。\nThe rectification.")] id: ID,
        #[graphql(desc = "完成情况。\nWhat was done.")] input: RectificationReportInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RectificationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Rectification, &id)?;
        let rectified = Rectified {
            expected_version: input.expected_version,
            result: input.result,
            evidence: LookBackEvidenceInput::items(input.evidence.unwrap_or_default())?,
        };
        let answer = request.service.rectification_report(&request.caller, idempotency_key, id, rectified).await;
        RectificationPayload::new(request, answer, Some(id)).await
    }
}
