//! The second person, where one-time passwords are taken away from somebody.

use async_graphql::{Context, ID, Object};

use super::VersionInput;
use super::users::UserPayload;
use crate::graphql::context::{self, key};
use crate::id::Kind;

/// Approving, by the keepers of rights.
#[derive(Default)]
pub struct TotpRemovalMutation;

#[Object(guard = "crate::graphql::guard::GRANTS")]
impl TotpRemovalMutation {
    /// 批准解除用户的动态口令：即刻不再要求，其会话结束，可重新登记（安全管理员；不能是申请人或本人）。
    /// Approves that a user's one-time passwords are taken away: they are not asked for any more, his sessions end, and he may
    /// set up others (a security administrator, who neither asked nor is the user).
    async fn user_totp_removal_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据（用户的版本）。\nWhat it is decided on: the user's version.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        let request = context::of(ctx)?;
        let (id, version) = (key(Kind::User, &id)?, input.expected_version);
        let answer = request.service.totp_removal_approve(&request.caller, idempotency_key, id, version).await;
        UserPayload::new(request, answer, Some(id)).await
    }
}

/// Ending it, open to everybody for what is about himself.
#[derive(Default)]
pub struct TotpRemovalEndMutation;

#[Object]
impl TotpRemovalEndMutation {
    /// 不予解除动态口令，申请即告结束，一切照旧（安全管理员不批准、申请人撤回或本人拒绝）。
    /// Ends the request that one-time passwords be taken away, and everything stays as it is (refused by a security
    /// administrator, taken back by whoever asked, declined by the user himself).
    async fn user_totp_removal_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。\nThe user.")] id: ID,
        #[graphql(desc = "依据（用户的版本）。\nWhat it is decided on: the user's version.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UserPayload> {
        let request = context::of(ctx)?;
        let (id, version) = (key(Kind::User, &id)?, input.expected_version);
        let answer = request.service.totp_removal_refuse(&request.caller, idempotency_key, id, version).await;
        UserPayload::new(request, answer, Some(id)).await
    }
}
