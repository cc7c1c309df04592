//! Drafts that are filled from what is there, and who merges.

use async_graphql::{Context, ID, InputObject, Object};

use super::reports::{ProgressReportPayload, report_of};
use super::tasks::TaskPayload;
use crate::graphql::context::{self, key};
use crate::id::Kind;
use crate::service::report_fill::ReportMerge;

/// 沿用上期的依据。
/// What the carrying forward is decided on.
#[derive(InputObject)]
pub struct ProgressReportCarryForwardInput {
    /// 应报事项。
    /// The obligation that is answered.
    obligation: ID,
    /// 修改所依据的版本；尚未填写时不给。
    /// The version of the report; not given while nothing is written.
    expected_version: Option<i32>,
}

/// 汇总的内容。
/// What is merged.
#[derive(InputObject)]
pub struct ProgressReportMergeInput {
    /// 牵头单位的应报事项。
    /// The obligation of the lead.
    obligation: ID,
    /// 修改所依据的版本；尚未填写时不给。
    /// The version of the lead's report; not given while nothing is written.
    expected_version: Option<i32>,
    /// 取用哪些报告，至多 200 份；不给时取用全部已报送的。
    /// The reports to take over, at most 200; all that are handed in unless given.
    sources: Option<Vec<ID>>,
}

/// 牵头汇总单位的指定。
/// Which lead reports for all.
#[derive(InputObject)]
pub struct TaskReportingLeadNameInput {
    /// 修改所依据的任务版本。
    /// The version of the task the change was made on.
    expected_version: i32,
    /// 牵头单位之一；null 表示取消指定。
    /// One of the leads; null takes the naming back.
    unit: Option<ID>,
}

/// What fills drafts.
#[derive(Default)]
pub struct ReportFillMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl ReportFillMutation {
    /// 沿用上期：以本单位同一任务此前报送的落实情况、完成程度和百分比填入草稿：先取同类报告期中最近的一次，没有的取此前或同日结束的其他报告期；累计报告期之间沿用完成次数；本单位没有报过的，取合并、拆分前原单位的（承担任务的单位）。
    /// Carries forward: fills the draft with what the unit handed in on the task before: for the latest period of the same kind, else for the latest other one that ended by then; a count goes on between cumulative periods; of a unit that handed in nothing, what those handed in that it comes from (the reporting unit).
    async fn progress_report_carry_forward(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportCarryForwardInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let obligation = key(Kind::ReportObligation, &input.obligation)?;
        let answer = request
            .service
            .progress_report_carry_forward(&request.caller, idempotency_key, obligation, input.expected_version)
            .await;
        let meant = match &answer {
            Ok(Err(_)) => report_of(request, obligation).await?,
            _ => None,
        };
        ProgressReportPayload::new(request, answer, meant).await
    }

    /// 汇总：把其他单位已报送的落实情况逐家填入本单位草稿并保留各部分，原有文字被替换（牵头汇总单位）。
    /// Merges what the co-units handed in into the lead's own draft, each under its name, and keeps the parts; the text that was there is replaced (the lead that reports for all).
    async fn progress_report_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nWhat is merged.")] input: ProgressReportMergeInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let obligation = key(Kind::ReportObligation, &input.obligation)?;
        let sources = match input.sources {
            Some(ids) => Some(ids.iter().map(|id| key(Kind::ProgressReport, id)).collect::<Result<Vec<_>, _>>()?),
            None => None,
        };
        let merge = ReportMerge { obligation, expected_version: input.expected_version, sources };
        let answer = request.service.progress_report_merge(&request.caller, idempotency_key, merge).await;
        let meant = match &answer {
            Ok(Err(_)) => report_of(request, obligation).await?,
            _ => None,
        };
        ProgressReportPayload::new(request, answer, meant).await
    }
}

/// Who merges.
#[derive(Default)]
pub struct ReportingLeadMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ReportingLeadMutation {
    /// 在多个牵头单位中指定牵头汇总单位（政务公开办；清单执行中）。
    /// Names which of several leads reports for all (the office, while the list is in force).
    async fn task_reporting_lead_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。\nThe task.")] id: ID,
        #[graphql(desc = "指定。\nWhich lead.")] input: TaskReportingLeadNameInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Task, &id)?;
        let unit = match &input.unit {
            Some(unit) => Some(key(Kind::Unit, unit)?),
            None => None,
        };
        let answer = request
            .service
            .task_reporting_lead_name(&request.caller, idempotency_key, id, input.expected_version, unit)
            .await;
        TaskPayload::new(request, answer, Some(id)).await
    }
}
