//! `bootstrap` and `invite`: codes from the operator at the machine, printed once; never a password.

use entity::vocabulary::{Role, UserKind};
use uuid::Uuid;

use super::house::{House, Older};
use super::{Bootstrap, Failure, Invite, data, output, token};
use crate::config::Settings;

use crate::service::operator::NewUser;
use crate::service::sign_in::{AuthStop, Code};

/// Makes the first administrators, each where there is none: 三员分立 from the first day on.
pub(super) async fn bootstrap(settings: &Settings, asked: &Bootstrap) -> Result<(), Failure> {
    let house = House::open(settings, Older::Migrate).await?;
    let unit = data::find_unit(&house.service, &asked.unit, "--unit").await?;
    if unit.parent_id.is_some() {
        return Err(Failure::new(
            format!("{} 不是根单位；第一批管理员须设在根单位。", unit.name),
            format!("{} is no root unit; the first administrators belong to a root.", unit.name),
        ));
    }
    let system = asked.login.clone().zip(asked.name.clone());
    let wanted = [
        (Role::SystemAdmin, system),
        (Role::SecurityAdmin, asked.security.clone()),
        (Role::AuditAdmin, asked.audit.clone()),
    ];
    let wanted: Vec<_> = wanted.into_iter().filter_map(|(role, who)| Some((role, who?))).collect();
    for (nth, (_, (login, _))) in wanted.iter().enumerate() {
        token::callable(login)?;
        let twice = wanted.iter().take(nth).any(|(_, (earlier, _))| earlier == login);
        if twice || house.service.store().user_by_login(login).await?.is_some() {
            return Err(Failure::new(
                format!("登录名 {login} 已存在，请换一个。"),
                format!("The login name {login} is taken; choose another."),
            ));
        }
    }
    let users = wanted.iter().map(|(role, (login, name))| {
        let (login, display_name) = (login.clone(), name.clone());
        (*role, NewUser { kind: UserKind::Person, login, display_name, unit: unit.id, grants: Vec::new() })
    });
    let codes = house.service.bootstrap(users.collect()).await.map_err(failed)?.map_err(held)?;
    for ((_, (login, _)), code) in wanted.iter().zip(&codes) {
        show(login, code);
    }
    house.close().await;
    Ok(())
}

fn held(role: Role) -> Failure {
    match role {
        Role::SecurityAdmin => Failure::new(
            "已有安全管理员。其他人的授权由两人办理；遗失口令可用 taizhang invite 登录名。",
            "There is a security administrator already; others are granted by two people; for a lost password: taizhang invite LOGIN.",
        ),
        Role::AuditAdmin => Failure::new(
            "已有审计管理员。其他人的授权由两人办理；遗失口令可用 taizhang invite 登录名。",
            "There is an audit administrator already; others are granted by two people; for a lost password: taizhang invite LOGIN.",
        ),
        _ => Failure::new(
            "已有系统管理员。新用户由其邀请；遗失口令可用 taizhang invite 登录名。",
            "There is a system administrator already, who invites others; for a lost password: taizhang invite LOGIN.",
        ),
    }
}

/// Prints a code for somebody who exists.
pub(super) async fn invite(settings: &Settings, asked: &Invite) -> Result<(), Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    let user = token::find(&house.service, &asked.user).await?;
    let user: Uuid = match user {
        Some(user) => user,
        None => return Err(token::unknown(&house.service, &asked.user).await?),
    };
    let code = house.service.operator_code(user, asked.remove_totp).await.map_err(failed)?;
    let code = code.ok_or_else(|| Failure::new("该用户已停用。", "The user is disabled."))?;
    show(&asked.user, &code);
    house.close().await;
    Ok(())
}

/// The code alone on standard output, so that it can be piped on; what to do with it beside it.
fn show(login: &str, code: &Code) {
    output::aside(&format!(
        "{login}：一次性代码，{} 前有效，用于设置口令 · one-time code for setting a password, good until {}\n\
         POST /auth/accept {{\"code\": \"…\", \"password\": \"…\"}}",
        token::clock_time(code.expires_at),
        code.expires_at.to_rfc3339()
    ));
    output::line(&code.text);
}

pub(super) fn failed(stop: AuthStop) -> Failure {
    match stop {
        AuthStop::Fault(fault) => fault.into(),
        AuthStop::Errors(errors) => Failure::refused(&errors),
        AuthStop::Refused | AuthStop::TotpRequired | AuthStop::TooMany(_) | AuthStop::Busy | AuthStop::Away => {
            Failure::new("操作未完成。", "It was not done.")
        }
    }
}
