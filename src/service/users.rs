//! Upkeep of users by the system administrator: invited, reset, disabled, enabled. What they may do is granted elsewhere.

use entity::vocabulary::{CodeKind, NotificationKind, Realm, UserKind};
use entity::{role_grant, unit, user_account};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::directory::{NAME_CHARS, unique};
use super::grants::over;
use super::notices::About;
use super::second_factor;
use super::sign_in::{Code, UNLINK};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, POWERS_APART, State, Subject, UserAction, decide};
use crate::domain::text::{LOGIN_CHARS, is_login, is_reserved_login};
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Somebody who is to be invited.
#[derive(Clone, Debug, Serialize)]
pub struct UserInvite {
    /// The unit the user acts for.
    pub unit: Uuid,
    /// The login name, unique.
    pub login: String,
    /// The name shown.
    pub display_name: String,
    /// A person or a machine.
    pub kind: UserKind,
    /// On which side of the house, for good.
    pub realm: Realm,
}

/// A user, and the code he sets his password with. The code is not kept: whoever asks again with the same key gets none.
#[derive(Clone, Serialize, Deserialize)]
pub struct UserWithCode {
    /// The user.
    pub user: Uuid,
    /// The code, the first time.
    #[serde(skip)]
    pub code: Option<Code>,
}

impl Service {
    /// Makes a user without any grant, and a code for the first password.
    pub async fn user_invite(&self, caller: &Caller, key: Option<String>, input: UserInvite) -> Answer<UserWithCode> {
        let mut work = begin!(self, caller, Call::new("userInvite", key, &input)?);
        let result = invite(&mut work, input).await;
        work.end(result).await
    }

    /// Takes a user's password and sessions away and gives a code for a new one.
    pub async fn user_password_reset(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        remove_totp: bool,
    ) -> Answer<UserWithCode> {
        let call = Call::new("userPasswordReset", key, &(id, version, remove_totp))?;
        let mut work = begin!(self, caller, call);
        let result = reset(&mut work, id, version, remove_totp).await;
        work.end(result).await
    }

    /// Says that a user may not act any more, or may again; his sessions are over.
    pub async fn user_enable(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        enabled: bool,
    ) -> Answer<Uuid> {
        let operation = if enabled { "userEnable" } else { "userDisable" };
        let mut work = begin!(self, caller, Call::new(operation, key, &(id, version))?);
        let result = enable(&mut work, id, version, enabled).await;
        work.end(result).await
    }
}

async fn invite(work: &mut Work, input: UserInvite) -> Result<UserWithCode, Stop> {
    let at = work.tx.visible::<unit::Entity>(&work.actor, input.unit).await?;
    let Some(at) = at else { return Err(UserError::not_found_at("input.unit").into()) };
    decide(Action::User(UserAction::Keep), over(work, at.id).await?, State::default())?;

    let mut checks = Checks::default();
    if input.kind == UserKind::Service {
        let message = Message::SignIn(SignInMessage::MachineNotInvited);
        checks.fail(UserErrorCode::InvalidFormat, message, "input.kind");
    }
    let id = add(work, &at, input, checks).await?;
    let made_by = Some(work.actor.user_id);
    let code = work.service().make_code(&work.tx, id, CodeKind::Invitation, made_by, work.now).await?;
    work.audit(GlobalId::new(Kind::User, id), &["unit", "login", "displayName", "kind", "realm", "code"]);
    Ok(UserWithCode { user: id, code: Some(code) })
}

