//! Decisions of the office about reports.

use async_graphql::{Context, ID, InputObject, Object};

use super::reports::ProgressReportPayload;
use crate::graphql::context::{self, key};
use crate::id::Kind;

/// 通过的依据与意见。
/// What the acceptance was decided on, and a comment.
#[derive(InputObject)]
pub struct ProgressReportAcceptInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 意见，至多 2000 字。
    /// A comment, at most 2,000 characters.
    comment: Option<String>,
}

/// 退回的依据与理由。
/// What the return was decided on, and the reason.
#[derive(InputObject)]
pub struct ProgressReportReturnInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 理由，至多 2000 字。
    /// The reason, at most 2,000 characters.
    reason: String,
}

/// What the office decides.
#[derive(Default)]
pub struct ReviewsMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ReviewsMutation {
    /// 审核通过（政务公开办；不能审核本人提交的报告）。
    /// Accepts a report (the office; nobody accepts what he handed in himself).
    async fn progress_report_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据与意见。\nWhat it is decided on, and a comment.")] input: ProgressReportAcceptInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request
            .service
            .progress_report_accept(&request.caller, idempotency_key, id, input.expected_version, input.comment)
            .await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }

    /// 退回修改并说明理由（政务公开办；不能审核本人提交的报告）。
    /// Returns a report with the reason (the office; nobody returns what he handed in himself).
    async fn progress_report_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据与理由。\nWhat it is decided on, and the reason.")] input: ProgressReportReturnInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request
            .service
            .progress_report_return(&request.caller, idempotency_key, id, input.expected_version, input.reason)
            .await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }
}
