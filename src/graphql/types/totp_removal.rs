//! That somebody's one-time passwords be taken away.

use async_graphql::{Context, Object, SimpleObject};
use entity::{totp_removal, user_account};

use super::object_of_row;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject, UserAction};
use crate::graphql::context;
use crate::graphql::enums::RoleGrantRequestStatus;
use crate::graphql::scalar::DateTime;

object_of_row! {
    /// That somebody's one-time passwords be taken away.
    TotpRemoval, totp_removal::Model
}

/// 当前登录者对解除动态口令申请可做的操作。
/// What the caller may do with a request that one-time passwords be taken away.
#[derive(SimpleObject)]
pub struct TotpRemovalPermissions {
    /// 批准。
    /// Approve it.
    approve: Permission,
    /// 不予解除（安全管理员）、撤回（申请人）或拒绝（本人）。
    /// End it without that: refused by a security administrator, taken back by whoever asked, or declined by the person.
    refuse: Permission,
}

/// 解除动态口令的申请：重置口令的人提出，安全管理员审批；批准前原动态口令仍然有效。
/// A request that one-time passwords be taken away: made with a reset, decided by a security administrator; until then the
/// present ones stay good.
#[Object]
impl TotpRemoval {
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

    /// 申请时间。
    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.created_at)
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

    /// 逾此时未审批即失效。
    /// From when on nobody can approve it any more.
    async fn lapses_at(&self) -> DateTime {
        DateTime(self.0.lapses_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<TotpRemovalPermissions> {
        let request = context::of(ctx)?;
        let me = request.actor().user_id;
        let over = match request.row::<user_account::Entity>(self.0.user_id).await? {
            Some(user) => request.subject_over(user.unit_id).await?,
            None => Subject::default(),
        };
        let subject = Subject { is_it: self.0.user_id == me, asked_for_it: self.0.requested_by == me, ..over };
        let lapsed = self.0.lapses_at <= request.actor().at;
        let state = State { grant_request: Some(self.0.status), lapsed, ..State::default() };
        let ask = |action| Permission::ask(Action::User(action), subject, state, request.lang);
        Ok(TotpRemovalPermissions {
            approve: ask(UserAction::TotpRemovalApprove),
            refuse: ask(UserAction::TotpRemovalRefuse),
        })
    }
}
