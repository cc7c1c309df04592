//! `token`: an access token for a user, and a user when there is none yet.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::vocabulary::{Role, UserKind};
use uuid::Uuid;

use super::house::{House, Older};
use super::{Failure, Token, data, output};
use crate::authz::Scope;
use crate::config::Settings;
use crate::domain::text::{LOGIN_CHARS, OWN_LOGINS, is_login, is_reserved_login};
use crate::id::{GlobalId, Kind};
use crate::secrets::TokenMaker;
use crate::service::Service;
use crate::service::operator::{NewGrant, NewUser};

/// A token, and until when it is good.
pub(super) struct Minted {
    pub(super) token: String,
    pub(super) until: DateTime<Utc>,
}

/// Mints a token in a session of its own that ends with it.
pub(super) async fn mint(service: &Service, maker: &TokenMaker, user: Uuid, purpose: &str) -> Result<Minted, Failure> {
    let life = maker.rules().lifetime;
    let session = service.session_open(user, life, purpose).await?;
    let now = service.clock().now();
    let token = maker.mint(user, session, now, &**service.ids())?;
    Ok(Minted { token, until: now + life })
}

/// The moment as clerks write it, in Shanghai.
pub(super) fn clock_time(at: DateTime<Utc>) -> String {
    let shanghai = chrono::FixedOffset::east_opt(8 * 3600);
    shanghai
        .map_or_else(|| at.to_rfc3339(), |zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S +08:00").to_string())
}

/// Prints the token alone on standard output.
pub(super) async fn token(settings: &Settings, asked: &Token) -> Result<(), Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    house.signs()?;
    let (service, maker) = (&house.service, house.token_maker());
    let user = match find(service, &asked.user).await? {
        Some(user) => user,
        None if asked.create => create(service, asked).await?,
        None => return Err(unknown(service, &asked.user).await?),
    };
    let minted = mint(service, maker, user, "taizhang token").await?;
    output::aside(&format!(
        "{} · {} 前有效 · good until {}",
        GlobalId::new(Kind::User, user),
        clock_time(minted.until),
        minted.until.to_rfc3339()
    ));
    output::line(&minted.token);
    house.close().await;
    Ok(())
}

pub(super) async fn find(service: &Service, said: &str) -> Result<Option<Uuid>, Failure> {
    let found = match said.parse::<GlobalId>() {
        Ok(id) if id.kind == Kind::User => service.store().user_by_key(id.uuid).await?,
        _ => service.store().user_by_login(said).await?,
    };
    match found {
        Some(user) if user.disabled_at.is_some() => {
            Err(Failure::new(format!("用户 {said} 已停用。"), format!("The user {said} is disabled.")))
        }
        Some(user) => Ok(Some(user.id)),
        None => Ok(None),
    }
}

pub(super) async fn unknown(service: &Service, said: &str) -> Result<Failure, Failure> {
    let known = service.store().logins(12).await?;
    let names = known.iter().map(|user| user.login.as_str()).collect::<Vec<_>>().join(", ");
    let (zh, en) = if names.is_empty() {
        ("目前还没有任何用户。".to_owned(), "There are no users yet.".to_owned())
    } else {
        (format!("已有登录名：{names}。"), format!("Known logins: {names}."))
    };
    Ok(Failure::new(
        format!("没有用户 {said}。{zh}可用 --create --unit 单位 --role 角色 新建。"),
        format!("There is no user {said}. {en} Make one with --create --unit UNIT --role ROLE."),
    ))
}

/// Refuses a login name that nobody could read or type.
pub(super) fn callable(login: &str) -> Result<(), Failure> {
    if is_reserved_login(login) {
        return Err(Failure::new(
            format!("登录名 {login:?} 不可用：“{OWN_LOGINS}”开头的留给本程序，请换一个。"),
            format!("The login name {login:?} will not do: {OWN_LOGINS} begins the program's own; choose another."),
        ));
    }
    if is_login(login) {
        return Ok(());
    }
    Err(Failure::new(
        format!("登录名 {login:?} 不可用：只能用可见字符，不含空格，至多 {LOGIN_CHARS} 字。"),
        format!("The login name {login:?} will not do: visible characters, no blanks, {LOGIN_CHARS} at most."),
    ))
}

async fn create(service: &Service, asked: &Token) -> Result<Uuid, Failure> {
    callable(&asked.user)?;
    let unit = data::find_unit(service, asked.unit.as_deref().unwrap_or_default(), "--unit").await?;
    let separate = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    if separate.iter().filter(|role| asked.role.contains(role)).count() > 1 {
        return Err(Failure::new(
            "系统、安全、审计三类管理员不得由一人兼任。",
            "Nobody may hold two of SYSTEM_ADMIN, SECURITY_ADMIN and AUDIT_ADMIN.",
        ));
    }
    let grants = asked.role.iter().map(|role| NewGrant {
        role: *role,
        unit: unit.id,
        scopes: if *role == Role::Integration { Scope::ALL.to_vec() } else { Vec::new() },
    });
    let machine = asked.role.contains(&Role::Integration);
    let user = NewUser {
        kind: if machine { UserKind::Service } else { UserKind::Person },
        login: asked.user.clone(),
        display_name: asked.name.clone().unwrap_or_else(|| asked.user.clone()),
        unit: unit.id,
        grants: grants.collect(),
    };
    Ok(service.user_add(user).await?)
}

/// Minutes, for people.
pub(super) fn minutes(life: Duration) -> u64 {
    life.as_secs().div_ceil(60)
}
