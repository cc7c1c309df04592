//! Progress reports, their revisions and reviews.

use async_graphql::{Context, ID, Object};
use entity::vocabulary::ReportStatus as StoredStatus;
use entity::{
    evidence, progress_report, progress_report_revision, report_obligation, report_part, report_review,
    report_signature, reporting_period, task, unit,
};

use super::directory::Unit;
use super::evidence::EvidenceConnection;
use super::object_of_row;
use super::obligation::ReportObligation;
use super::report_history::{ProgressReportRevisionConnection, ReportReviewConnection, ReportSignatureConnection};
use super::report_part::ReportPartConnection;
use super::report_permissions::{ReportPermissions, permissions};
use super::reporting::ReportingPeriod;
use super::task::Task;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{Completion, ReportStatus};
use crate::graphql::filter::{
    CompletionFilter, DateTimeFilter, IdFilter, ReportStatusFilter, filter_input, order_input,
};
use crate::graphql::loader::HandedInBefore;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::reports;

object_of_row! {
    /// A progress report.
    ProgressReport, progress_report::Model
}

connection! {
    /// 报告的分页列表。
    /// A page of progress reports.
    ProgressReportConnection,
    /// 报告及其游标。
    /// A progress report with its cursor.
    ProgressReportEdge, ProgressReport, progress_report::Model
}

filter_input! {
    /// 报告筛选。
    /// Which progress reports.
    ProgressReportFilter => reports::ProgressReportLeaf {
        /// 状态。
        /// The state.
        status: ReportStatusFilter => |v| v.into(),
        /// 完成程度。
        /// How far the work is.
        completion: CompletionFilter => |v| v.into(),
        /// 填报单位。
        /// The reporting unit.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 任务。
        /// The task.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 报告期。
        /// The period.
        period: IdFilter => |v| v.keys(Kind::ReportingPeriod)?,
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 提交时间。
        /// When it was handed in.
        submitted_at: DateTimeFilter => |v| v.into(),
    }
}

