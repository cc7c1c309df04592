//! Signing in with the word of another service: from where the browser is sent, by what it comes back with, to a session.
//!
//! Nothing is kept between the two: what the server has to remember goes, sealed, to the client and comes back. Only that a
//! handle was used is written down, in the transaction that uses it, so that each is good once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::{NotificationKind, UserKind};
use entity::{external_identity, used_handle, user_account, user_credential};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::verify::{OpenedBy, Second};
use super::{AuthStop, Line, Origin, Service, Tokens, commit};
use crate::authz::Actor;
use crate::error::{Fault, Message, SignInMessage, UserError, UserErrorCode};
use crate::external::{Begun, ConnectorError, Identity, Provider};
use crate::id::{GlobalId, Kind};
use crate::secrets::opaque;
use crate::service::external::IDENTITIES;
use crate::service::notices::About;
use crate::service::second_factor::not_held;
use crate::store::{StoreError, Tx};

/// What the audit trail calls it to come in this way.
const DOOR: &str = "externalSignIn";
/// What the audit trail calls it to link oneself.
const LINK: &str = "externalIdentityLink";
/// How long somebody may take at the other service.
const BEGUN_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long somebody may take for the one-time password.
const PROVED_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Where handles are sealed for: what is sealed elsewhere is none.
const PLACE: &str = "external_sign_in/handle";
/// Bytes of a code at most; those of the services have some hundred.
const CODE_BYTES: usize = 2048;
/// Characters of a subject at most (OpenID Connect Core 1.0, section 2, has 255).
const SUBJECT_CHARS: usize = 255;

/// A sign-in that has begun.
pub struct ExternalBegun {
    /// Where the browser is to be sent.
    pub authorize_url: String,
    /// What will come back with it, so that an app finds the handle that belongs to it.
    pub state: String,
    /// What has to be given back; a secret of the browser that began.
    pub handle: String,
    /// How long it is good.
    pub life: Duration,
}

/// What the browser came back with.
#[derive(Clone)]
pub struct ExternalReturn {
    /// The handle of the beginning.
    pub handle: String,
    /// The state that came back.
    pub state: String,
    /// The code, or the ticket of CAS.
    pub code: String,
}

/// What came of it.
pub enum ExternalOutcome {
    /// A session.
    SignedIn(Tokens),
    /// The other service is believed; the one-time password of here is missing, to be given with this handle.
    TotpRequired {
        /// The next handle.
        handle: String,
        /// How long it is good.
        life: Duration,
    },
}

#[derive(Serialize, Deserialize)]
struct Handle {
    id: Uuid,
    provider: String,
    until: DateTime<Utc>,
    stage: Stage,
}

#[derive(Serialize, Deserialize)]
enum Stage {
    /// On the way to the other service.
    Begun { state: String, nonce: String, verifier: String, redirect_uri: String },
    /// Back, and known there as this.
    Proved { subject: String },
}

