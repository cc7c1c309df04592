//! Upkeep of users by the system administrator.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::user_account;
use uuid::Uuid;

use super::{VersionInput, payload};
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::enums::{Realm, UserKind};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::user::User;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::users::{UserInvite, UserWithCode};

/// 邀请的用户。
/// Somebody who is invited.
#[derive(InputObject)]
pub struct UserInviteInput {
    /// 所在单位。
    /// The unit the user acts for.
    unit: ID,
    /// 登录名，本系统内唯一，至多 64 字，不含空格。
    /// The login name, unique in this installation, at most 64 characters without blanks.
    login: String,
    /// 姓名，至多 200 字。
    /// The name, at most 200 characters.
    display_name: String,
    /// 类别，默认自然人。
    /// A person unless said otherwise.
    kind: Option<UserKind>,
    /// 类属，默认业务；将担任三员之一的为管理。设立后不变。
    /// The business unless said otherwise; the administration for those who will be administrators. It stays for good.
    realm: Option<Realm>,
}

/// 重置口令。
/// A new password for somebody.
#[derive(InputObject)]
pub struct UserPasswordResetInput {
    /// 操作所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 是否同时申请解除动态口令（如手机遗失），默认否；须由安全管理员批准（userTotpRemovalApprove），批准前原动态口令仍然有效。
    /// Whether it is asked that one-time passwords be taken away too, as when a telephone is lost; false unless said. A
    /// security administrator decides (userTotpRemovalApprove); until then the present ones stay good.
    remove_totp: Option<bool>,
}

/// 邀请或重置的结果。
/// What came of an invitation or a reset.
#[derive(SimpleObject)]
pub struct UserCodePayload {
    /// 用户的最新状态；不可见时为空。
    /// The user as it is now; null when invisible.
    user: Option<User>,
    /// 一次性代码，仅此一次可见，请当面或经可靠途径转交；同一幂等键重复调用不再给出。
    /// The one-time code, shown this once, to be handed over by a safe way; a repeated call with the same key gives none.
    code: Option<String>,
    /// 代码失效时刻。
    /// From when the code is good for nothing.
    code_expires_at: Option<DateTime>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

impl UserCodePayload {
    async fn new(
        request: &RequestContext,
        answer: Answer<UserWithCode>,
        meant: Option<Uuid>,
    ) -> async_graphql::Result<Self> {
        let (user, code, errors) = match answer.map_err(top_level)? {
            Ok(done) => (Some(done.user), done.code, Vec::new()),
            Err(errors) => (meant, None, errors),
        };
        let user = match user {
            Some(user) => request.fresh::<user_account::Entity>(user).await?.map(User::from),
            None => None,
        };
        let code_expires_at = code.as_ref().map(|code| DateTime(code.expires_at));
        Ok(Self {
            user,
            code: code.map(|code| code.text),
            code_expires_at,
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}

payload! {
    /// 用户变更的结果。
    /// What came of a change of a user.
    UserPayload {
        /// 用户的最新状态；不可见时为空。
        /// The user as it is now; null when invisible.
        user: User, user_account
    }
}

/// Upkeep of users.
#[derive(Default)]
pub struct UserMutation;

#[Object(guard = "crate::graphql::guard::USERS")]
impl UserMutation {
    /// 邀请用户：新建一个尚无任何授权的用户，并给出设置口令的一次性代码（系统管理员）。
    /// Invites a user, who has no grant yet, and gives the one-time code for the first password (the system administrator).
    async fn user_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe user.")] input: UserInviteInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserCodePayload> {
        let request = context::of(ctx)?;
        let new = UserInvite {
            unit: key(Kind::Unit, &input.unit)?,
            login: input.login,
            display_name: input.display_name,
            kind: input.kind.unwrap_or(UserKind::Person).into(),
            realm: input.realm.unwrap_or(Realm::Business).into(),
        };
        let answer = request.service.user_invite(&request.caller, idempotency_key, new).await;
        UserCodePayload::new(request, answer, None).await
    }

    /// 重置口令：原口令、全部会话和外部平台绑定即刻失效，给出设置新口令的一次性代码（系统管理员；不含本人、安全管理员和审计管理员）；须使用而尚未登记动态口令的，经安全管理员批准（userTotpRemovalApprove）后才能登记。
    /// Resets a password: the old one, every session and every link to another sign-in service end at once, and there is a
    /// one-time code for a new one (the system administrator; not for himself, nor for those who keep grants or the audit
    /// trail). Who must have one-time passwords and has none sets them up only once a security administrator has approved it
    /// (userTotpRemovalApprove).
    async fn user_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: UserPasswordResetInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserCodePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::User, &id)?;
        let (version, totp) = (input.expected_version, input.remove_totp.unwrap_or_default());
        let answer = request.service.user_password_reset(&request.caller, idempotency_key, id, version, totp).await;
        UserCodePayload::new(request, answer, Some(id)).await
    }

    /// 停用用户，其会话即刻失效（系统管理员；不能停用本人；服务账号用 serviceAccountDisable）。
    /// Disables a user, whose sessions end at once (the system administrator; nobody disables himself; machines: serviceAccountDisable).
    async fn user_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        enable(ctx, id, input, idempotency_key, false).await
    }

    /// 重新启用用户，须重新登录（系统管理员；服务账号用 serviceAccountEnable）。
    /// Enables a user again, who has to sign in anew (the system administrator; machines: serviceAccountEnable).
    async fn user_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        enable(ctx, id, input, idempotency_key, true).await
    }

    /// 解除登录锁定：失败次数清零，可以立即登录（系统管理员；不能对本人）。
    /// Ends a lock before its time, and the count of failures begins anew (the system administrator; not for himself).
    async fn user_unlock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        let request = context::of(ctx)?;
        let (id, version) = (key(Kind::User, &id)?, input.expected_version);
        let answer = request.service.user_unlock(&request.caller, idempotency_key, id, version).await;
        UserPayload::new(request, answer, Some(id)).await
    }

    /// 结束用户的全部会话，下一个请求即失效；口令不变（系统管理员；本人的用 sessionRevokeOthers）。
    /// Ends all sessions of a user, with the next request; the password stays (the system administrator; one's own:
    /// sessionRevokeOthers).
    async fn user_sessions_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        let request = context::of(ctx)?;
        let (id, version) = (key(Kind::User, &id)?, input.expected_version);
        let answer = request.service.user_sessions_end(&request.caller, idempotency_key, id, version).await;
        UserPayload::new(request, answer, Some(id)).await
    }
}

async fn enable(
    ctx: &Context<'_>,
    id: ID,
    input: VersionInput,
    idempotency_key: Option<String>,
    enabled: bool,
) -> async_graphql::Result<UserPayload> {
    let request = context::of(ctx)?;
    let id = key(Kind::User, &id)?;
    let answer =
        request.service.user_enable(&request.caller, idempotency_key, id, input.expected_version, enabled).await;
    UserPayload::new(request, answer, Some(id)).await
}
