//! What a message says that is about its reader's own account and rights, or about what waits for a keeper of rights.

use entity::unit;
use entity::vocabulary::NotificationKind as Kind;

use super::notification::Notification;
use crate::graphql::context::RequestContext;

/// The sentence, if it is one of these: no name and no number of anybody.
pub(super) async fn sentence(told: &Notification, request: &RequestContext) -> async_graphql::Result<Option<String>> {
    let own = told.0.subject_id == request.actor().user_id;
    let at = async || -> async_graphql::Result<Option<String>> {
        Ok(request.row::<unit::Entity>(told.0.unit_id).await?.map(|unit| unit.name.clone()))
    };
    let (zh, en) = match told.0.kind {
        Kind::PasswordReset => (
            "您的口令已被重置，全部会话已结束；如非您本人要求，请立即告知安全管理员。",
            "Your password was reset and your sessions ended; if you did not ask for it, tell a security administrator at once.",
        ),
        Kind::PasswordChanged => (
            "您的口令已修改，其他会话已结束；如非本人操作，请立即请系统管理员重置。",
            "Your password was changed and your other sessions ended; if it was not you, have it reset at once.",
        ),
        Kind::TotpEnrolled => (
            "您的账号已启用动态口令，其他会话已结束；如非本人操作，请立即请系统管理员重置。",
            "One-time passwords were set up for your account; if it was not you, have your password reset at once.",
        ),
        Kind::TotpRemoved => (
            "您的账号已不再要求动态口令；如非您本人要求，请立即告知安全管理员。",
            "One-time passwords of your account were taken away; if you did not ask for it, tell a security administrator at once.",
        ),
        Kind::IdentityLinked => (
            "您的账号已绑定外部身份，可用其登录；如非本人操作，请立即解除并修改口令。",
            "An identity elsewhere was linked to your account; if it was not you, take it away and change your password.",
        ),
        Kind::IdentityUnlinked => {
            ("您的账号已解除一个外部身份的绑定。", "An identity elsewhere was taken away from your account.")
        }
        Kind::SessionsEnded => {
            ("系统管理员结束了您的会话，请重新登录。", "A system administrator ended your sessions; sign in again.")
        }
        Kind::RefreshReplayed => (
            "您的一个会话因续期令牌被重复使用而结束，令牌可能已被他人取得；如有疑问请修改口令。",
            "One of your sessions ended because a refresh token came twice: somebody else may have had it. In doubt change your password.",
        ),
        Kind::AccountLocked => (
            "您的账号因多次登录失败被暂时锁定；如非本人操作，请告知系统管理员。",
            "Your account was locked for a while after failed attempts; if they were not yours, tell a system administrator.",
        ),
        Kind::TotpRemovalRequested if own => (
            "有人申请解除您的动态口令，批准前仍然有效；如非您本人要求，请拒绝该申请并告知安全管理员。",
            "It was asked that your one-time passwords be taken away; they are good until it is approved. If you did not ask for it, decline it.",
        ),
        Kind::GrantGiven | Kind::GrantEnded | Kind::GrantRequested | Kind::TotpRemovalRequested => {
            let Some(unit) = at().await? else { return Ok(None) };
            let (zh, en) = match told.0.kind {
                Kind::GrantGiven => {
                    (format!("您在{unit}获得了一项授权。"), format!("You were given a right at {unit}."))
                }
                Kind::GrantEnded => {
                    (format!("您在{unit}的一项授权已收回。"), format!("A right of yours at {unit} was taken away."))
                }
                Kind::GrantRequested => (
                    format!("有一项{unit}的授权申请待审批。"),
                    format!("A request for a right at {unit} waits for a decision."),
                ),
                _ => (
                    format!("有一项解除{unit}用户动态口令的申请待审批，请先与本人核实。"),
                    format!(
                        "It is asked to take one-time passwords away from a user of {unit}; ask the person before you decide."
                    ),
                ),
            };
            return Ok(Some(request.lang.pick(&zh, &en).to_owned()));
        }
        _ => return Ok(None),
    };
    Ok(Some(request.lang.pick(zh, en).to_owned()))
}
