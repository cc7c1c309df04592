//! Rights: asked for, approved or refused by a second person, taken away.

use async_graphql::{Context, ID, InputObject, Object};
use entity::{role_grant, role_grant_request};

use super::{VersionInput, payload};
use crate::graphql::context::{self, key, keys};
use crate::graphql::enums::Role;
use crate::graphql::scalar::Date;
use crate::graphql::types::role_grant::RoleGrant;
use crate::graphql::types::role_grant_request::RoleGrantRequest;
use crate::id::Kind;
use crate::service::grants::NewGrantRequest;

/// 申请的授权。
/// A right that is asked for.
#[derive(InputObject)]
pub struct RoleGrantRequestInput {
    /// 为谁申请。
    /// For whom.
    user: ID,
    /// 角色；管理员角色只授予管理类用户，业务角色只授予业务类用户。
    /// The role; administrators' roles for users of the administration only, all others for users of the business.
    role: Role,
    /// 单位，须在申请人管辖之内。
    /// Where it would hold, at or below the asker's own.
    unit: ID,
    /// 权限范围，仅用于对接的服务账号，至多各一次：lists:read、reports:read、reports:write。
    /// Scopes, for service accounts only, each once at most: lists:read, reports:read, reports:write.
    scopes: Option<Vec<String>>,
    /// 所限清单，仅用于督查角色；不填即不限。
    /// The lists it is confined to, for inspectors only; to none when left out.
    lists: Option<Vec<ID>>,
    /// 有效至（含当日）；不填即长期。
    /// The last day on which it would hold; without end when left out.
    valid_until: Option<Date>,
    /// 理由，至多 500 字。
    /// The reason, at most 500 characters.
    reason: String,
}

/// 对授权申请的批准。
/// The approval of a request.
#[derive(InputObject)]
pub struct RoleGrantApproveInput {
    /// 审批所依据的版本。
    /// The version the decision was made on.
    expected_version: i32,
    /// 意见，至多 500 字。
    /// What is said, at most 500 characters.
    reason: Option<String>,
}

/// 不批准，或收回。
/// A refusal, or the end of a right.
#[derive(InputObject)]
pub struct RoleGrantReasonInput {
    /// 操作所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 理由，至多 500 字。
    /// The reason, at most 500 characters.
    reason: String,
}

payload! {
    /// 授权申请变更的结果。
    /// What came of a change of a request for a right.
    RoleGrantRequestPayload {
        /// 申请的最新状态；不可见时为空。
        /// The request as it is now; null when invisible.
        role_grant_request: RoleGrantRequest, role_grant_request
    }
}

payload! {
    /// 授权变更的结果。
    /// What came of a change of a right.
    RoleGrantPayload {
        /// 授权的最新状态；不可见时为空。
        /// The right as it is now; null when invisible.
        role_grant: RoleGrant, role_grant
    }
}

/// Asking.
#[derive(Default)]
pub struct GrantRequestMutation;

#[Object(guard = "crate::graphql::guard::GRANT_KEEPERS")]
impl GrantRequestMutation {
    /// 申请授权，由另一名安全管理员审批（系统管理员、安全管理员）。
    /// Asks for a right, about which another person decides (system and security administrators).
    async fn role_grant_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe right.")] input: RoleGrantRequestInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RoleGrantRequestPayload> {
        let request = context::of(ctx)?;
        let new = NewGrantRequest {
            user: key(Kind::User, &input.user)?,
            role: input.role.into(),
            unit: key(Kind::Unit, &input.unit)?,
            scopes: input.scopes.unwrap_or_default(),
            lists: input.lists.map(|lists| keys(Kind::TaskList, &lists)).transpose()?,
            valid_until: input.valid_until.map(|day| day.0),
            reason: input.reason,
        };
        let answer = request.service.role_grant_request(&request.caller, idempotency_key, new).await;
        RoleGrantRequestPayload::new(request, answer, None).await
    }

    /// 撤回本人提出、尚未审批的申请（系统管理员、安全管理员）。
    /// Takes a request of one's own back that nobody has decided yet (system and security administrators).
    async fn role_grant_request_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申请。\nThe request.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RoleGrantRequestPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::RoleGrantRequest, &id)?;
        let version = input.expected_version;
        let answer = request.service.role_grant_request_withdraw(&request.caller, idempotency_key, id, version).await;
        RoleGrantRequestPayload::new(request, answer, Some(id)).await
    }
}

/// Deciding, and taking away.
#[derive(Default)]
pub struct GrantMutation;

#[Object(guard = "crate::graphql::guard::GRANTS")]
impl GrantMutation {
    /// 批准授权申请，即时生效（安全管理员；不能是申请人或被授权人）。管辖不及该单位者为该账号制作的代码、密钥同时作废。
    /// Approves a request; the right is there at once (a security administrator who neither asked nor gets it). Codes and secrets
    /// that were made for the account by somebody who is not over that unit end with it.
    async fn role_grant_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申请。\nThe request.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: RoleGrantApproveInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RoleGrantRequestPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::RoleGrantRequest, &id)?;
        let (version, reason) = (input.expected_version, input.reason);
        let answer = request.service.role_grant_approve(&request.caller, idempotency_key, id, version, reason).await;
        RoleGrantRequestPayload::new(request, answer, Some(id)).await
    }

    /// 不批准授权申请，须说明理由（安全管理员；不能是申请人或被授权人）。
    /// Refuses a request, with a reason (a security administrator who neither asked nor would get it).
    async fn role_grant_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申请。\nThe request.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: RoleGrantReasonInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RoleGrantRequestPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::RoleGrantRequest, &id)?;
        let (version, reason) = (input.expected_version, input.reason);
        let answer = request.service.role_grant_refuse(&request.caller, idempotency_key, id, version, reason).await;
        RoleGrantRequestPayload::new(request, answer, Some(id)).await
    }

    /// 收回授权，即时生效，无须第二人（安全管理员；不能收回本人的，系统管理员和安全管理员须各至少留一名）。
    /// Takes a right away at once, without a second person (a security administrator; not his own, and one system and one
    /// security administrator have to stay).
    async fn role_grant_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "授权。\nThe right.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: RoleGrantReasonInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<RoleGrantPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::RoleGrant, &id)?;
        let (version, reason) = (input.expected_version, input.reason);
        let answer = request.service.role_grant_revoke(&request.caller, idempotency_key, id, version, reason).await;
        RoleGrantPayload::new(request, answer, Some(id)).await
    }
}
