//! Login, password and one-time password: from nobody to a session.

use chrono::{DateTime, Utc};
use entity::vocabulary::{NotificationKind, UserKind};
use entity::{refresh_token, session, user_account, user_credential};
use uuid::Uuid;

use super::way::Way;
use super::{AuthStop, Line, Origin, Service, Tokens, commit, no_credential, span, whole_seconds};
use crate::authz::Actor;
use crate::clock::day_of;
use crate::error::Fault;
use crate::secrets::{opaque, place, totp};
use crate::service::notices::About;
use crate::store::{StoreError, Tx};

/// What the audit trail calls it to come in.
const DOOR: &str = "signIn";
/// What sessions of people are opened for.
const PURPOSE: &str = "sign-in";
/// What those are opened for that another service vouches for.
const PURPOSE_ELSEWHERE: &str = "external-sign-in";
/// Characters of a login name at most; a longer one is nobody's.
const LOGIN_CHARS: usize = 200;
/// The key of nobody.
const NOBODY: Uuid = Uuid::nil();

/// What somebody signs in with.
#[derive(Clone)]
pub struct SignIn {
    /// The login name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The one-time password.
    pub totp: Option<String>,
}

impl Service {
    /// Opens a session for whoever proves who he is.
    pub async fn sign_in(&self, asked: &SignIn, origin: &Origin) -> Result<Tokens, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let known = self.known(&asked.login).await?;
        let hash = known
            .as_ref()
            .filter(|(user, own)| may_try(user, own, now))
            .and_then(|(_, own)| own.as_ref().and_then(|own| own.password_hash.clone()));
        let authenticator = self.authenticator();
        let right = authenticator.passwords().verify(&asked.password, hash.as_deref()).await?;
        let renewed = match hash.as_deref().filter(|hash| right && authenticator.passwords().is_outdated(hash)) {
            Some(_) => Some(authenticator.passwords().hash(&asked.password).await?),
            None => None,
        };

