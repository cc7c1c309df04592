//! Service accounts and their secrets, without what these are.

use async_graphql::{Context, ID, Object};
use entity::{service_secret, user_account};

use super::object_of_row;
use super::user::User;
use crate::graphql::context::{self, id};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::machines;

object_of_row! {
    /// A service account.
    ServiceAccount, user_account::Model
}

connection! {
    /// 服务账号的分页列表。
    /// A page of service accounts.
    ServiceAccountConnection,
    /// 服务账号及其游标。
    /// A service account with its cursor.
    ServiceAccountEdge, ServiceAccount, user_account::Model
}

/// 服务账号：其他系统的账号，没有口令，用密钥取令牌，只有授予的权限范围。
/// A service account of another system: it has no password, gets tokens by a secret, and may do what its scopes say.
#[Object]
impl ServiceAccount {
    /// 取令牌时的 client_id，即用户的标识。
    /// The client_id when a token is asked for, which is the identifier of the user.
    async fn client_id(&self) -> ID {
        id(Kind::User, self.0.id)
    }

    /// 对应的用户：名称、单位、登录名、会话、是否停用、版本。
    /// The user behind it: name, unit, login name, sessions, whether it is disabled, version.
    async fn user(&self) -> User {
        self.0.clone().into()
    }

    /// 服务账号的密钥，新的在前（不含密钥本身）；至多两个同时有效。
    /// The secrets of a service account, the latest first, without what they are; two at most are good at once.
    async fn secrets(
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
    ) -> async_graphql::Result<ServiceAccountSecretConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<service_secret::Entity>(self.0.id, machines::secrets(page)).await?.into())
    }
}

object_of_row! {
    /// A secret of a service account.
    ServiceAccountSecret, service_secret::Model
}

connection! {
    /// 服务账号密钥的分页列表。
    /// A page of secrets of service accounts.
    ServiceAccountSecretConnection,
    /// 服务账号密钥及其游标。
    /// A secret of a service account with its cursor.
    ServiceAccountSecretEdge, ServiceAccountSecret, service_secret::Model
}

/// 服务账号的密钥：用它在 POST /auth/token 取令牌；密钥本身只在新建时给出一次。
/// A secret of a service account, which gets tokens at POST /auth/token; what it is, is said once when it is made.
#[Object]
impl ServiceAccountSecret {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ServiceAccountSecret, self.0.id)
    }

    /// 服务账号。
    /// The service account.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 新建时刻。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最后有效日；为空表示不限期。
    /// The last day on which it is good; null for one without end.
    async fn expires_on(&self) -> Option<Date> {
        self.0.expires_on.map(Date)
    }

    /// 收回时刻；为空表示未收回。
    /// When it was taken back; null where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// 最近一次取令牌的时刻。
    /// When it last got a token.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}
