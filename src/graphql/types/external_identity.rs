//! Who somebody is at another sign-in service.

use async_graphql::{Context, ID, Object};
use entity::{external_identity, user_account};

use super::object_of_row;
use super::user::User;
use crate::graphql::context::{self, id};
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// Who somebody is at another sign-in service.
    ExternalIdentity, external_identity::Model
}

connection! {
    /// 外部身份的分页列表。
    /// A page of external identities.
    ExternalIdentityConnection,
    /// 外部身份及其游标。
    /// An external identity with its cursor.
    ExternalIdentityEdge, ExternalIdentity, external_identity::Model
}

/// 外部身份：用户在统一身份认证、CAS 或政务（企业）微信中的身份，用它登录即为该用户。
/// Who a user is at another sign-in service (OpenID Connect, CAS, WeCom); whoever comes from there as that is this user.
#[Object]
impl ExternalIdentity {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ExternalIdentity, self.0.id)
    }

    /// 对应的用户。
    /// The user here.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 登录平台在本系统的代号；平台已不在配置中时为空。
    /// What the service is called in the settings here; null when it is not among them any more.
    async fn provider(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let providers = context::of(ctx)?.service.authenticator().providers();
        Ok(providers.by_issuer(&self.0.issuer).map(|provider| provider.id.clone()))
    }

    /// 平台的自称（iss）。
    /// What the service calls itself (iss).
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// 用户在该平台的标识（sub、CAS 用户名或企业微信 userid）。
    /// Who the user is there (sub, the name at CAS, the userid of WeCom).
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// 绑定时刻。
    /// When it was linked.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近一次用它登录的时刻。
    /// When somebody last signed in with it.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// 解除绑定的时刻；为空表示有效。
    /// When the link was taken away; null where it is in use.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}
