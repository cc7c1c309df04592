//! Files made for the caller.

use async_graphql::{Context, ID, InputObject, Object};
use entity::export_job;

use super::payload;
use crate::graphql::context::{self, key};
use crate::graphql::enums::{ExportFormat, ExportView};
use crate::graphql::types::export::ExportJob;
use crate::id::Kind;
use crate::service::exports::NewExport;

/// 要导出的内容。
/// What is to be exported.
#[derive(InputObject)]
pub struct TaskListExportInput {
    /// 内容。
    /// What the file shows.
    view: ExportView,
    /// 格式。
    /// The form of the file.
    format: ExportFormat,
    /// 报告期，除清单本身外必填。
    /// The period; needed for everything but the list itself.
    period: Option<ID>,
    /// 落实情况表或填报表的单位，默认本单位。
    /// The unit of a report sheet or form; the caller's own unless said.
    unit: Option<ID>,
    /// 用标准栏目代替清单原有栏目，默认否。
    /// In the usual columns instead of the list's own; false unless said.
    standard_layout: Option<bool>,
    /// 手机号码不遮盖，限有权查看者，逐条记入审计；默认遮盖。
    /// Telephone numbers in the clear, as far as the caller may read them, each reading audited; masked unless said.
    clear_phones: Option<bool>,
}

payload! {
    /// 申请导出的结果。
    /// What came of asking for an export.
    TaskListExportPayload {
        /// 导出；受理后排队生成。
        /// The export, which waits to be made.
        export_job: ExportJob, export_job
    }
}

/// Exports.
#[derive(Default)]
pub struct ExportMutation;

#[Object(guard = "crate::graphql::guard::READING")]
impl ExportMutation {
    /// 导出清单或其报告期（能看到该清单者）：在后台生成，内容仅限本人可见的范围，文件保留 24 小时。
    /// Exports a list or one of its periods (whoever sees it): made in the background over exactly the rows the caller sees, kept for 24 hours.
    async fn task_list_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListExportInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListExportPayload> {
        let request = context::of(ctx)?;
        let list = key(Kind::TaskList, &id)?;
        let new = NewExport {
            view: input.view.into(),
            format: input.format.into(),
            period: input.period.map(|id| key(Kind::ReportingPeriod, &id)).transpose()?,
            unit: input.unit.map(|id| key(Kind::Unit, &id)).transpose()?,
            standard_layout: input.standard_layout.unwrap_or_default(),
            clear_phones: input.clear_phones.unwrap_or_default(),
            lang: request.lang,
        };
        let answer = request.service.task_list_export(&request.caller, idempotency_key, list, new).await;
        TaskListExportPayload::new(request, answer, None).await
    }
}