        let tx = self.auth_tx().await?;
        // What was read before the password was verified may have changed; what is claimed does not. For nobody the same
        // statements are sent.
        let id = known.map_or(NOBODY, |(user, _)| user.id);
        let (user, own) = (tx.user_claimed(id).await?, tx.credential(id).await?);
        let Some(user) = user else {
            tx.credential_passed_over(id).await?;
            return self.turned_away(tx, DOOR, None, "UNKNOWN_LOGIN", origin, now).await;
        };
        let Some(own) = own.filter(|own| may_try(&user, &Some(own.clone()), now)) else {
            tx.credential_passed_over(id).await?;
            return self.turned_away(tx, DOOR, Some(&user), "NOT_IN_USE", origin, now).await;
        };
        if !right {
            return self.failed(tx, DOOR, (&user, own), "WRONG_PASSWORD", origin, now).await;
        }
        if own.password_hash != hash {
            // Changed since it was read; whether this one is right nobody has found out.
            tx.credential_passed_over(id).await?;
            return self.turned_away(tx, DOOR, Some(&user), "PASSWORD_CHANGED", origin, now).await;
        }
        let step = match self.second_factor(&own, asked.totp.as_deref(), now)? {
            Second::NotAsked => own.totp_last_step,
            Second::Missing => {
                // Somebody knows the password: that is worth a line even where nothing came of it.
                self.refuse(tx, DOOR, Some(&user), "TOTP_REQUIRED", origin, now).await?;
                return Err(AuthStop::TotpRequired);
            }
            Second::Wrong => return self.failed(tx, DOOR, (&user, own), "WRONG_TOTP", origin, now).await,
            Second::Right(step) => Some(step),
        };
        let weak = !authenticator.weaknesses(&asked.password, &user.login).is_empty();
        let before = Before::of(&own);
        let own = user_credential::Model {
            password_hash: renewed.or(own.password_hash),
            must_change: own.must_change || weak,
            failures: 0,
            locked_until: None,
            totp_last_step: step,
            last_sign_in_at: Some(now),
            last_sign_in_address: origin.address_text(),
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own.clone()).await?;
        let (session, refresh) = self.open(&tx, &user, (OpenedBy::Password, before), origin, now).await?;
        self.sign_in_note(&tx, origin, Line { operation: DOOR, user: Some(&user), refused: None, changed: &[] }, now)
            .await?;
        commit(tx).await?;
        self.tokens_for(&session, Some(&own), refresh, now).await
    }

    async fn known(
        &self,
        login: &str,
    ) -> Result<Option<(user_account::Model, Option<user_credential::Model>)>, StoreError> {
        // PostgreSQL knows no text with a zero in it, and nobody is called so, or by no name at all.
        let looked_at = !login.contains('\0') && login.chars().count() <= LOGIN_CHARS;
        let user = self.store().user_by_login(if looked_at { login } else { "" }).await?;
        let own = self.store().credential(user.as_ref().map_or(NOBODY, |user| user.id)).await?;
        Ok(user.map(|user| (user, own)))
    }

    /// Writes down that somebody was turned away, without anything he typed.
    pub(super) async fn turned_away<T>(
        &self,
        tx: Tx,
        way: impl Into<Way<'_>>,
        user: Option<&user_account::Model>,
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<T, AuthStop> {
        self.refuse(tx, way, user, reason, origin, now).await?;
        Err(AuthStop::Refused)
    }

    async fn refuse(
        &self,
        tx: Tx,
        way: impl Into<Way<'_>>,
        user: Option<&user_account::Model>,
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), AuthStop> {
        tracing::info!(reason, request_id = %origin.request_id, "a sign-in was refused");
        tx.outbox_passed_over().await?;
        let way: Way<'_> = way.into();
        let line = Line { operation: way.operation, user, refused: Some(reason), changed: &[] };
        tx.audit(vec![way.named_in(self.sign_in_row(origin, line, now))]).await?;
        commit(tx).await
    }

    /// Counts a failure; the last one locks.
    pub(super) async fn failed<T>(
        &self,
        tx: Tx,
        way: impl Into<Way<'_>>,
        (user, own): (&user_account::Model, user_credential::Model),
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<T, AuthStop> {
        let (failures, locked_until) = self.authenticator().profile().after_failure(own.failures, now);
        let own = user_credential::Model { failures, locked_until, version: own.version + 1, updated_at: now, ..own };
        tx.update::<user_credential::Entity>(own).await?;
        let way: Way<'_> = way.into();
        let line = Line { operation: way.operation, user: Some(user), refused: Some(reason), changed: &[] };
        let mut rows = vec![way.named_in(self.sign_in_row(origin, line, now))];
        if locked_until.is_some() {
            let line = Line { operation: "accountLock", user: Some(user), refused: None, changed: &["lockedUntil"] };
            rows.push(self.sign_in_row(origin, line, now));
            self.tell_about(&tx, About::account(NotificationKind::AccountLocked, user), now).await?;
        } else {
            tx.outbox_passed_over().await?;
        }
        tracing::info!(reason, request_id = %origin.request_id, "a sign-in was refused");
        tx.audit(rows).await?;
        commit(tx).await?;
        Err(AuthStop::Refused)
    }

    /// Whether the one-time password is right; each is good once.
    pub(super) fn second_factor(
        &self,
        own: &user_credential::Model,
        given: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Second, AuthStop> {
        if own.totp_confirmed_at.is_none() {
            return Ok(Second::NotAsked);
        }
        let Some(given) = given else { return Ok(Second::Missing) };
        let secret = self.totp_secret(own)?;
        let step = totp::matching_step(&secret, given, now, own.totp_last_step);
        Ok(step.map_or(Second::Wrong, Second::Right))
    }

    /// The secret of somebody's one-time passwords.
    pub(super) fn totp_secret(&self, own: &user_credential::Model) -> Result<String, AuthStop> {
        let sealed = own.totp_ciphertext.as_deref().unwrap_or_default();
        let opened = self.cipher().open(sealed, &totp_place(own.user_id));
        opened.map_err(|error| AuthStop::Fault(Fault::Internal(error.to_string())))
    }

    /// Keeps of somebody who comes in without a password that he does, and when he had before.
    pub(super) async fn came_in(
        &self,
        tx: &Tx,
        user: Uuid,
        own: Option<user_credential::Model>,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(user_credential::Model, Before), StoreError> {
        let own = match own {
            Some(own) => own,
            None => self.credential_or_new(tx, user, now).await?,
        };
        let before = Before::of(&own);
        let own = user_credential::Model {
            last_sign_in_at: Some(now),
            last_sign_in_address: origin.address_text(),
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own.clone()).await?;
        Ok((own, before))
    }

    /// A new session with its first refresh token; beyond so many, the one unused for the longest ends.
    pub(super) async fn open(
        &self,
        tx: &Tx,
        user: &user_account::Model,
        (by, before): (OpenedBy, Before),
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(session::Model, String), AuthStop> {
        let limits = self.limits();
        let (purpose, identity, second_factor_elsewhere) = match by {
            OpenedBy::Password => (PURPOSE, None, false),
            OpenedBy::Elsewhere { identity, second_factor } => (PURPOSE_ELSEWHERE, Some(identity), second_factor),
        };
        let session = session::Model {
            id: self.ids().next(),
            user_id: user.id,
            created_at: now,
            expires_at: now + span(limits.session_life),
            revoked_at: None,
            purpose: purpose.to_owned(),
            last_used_at: Some(now),
            idle_ends_at: Some(now + span(limits.session_idle)),
            address: origin.address_text(),
            user_agent: origin.agent_text(),
            scopes: None,
            service_secret_id: None,
            external_identity_id: identity,
            second_factor_elsewhere,
            previous_sign_in_at: before.at,
            previous_sign_in_address: before.address,
        };
        tx.insert::<session::Entity>(session.clone()).await?;
        tx.sessions_bound(user.id, limits.sessions_per_user, now).await?;
        let refresh = opaque::new(opaque::REFRESH, &**self.authenticator().random())?;
        self.keep_refresh(tx, &session, &refresh, now).await?;
        Ok((session, refresh))
    }

    /// Keeps the digest of a refresh token.
    pub(super) async fn keep_refresh(
        &self,
        tx: &Tx,
        session: &session::Model,
        refresh: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AuthStop> {
        let digest = opaque::digest(opaque::REFRESH, refresh);
        let token_digest = digest.ok_or(StoreError::Misuse("a refresh token that is none"))?;
        let row = refresh_token::Model {
            id: self.ids().next(),
            session_id: session.id,
            token_digest,
            created_at: now,
            used_at: None,
            expires_at: session.expires_at,
        };
        Ok(tx.insert::<refresh_token::Entity>(row).await?)
    }

    /// The tokens of a session that is committed, and what its holder has to do first.
    pub(super) async fn tokens_for(
        &self,
        session: &session::Model,
        own: Option<&user_credential::Model>,
        refresh: String,
        now: DateTime<Utc>,
    ) -> Result<Tokens, AuthStop> {
        let actor = self.actor_of_session(session, now).await?;
        let authenticator = self.authenticator();
        let ends = session.idle_ends_at.unwrap_or(session.expires_at).min(session.expires_at);
        Ok(Tokens {
            access: authenticator.tokens().mint(session.user_id, session.id, now, &**self.ids())?,
            access_life: authenticator.tokens().rules().lifetime,
            refresh,
            refresh_life: whole_seconds(ends - now),
            must_change_password: authenticator.wants_password(session, own, now),
            must_enrol_totp: authenticator.wants_totp(session, &actor, own),
            password_expires_on: own.and_then(|own| authenticator.expires_on(own)),
        })
    }

    async fn actor_of_session(&self, session: &session::Model, now: DateTime<Utc>) -> Result<Actor, AuthStop> {
        let actor = self.store().actor(session.user_id, session.id, now, day_of(now)).await?;
        actor.ok_or(AuthStop::Refused)
    }

    /// What a claimed user signs in with, or the beginning of it.
    pub(super) async fn credential_or_new(
        &self,
        tx: &Tx,
        user: Uuid,
        now: DateTime<Utc>,
    ) -> Result<user_credential::Model, StoreError> {
        if let Some(own) = tx.credential(user).await? {
            return Ok(own);
        }
        let own = no_credential(user, now);
        tx.insert::<user_credential::Entity>(own.clone()).await?;
        Ok(own)
    }
}

/// Whether a password of this user is looked at at all.
fn may_try(user: &user_account::Model, own: &Option<user_credential::Model>, now: DateTime<Utc>) -> bool {
    user.disabled_at.is_none()
        && user.kind == UserKind::Person
        && own
            .as_ref()
            .is_some_and(|own| own.password_hash.is_some() && own.locked_until.is_none_or(|until| until <= now))
}

/// When somebody came in the last time before, and from where.
#[derive(Default)]
pub(super) struct Before {
    at: Option<DateTime<Utc>>,
    address: Option<String>,
}

impl Before {
    fn of(own: &user_credential::Model) -> Self {
        Self { at: own.last_sign_in_at, address: own.last_sign_in_address.clone() }
    }
}

/// By what a session is opened.
pub(super) enum OpenedBy {
    /// Login and password.
    Password,
    /// The word of another service.
    Elsewhere {
        /// Who he is there.
        identity: Uuid,
        /// Whether it counts as two factors.
        second_factor: bool,
    },
}

/// What a one-time password came to.
pub(super) enum Second {
    /// This user has none.
    NotAsked,
    /// None was given.
    Missing,
    /// It is wrong, over, or was used.
    Wrong,
    /// It is right; the step it is for.
    Right(i64),
}

/// The place of somebody's sealed secret.
pub(in crate::service) fn totp_place(user: Uuid) -> String {
    place("user_credential", "totp_ciphertext", user)
}