impl Service {
    /// Where to send the browser, and what to keep until it is back.
    pub async fn external_begin(
        &self,
        provider: &str,
        redirect_uri: &str,
        origin: &Origin,
    ) -> Result<ExternalBegun, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let unknown =
            || UserError::at(UserErrorCode::NotFound, Message::SignIn(SignInMessage::UnknownProvider), "provider");
        let provider = self.authenticator().providers().get(provider).ok_or_else(unknown)?;
        if !provider.redirect_uris.iter().any(|allowed| allowed == redirect_uri) {
            let message = Message::SignIn(SignInMessage::BadRedirect);
            return Err(UserError::at(UserErrorCode::InvalidFormat, message, "redirectUri").into());
        }
        let begun = Begun {
            state: self.unguessable()?,
            nonce: self.unguessable()?,
            verifier: self.unguessable()?,
            redirect_uri: redirect_uri.to_owned(),
        };
        let authorize_url = provider.connector.address(&begun, now).await.map_err(|error| away(provider, error))?;
        let Begun { state, nonce, verifier, redirect_uri } = begun;
        let stage = Stage::Begun { state: state.clone(), nonce, verifier, redirect_uri };
        let handle = self.handle(provider, now + BEGUN_LIFE, stage)?;
        Ok(ExternalBegun { authorize_url, state, handle, life: BEGUN_LIFE.to_std().unwrap_or_default() })
    }

    /// A session for whoever the other service says it is.
    pub async fn external_finish(&self, back: &ExternalReturn, origin: &Origin) -> Result<ExternalOutcome, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let (handle, identity) = self.proved_elsewhere(DOOR, back, None, origin, now).await?;
        self.enter(handle, &identity, None, origin, now).await
    }

    /// The same with the one-time password that was missing.
    pub async fn external_totp(&self, handle: &str, totp: &str, origin: &Origin) -> Result<ExternalOutcome, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let handle = self.opened(handle, now)?;
        let Stage::Proved { subject } = &handle.stage else { return Err(handle_over().into()) };
        let issuer = self.provider(&handle)?.connector.issuer().to_owned();
        let identity = Identity { issuer, subject: subject.clone() };
        self.enter(handle, &identity, Some(totp), origin, now).await
    }

    /// Links whoever is signed in to who he is at the other service, after he has said his password again.
    pub async fn external_link(
        &self,
        actor: &Actor,
        password: &str,
        back: &ExternalReturn,
        origin: &Origin,
    ) -> Result<GlobalId, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let verified = self.verified(actor, password, "password", origin, now).await?;
        let (handle, identity) = self.proved_elsewhere(LINK, back, Some(actor), origin, now).await?;
        let tx = self.auth_tx().await?;
        let (user, own) = self.reclaimed(&tx, actor, &verified, now).await?;
        // Another door that whoever has just reset the password would open for himself.
        not_held(&tx, &own).await?;
        if !tx.handle_used(used(&handle)).await? {
            return self.turned_away(tx, LINK, Some(&user), "REPLAYED", origin, now).await;
        }
        if tx.external_identities_of(user.id).await?.len() >= IDENTITIES {
            let message = Message::SignIn(SignInMessage::IdentitiesFull(IDENTITIES));
            return Err(UserError::new(UserErrorCode::Limit, message).into());
        }
        let row = external_identity::Model {
            id: self.ids().next(),
            user_id: user.id,
            issuer: identity.issuer,
            subject: identity.subject,
            created_at: now,
            made_by: Some(user.id),
            last_used_at: None,
            ended_at: None,
            ended_by: None,
        };
        let (id, subject) = (GlobalId::new(Kind::ExternalIdentity, row.id), row.subject.clone());
        match tx.insert::<external_identity::Entity>(row).await {
            Err(StoreError::Unique) => {
                let message = Message::Duplicate(subject);
                return Err(UserError::new(UserErrorCode::Duplicate, message).into());
            }
            other => other?,
        }
        self.tell_about(&tx, About::account(NotificationKind::IdentityLinked, &user), now).await?;
        let line = Line { operation: LINK, user: Some(&user), refused: None, changed: &["user", "issuer", "subject"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Ok(id)
    }

    /// Who came back, in the words of the service he comes from.
    async fn proved_elsewhere(
        &self,
        operation: &'static str,
        back: &ExternalReturn,
        actor: Option<&Actor>,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(Handle, Identity), AuthStop> {
        let handle = self.opened(&back.handle, now)?;
        let Stage::Begun { state, nonce, verifier, redirect_uri } = &handle.stage else {
            return Err(handle_over().into());
        };
        let provider = self.provider(&handle)?;
        let begun = Begun {
            state: state.clone(),
            nonce: nonce.clone(),
            verifier: verifier.clone(),
            redirect_uri: redirect_uri.clone(),
        };
        // Another browser began what this one ends.
        let told = if back.state != begun.state {
            Err(ConnectorError::Refused("STATE", "the state is that of another sign-in".to_owned()))
        } else if back.code.is_empty() || back.code.len() > CODE_BYTES || back.code.chars().any(char::is_control) {
            Err(ConnectorError::Refused("CODE", "this is no code".to_owned()))
        } else {
            provider.connector.identity(&back.code, &begun, now).await
        };
        match told {
            Ok(identity) if is_identity(&identity, provider) => Ok((handle, identity)),
            Ok(_) => self.denied(operation, actor, "SUBJECT", origin, now).await,
            Err(ConnectorError::Refused(reason, detail)) => {
                tracing::info!(provider = provider.id, reason, detail, "another sign-in service was not believed");
                self.denied(operation, actor, reason, origin, now).await
            }
            Err(error) => Err(away(provider, error)),
        }
    }

    async fn denied<T>(
        &self,
        operation: &'static str,
        actor: Option<&Actor>,
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<T, AuthStop> {
        let tx = self.auth_tx().await?;
        let user = match actor {
            Some(actor) => Some(self.own_row(&tx, actor).await?),
            None => None,
        };
        let refused = self.turned_away(tx, operation, user.as_ref(), reason, origin, now).await;
        // Whoever is signed in keeps his session: a 401 would have his app throw it away.
        match actor {
            Some(_) => refused.map_err(|stop| super::password::slip(stop, SignInMessage::NotBelieved, "code")),
            None => refused,
        }
    }

    async fn enter(
        &self,
        handle: Handle,
        identity: &Identity,
        totp: Option<&str>,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        let provider = self.provider(&handle)?;
        // Without a lock, only to learn whose it is: the user is claimed before anything of his.
        let found = self.store().external_identity(&identity.issuer, &identity.subject).await?;
        let tx = self.auth_tx().await?;
        let Some(found) = found else {
            return self.nobody_here(tx, None, "UNKNOWN_IDENTITY", identity, origin, now).await;
        };
        let user = tx.user_claimed(found.user_id).await?;
        let link = tx.external_identity(&identity.issuer, &identity.subject).await?;
        let (Some(user), Some(link)) = (user, link.filter(|link| link.id == found.id)) else {
            return self.nobody_here(tx, None, "UNKNOWN_IDENTITY", identity, origin, now).await;
        };
        if user.disabled_at.is_some() || user.kind != UserKind::Person {
            return self.nobody_here(tx, Some(&user), "NOT_IN_USE", identity, origin, now).await;
        }
        let own = tx.credential(user.id).await?;
        let asked = own.clone().filter(|own| !provider.second_factor && own.totp_confirmed_at.is_some());
        let own = match asked {
            None => own,
            Some(own) if own.locked_until.is_some_and(|until| now < until) => {
                return self.turned_away(tx, DOOR, Some(&user), "NOT_IN_USE", origin, now).await;
            }
            Some(own) => match self.second_factor(&own, totp, now)? {
                Second::Missing => return self.asks_for_totp(tx, handle, identity, &user, origin, now).await,
                Second::Wrong | Second::NotAsked => {
                    return self.failed(tx, DOOR, (&user, own), "WRONG_TOTP", origin, now).await;
                }
                Second::Right(step) => {
                    let own = user_credential::Model {
                        failures: 0,
                        locked_until: None,
                        totp_last_step: Some(step),
                        version: own.version + 1,
                        updated_at: now,
                        ..own
                    };
                    tx.update::<user_credential::Entity>(own.clone()).await?;
                    Some(own)
                }
            },
        };
        if !tx.handle_used(used(&handle)).await? {
            return self.turned_away(tx, DOOR, Some(&user), "REPLAYED", origin, now).await;
        }
        let by = OpenedBy::Elsewhere { identity: link.id, second_factor: provider.second_factor };
        tx.update::<external_identity::Entity>(external_identity::Model { last_used_at: Some(now), ..link }).await?;
        let (own, before) = self.came_in(&tx, user.id, own, origin, now).await?;
        let (session, refresh) = self.open(&tx, &user, (by, before), origin, now).await?;
        let line = Line { operation: DOOR, user: Some(&user), refused: None, changed: &[] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Ok(ExternalOutcome::SignedIn(self.tokens_for(&session, Some(&own), refresh, now).await?))
    }

    /// The code is used up, so what it proved is said by another handle.
    async fn asks_for_totp(
        &self,
        tx: Tx,
        handle: Handle,
        identity: &Identity,
        user: &user_account::Model,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        if !tx.handle_used(used(&handle)).await? {
            return self.turned_away(tx, DOOR, Some(user), "REPLAYED", origin, now).await;
        }
        let stage = Stage::Proved { subject: identity.subject.clone() };
        let next = self.handle(self.provider(&handle)?, now + PROVED_LIFE, stage)?;
        let line = Line { operation: DOOR, user: Some(user), refused: Some("TOTP_REQUIRED"), changed: &[] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Ok(ExternalOutcome::TotpRequired { handle: next, life: PROVED_LIFE.to_std().unwrap_or_default() })
    }

    /// He has proved who he is there, so he may be told that he is nobody here, and by which name he has to be linked.
    async fn nobody_here(
        &self,
        tx: Tx,
        user: Option<&user_account::Model>,
        reason: &'static str,
        identity: &Identity,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        match self.turned_away(tx, DOOR, user, reason, origin, now).await {
            Err(AuthStop::Refused) => {
                let message = Message::SignIn(SignInMessage::IdentityUnknown(identity.subject.clone()));
                Err(UserError::new(UserErrorCode::NotFound, message).into())
            }
            other => other,
        }
    }

    fn provider(&self, handle: &Handle) -> Result<&Provider, AuthStop> {
        Ok(self.authenticator().providers().get(&handle.provider).ok_or_else(handle_over)?)
    }

    fn unguessable(&self) -> Result<String, AuthStop> {
        Ok(opaque::new("", &**self.authenticator().random())?)
    }

    fn handle(&self, provider: &Provider, until: DateTime<Utc>, stage: Stage) -> Result<String, AuthStop> {
        let handle = Handle { id: self.ids().next(), provider: provider.id.clone(), until, stage };
        let text = serde_json::to_string(&handle).map_err(|error| Fault::Internal(error.to_string()));
        Ok(self.cipher().seal(&text.map_err(AuthStop::Fault)?, PLACE)?)
    }

    fn opened(&self, handle: &str, now: DateTime<Utc>) -> Result<Handle, AuthStop> {
        let opened = self.cipher().open(handle, PLACE).ok();
        let handle: Option<Handle> = opened.and_then(|text| serde_json::from_str(&text).ok());
        Ok(handle.filter(|handle| now < handle.until).ok_or_else(handle_over)?)
    }
}

fn handle_over() -> UserError {
    UserError::at(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::HandleOver), "handle")
}

fn used(handle: &Handle) -> used_handle::Model {
    used_handle::Model { id: handle.id, expires_at: handle.until }
}

/// Whether it can be kept, and is of the service that was asked.
fn is_identity(identity: &Identity, provider: &Provider) -> bool {
    let subject = &identity.subject;
    identity.issuer == provider.connector.issuer()
        && (1..=SUBJECT_CHARS).contains(&subject.chars().count())
        && !subject.chars().any(char::is_control)
}

fn away(provider: &Provider, error: ConnectorError) -> AuthStop {
    match error {
        ConnectorError::Busy => AuthStop::Busy,
        error => {
            tracing::warn!(provider = provider.id, %error, "another sign-in service cannot be asked");
            AuthStop::Away
        }
    }
}
