//! Linking oneself: signed in here, with everything that one signs in with here, and known there.

use chrono::{DateTime, Utc};
use entity::vocabulary::NotificationKind;
use entity::{external_identity, user_account, user_credential};

use super::{ExternalReturn, Handle};
use crate::authz::Actor;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::external::Identity;
use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::service::external::IDENTITIES;
use crate::service::notices::About;
use crate::service::sign_in::password::{AGAIN, slip};
use crate::service::sign_in::verify::Second;
use crate::service::sign_in::way::Way;
use crate::service::sign_in::{AuthStop, Line, Origin, commit};
use crate::store::{StoreError, Tx};

/// What the audit trail calls it to link oneself.
const LINK: &str = "externalIdentityLink";

/// What whoever is signed in says again.
#[derive(Clone)]
pub struct SaidAgain {
    /// The password.
    pub password: String,
    /// The one-time password, of whoever has them.
    pub totp: Option<String>,
}

impl Service {
    /// Links whoever is signed in to who he is at the other service, after he has said again what he signs in with: the link
    /// is a way in for good, and whoever found an open session shall not make one.
    pub async fn external_link(
        &self,
        actor: &Actor,
        said: &SaidAgain,
        back: &ExternalReturn,
        origin: &Origin,
    ) -> Result<GlobalId, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let verified = self.verified(actor, &said.password, "password", origin, now).await?;
        let handle = self.opened(&back.handle, now)?;
        // What is sent again because the answer was lost comes with a one-time password that was used: that is no guess.
        if !self.store().is_handle_used(handle.id).await? {
            self.totp_said(actor, &verified, said, origin, now).await?;
        }
        let (handle, identity) = self.proved_elsewhere(LINK, back, Some(actor), origin, now).await?;
        let way = Way::by(LINK, &handle.provider);
        let tx = self.auth_tx().await?;
        let (user, own) = self.reclaimed(&tx, actor, &verified, now).await?;
        let known = tx.external_identity(&identity.issuer, &identity.subject).await?;
        if let Some(known) = known.as_ref().filter(|known| known.user_id == user.id) {
            return Ok(GlobalId::new(Kind::ExternalIdentity, known.id));
        }
        if !tx.handle_used(handle.used()).await? {
            let refused = self.turned_away(tx, way, Some(&user), "REPLAYED", origin, now).await;
            return refused.map_err(|stop| slip(stop, SignInMessage::NotBelieved, "code"));
        }
        let own = match self.second_factor(&own, said.totp.as_deref(), now)? {
            Second::NotAsked => None,
            Second::Right(step) => Some(user_credential::Model {
                totp_last_step: Some(step),
                version: own.version + 1,
                updated_at: now,
                ..own
            }),
            // Right a moment ago, and used beside this one.
            Second::Missing | Second::Wrong => {
                let refused = self.turned_away(tx, way, Some(&user), "WRONG_TOTP", origin, now).await;
                return refused.map_err(|stop| slip(stop, SignInMessage::TotpWrong, "totp"));
            }
        };
        if known.is_some() {
            let stop = self.turned_away(tx, way, Some(&user), "DUPLICATE", origin, now).await;
            return stop.map_err(|stop| taken(stop, &identity));
        }
        if tx.external_identities_of(user.id).await?.len() >= IDENTITIES {
            let full = UserError::new(UserErrorCode::Limit, Message::SignIn(SignInMessage::IdentitiesFull(IDENTITIES)));
            let stop = self.turned_away(tx, way, Some(&user), "LIMIT", origin, now).await;
            return stop.map_err(|stop| instead(stop, full));
        }
        if let Some(own) = own {
            tx.update::<user_credential::Entity>(own).await?;
        }
        self.linked(tx, (user, handle, identity), origin, now).await
    }

    async fn linked(
        &self,
        tx: Tx,
        (user, handle, identity): (user_account::Model, Handle, Identity),
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<GlobalId, AuthStop> {
        let row = external_identity::Model {
            id: self.ids().next(),
            user_id: user.id,
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            created_at: now,
            made_by: Some(user.id),
            last_used_at: None,
            ended_at: None,
            ended_by: None,
        };
        let id = row.id;
        let way = Way::by(LINK, &handle.provider);
        match tx.insert::<external_identity::Entity>(row).await {
            // Somebody else became this one beside him; nothing more can be written here.
            Err(StoreError::Unique) => {
                tx.rollback().await.map_err(StoreError::from)?;
                let tx = self.auth_tx().await?;
                let stop = self.turned_away(tx, way, Some(&user), "DUPLICATE", origin, now).await;
                return stop.map_err(|stop| taken(stop, &identity));
            }
            other => other?,
        }
        self.tell_about(&tx, About::account(NotificationKind::IdentityLinked, &user), now).await?;
        let line = Line { operation: LINK, user: Some(&user), refused: None, changed: &["user", "issuer", "subject"] };
        tx.audit(vec![way.with(id).named_in(self.sign_in_row(origin, line, now))]).await?;
        commit(tx).await?;
        Ok(GlobalId::new(Kind::ExternalIdentity, id))
    }

    /// Asks for the one-time password before the code of the other service is used up. A wrong one counts as at the door; a
    /// right one is used where the link is made.
    async fn totp_said(
        &self,
        actor: &Actor,
        verified: &user_credential::Model,
        said: &SaidAgain,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), AuthStop> {
        match self.second_factor(verified, said.totp.as_deref(), now)? {
            Second::NotAsked | Second::Right(_) => Ok(()),
            Second::Missing => {
                let message = Message::SignIn(SignInMessage::TotpMissing);
                Err(UserError::at(UserErrorCode::Required, message, "totp").into())
            }
            Second::Wrong => {
                let tx = self.auth_tx().await?;
                let (user, own) = self.reclaimed(&tx, actor, verified, now).await?;
                let refused = self.failed(tx, AGAIN, (&user, own), "WRONG_TOTP", origin, now).await;
                refused.map_err(|stop| slip(stop, SignInMessage::TotpWrong, "totp"))
            }
        }
    }
}

/// Somebody here is linked to this identity already.
fn taken(stop: AuthStop, identity: &Identity) -> AuthStop {
    instead(stop, UserError::new(UserErrorCode::Duplicate, Message::Duplicate(identity.subject.clone())))
}

/// What he is told where the trail has its line.
fn instead(stop: AuthStop, error: UserError) -> AuthStop {
    match stop {
        AuthStop::Refused => error.into(),
        other => other,
    }
}
