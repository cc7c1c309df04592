//! Publications, for those who prepare and review them.

use async_graphql::{Context, ID, Object};
use entity::publication;

use crate::graphql::context::{self, key};
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::Asked;
use crate::graphql::scalar::Json;
use crate::graphql::types::publication::{Publication, PublicationConnection, PublicationFilter, PublicationOrder};
use crate::graphql::types::publication_parts::{PublicationDocument, PublicationFigure};
use crate::graphql::user_error::top_level;
use crate::id::Kind;
use crate::store::query::publishing;

/// Publications.
#[derive(Default)]
pub struct PublishingQuery;

#[Object]
impl PublishingQuery {
    /// 一份公开稿。
    /// One publication; null when absent or invisible.
    async fn publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<Publication>> {
        let key = key(Kind::Publication, &id)?;
        Ok(context::of(ctx)?.row::<publication::Entity>(key).await?.map(Publication::from))
    }

    /// 公开稿，跨清单；其他单位与公众一样，在 /public/publications 阅读已发布的内容。
    /// The publications the caller sees, across lists; units read what is published where everybody does, at /public/publications.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<PublicationFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<PublicationOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<PublicationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, PublicationOrder::or_default(order_by));
        Ok(request.page(publishing::publications(&filter, order, page)).await?.into())
    }

    /// 公开稿全文，供编制和审查；不可见时为空。
    /// The text of a publication, for those who prepare and review it; null when absent or invisible.
    async fn publication_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "公开稿。\nThe publication.")] id: ID,
    ) -> async_graphql::Result<Option<PublicationDocument>> {
        let request = context::of(ctx)?;
        let key = key(Kind::Publication, &id)?;
        let read = request.service.publication_document(&request.caller, key).await.map_err(top_level)?;
        Ok(read.map(|read| PublicationDocument {
            content: Json(read.content),
            checksum: read.checksum,
            figures: read.figures.into_iter().map(|(name, svg)| PublicationFigure { name: name.into(), svg }).collect(),
        }))
    }
}
