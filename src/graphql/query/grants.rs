//! Rights and requests for them.

use async_graphql::{Context, Object};

use crate::graphql::context;
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::Asked;
use crate::graphql::types::role_grant::{RoleGrantConnection, RoleGrantFilter};
use crate::graphql::types::role_grant_request::{RoleGrantRequestConnection, RoleGrantRequestFilter};
use crate::store::query::grants;

/// Rights and requests for them.
#[derive(Default)]
pub struct GrantQuery;

#[Object]
impl GrantQuery {
    /// 授权，新的在前：安全管理员、审计管理员看其管辖单位的，其他人看本人的。
    /// Rights, the latest first: security and audit administrators see those of their units, everybody else his own.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn role_grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<RoleGrantFilter>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<RoleGrantConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(grants::role_grants(request.today, &filter_or_default(filter)?, page)).await?.into())
    }

    /// 授权申请，新的在前：安全管理员、审计管理员看其管辖单位的，其他人看本人提出的。
    /// Requests for rights, the latest first: security and audit administrators see those of their units, everybody else
    /// what he asked for himself.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn role_grant_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<RoleGrantRequestFilter>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<RoleGrantRequestConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let now = request.actor().at;
        Ok(request.page(grants::role_grant_requests(now, &filter_or_default(filter)?, page)).await?.into())
    }
}
