//! Service accounts.

use async_graphql::{Context, Object};

use crate::graphql::context;
use crate::graphql::page::Asked;
use crate::graphql::types::service_secret::ServiceAccountConnection;
use crate::store::query::machines;

/// Service accounts.
#[derive(Default)]
pub struct MachineQuery;

#[Object]
impl MachineQuery {
    /// 服务账号，新的在前；仅系统管理员和审计管理员可见，限其管辖的单位。
    /// Service accounts, the latest first; for system and audit administrators only, of the units they are that for.
    async fn service_accounts(
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
    ) -> async_graphql::Result<ServiceAccountConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(machines::accounts(request.actor(), page)).await?.into())
    }
}
