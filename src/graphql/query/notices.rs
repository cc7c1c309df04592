//! Notices by which units are urged.

use async_graphql::{Context, Object};

use crate::graphql::context;
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::Asked;
use crate::graphql::types::urge_notice::{UrgeNoticeConnection, UrgeNoticeFilter};
use crate::store::query::notices;

/// Notices by which units are urged.
#[derive(Default)]
pub struct NoticeQuery;

#[Object]
impl NoticeQuery {
    /// 催办通知，新的在前；仅发文的政务公开办和被催办单位可见。
    /// Notices by which units are urged, the latest first; between the office of the list and the unit only.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn urge_notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<UrgeNoticeFilter>,
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
        Ok(request
            .page(notices::urge_notices(request.actor(), &filter_or_default(filter)?, request.today, page))
            .await?
            .into())
    }
}
