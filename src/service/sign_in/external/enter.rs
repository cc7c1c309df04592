//! From who somebody is elsewhere to a session here.

use chrono::{DateTime, Utc};
use entity::vocabulary::UserKind;
use entity::{external_identity, user_account, user_credential};

use super::handle::{Handle, PROVED_LIFE, Stage};
use super::{DOOR, ExternalOutcome};
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::external::Identity;
use crate::service::Service;
use crate::service::sign_in::verify::{OpenedBy, Second};
use crate::service::sign_in::way::Way;
use crate::service::sign_in::{AuthStop, Line, Origin, commit};
use crate::store::Tx;

impl Service {
    pub(super) async fn enter(
        &self,
        handle: Handle,
        identity: &Identity,
        totp: Option<&str>,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        let provider = self.provider(&handle)?;
        let way = Way::by(DOOR, &provider.id);
        // Without a lock, only to learn whose it is: the user is claimed before anything of his.
        let found = self.store().external_identity(&identity.issuer, &identity.subject).await?;
        let tx = self.auth_tx().await?;
        let Some(found) = found else {
            return self.nobody_here(tx, (way, None), "UNKNOWN_IDENTITY", identity, origin, now).await;
        };
        let user = tx.user_claimed(found.user_id).await?;
        let link = tx.external_identity(&identity.issuer, &identity.subject).await?;
        let (Some(user), Some(link)) = (user, link.filter(|link| link.id == found.id)) else {
            return self.nobody_here(tx, (way, None), "UNKNOWN_IDENTITY", identity, origin, now).await;
        };
        let way = way.with(link.id);
        if user.disabled_at.is_some() || user.kind != UserKind::Person {
            return self.nobody_here(tx, (way, Some(&user)), "NOT_IN_USE", identity, origin, now).await;
        }
        // What is sent again because the answer was lost comes with a one-time password that was used: that is no guess.
        if tx.is_handle_used(handle.id).await? {
            return self.turned_away(tx, way, Some(&user), "REPLAYED", origin, now).await;
        }
        let own = tx.credential(user.id).await?;
        let asked = own.clone().filter(|own| !provider.second_factor && own.totp_confirmed_at.is_some());
        let own = match asked {
            None => own,
            Some(own) if own.locked_until.is_some_and(|until| now < until) => {
                return self.turned_away(tx, way, Some(&user), "NOT_IN_USE", origin, now).await;
            }
            Some(own) => match self.second_factor(&own, totp, now)? {
                Second::Missing => return self.asks_for_totp(tx, handle, identity, (way, &user), origin, now).await,
                Second::Wrong | Second::NotAsked => {
                    return self.failed(tx, way, (&user, own), "WRONG_TOTP", origin, now).await;
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
        if !tx.handle_used(handle.used()).await? {
            return self.turned_away(tx, way, Some(&user), "REPLAYED", origin, now).await;
        }
        let by = OpenedBy::Elsewhere { identity: link.id, second_factor: provider.second_factor };
        tx.update::<external_identity::Entity>(external_identity::Model { last_used_at: Some(now), ..link }).await?;
        let (own, before) = self.came_in(&tx, user.id, own, origin, now).await?;
        let (session, refresh) = self.open(&tx, &user, (by, before), origin, now).await?;
        let line = Line { operation: DOOR, user: Some(&user), refused: None, changed: &[] };
        tx.audit(vec![way.named_in(self.sign_in_row(origin, line, now))]).await?;
        commit(tx).await?;
        Ok(ExternalOutcome::SignedIn(self.tokens_for(&session, Some(&own), refresh, now).await?))
    }

    /// The code is used up, so what it proved is said by another handle.
    async fn asks_for_totp(
        &self,
        tx: Tx,
        handle: Handle,
        identity: &Identity,
        (way, user): (Way<'_>, &user_account::Model),
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        if !tx.handle_used(handle.used()).await? {
            return self.turned_away(tx, way, Some(user), "REPLAYED", origin, now).await;
        }
        let next = self.handle(self.provider(&handle)?, now + PROVED_LIFE, Stage::proved(identity))?;
        let line = Line { operation: DOOR, user: Some(user), refused: Some("TOTP_REQUIRED"), changed: &[] };
        tx.audit(vec![way.named_in(self.sign_in_row(origin, line, now))]).await?;
        commit(tx).await?;
        Ok(ExternalOutcome::TotpRequired { handle: next, life: PROVED_LIFE.to_std().unwrap_or_default() })
    }

    /// He has proved who he is there, so he may be told that he is nobody here, and by which name he has to be linked.
    async fn nobody_here(
        &self,
        tx: Tx,
        (way, user): (Way<'_>, Option<&user_account::Model>),
        reason: &'static str,
        identity: &Identity,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<ExternalOutcome, AuthStop> {
        match self.turned_away(tx, way, user, reason, origin, now).await {
            Err(AuthStop::Refused) => {
                let message = Message::SignIn(SignInMessage::IdentityUnknown(identity.subject.clone()));
                Err(UserError::new(UserErrorCode::NotFound, message).into())
            }
            other => other,
        }
    }
}
