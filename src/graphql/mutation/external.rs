//! Links between users here and who they are at other sign-in services: taken away. Whoever links himself does so by signing in
//! there (POST /auth/external/link); the operator links at the machine.

use async_graphql::{Context, ID, Object};
use entity::external_identity;

use super::payload;
use crate::graphql::context::{self, key};
use crate::graphql::types::external_identity::ExternalIdentity;
use crate::id::Kind;

payload! {
    /// 解除绑定的结果。
    /// What came of unlinking.
    ExternalIdentityPayload {
        /// 外部身份的最新状态；不可见时为空。
        /// The external identity as it is now; null when invisible.
        external_identity: ExternalIdentity, external_identity
    }
}

/// Unlinking, open to everybody for what is his own.
#[derive(Default)]
pub struct ExternalIdentityEndMutation;

#[Object]
impl ExternalIdentityEndMutation {
    /// 解除外部身份的绑定，用它打开的会话即刻失效（本人；系统管理员可解除其所管用户的）。
    /// Takes a link away; the sessions that it opened are over at once (one's own; the system administrator's of the users
    /// kept).
    async fn external_identity_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "外部身份。\nThe external identity.")] id: ID,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ExternalIdentityPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ExternalIdentity, &id)?;
        let answer = request.service.external_identity_unlink(&request.caller, idempotency_key, id).await;
        ExternalIdentityPayload::new(request, answer, Some(id)).await
    }
}
