//! `bootstrap` and `invite`: codes from the operator at the machine, printed once; never a password.

use entity::vocabulary::UserKind;
use uuid::Uuid;

use super::house::{House, Older};
use super::{Bootstrap, Failure, Invite, data, output, token};
use crate::config::Settings;
use crate::service::operator::NewUser;
use crate::service::sign_in::{AuthStop, Code};

/// Makes the first system administrator, where there is none.
pub(super) async fn bootstrap(settings: &Settings, asked: &Bootstrap) -> Result<(), Failure> {
    let house = House::open(settings, Older::Migrate).await?;
    let unit = data::find_unit(&house.service, &asked.unit, "--unit").await?;
    if unit.parent_id.is_some() {
        return Err(Failure::new(
            format!("{} 不是根单位；第一个系统管理员须设在根单位。", unit.name),
            format!("{} is no root unit; the first system administrator belongs to a root.", unit.name),
        ));
    }
    if house.service.store().user_by_login(&asked.login).await?.is_some() {
        return Err(Failure::new(
            format!("登录名 {} 已存在，请换一个。", asked.login),
            format!("The login name {} is taken; choose another.", asked.login),
        ));
    }
    let user = NewUser {
        kind: UserKind::Person,
        login: asked.login.clone(),
        display_name: asked.name.clone(),
        unit: unit.id,
        grants: Vec::new(),
    };
    let made = house.service.bootstrap(user).await.map_err(failed)?;
    let Some(code) = made else {
        return Err(Failure::new(
            "已有系统管理员。新用户由其邀请；遗失口令可用 taizhang invite 登录名。",
            "There is a system administrator already, who invites others; for a lost password: taizhang invite LOGIN.",
        ));
    };
    show(&asked.login, &code);
    house.close().await;
    Ok(())
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

fn failed(stop: AuthStop) -> Failure {
    match stop {
        AuthStop::Fault(fault) => fault.into(),
        AuthStop::Errors(errors) => Failure::refused(&errors),
        AuthStop::Refused | AuthStop::TotpRequired | AuthStop::TooMany(_) | AuthStop::Busy => {
            Failure::new("操作未完成。", "It was not done.")
        }
    }
}
