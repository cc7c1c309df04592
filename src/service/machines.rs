//! Upkeep of service accounts by the system administrator: made, disabled, enabled, and given secrets. What they may do is
//! granted elsewhere; whoever makes one gives it nothing.

use chrono::NaiveDate;
use entity::vocabulary::{Realm, UserKind};
use entity::{service_secret, unit, user_account};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grants::over;
use super::sign_in::is_live;
use super::users::{UserInvite, add, over_all, switch};
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, MachineAction, State, Subject, decide};
use crate::error::{Fault, Message, SignInMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::secrets::opaque;
use crate::store::StoreError;

/// Secrets of one account that are in use at once: the old one and the new one, while they are changed.
const SECRETS: usize = 2;

/// A service account that is to be made.
#[derive(Clone, Debug, Serialize)]
pub struct MachineNew {
    /// The unit it belongs to.
    pub unit: Uuid,
    /// The login name, unique among all users.
    pub login: String,
    /// The name shown.
    pub display_name: String,
}

/// A secret that was just made. It is shown now or never: whoever asks again with the same key gets none.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretMade {
    /// The service account.
    pub user: Uuid,
    /// The secret's row.
    pub secret: Uuid,
    /// The secret, the first time.
    #[serde(skip)]
    pub text: Option<String>,
}

impl Service {
    /// Makes a service account without any grant and without a secret.
    pub async fn machine_create(&self, caller: &Caller, key: Option<String>, input: MachineNew) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("serviceAccountCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Says that a service account may not act any more, or may again; its sessions are over.
    pub async fn machine_enable(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        enabled: bool,
    ) -> Answer<Uuid> {
        let operation = if enabled { "serviceAccountEnable" } else { "serviceAccountDisable" };
        let mut work = begin!(self, caller, Call::new(operation, key, &(id, version))?);
        let result = enable(&mut work, id, version, enabled).await;
        work.end(result).await
    }

    /// Makes a secret beside the one in use, so that it can be changed without a pause.
    pub async fn machine_secret_create(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expires_on: Option<NaiveDate>,
    ) -> Answer<SecretMade> {
        let mut work = begin!(self, caller, Call::new("serviceAccountSecretCreate", key, &(id, expires_on))?);
        let result = secret_create(&mut work, id, expires_on).await;
        work.end(result).await
    }

    /// Takes a secret back; the tokens that it got are over with the next request.
    pub async fn machine_secret_revoke(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("serviceAccountSecretRevoke", key, &id)?);
        let result = secret_revoke(&mut work, id).await;
        work.end(result).await
    }
}

async fn create(work: &mut Work, input: MachineNew) -> Result<Uuid, Stop> {
    let at = work.tx.visible::<unit::Entity>(&work.actor, input.unit).await?;
    let Some(at) = at else { return Err(UserError::not_found_at("input.unit").into()) };
    decide(Action::Machine(MachineAction::Keep), over(work, at.id).await?, State::default())?;
    let (login, display_name) = (input.login, input.display_name);
    let new = UserInvite { unit: at.id, login, display_name, kind: UserKind::Service, realm: Realm::Business };
    let id = add(work, &at, new, Checks::default()).await?;
    work.audit(GlobalId::new(Kind::User, id), &["unit", "login", "displayName", "kind"]);
    Ok(id)
}

async fn enable(work: &mut Work, id: Uuid, version: i32, enabled: bool) -> Result<Uuid, Stop> {
    let row = kept(work, id, MachineAction::Keep).await?;
    switch(work, row, version, enabled).await
}

async fn secret_create(work: &mut Work, id: Uuid, expires_on: Option<NaiveDate>) -> Result<SecretMade, Stop> {
    let row = kept(work, id, MachineAction::Secret).await?;
    let mut checks = Checks::default();
    if row.disabled_at.is_some() {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::UserDisabled), "id");
    }
    if expires_on.is_some_and(|last| last < work.today) {
        checks.fail(UserErrorCode::OutOfRange, Message::SignIn(SignInMessage::LastDayOver), "input.expiresOn");
    }
    let now = work.now;
    if work.tx.service_secrets_in_use(id, work.today).await?.len() >= SECRETS {
        checks.fail(UserErrorCode::Limit, Message::SignIn(SignInMessage::SecretsFull(SECRETS)), "id");
    }
    checks.done()?;

    let random = work.service().authenticator().random().clone();
    let fault = |error: crate::secrets::SecretsError| Stop::Fault(Fault::Internal(error.to_string()));
    let text = opaque::new(opaque::SECRET, &*random).map_err(fault)?;
    let digest = opaque::digest(opaque::SECRET, &text);
    let secret = service_secret::Model {
        id: work.id(),
        user_id: id,
        secret_digest: digest.ok_or(StoreError::Misuse("a secret that is none"))?,
        created_at: now,
        made_by: Some(work.actor.user_id),
        expires_on,
        revoked_at: None,
        last_used_at: None,
    };
    let made = SecretMade { user: id, secret: secret.id, text: Some(text) };
    work.tx.insert::<service_secret::Entity>(secret).await?;
    work.audit(GlobalId::new(Kind::ServiceAccountSecret, made.secret), &["serviceAccount", "expiresOn"]);
    Ok(made)
}

async fn secret_revoke(work: &mut Work, id: Uuid) -> Result<Uuid, Stop> {
    let row = work.tx.visible::<service_secret::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    kept(work, row.user_id, MachineAction::Secret).await?;
    // The account is claimed, so nobody else writes about its secrets; what was read before may have changed.
    let row = work.tx.visible::<service_secret::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    if !is_live(&row, work.now) {
        let message = Message::SignIn(SignInMessage::SecretEnded);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    let row = service_secret::Model { revoked_at: Some(work.now), ..row.into_inner() };
    work.tx.update::<service_secret::Entity>(row).await?;
    work.tx.sessions_end_of_secret(id, work.now).await?;
    work.audit(GlobalId::new(Kind::ServiceAccountSecret, id), &["revokedAt"]);
    Ok(id)
}

/// A service account that the actor keeps, claimed.
async fn kept(work: &Work, id: Uuid, action: MachineAction) -> Result<user_account::Model, Stop> {
    let row = work.tx.claimed::<user_account::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    let subject = Subject { is_it: row.id == work.actor.user_id, ..over_all(work, &row).await? };
    decide(Action::Machine(action), subject, State::default())?;
    if row.kind != UserKind::Service {
        let message = Message::SignIn(SignInMessage::NotAMachine);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    Ok(row.into_inner())
}