/// Adds an account without any right, or says everything that is wrong with it.
pub(super) async fn add(
    work: &mut Work,
    at: &unit::Model,
    input: UserInvite,
    mut checks: Checks,
) -> Result<Uuid, Stop> {
    let login = checks.text(&input.login, LOGIN_CHARS, "input.login");
    if !login.is_empty() && !is_login(&login) {
        let message = Message::SignIn(SignInMessage::BadLogin);
        checks.fail(UserErrorCode::InvalidFormat, message, "input.login");
    }
    if is_reserved_login(&login) {
        let message = Message::SignIn(SignInMessage::ReservedLogin);
        checks.fail(UserErrorCode::InvalidFormat, message, "input.login");
    }
    let display_name = checks.text(&input.display_name, NAME_CHARS, "input.displayName");
    if !at.active {
        checks.fail(UserErrorCode::InvalidState, Message::UnitInactive(at.name.clone()), "input.unit");
    }
    checks.done()?;

    let id = work.id();
    let row = user_account::Model {
        id,
        kind: input.kind,
        realm: input.realm,
        unit_id: at.id,
        login: login.clone(),
        display_name,
        phone_ciphertext: None,
        disabled_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    unique(work.tx.insert::<user_account::Entity>(row).await, &login, "input.login")?;
    Ok(id)
}

async fn reset(work: &mut Work, id: Uuid, version: i32, remove_totp: bool) -> Result<UserWithCode, Stop> {
    let row = kept(work, id, UserAction::Reset, false).await?;
    expect_version(row.version, version)?;
    if row.disabled_at.is_some() {
        let message = Message::SignIn(SignInMessage::UserDisabled);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    if row.kind == UserKind::Service {
        let message = Message::SignIn(SignInMessage::MachinePassword);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    let service = work.service().clone();
    let enrolled = work.tx.credential(id).await?.is_some_and(|own| own.totp_confirmed_at.is_some());
    // With the code in hand there is nothing left but the second factor. Whoever takes that away too, or sets up the first
    // one of somebody who must have one, would be that person: it waits for a second pair of eyes.
    let alone = service.authenticator().totp_roles();
    let asks = if enrolled { remove_totp } else { work.tx.holds_any(id, alone, work.today).await? };
    let made_by = Some(work.actor.user_id);
    for link in service.take_password(&work.tx, id, !enrolled, made_by, work.now).await? {
        work.audit_also(UNLINK, link, &["endedAt"]);
    }
    let code = work.service().make_code(&work.tx, id, CodeKind::Reset, made_by, work.now).await?;
    // Counted on, so that of two who reset side by side the second learns that his code would void the first one's.
    let row = user_account::Model { version: row.version + 1, updated_at: work.now, ..row };
    work.tx.update::<user_account::Entity>(row.clone()).await?;
    if asks {
        second_factor::ask(work, &row).await?;
    }
    service.tell_about(&work.tx, About::account(NotificationKind::PasswordReset, &row), work.now).await?;
    work.audit(GlobalId::new(Kind::User, id), &["password", "code"]);
    Ok(UserWithCode { user: id, code: Some(code) })
}

async fn enable(work: &mut Work, id: Uuid, version: i32, enabled: bool) -> Result<Uuid, Stop> {
    let row = kept(work, id, UserAction::Keep, !enabled).await?;
    if row.kind == UserKind::Service {
        let message = Message::SignIn(SignInMessage::MachineSwitched);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    switch(work, row, version, enabled).await
}

/// Disables or enables an account that the actor keeps, claimed.
pub(super) async fn switch(
    work: &mut Work,
    row: user_account::Model,
    version: i32,
    enabled: bool,
) -> Result<Uuid, Stop> {
    let id = row.id;
    expect_version(row.version, version)?;
    if enabled && row.disabled_at.is_none() {
        let message = Message::SignIn(SignInMessage::UserEnabled);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    let disabled_at = if enabled { None } else { row.disabled_at.or(Some(work.now)) };
    // Nothing that was open before comes back to life, and no code made before is taken up afterwards.
    work.tx.sessions_end(id, None, work.now).await?;
    work.tx.one_time_codes_void(id).await?;
    let row = user_account::Model { disabled_at, version: row.version + 1, updated_at: work.now, ..row };
    work.tx.update::<user_account::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::User, id), &["disabledAt"]);
    Ok(id)
}

/// A user whom the actor keeps, claimed. Where he is sent away, somebody has to stay in his place.
pub(super) async fn kept(work: &Work, id: Uuid, action: UserAction, away: bool) -> Result<user_account::Model, Stop> {
    let row = work.tx.claimed::<user_account::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    let subject = Subject {
        is_it: row.id == work.actor.user_id,
        of_another_power: work.tx.holds_any(row.id, &POWERS_APART, work.today).await?,
        ..over_all(work, &row).await?
    };
    let last_of_place = away && row.disabled_at.is_none() && is_last(work, &row).await?;
    decide(Action::User(action), subject, State { last_of_place, ..State::default() })?;
    Ok(row.into_inner())
}

/// Over the unit he acts for and over every unit at which he holds something: else whoever keeps the users of a part of
/// the place would become, by a reset, somebody who is over him.
pub(super) async fn over_all(work: &Work, user: &user_account::Model) -> Result<Subject, Stop> {
    let grants = work.tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user.id]).await?;
    let in_force = grants.iter().filter(|grant| grant.ended_at.is_none()).map(|grant| grant.unit_id);
    let units: Vec<Uuid> = in_force.chain([user.unit_id]).collect();
    let above = work.tx.ancestors(&units).await?;
    let system_admin = units.iter().all(|unit| above.get(unit).is_some_and(|above| work.actor.administers(above)));
    let security_admin = units.iter().all(|unit| above.get(unit).is_some_and(|above| work.actor.keeps_grants(above)));
    Ok(Subject { system_admin, security_admin, ..Subject::default() })
}

/// Whether without this user nobody would keep the users, or the grants, of the place.
async fn is_last(work: &Work, user: &user_account::Model) -> Result<bool, Stop> {
    if user.realm == Realm::Business {
        return Ok(false);
    }
    // Two who are sent away side by side wait for each other here.
    work.tx.unit_claimed(work.actor.root_id).await?;
    let grants = work.tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user.id]).await?;
    for grant in grants.iter().filter(|grant| grant.ended_at.is_none()) {
        if work.tx.is_last_of_place(grant, work.today).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