order_input! {
    /// 报告排序。
    /// In which order reports come.
    ProgressReportOrder,
    /// 报告排序依据。
    /// By what reports are ordered.
    ProgressReportOrderField => reports::ProgressReportOrder, default CreatedAt {
        /// 创建时间。
        /// By the time they were begun.
        CreatedAt,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}

/// 落实情况报告。单位合并、拆分（原单位撤销）后，承接的单位可查看其所承担任务上原单位报过的报告。
/// What a unit reports on one task for one period. After a merger, and after a split of a unit that ended, the successors read, on the tasks they do, what their predecessors handed in.
#[Object]
impl ProgressReport {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ProgressReport, self.0.id)
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> ReportStatus {
        self.0.status.into()
    }

    /// 落实情况。
    /// What was done.
    async fn narrative(&self) -> &str {
        &self.0.narrative
    }

    /// 完成程度。
    /// How far the work is.
    async fn completion(&self) -> Option<Completion> {
        self.0.completion.map(Into::into)
    }

    /// 完成百分比，0 至 100。
    /// Per cent done, 0 to 100.
    async fn percent(&self) -> Option<i32> {
        self.0.percent
    }

    /// 完成次数，至报告期末；没有次数要求的任务为空。应完成次数见应报事项的 expectedCount。
    /// How often the task was done by the end of the period; null when it is not a recurring one. What is expected stands on the obligation, as `expectedCount`.
    async fn done_count(&self) -> Option<i32> {
        self.0.done_count
    }

    /// 填报人。
    /// Who filled it in.
    async fn reporter_name(&self) -> Option<&str> {
        self.0.reporter_name.as_deref()
    }

    /// 填报人电话，隐去中间四位；明文须用 progressReportPhoneReveal。
    /// The reporter's telephone, masked; `progressReportPhoneReveal` gives it in the clear and leaves an audit row.
    async fn reporter_phone(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(context::of(ctx)?.service.masked_phone(&self.0))
    }

    /// 填报人姓名和电话的删除时间：清单归档满保存期后自动删除，未删除时为空。
    /// When the reporter's name and telephone were removed, because the list was archived long ago; null when they were not.
    async fn reporter_removed_at(&self) -> Option<DateTime> {
        self.0.reporter_removed_at.map(DateTime)
    }

    /// 已提交的次数。
    /// How often it was handed in.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// 被退回的次数。
    /// How often it was returned.
    async fn return_count(&self) -> i32 {
        self.0.return_count
    }

    /// 最近提交时间。
    /// When it was last handed in.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.0.submitted_at.map(DateTime)
    }

    /// 填报时间：单位在表上写明的日期。
    /// The day the unit writes on it.
    async fn filled_on(&self) -> Option<Date> {
        self.0.filled_on.map(Date)
    }

    /// 自何时起待签发；不在待签发状态时为空。
    /// Since when it waits for a signature; null when it does not.
    async fn signing_since(&self) -> Option<DateTime> {
        self.0.signing_since.map(DateTime)
    }

    /// 已通过的是第几次提交，更正通过前以此为准；从未通过时为空。
    /// Which revision was accepted and counts, also while it is being corrected; null when none ever was.
    async fn accepted_revision(&self) -> Option<i32> {
        self.0.accepted_revision
    }

    /// 是否与上期一致：落实情况、完成程度、百分比和完成次数均与可沿用的上次报送相同；此前没有报送时为空。
    /// Whether it says the same as what would be carried forward: narrative, completion, per cent and count; null when nothing was handed in before.
    async fn unchanged(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<bool>> {
        let place = (self.0.task_id, self.0.unit_id, self.0.reporting_period_id);
        let before = context::of(ctx)?.load(HandedInBefore(place)).await?;
        Ok(before.map(|before| {
            before.narrative.trim() == self.0.narrative.trim()
                && Some(before.completion) == self.0.completion
                && before.percent == self.0.percent
                && before.done_count == self.0.done_count
        }))
    }

    /// 是否正在更正：曾经通过，更正后的内容尚未通过。
    /// Whether it is being corrected: accepted before, and the correction is not.
    async fn correcting(&self) -> bool {
        self.0.accepted_revision.is_some() && self.0.status != StoredStatus::Accepted
    }

    /// 最近审核时间。
    /// When it was last decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// 应报事项。
    /// The obligation it answers.
    async fn obligation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportObligation>> {
        Ok(context::of(ctx)?
            .row::<report_obligation::Entity>(self.0.report_obligation_id)
            .await?
            .map(ReportObligation::from))
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        Ok(context::of(ctx)?
            .row::<reporting_period::Entity>(self.0.reporting_period_id)
            .await?
            .map(ReportingPeriod::from))
    }

    /// 任务。
    /// The task.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 填报单位。
    /// The reporting unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 历次提交，最近的在前。
    /// What was handed in, the latest first.
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ProgressReportRevisionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<progress_report_revision::Entity>(self.0.id, reports::revisions(page)).await?.into())
    }

    /// 审核意见，最近的在前；仅填报单位和政务公开办可见。
    /// The reviews, the latest first; between the office and the reporting unit only.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportReviewConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<report_review::Entity>(self.0.id, reports::reviews(page)).await?.into())
    }

    /// 单位内部的签发与退回，最近的在前；仅填报单位和政务公开办可见。
    /// What was signed and sent back inside the unit, the latest first; for the office and the reporting unit only.
    async fn signatures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportSignatureConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<report_signature::Entity>(self.0.id, reports::signatures(page)).await?.into())
    }

    /// 佐证材料，按添加先后。
    /// The evidence, in the order in which it was added.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "是否连同以前各次提交中有、后来撤下的，默认否。\nWith those that earlier revisions had and that were taken out since; false unless said."
        )]
        removed_too: Option<bool>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<EvidenceConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request
            .nested::<evidence::Entity>(self.0.id, reports::evidence(page, removed_too.unwrap_or_default()))
            .await?
            .into())
    }

    /// 汇总所依据的各单位报告，按汇总次序；未经汇总的报告没有。
    /// The parts it was merged from, in their order; none where nothing was merged.
    async fn parts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportPartConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<report_part::Entity>(self.0.id, reports::parts(page)).await?.into())
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportPermissions>> {
        let request = context::of(ctx)?;
        match request.row::<report_obligation::Entity>(self.0.report_obligation_id).await? {
            Some(obligation) => Ok(Some(permissions(request, &obligation, Some(&self.0)).await?)),
            None => Ok(None),
        }
    }
}
