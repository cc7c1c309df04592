//! Sessions, and how somebody signs in.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::session;

use super::object_of_row;
use crate::graphql::context::{self, id};
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::service::sign_in::SignInState;

object_of_row! {
    /// A session.
    Session, session::Model
}

connection! {
    /// 会话的分页列表。
    /// A page of sessions.
    SessionConnection,
    /// 会话及其游标。
    /// A session with its cursor.
    SessionEdge, Session, session::Model
}

/// 会话：一次登录，可随时收回，下一个请求即失效。
/// A session: one sign-in, which can be taken back and is over with the next request.
#[Object]
impl Session {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Session, self.0.id)
    }

    /// 由来：sign-in 为口令登录，external-sign-in 为外部平台登录，client-credentials 为服务账号取令牌，其余为运维在服务器上签发。
    /// What it was opened for: sign-in by a password, external-sign-in by another service,
    /// client-credentials by a service account, anything else at the machine.
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }

    /// 开始时刻。
    /// When it was opened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近使用时刻，精确到分钟。
    /// When it was last used, to the minute.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// 如不再使用，何时结束。
    /// When it ends if it is not used until then.
    async fn idle_ends_at(&self) -> Option<DateTime> {
        self.0.idle_ends_at.map(DateTime)
    }

    /// 最迟何时结束。
    /// When it ends in any case.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// 收窄到的权限范围；为空表示与授权相同。
    /// The scopes it is narrowed to; null where it is as wide as the grants.
    async fn scopes(&self) -> Option<Vec<&str>> {
        self.0.scopes.as_deref().map(|words| words.split(' ').filter(|word| !word.is_empty()).collect())
    }

    /// 来源地址。
    /// The address it was last refreshed from.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// 客户端自报的名称。
    /// What the client said it is.
    async fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }

    /// 是否为发出本请求的会话。
    /// Whether it is the session of this request.
    async fn is_current(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(context::of(ctx)?.actor().session_id == self.0.id)
    }
}

/// 本人的登录方式。
/// How the caller signs in.
#[derive(SimpleObject)]
pub struct ViewerSignIn {
    /// 是否设有口令。
    /// Whether there is a password.
    has_password: bool,
    /// 是否须先修改口令；在此之前只能查询 viewer、修改口令和退出。
    /// Whether the password has to be changed first; until then there is `viewer`, the change and signing out.
    must_change_password: bool,
    /// 口令自何日起须修改；为空表示不过期。
    /// From which day on the password has to be changed; null means never.
    password_expires_on: Option<Date>,
    /// 是否已启用动态口令。
    /// Whether one-time passwords are in use.
    totp_enrolled: bool,
    /// 口令登录锁定至何时；为空表示未锁定。
    /// Until when nobody signs in with the password; null means that it is not locked.
    locked_until: Option<DateTime>,
    /// 本次会话之前最近一次登录的时间；为空表示首次登录。
    /// When one had last signed in before this session; null means never.
    last_sign_in_at: Option<DateTime>,
    /// 那次登录的来源地址。
    /// From which address that was.
    last_sign_in_address: Option<String>,
}

impl From<SignInState> for ViewerSignIn {
    fn from(state: SignInState) -> Self {
        Self {
            has_password: state.has_password,
            must_change_password: state.must_change_password,
            password_expires_on: state.password_expires_on.map(Date),
            totp_enrolled: state.totp_enrolled,
            locked_until: state.locked_until.map(DateTime),
            last_sign_in_at: state.last_sign_in_at.map(DateTime),
            last_sign_in_address: state.last_sign_in_address,
        }
    }
}
