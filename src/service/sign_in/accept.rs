//! Taking up an invitation or a reset: the code says who it is, and a password is set.

use entity::vocabulary::{NotificationKind, UserKind};
use entity::{one_time_code, user_account, user_credential};

use super::{AuthStop, Line, Origin, Service, commit};
use crate::authz::POWERS_APART;
use crate::clock::day_of;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::secrets::opaque;
use crate::service::notices::About;

impl Service {
    /// Sets the password of whoever the code was made for; gives the login name. The code is good once, and a password
    /// that is refused does not use it up.
    pub async fn accept_code(&self, code: &str, password: &str, origin: &Origin) -> Result<String, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let digest = opaque::digest(opaque::CODE, code).ok_or_else(no_good)?;
        let person = |user: &user_account::Model| user.disabled_at.is_none() && user.kind == UserKind::Person;
        let good = |code: &one_time_code::Model| code.used_at.is_none() && now < code.expires_at;
        let found = self.store().one_time_code(&digest).await?;
        let (_, user) = found.filter(|(code, user)| good(code) && person(user)).ok_or_else(no_good)?;
        let own = self.store().credential(user.id).await?;
        let hash = self.acceptable(password, &user.login, own.as_ref(), "password").await?;

        let tx = self.auth_tx().await?;
        let user = tx.user_claimed(user.id).await?.filter(person).ok_or_else(no_good)?;
        let code = tx.one_time_code(&digest).await?.filter(good).ok_or_else(no_good)?;
        // Whoever made the code may know it still, and must not become what the user has become since.
        if code.made_by.is_some() && tx.holds_any(user.id, &POWERS_APART, day_of(now)).await? {
            return Err(no_good());
        }
        tx.update::<one_time_code::Entity>(one_time_code::Model { used_at: Some(now), ..code }).await?;
        let own: user_credential::Model = self.credential_or_new(&tx, user.id, now).await?;
        self.set_password(&tx, own, hash, now).await?;
        tx.sessions_end(user.id, None, now).await?;
        self.tell_about(&tx, About::account(NotificationKind::PasswordChanged, &user), now).await?;
        let line = Line { operation: "codeAccept", user: Some(&user), refused: None, changed: &["password"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Ok(user.login)
    }
}

/// Unknown, used, over, or of somebody who is disabled: one sentence for all.
fn no_good() -> AuthStop {
    UserError::at(UserErrorCode::InvalidFormat, Message::SignIn(SignInMessage::CodeNoGood), "code").into()
}
