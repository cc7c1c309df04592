//! Requests for rights.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{role_grant_request, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, GrantAction, State, Subject};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{Role, RoleGrantRequestStatus};
use crate::graphql::filter::{IdFilter, RoleFilter, filter_input};
use crate::graphql::loader::ListsOfGrantRequest;
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::grants;

object_of_row! {
    /// A request for a right.
    RoleGrantRequest, role_grant_request::Model
}

connection! {
    /// 授权申请的分页列表。
    /// A page of requests for rights.
    RoleGrantRequestConnection,
    /// 授权申请及其游标。
    /// A request for a right with its cursor.
    RoleGrantRequestEdge, RoleGrantRequest, role_grant_request::Model
}

filter_input! {
    /// 授权申请筛选。
    /// Which requests for rights.
    RoleGrantRequestFilter => grants::GrantRequestLeaf {
        /// 为谁申请。
        /// For whom.
        user: IdFilter => |v| v.keys(Kind::User)?,
        /// 单位。
        /// Where.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 角色。
        /// What.
        role: RoleFilter => |v| v.into(),
        /// 状态，属于其一。
        /// In one of these states.
        status: Vec<RoleGrantRequestStatus> => |v| v.into_iter().map(Into::into).collect(),
    }
}

/// 对授权申请可做的操作。
/// What the caller may do with a request for a right.
#[derive(SimpleObject)]
pub struct RoleGrantRequestPermissions {
    /// 批准。
    /// Approve it.
    approve: Permission,
    /// 不批准。
    /// Refuse it.
    refuse: Permission,
    /// 撤回。
    /// Take it back.
    withdraw: Permission,
}

/// 授权申请：一人申请，另一人审批；申请人和被授权人都不能审批。
/// A request for a right: one person asks, another decides, and neither the asker nor the one it is for.
#[Object]
impl RoleGrantRequest {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::RoleGrantRequest, self.0.id)
    }

    /// 为谁申请；不可见时为空。
    /// For whom; null when invisible.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 角色。
    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// 单位。
    /// Where it would hold.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 服务账号的权限范围。
    /// The scopes of a service account.
    async fn scopes(&self) -> Vec<&str> {
        self.0.scopes.split_whitespace().collect()
    }

    /// 所限清单的标识；不限清单时为空。管理员看不到清单本身。
    /// The identifiers of the lists it would be confined to; null when to none. Administrators do not see the lists
    /// themselves.
    async fn lists(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<ID>>> {
        if !self.0.named_lists {
            return Ok(None);
        }
        let lists = context::of(ctx)?.load(ListsOfGrantRequest(self.0.id)).await?.unwrap_or_default();
        Ok(Some(lists.into_iter().map(|list| id(Kind::TaskList, list)).collect()))
    }

    /// 有效至（含当日）；为空表示长期。
    /// The last day on which it would hold; null means without end.
    async fn valid_until(&self) -> Option<Date> {
        self.0.valid_until.map(Date)
    }

    /// 理由。
    /// The reason.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// 状态。
    /// Where it stands.
    async fn status(&self, ctx: &Context<'_>) -> async_graphql::Result<RoleGrantRequestStatus> {
        Ok(RoleGrantRequestStatus::of(self.0.status, self.0.lapses_at <= context::of(ctx)?.actor().at))
    }

    /// 申请人；不可见时为空。
    /// Who asked; null when invisible.
    async fn requested_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.requested_by).await?.map(User::from))
    }

    /// 审批人；不可见时为空。
    /// Who decided; null when invisible.
    async fn decided_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.decided_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 审批时间。
    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// 审批意见。
    /// What was said.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// 逾此时未审批即失效。
    /// From when on nobody can decide it any more.
    async fn lapses_at(&self) -> DateTime {
        DateTime(self.0.lapses_at)
    }

    /// 申请时间。
    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<RoleGrantRequestPermissions> {
        let request = context::of(ctx)?;
        let (me, over) = (request.actor().user_id, request.subject_over(self.0.unit_id).await?);
        let subject = Subject { is_it: self.0.user_id == me, asked_for_it: self.0.requested_by == me, ..over };
        let lapsed = self.0.lapses_at <= request.actor().at;
        let state = State { grant_request: Some(self.0.status), lapsed, ..State::default() };
        let ask = |action| Permission::ask(Action::Grant(action), subject, state, request.lang);
        Ok(RoleGrantRequestPermissions {
            approve: ask(GrantAction::Approve),
            refuse: ask(GrantAction::Refuse),
            withdraw: ask(GrantAction::Withdraw),
        })
    }
}
