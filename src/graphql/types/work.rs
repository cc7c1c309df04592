//! 我的工作: what waits for the caller.

use async_graphql::{Context, Object, SimpleObject};
use entity::{progress_report, rectification, report_obligation, urge_notice};

use super::obligation::ReportObligationConnection;
use super::rectification::RectificationConnection;
use super::report::ProgressReportConnection;
use super::urge_notice::UrgeNoticeConnection;
use crate::graphql::context::{self, RequestContext};
use crate::graphql::page::Asked;
use crate::graphql::user_error::top_level;
use crate::store::query::work::{self, Owed};
use crate::store::{PageArgs, StoreError};

/// What waits for the caller.
pub struct ViewerWork;

/// 待办数目。
/// How much waits.
#[derive(SimpleObject)]
pub struct ViewerWorkCounts {
    /// 待报。
    /// To be reported.
    to_report: i32,
    /// 退回待重报。
    /// Returned, to be mended.
    returned: i32,
    /// 以上两项中已逾期的。
    /// Of both, those that are overdue.
    overdue: i32,
    /// 待签发（审签人）。
    /// To be signed (the approver).
    to_sign: i32,
    /// 待审（政务公开办）。
    /// To be decided (the office).
    to_review: i32,
    /// 待整改。
    /// To be put right.
    to_rectify: i32,
    /// 待复核（政务公开办）。
    /// To be looked at again (the office).
    to_recheck: i32,
    /// 待回复的催办。
    /// Urging to be replied to.
    to_reply: i32,
}

async fn owed(
    request: &RequestContext,
    what: Owed,
    page: PageArgs,
) -> async_graphql::Result<ReportObligationConnection> {
    let query = work::owed(request.actor(), request.today, &request.late_days(), what, page);
    Ok(request.page::<report_obligation::Entity>(query).await?.into())
}

/// 我的工作：本单位要报的、被退回的、逾期的，以及政务公开办要审的，只含开放的报告期；另有待整改、待复核和待回复的。
/// What waits for the caller: of its own units what is to be reported, was returned or is overdue, and of the office what is to be decided, in open periods; beside it what is to be put right, to be looked at again and to be replied to.
#[Object]
impl ViewerWork {
    /// 待报：尚未提交的，先到期的在前。
    /// To be reported: nothing is handed in yet; what is due first in front.
    async fn to_report(
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
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        owed(request, Owed::ToReport, Asked { first, after, last, before, offset }.page(ctx, request)?).await
    }

    /// 退回待重报的，先到期的在前。
    /// Returned, to be mended; what is due first in front.
    async fn returned(
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
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        owed(request, Owed::Returned, Asked { first, after, last, before, offset }.page(ctx, request)?).await
    }

    /// 逾期未报的（待报和退回中已逾期的），最早到期的在前。
    /// Overdue, of those to be reported and those returned; what was due first in front.
    async fn overdue(
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
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        owed(request, Owed::Overdue, Asked { first, after, last, before, offset }.page(ctx, request)?).await
    }

    /// 待本人签发的报告，最早的在前；仅审签人有。
    /// Reports that wait for the caller's signature, the oldest first; for approvers only.
    async fn to_sign(
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
    ) -> async_graphql::Result<ProgressReportConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page::<progress_report::Entity>(work::to_sign(request.actor(), request.today, page)).await?.into())
    }

    /// 待审的报告，最早的在前；仅政务公开办有。
    /// Reports to be decided, the oldest first; for the office only.
    async fn to_review(
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
    ) -> async_graphql::Result<ProgressReportConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page::<progress_report::Entity>(work::to_review(request.actor(), request.today, page)).await?.into())
    }

    /// 待整改：本单位须填报措施或报完成的整改，先到期的在前。
    /// To be put right: of its own units, those of which the measure or the result is to be reported; what is due first in front.
    async fn to_rectify(
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
    ) -> async_graphql::Result<RectificationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page::<rectification::Entity>(work::to_rectify(request.actor(), page)).await?.into())
    }

    /// 待复核：单位已报完成的整改，最早的在前；仅政务公开办有。
    /// To be looked at again: rectifications that units say are done, the oldest first; for the office only.
    async fn to_recheck(
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
    ) -> async_graphql::Result<RectificationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page::<rectification::Entity>(work::to_recheck(request.actor(), page)).await?.into())
    }

    /// 待回复：要求本单位回复而尚未回复的催办，先到期的在前；报告期或清单已结束的仍须回复。
    /// To be replied to: urging to which its own units owe a reply, what is due first in front; the end of the period or of the list does not end the duty.
    async fn to_reply(
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
    ) -> async_graphql::Result<UrgeNoticeConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page::<urge_notice::Entity>(work::to_reply(request.actor(), page)).await?.into())
    }

    /// 各项数目。
    /// How much there is of each.
    async fn counts(&self, ctx: &Context<'_>) -> async_graphql::Result<ViewerWorkCounts> {
        let request = context::of(ctx)?;
        let counted = async {
            let only = || PageArgs { total: true, ..PageArgs::default() };
            let owed = |what| work::owed(request.actor(), request.today, &request.late_days(), what, only());
            let count = async |what| -> Result<i32, StoreError> {
                let page = request.reader.page(&owed(what)).await?;
                Ok(i32::try_from(page.total.unwrap_or_default()).unwrap_or(i32::MAX))
            };
            let sign = request.reader.page(&work::to_sign(request.actor(), request.today, only())).await?;
            let review = request.reader.page(&work::to_review(request.actor(), request.today, only())).await?;
            let rectify = request.reader.page(&work::to_rectify(request.actor(), only())).await?;
            let recheck = request.reader.page(&work::to_recheck(request.actor(), only())).await?;
            let reply = request.reader.page(&work::to_reply(request.actor(), only())).await?;
            Ok::<_, StoreError>(ViewerWorkCounts {
                to_report: count(Owed::ToReport).await?,
                returned: count(Owed::Returned).await?,
                overdue: count(Owed::Overdue).await?,
                to_sign: i32::try_from(sign.total.unwrap_or_default()).unwrap_or(i32::MAX),
                to_review: i32::try_from(review.total.unwrap_or_default()).unwrap_or(i32::MAX),
                to_rectify: i32::try_from(rectify.total.unwrap_or_default()).unwrap_or(i32::MAX),
                to_recheck: i32::try_from(recheck.total.unwrap_or_default()).unwrap_or(i32::MAX),
                to_reply: i32::try_from(reply.total.unwrap_or_default()).unwrap_or(i32::MAX),
            })
        };
        counted.await.map_err(|error| top_level(error.into()))
    }
}
