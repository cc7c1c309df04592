//! The secrets of service accounts, without what they are.

use async_graphql::{Context, ID, Object};
use entity::{service_secret, user_account};

use super::object_of_row;
use super::user::User;
use crate::graphql::context::{self, id};
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;

object_of_row! {
    /// A secret of a service account.
    ServiceSecret, service_secret::Model
}

connection! {
    /// 服务账号密钥的分页列表。
    /// A page of secrets of service accounts.
    ServiceSecretConnection,
    /// 服务账号密钥及其游标。
    /// A secret of a service account with its cursor.
    ServiceSecretEdge, ServiceSecret, service_secret::Model
}

/// 服务账号的密钥：用它在 POST /auth/token 取令牌；密钥本身只在新建时给出一次。
/// A secret of a service account, which gets tokens at POST /auth/token; what it is, is said once when it is made.
#[Object]
impl ServiceSecret {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ServiceSecret, self.0.id)
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
