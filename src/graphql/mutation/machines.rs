//! Upkeep of service accounts by the system administrator.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::vocabulary::UserKind;
use entity::{service_secret, user_account};
use uuid::Uuid;

use super::{VersionInput, payload};
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::scalar::Date;
use crate::graphql::types::service_secret::{ServiceAccount, ServiceAccountSecret};
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::machines::{MachineNew, SecretMade};

/// 新建的服务账号。
/// A service account that is made.
#[derive(InputObject)]
pub struct ServiceAccountCreateInput {
    /// 所属单位。
    /// The unit it belongs to.
    unit: ID,
    /// 登录名，本系统内唯一，至多 64 字，不含空格；取令牌用标识而非登录名。
    /// The login name, unique in this installation, at most 64 characters without blanks; tokens are had by the identifier.
    login: String,
    /// 名称，至多 200 字。
    /// The name, at most 200 characters.
    display_name: String,
}

/// 新建的密钥。
/// A secret that is made.
#[derive(InputObject)]
pub struct ServiceAccountSecretCreateInput {
    /// 最后有效日，令牌至多到该日结束；不填为不限期。
    /// The last day on which it is good, and with which its tokens end; without end unless said.
    expires_on: Option<Date>,
}

/// 服务账号变更的结果。
/// What came of a change of a service account.
#[derive(SimpleObject)]
pub struct ServiceAccountPayload {
    /// 服务账号的最新状态；不可见时为空。
    /// The service account as it is now; null when invisible.
    service_account: Option<ServiceAccount>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

impl ServiceAccountPayload {
    async fn new(request: &RequestContext, answer: Answer<Uuid>, meant: Option<Uuid>) -> async_graphql::Result<Self> {
        let (key, errors) = match answer.map_err(top_level)? {
            Ok(key) => (Some(key), Vec::new()),
            Err(errors) => (meant, errors),
        };
        let service_account = match key {
            Some(key) => account(request, key).await?,
            None => None,
        };
        let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
        Ok(Self { service_account, user_errors })
    }
}

/// The account as it is now; a person is none.
async fn account(request: &RequestContext, key: Uuid) -> async_graphql::Result<Option<ServiceAccount>> {
    let row = request.fresh::<user_account::Entity>(key).await?;
    Ok(row.filter(|row| row.kind == UserKind::Service).map(ServiceAccount::from))
}

payload! {
    /// 收回密钥的结果。
    /// What came of taking a secret back.
    ServiceAccountSecretPayload {
        /// 密钥的最新状态；不可见时为空。
        /// The secret as it is now; null when invisible.
        secret: ServiceAccountSecret, service_secret
    }
}

/// 新建密钥的结果。
/// What came of making a secret.
#[derive(SimpleObject)]
pub struct ServiceAccountSecretCreatePayload {
    /// 服务账号；不可见时为空。
    /// The service account; null when invisible.
    service_account: Option<ServiceAccount>,
    /// 新建的密钥；未新建时为空。
    /// The secret that was made; null when none was.
    secret: Option<ServiceAccountSecret>,
    /// 密钥本身，仅此一次可见，请经可靠途径转交；同一幂等键重复调用不再给出。
    /// What it is, shown this once, to be handed over by a safe way; a repeated call with the same key gives none.
    client_secret: Option<String>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

impl ServiceAccountSecretCreatePayload {
    async fn new(request: &RequestContext, answer: Answer<SecretMade>, meant: Uuid) -> async_graphql::Result<Self> {
        let (made, errors) = match answer.map_err(top_level)? {
            Ok(made) => (Some(made), Vec::new()),
            Err(errors) => (None, errors),
        };
        let secret = match &made {
            Some(made) => request.fresh::<service_secret::Entity>(made.secret).await?.map(ServiceAccountSecret::from),
            None => None,
        };
        Ok(Self {
            service_account: account(request, meant).await?,
            secret,
            client_secret: made.and_then(|made| made.text),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}

/// Upkeep of service accounts.
#[derive(Default)]
pub struct MachineMutation;

#[Object(guard = "crate::graphql::guard::USERS")]
impl MachineMutation {
    /// 新建服务账号，尚无任何授权和密钥（系统管理员）。
    /// Makes a service account, which has no grant and no secret yet (the system administrator).
    async fn service_account_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe service account.")] input: ServiceAccountCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ServiceAccountPayload> {
        let request = context::of(ctx)?;
        let unit = key(Kind::Unit, &input.unit)?;
        let new = MachineNew { unit, login: input.login, display_name: input.display_name };
        let answer = request.service.machine_create(&request.caller, idempotency_key, new).await;
        ServiceAccountPayload::new(request, answer, None).await
    }

    /// 停用服务账号，其令牌即刻失效（系统管理员）。
    /// Disables a service account, whose tokens end at once (the system administrator).
    async fn service_account_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "服务账号。\nThe service account.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ServiceAccountPayload> {
        enable(ctx, id, input, idempotency_key, false).await
    }

    /// 重新启用服务账号，须重新取令牌（系统管理员）。
    /// Enables a service account again, which has to get new tokens (the system administrator).
    async fn service_account_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "服务账号。\nThe service account.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ServiceAccountPayload> {
        enable(ctx, id, input, idempotency_key, true).await
    }

    /// 为服务账号新建密钥；至多两个同时有效，以便不间断更换（系统管理员）。
    /// Makes a secret of a service account; two at most are good at once, so that they are changed without a pause (the
    /// system administrator).
    async fn service_account_secret_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "服务账号。\nThe service account.")] id: ID,
        #[graphql(desc = "内容。\nThe secret.")] input: ServiceAccountSecretCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ServiceAccountSecretCreatePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::User, &id)?;
        let last = input.expires_on.map(|day| day.0);
        let answer = request.service.machine_secret_create(&request.caller, idempotency_key, id, last).await;
        ServiceAccountSecretCreatePayload::new(request, answer, id).await
    }

    /// 收回服务账号的密钥，用它取的令牌即刻失效（系统管理员）。
    /// Takes a secret of a service account back; the tokens it got end at once (the system administrator).
    async fn service_account_secret_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "密钥。\nThe secret.")] id: ID,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ServiceAccountSecretPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ServiceAccountSecret, &id)?;
        let answer = request.service.machine_secret_revoke(&request.caller, idempotency_key, id).await;
        ServiceAccountSecretPayload::new(request, answer, Some(id)).await
    }
}

async fn enable(
    ctx: &Context<'_>,
    id: ID,
    input: VersionInput,
    idempotency_key: Option<String>,
    enabled: bool,
) -> async_graphql::Result<ServiceAccountPayload> {
    let request = context::of(ctx)?;
    let id = key(Kind::User, &id)?;
    let answer =
        request.service.machine_enable(&request.caller, idempotency_key, id, input.expected_version, enabled).await;
    ServiceAccountPayload::new(request, answer, Some(id)).await
}
