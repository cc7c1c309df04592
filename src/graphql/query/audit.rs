//! The audit trail.

use async_graphql::{Context, Object};

use crate::graphql::context;
use crate::graphql::filter::filter_or_default;
use crate::graphql::page::Asked;
use crate::graphql::types::audit::{AuditEntryConnection, AuditEntryFilter};
use crate::store::query::audit;

/// The audit trail.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// 审计记录，按序号新的在前；仅审计管理员可见，限其管辖的单位。
    /// The audit trail, the latest first by its number; for audit administrators only, of the units they are that for.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<AuditEntryFilter>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<AuditEntryConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(audit::audit_entries(&filter_or_default(filter)?, page)).await?.into())
    }
}
