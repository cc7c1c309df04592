//! After acceptance: the correction.

use async_graphql::{Context, ID, InputObject, Object};

use super::reports::ProgressReportPayload;
use crate::graphql::context::{self, key};
use crate::id::Kind;

/// 更正的依据。
/// What the correction was decided on.
#[derive(InputObject)]
pub struct ProgressReportCorrectInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// 放弃更正的依据。
/// What giving up the correction was decided on.
#[derive(InputObject)]
pub struct ProgressReportCorrectionCancelInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// What a unit does about an accepted report.
#[derive(Default)]
pub struct CorrectionsMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl CorrectionsMutation {
    /// 更正已通过的报告：恢复为草稿，修改后重新提交；更正通过前仍以已通过的内容为准（承担任务的单位，报告期未关闭）。
    /// Begins the correction of an accepted report: it is a draft again and goes the same way; until the correction is accepted, what was accepted counts (the reporting unit, while the period is open).
    async fn progress_report_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportCorrectInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer =
            request.service.progress_report_correct(&request.caller, idempotency_key, id, input.expected_version).await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }

    /// 放弃更正：报告恢复为已通过，内容、佐证材料和汇总部分恢复为已通过的一版；更正期间的提交、退回记录保留（承担任务的单位，报告期未关闭，更正处于草稿或被退回时）。
    /// Gives up the correction of an accepted report: it is accepted again, with the text, evidence and parts of the accepted revision; what was handed in and decided meanwhile stays in the history (the reporting unit, while the period is open and the correction is a draft or was returned).
    async fn progress_report_correction_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportCorrectionCancelInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request
            .service
            .progress_report_correction_cancel(&request.caller, idempotency_key, id, input.expected_version)
            .await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }
}
