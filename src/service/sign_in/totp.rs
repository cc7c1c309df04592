//! One-time passwords: set up in two steps, so that nobody locks himself out with an app that shows something else.

use entity::vocabulary::NotificationKind;
use entity::{totp_removal, user_credential};

use super::password::{AGAIN, slip};
use super::verify::{Second, totp_place};
use super::{AuthStop, Line, Origin, Service, commit};
use crate::authz::Actor;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::secrets::totp;
use crate::service::notices::About;
use crate::service::second_factor::not_held;

/// A secret on its way into an app.
#[derive(Clone)]
pub struct Enrolment {
    /// To be typed.
    pub secret: String,
    /// To be read from a picture.
    pub address: String,
}

impl Service {
    /// Makes a secret; it is asked for only once it was confirmed.
    pub async fn totp_enrol(&self, actor: &Actor, password: &str, origin: &Origin) -> Result<Enrolment, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let verified = self.verified(actor, password, "password", origin, now).await?;
        let tx = self.auth_tx().await?;
        let (user, own) = self.reclaimed(&tx, actor, &verified, now).await?;
        if own.totp_confirmed_at.is_some() {
            return Err(
                UserError::new(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::TotpEnrolled)).into()
            );
        }
        not_held(&tx, &own).await?;
        let secret = totp::new_secret(&**self.authenticator().random())?;
        let sealed = self.cipher().seal(&secret, &totp_place(user.id))?;
        let own = user_credential::Model {
            totp_ciphertext: Some(sealed),
            totp_last_step: None,
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own).await?;
        let line = Line { operation: "totpEnrol", user: Some(&user), refused: None, changed: &["totp"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        let address = totp::address(self.authenticator().issuer(), &user.login, &secret);
        Ok(Enrolment { secret, address })
    }

    /// Confirms the secret with a password it makes; from now on one is asked for.
    pub async fn totp_confirm(&self, actor: &Actor, given: &str, origin: &Origin) -> Result<(), AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let tx = self.auth_tx().await?;
        let user = self.own_row(&tx, actor).await?;
        tx.session_live(actor.session_id, now).await?.ok_or(AuthStop::Refused)?;
        let own = tx.credential(user.id).await?;
        let own = own.filter(|own| own.totp_ciphertext.is_some() && own.totp_confirmed_at.is_none());
        let missing = || UserError::new(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::TotpNotEnrolled));
        let own = own.ok_or_else(missing)?;
        not_held(&tx, &own).await?;
        let secret = self.totp_secret(&own)?;
        let Some(step) = totp::matching_step(&secret, given, now, None) else {
            let message = Message::SignIn(SignInMessage::TotpWrong);
            return Err(UserError::at(UserErrorCode::InvalidFormat, message, "totp").into());
        };
        let own = user_credential::Model {
            totp_confirmed_at: Some(now),
            totp_last_step: Some(step),
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own).await?;
        // Whoever was signed in without it signs in again with it.
        tx.sessions_end(user.id, Some(actor.session_id), now).await?;
        self.tell_about(&tx, About::account(NotificationKind::TotpEnrolled, &user), now).await?;
        let line = Line { operation: "totpConfirm", user: Some(&user), refused: None, changed: &["totpConfirmedAt"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await
    }

    /// Goes back to the password alone, where that is allowed; the password and a last one-time password are asked for.
    pub async fn totp_remove(
        &self,
        actor: &Actor,
        password: &str,
        given: &str,
        origin: &Origin,
    ) -> Result<(), AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let verified = self.verified(actor, password, "password", origin, now).await?;
        let tx = self.auth_tx().await?;
        let (user, own) = self.reclaimed(&tx, actor, &verified, now).await?;
        let refused = |message| UserError::new(UserErrorCode::InvalidState, Message::SignIn(message));
        if own.totp_confirmed_at.is_none() {
            return Err(refused(SignInMessage::TotpNotEnrolled).into());
        }
        if self.authenticator().needs_totp(actor) {
            return Err(refused(SignInMessage::TotpNeeded).into());
        }
        match self.second_factor(&own, Some(given), now)? {
            Second::Right(_) => {}
            Second::NotAsked | Second::Missing | Second::Wrong => {
                let refused = self.failed(tx, AGAIN, (&user, own), "WRONG_TOTP", origin, now).await;
                return refused.map_err(|stop| slip(stop, SignInMessage::TotpWrong, "totp"));
            }
        }
        let own = user_credential::Model { version: own.version + 1, updated_at: now, ..without_totp(own) };
        tx.update::<user_credential::Entity>(own).await?;
        // Whoever asked for it has nothing left to ask for.
        tx.delete_where::<totp_removal::Entity>(totp_removal::Column::UserId, user.id).await?;
        self.tell_about(&tx, About::account(NotificationKind::TotpRemoved, &user), now).await?;
        let line = Line { operation: "totpRemove", user: Some(&user), refused: None, changed: &["totp"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await
    }
}

/// The same without one-time passwords.
pub(in crate::service) fn without_totp(own: user_credential::Model) -> user_credential::Model {
    user_credential::Model { totp_ciphertext: None, totp_confirmed_at: None, totp_last_step: None, ..own }
}
