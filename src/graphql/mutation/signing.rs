//! Inside the unit: the second signature, and whether a unit asks for it.

use async_graphql::{Context, ID, InputObject, Object};

use super::directory::UnitPayload;
use super::reports::ProgressReportPayload;
use crate::graphql::context::{self, key};
use crate::id::Kind;

/// 签发的依据。
/// What the signing was decided on.
#[derive(InputObject)]
pub struct ProgressReportSignInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// 退回填报人的依据与理由。
/// What the sending back was decided on, and the reason.
#[derive(InputObject)]
pub struct ProgressReportSendBackInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 理由，至多 2000 字。
    /// The reason, at most 2,000 characters.
    reason: String,
}

/// 单位的签发设置。
/// Whether a unit asks for a signature.
#[derive(InputObject)]
pub struct UnitReportSigningSetInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 报告是否须经审签人签发。
    /// Whether its reports need the signature of its approver.
    required: bool,
}

/// What an approver decides.
#[derive(Default)]
pub struct SigningMutation;

#[Object(guard = "crate::graphql::guard::SIGNING")]
impl SigningMutation {
    /// 签发报告，报政务公开办审核（填报单位审签人；不能签发本人提交的报告）。
    /// Signs a report, which goes to the office (the approver of the reporting unit; nobody signs what he handed in himself).
    async fn progress_report_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportSignInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer =
            request.service.progress_report_sign(&request.caller, idempotency_key, id, input.expected_version).await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }

    /// 将待签发的报告退回填报人并说明理由，恢复为草稿（填报单位审签人）。
    /// Sends a report that waits for a signature back to its writer, with the reason; it is a draft again (the approver of the reporting unit).
    async fn progress_report_send_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据与理由。\nWhat it is decided on, and the reason.")] input: ProgressReportSendBackInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request
            .service
            .progress_report_send_back(&request.caller, idempotency_key, id, input.expected_version, input.reason)
            .await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }
}

/// Whether a unit asks for a signature.
#[derive(Default)]
pub struct SigningSwitchMutation;

#[Object(guard = "crate::graphql::guard::SIGNING_SWITCH")]
impl SigningSwitchMutation {
    /// 设置单位的报告是否须经审签人签发（本单位审签人、政务公开办或系统管理员）。
    /// Says whether the reports of a unit need a signature (its own approver, the office or the system administrator).
    async fn unit_report_signing_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位。\nThe unit.")] id: ID,
        #[graphql(desc = "设置。\nThe setting.")] input: UnitReportSigningSetInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Unit, &id)?;
        let answer = request
            .service
            .unit_report_signing_set(&request.caller, idempotency_key, id, input.expected_version, input.required)
            .await;
        UnitPayload::new(request, answer, Some(id)).await
    }
}
