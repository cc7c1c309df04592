//! Requests for more time.

use async_graphql::{Context, ID, InputObject, Object};
use entity::extension_request;

use super::{VersionInput, payload};
use crate::graphql::context::{self, key};
use crate::graphql::enums::ExtensionDecision;
use crate::graphql::scalar::Date;
use crate::graphql::types::extension::ExtensionRequest;
use crate::id::Kind;
use crate::service::extensions::{ExtensionVerdict, NewExtension};

/// 新的延期申请。
/// A request for more time.
#[derive(InputObject)]
pub struct ExtensionRequestCreateInput {
    /// 应报事项，其报告期须开启。
    /// The obligation; its period must be open.
    obligation: ID,
    /// 申请延至，须晚于现行截止日，不早于今天。
    /// The day asked for, later than the due day in force and not before today.
    until: Date,
    /// 理由，至多 2000 字。
    /// The reason, at most 2,000 characters.
    reason: String,
}

/// 对延期申请的审批。
/// What the office decides about a request for more time.
#[derive(InputObject)]
pub struct ExtensionRequestDecideInput {
    /// 审批所依据的版本。
    /// The version the decision was made on.
    expected_version: i32,
    /// 结论。
    /// The decision.
    decision: ExtensionDecision,
    /// 批准延至；不填即按所申请的日期。
    /// The day granted; the one asked for when missing.
    until: Option<Date>,
    /// 意见，至多 2000 字；不同意时必填。
    /// What is said, at most 2,000 characters; needed for a refusal.
    reason: Option<String>,
}

payload! {
    /// 延期申请变更的结果。
    /// What came of a change of a request for more time.
    ExtensionRequestPayload {
        /// 申请的最新状态；不可见时为空。
        /// The request as it is now; null when invisible.
        extension_request: ExtensionRequest, extension_request
    }
}

/// What a unit asks for.
#[derive(Default)]
pub struct ExtensionsMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl ExtensionsMutation {
    /// 为一项应报申请延期（应报单位）。
    /// Asks for more time for one obligation (the unit that owes).
    async fn extension_request_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe request.")] input: ExtensionRequestCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ExtensionRequestPayload> {
        let request = context::of(ctx)?;
        let new = NewExtension {
            obligation: key(Kind::ReportObligation, &input.obligation)?,
            until_on: input.until.0,
            reason: input.reason,
        };
        let answer = request.service.extension_request_create(&request.caller, idempotency_key, new).await;
        ExtensionRequestPayload::new(request, answer, None).await
    }

    /// 撤回待批的延期申请（应报单位）。
    /// Takes a request back that nobody has decided yet (the unit that owes).
    async fn extension_request_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申请。\nThe request.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ExtensionRequestPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ExtensionRequest, &id)?;
        let version = input.expected_version;
        let answer = request.service.extension_request_withdraw(&request.caller, idempotency_key, id, version).await;
        ExtensionRequestPayload::new(request, answer, Some(id)).await
    }
}

/// What the office decides.
#[derive(Default)]
pub struct ExtensionDecisionsMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ExtensionDecisionsMutation {
    /// 审批延期申请：同意则该事项的截止日随之改变，最初的截止日仍可查到（政务公开办）。
    /// Decides about a request for more time; when it is granted the obligation gets a due day of its own, and the first one stays readable (the office).
    async fn extension_request_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申请。\nThe request.")] id: ID,
        #[graphql(desc = "审批。\nThe decision.")] input: ExtensionRequestDecideInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ExtensionRequestPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ExtensionRequest, &id)?;
        let verdict = ExtensionVerdict {
            expected_version: input.expected_version,
            granted: input.decision == ExtensionDecision::Granted,
            until_on: input.until.map(|day| day.0),
            reason: input.reason,
        };
        let answer = request.service.extension_request_decide(&request.caller, idempotency_key, id, verdict).await;
        ExtensionRequestPayload::new(request, answer, Some(id)).await
    }
}
