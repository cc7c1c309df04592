//! One's own password: verified again where it matters, and changed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::NotificationKind;
use entity::{password_history, user_account, user_credential};
use uuid::Uuid;

use super::{AuthStop, Line, Origin, Service, commit};
use crate::authz::Actor;
use crate::domain::password::Weakness;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::service::notices::About;
use crate::store::{StoreError, Tx};

/// What the audit trail calls it to say one's password once more.
pub(super) const AGAIN: &str = "passwordCheck";

impl Service {
    /// Changes one's own password; the other sessions end. Gives the day on which it has to be changed again.
    pub async fn password_change(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        origin: &Origin,
    ) -> Result<Option<NaiveDate>, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let verified = self.verified(actor, current, "current", origin, now).await?;
        let login = self.store().user_by_key(actor.user_id).await?.ok_or(AuthStop::Refused)?.login;
        let hash = self.acceptable(new, &login, Some(&verified), "new").await?;

        let tx = self.auth_tx().await?;
        let (user, own) = self.reclaimed(&tx, actor, &verified, now).await?;
        let own = self.set_password(&tx, own, hash, now).await?;
        tx.sessions_end(user.id, Some(actor.session_id), now).await?;
        self.tell_about(&tx, About::account(NotificationKind::PasswordChanged, &user), now).await?;
        let line = Line { operation: "passwordChange", user: Some(&user), refused: None, changed: &["password"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Ok(self.authenticator().expires_on(&own))
    }

    /// What somebody who is signed in signs in with, after he has said his password again. A wrong one counts as it does
    /// at the door: who found an open session does not get to guess. It is no 401, which a client takes for a token that
    /// is over, gets another one and tries the same again: that would be two failures for one slip.
    pub(super) async fn verified(
        &self,
        actor: &Actor,
        password: &str,
        field: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<user_credential::Model, AuthStop> {
        let own = self.store().credential(actor.user_id).await?;
        let open = |own: &user_credential::Model| own.locked_until.is_none_or(|until| until <= now);
        let hash = own.as_ref().filter(|own| open(own)).and_then(|own| own.password_hash.clone());
        let right = self.authenticator().passwords().verify(password, hash.as_deref()).await?;
        match own {
            Some(own) if right => Ok(own),
            _ => {
                let tx = self.auth_tx().await?;
                let user = self.own_row(&tx, actor).await?;
                let refused = match tx.credential(user.id).await? {
                    Some(own) if open(&own) && own.password_hash.is_some() => {
                        self.failed(tx, AGAIN, (&user, own), "WRONG_PASSWORD", origin, now).await
                    }
                    _ => self.turned_away(tx, AGAIN, Some(&user), "NOT_IN_USE", origin, now).await,
                };
                refused.map_err(|stop| slip(stop, SignInMessage::PasswordWrong, field))
            }
        }
    }

    /// The user and what he signs in with, claimed, where nothing has happened since the password was verified: the session
    /// lives, the password is the same, and no failure beside it has locked the account.
    pub(super) async fn reclaimed(
        &self,
        tx: &Tx,
        actor: &Actor,
        verified: &user_credential::Model,
        now: DateTime<Utc>,
    ) -> Result<(user_account::Model, user_credential::Model), AuthStop> {
        let user = self.own_row(tx, actor).await?;
        tx.session_live(actor.session_id, now).await?.ok_or(AuthStop::Refused)?;
        let same = |own: &user_credential::Model| {
            own.password_hash == verified.password_hash && own.locked_until.is_none_or(|until| until <= now)
        };
        let own = tx.credential(user.id).await?.filter(same).ok_or(AuthStop::Refused)?;
        Ok((user, own))
    }

    /// The hash of a password that may be used, or everything that is wrong with it.
    pub(super) async fn acceptable(
        &self,
        password: &str,
        login: &str,
        own: Option<&user_credential::Model>,
        field: &str,
    ) -> Result<String, AuthStop> {
        let authenticator = self.authenticator();
        let mut weak = authenticator.weaknesses(password, login);
        if weak.is_empty()
            && let Some(own) = own
            && self.was_used(password, own).await?
        {
            weak.push(Weakness::UsedBefore(authenticator.profile().history));
        }
        if !weak.is_empty() {
            let error = |weakness| {
                let message = Message::SignIn(SignInMessage::Password(weakness));
                UserError::at(UserErrorCode::InvalidFormat, message, field)
            };
            return Err(AuthStop::Errors(weak.into_iter().map(error).collect()));
        }
        Ok(authenticator.passwords().hash(password).await?)
    }

    /// Whether it is one of the last passwords, the present one among them.
    async fn was_used(&self, password: &str, own: &user_credential::Model) -> Result<bool, AuthStop> {
        let most = self.authenticator().profile().history;
        let past = self.store().password_history(own.user_id, u64::try_from(most).unwrap_or(u64::MAX)).await?;
        let hashes = own.password_hash.iter().chain(past.iter().map(|row| &row.password_hash)).take(most);
        for hash in hashes {
            if self.authenticator().passwords().verify(password, Some(hash)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts a new password in the place of the present one, which is remembered.
    pub(super) async fn set_password(
        &self,
        tx: &Tx,
        own: user_credential::Model,
        hash: String,
        now: DateTime<Utc>,
    ) -> Result<user_credential::Model, StoreError> {
        self.remember_password(tx, &own, now).await?;
        let own = user_credential::Model {
            password_hash: Some(hash),
            changed_at: Some(now),
            must_change: false,
            failures: 0,
            locked_until: None,
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own.clone()).await?;
        Ok(own)
    }

    /// Keeps the present hash among the past ones.
    pub(super) async fn remember_password(
        &self,
        tx: &Tx,
        own: &user_credential::Model,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(past) = &own.password_hash else { return Ok(()) };
        let row = password_history::Model {
            id: self.ids().next(),
            user_id: own.user_id,
            password_hash: past.clone(),
            created_at: now,
        };
        tx.password_past(row, u64::try_from(self.authenticator().profile().history).unwrap_or(u64::MAX)).await
    }

    /// What is shown of how somebody signs in.
    pub async fn sign_in_state(&self, user: Uuid, session: Uuid) -> Result<SignInState, StoreError> {
        let (own, session) = (self.store().credential(user).await?, self.store().session_by_key(session).await?);
        let now = self.clock().now();
        let (last_sign_in_at, last_sign_in_address) =
            session.map(|session| (session.previous_sign_in_at, session.previous_sign_in_address)).unwrap_or_default();
        let state = SignInState { last_sign_in_at, last_sign_in_address, ..SignInState::default() };
        Ok(own.map_or_else(
            || state.clone(),
            |own| SignInState {
                locked_until: own.locked_until.filter(|until| now < *until),
                has_password: own.password_hash.is_some(),
                must_change_password: self.authenticator().is_due(&own, now),
                password_expires_on: self.authenticator().expires_on(&own),
                totp_enrolled: own.totp_confirmed_at.is_some(),
                ..state.clone()
            },
        ))
    }
}

/// A refusal as something its user can mend, once it was counted.
pub(super) fn slip(stop: AuthStop, message: SignInMessage, field: &str) -> AuthStop {
    match stop {
        AuthStop::Refused => UserError::at(UserErrorCode::InvalidFormat, Message::SignIn(message), field).into(),
        other => other,
    }
}

/// How somebody signs in, without anything he signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInState {
    /// A password was set.
    pub has_password: bool,
    /// It has to be changed before anything else.
    pub must_change_password: bool,
    /// From which day on it has to be changed.
    pub password_expires_on: Option<NaiveDate>,
    /// One-time passwords are asked for.
    pub totp_enrolled: bool,
    /// Until when nobody signs in with the password.
    pub locked_until: Option<DateTime<Utc>>,
    /// When one had come in before this session.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// From which address that was.
    pub last_sign_in_address: Option<String>,
}
