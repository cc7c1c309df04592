//! Taking sessions back.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::session;

use super::delete_payload;
use crate::graphql::context::{self, key};
use crate::graphql::types::session::Session;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;

delete_payload! {
    /// 收回会话的结果。
    /// What came of taking a session back.
    SessionRevokePayload {
        /// 未能收回的会话；不可见时为空。
        /// The session that is still there; null when invisible.
        session: Session, session, Session
    }
}

/// 收回其他会话的结果。
/// What came of taking all other sessions back.
#[derive(SimpleObject)]
pub struct SessionRevokeOthersPayload {
    /// 收回了几个会话。
    /// How many sessions were taken back.
    revoked: i32,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// Sessions. Open to everybody who is signed in: one's own are one's own, and the scope knows whose else.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// 收回一个会话，下一个请求即失效（本人的；系统管理员可收回其所管用户的）。
    /// Takes a session back, which is over with its next request (one's own; the system administrator's of the users kept).
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "会话。\nThe session.")] id: ID,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<SessionRevokePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Session, &id)?;
        let answer = request.service.session_revoke(&request.caller, idempotency_key, id).await;
        SessionRevokePayload::new(request, answer, Some(id)).await
    }

    /// 收回本人的其他会话，只保留当前这个。
    /// Takes all of the caller's own sessions back but this one.
    async fn session_revoke_others(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<SessionRevokeOthersPayload> {
        let request = context::of(ctx)?;
        let answer = request.service.session_revoke_others(&request.caller, idempotency_key).await;
        let (ended, errors) = match answer.map_err(top_level)? {
            Ok(ended) => (ended.0, Vec::new()),
            Err(errors) => (0, errors),
        };
        Ok(SessionRevokeOthersPayload {
            revoked: i32::try_from(ended).unwrap_or(i32::MAX),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}
