//! Links between users here and who they are at other sign-in services.

use async_graphql::{Context, ID, InputObject, Object};
use entity::external_identity;

use super::payload;
use crate::graphql::context::{self, key};
use crate::graphql::types::external_identity::ExternalIdentity;
use crate::id::Kind;
use crate::service::external::IdentityLink;

/// 要绑定的外部身份。
/// An external identity that is to be linked.
#[derive(InputObject)]
pub struct ExternalIdentityLinkInput {
    /// 用户。
    /// The user.
    user: ID,
    /// 登录平台的代号，见 GET /auth/external。
    /// What the service is called here; GET /auth/external lists them.
    provider: String,
    /// 用户在该平台的标识（sub、CAS 用户名或企业微信 userid），至多 255 字，区分大小写。
    /// Who the user is there (sub, the name at CAS, the userid of WeCom), at most 255 characters, letter by letter.
    subject: String,
}

payload! {
    /// 绑定或解除绑定的结果。
    /// What came of linking or unlinking.
    ExternalIdentityPayload {
        /// 外部身份的最新状态；不可见时为空。
        /// The external identity as it is now; null when invisible.
        external_identity: ExternalIdentity, external_identity
    }
}

/// Linking, by the keeper of users. One's own is linked by signing in there: POST /auth/external/link.
#[derive(Default)]
pub struct ExternalIdentityMutation;

#[Object(guard = "crate::graphql::guard::USERS")]
impl ExternalIdentityMutation {
    /// 绑定用户的外部身份，此后可用该平台登录（系统管理员；不能为自己、安全管理员或审计管理员绑定，他们登录后自行绑定）。
    /// Links a user to who he is at another sign-in service, by which he signs in from now on (the system administrator;
    /// not for himself, nor for security and audit administrators, who link themselves when signed in).
    async fn external_identity_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe identity.")] input: ExternalIdentityLinkInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ExternalIdentityPayload> {
        let request = context::of(ctx)?;
        let link =
            IdentityLink { user: key(Kind::User, &input.user)?, provider: input.provider, subject: input.subject };
        let answer = request.service.external_identity_link(&request.caller, idempotency_key, link).await;
        ExternalIdentityPayload::new(request, answer, None).await
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
