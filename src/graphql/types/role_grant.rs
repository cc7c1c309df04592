//! Rights.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{role_grant, role_grant_request, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::role_grant_request::RoleGrantRequest;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, GrantAction, State, Subject};
use crate::graphql::context::{self, id};
use crate::graphql::enums::Role;
use crate::graphql::filter::{IdFilter, RoleFilter, filter_input};
use crate::graphql::loader::{LastOfPlace, ListsOfGrant};
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::grants;

object_of_row! {
    /// A right of a user.
    RoleGrant, role_grant::Model
}

connection! {
    /// 授权的分页列表。
    /// A page of rights.
    RoleGrantConnection,
    /// 授权及其游标。
    /// A right with its cursor.
    RoleGrantEdge, RoleGrant, role_grant::Model
}

filter_input! {
    /// 授权筛选。
    /// Which rights.
    RoleGrantFilter => grants::GrantLeaf {
        /// 用户。
        /// Whose.
        user: IdFilter => |v| v.keys(Kind::User)?,
        /// 单位。
        /// Where.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 角色。
        /// What.
        role: RoleFilter => |v| v.into(),
        /// 今日是否有效。
        /// Whether it holds today.
        in_force: bool => |v| v,
    }
}

/// 对一项授权可做的操作。
/// What the caller may do with a right.
#[derive(SimpleObject)]
pub struct RoleGrantPermissions {
    /// 收回。
    /// Take it away.
    revoke: Permission,
}

/// 授权：一名用户在一个单位担任一种角色。
/// A right of a user: a role at a unit.
#[Object]
impl RoleGrant {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::RoleGrant, self.0.id)
    }

    /// 用户；不可见时为空。
    /// The user; null when invisible.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 角色。
    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// 授权所在单位。
    /// Where it holds.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 服务账号的权限范围。
    /// The scopes of a service account.
    async fn scopes(&self) -> Vec<&str> {
        self.0.scopes.split_whitespace().collect()
    }

    /// 所限清单的标识；不限清单时为空。管理员看不到清单本身。
    /// The identifiers of the lists it is confined to; null when to none. Administrators do not see the lists themselves.
    async fn lists(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<ID>>> {
        if !self.0.named_lists {
            return Ok(None);
        }
        let lists = context::of(ctx)?.load(ListsOfGrant(self.0.id)).await?.unwrap_or_default();
        Ok(Some(lists.into_iter().map(|list| id(Kind::TaskList, list)).collect()))
    }

    /// 有效至（含当日）；为空表示长期。
    /// The last day on which it holds; null means without end.
    async fn valid_until(&self) -> Option<Date> {
        self.0.valid_until.map(Date)
    }

    /// 今日是否有效（不论用户是否停用）。
    /// Whether it holds today, the user being disabled or not.
    async fn in_force(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(grants::is_in_force(&self.0, context::of(ctx)?.today))
    }

    /// 所依据的申请；在服务器上设立的，或申请不可见时为空。
    /// The request it was approved for; null for what was given at the machine, and when invisible.
    async fn request(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<RoleGrantRequest>> {
        match self.0.request_id {
            Some(key) => {
                Ok(context::of(ctx)?.row::<role_grant_request::Entity>(key).await?.map(RoleGrantRequest::from))
            }
            None => Ok(None),
        }
    }

    /// 设立时间。
    /// When it was given.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 收回或到期清理的时间。
    /// When it was taken away, or found to be over.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// 收回人；到期的，或不可见时为空。
    /// Who took it away; null where it ran out, and when invisible.
    async fn ended_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.ended_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 收回的理由。
    /// Why it was taken away.
    async fn end_reason(&self) -> Option<&str> {
        self.0.end_reason.as_deref()
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<RoleGrantPermissions> {
        let request = context::of(ctx)?;
        let over = request.subject_over(self.0.unit_id).await?;
        let subject = Subject { is_it: self.0.user_id == request.actor().user_id, ..over };
        let last_of_place = request.load(LastOfPlace(self.0.id, request.today)).await?.unwrap_or_default();
        let state = State { grant_ended: self.0.ended_at.is_some(), last_of_place, ..State::default() };
        let action = Action::Grant(GrantAction::Revoke);
        Ok(RoleGrantPermissions { revoke: Permission::ask(action, subject, state, request.lang) })
    }
}
