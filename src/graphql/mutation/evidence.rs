//! Evidence of reports.

use async_graphql::{Context, ID, InputObject, Object};

use super::reports::ProgressReportPayload;
use crate::graphql::context::{self, key};
use crate::graphql::enums::EvidenceKind;
use crate::graphql::upload::Upload;
use crate::id::Kind;
use crate::service::evidence::NewEvidence;

/// 要添加的佐证材料；按种类只填 url、documentNumber、file 之一。
/// A piece of evidence to be added; of url, documentNumber and file the one that belongs to its kind.
#[derive(InputObject)]
pub struct EvidenceAddInput {
    /// 报告，须为草稿或被退回。
    /// The report, a draft or a returned one.
    progress_report: ID,
    /// 修改所依据的报告版本。
    /// The version of the report the change was made on.
    expected_version: i32,
    /// 种类。
    /// What it is.
    kind: EvidenceKind,
    /// 名称，至多 200 字。
    /// What it is called, at most 200 characters.
    title: Option<String>,
    /// 网址，http 或 https，至多 2000 字符。
    /// The address of a link, http or https, at most 2,000 characters.
    url: Option<String>,
    /// 文号，至多 200 字。
    /// The number of a document, at most 200 characters.
    document_number: Option<String>,
    /// 本人上传的文件；附上后不再过期，凡能看到报告的人都能下载。
    /// A file of one's own upload; once attached it does not expire and whoever sees the report can fetch it.
    file: Option<Upload>,
}

/// 撤下佐证材料的依据。
/// What the taking out was decided on.
#[derive(InputObject)]
pub struct EvidenceRemoveInput {
    /// 修改所依据的报告版本。
    /// The version of the report the change was made on.
    expected_version: i32,
}

/// What a unit does about evidence.
#[derive(Default)]
pub struct EvidenceMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl EvidenceMutation {
    /// 为报告添加佐证材料，每份报告至多 20 件（承担任务的单位；报告可修改时）。
    /// Adds a piece of evidence to a report, at most 20 to each (the reporting unit, while the report can be written).
    async fn evidence_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nWhat is added.")] input: EvidenceAddInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let report = key(Kind::ProgressReport, &input.progress_report)?;
        let file = match input.file.map(|file| file.file(ctx, "input.file")).transpose() {
            Ok(file) => file,
            Err(errors) => return ProgressReportPayload::new(request, Ok(Err(errors)), Some(report)).await,
        };
        let new = NewEvidence {
            report,
            expected_version: input.expected_version,
            kind: input.kind.into(),
            title: input.title,
            url: input.url,
            document_number: input.document_number,
            file,
        };
        let answer = request.service.evidence_add(&request.caller, idempotency_key, new).await;
        ProgressReportPayload::new(request, answer, Some(report)).await
    }

    /// 撤下佐证材料；以前各次提交中的仍可查（承担任务的单位；报告可修改时）。
    /// Takes a piece of evidence out of its report; with the revisions that had it, it stays (the reporting unit, while the report can be written).
    async fn evidence_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "佐证材料。\nThe piece of evidence.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: EvidenceRemoveInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Evidence, &id)?;
        let report = request.fresh::<entity::evidence::Entity>(id).await?.map(|row| row.progress_report_id);
        let answer =
            request.service.evidence_remove(&request.caller, idempotency_key, id, input.expected_version).await;
        ProgressReportPayload::new(request, answer, report).await
    }
}
