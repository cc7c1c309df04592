//! Looking back, and what of lists was taken up below.

use async_graphql::{Context, ID, Object};
use entity::{look_back, rectification, task_list};

use crate::graphql::context::{self, key};
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::Asked;
use crate::graphql::types::lineage::{LineageCoverage, Within};
use crate::graphql::types::look_back::{LookBack, LookBackConnection, LookBackFilter, LookBackOrder};
use crate::graphql::types::rectification::{
    Rectification, RectificationConnection, RectificationFilter, RectificationOrder,
};
use crate::id::Kind;
use crate::store::query::look_back as queries;

/// Looking back, and what of lists was taken up below.
#[derive(Default)]
pub struct LookBackQuery;

#[Object]
impl LookBackQuery {
    /// 一轮回头看。
    /// One round of looking back; null when absent or invisible.
    async fn look_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<LookBack>> {
        Ok(context::of(ctx)?.row::<look_back::Entity>(key(Kind::LookBack, &id)?).await?.map(LookBack::from))
    }

    /// 回头看，跨清单。
    /// The rounds of looking back the caller sees, across lists.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn look_backs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<LookBackFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<LookBackOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<LookBackConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, LookBackOrder::or_default(order_by));
        Ok(request.page(queries::look_backs(&filter, order, page)).await?.into())
    }

    /// 一项整改。
    /// One rectification; null when absent or invisible.
    async fn rectification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<Rectification>> {
        let key = key(Kind::Rectification, &id)?;
        Ok(context::of(ctx)?.row::<rectification::Entity>(key).await?.map(Rectification::from))
    }

    /// 整改，跨清单。
    /// The rectifications the caller sees, across lists.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn rectifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<RectificationFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<RectificationOrder>,
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
        let (filter, order) = (filter_or_default(filter)?, RectificationOrder::or_default(order_by));
        let of = queries::RectificationsOf::All;
        Ok(request.page(queries::rectifications(request.today, &filter, order, page, of)).await?.into())
    }

    /// 一份清单在下级清单中的分解情况；仅能查看整份清单者可见，草稿为空。
    /// How much of a list was taken up in lists below; only for those who see the whole list, null for a draft.
    async fn lineage_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(
            desc = "印发后几日（自然日）内应有本级清单，1 至 366；不填按配置，默认 30。\nWithin so many days after the issue units should have a list of their own, 1 to 366; the setting, 30, unless said."
        )]
        days: Option<i32>,
        #[graphql(
            desc = "改按工作日计，1 至 366；与 days 二者择一。\nThe same in working days, 1 to 366; instead of days."
        )]
        working_days: Option<i32>,
    ) -> async_graphql::Result<Option<LineageCoverage>> {
        let request = context::of(ctx)?;
        let within = Within::asked(request, days, working_days)?;
        match request.row::<task_list::Entity>(key(Kind::TaskList, &id)?).await? {
            Some(list) => LineageCoverage::of(request, list, within).await,
            None => Ok(None),
        }
    }
}
