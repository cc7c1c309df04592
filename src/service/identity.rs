//! Who asks: from a token to the actor as the database knows it now.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::session;
use uuid::Uuid;

use super::Service;
use crate::authz::Actor;
use crate::clock::day_of;
use crate::secrets::{Claims, TokenVerifier};
use crate::store::StoreError;

/// A session says that it was used at most this often, so that reads stay reads.
const TOUCH: TimeDelta = TimeDelta::minutes(1);
/// And a request does not wait longer than this to say so.
const TOUCH_PATIENCE: Duration = Duration::from_millis(500);

/// What has to be done before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// A new password.
    PasswordChange,
    /// One-time passwords have to be set up.
    TotpEnrolment,
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// The token, its session or its user is not, or no longer, good.
    Refused,
    /// Somebody is there, who has something to do before this.
    Confined(Confinement),
    /// The database can't tell now.
    Unavailable,
}

/// Somebody who is signed in, perhaps with something to do before anything else.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who.
    pub actor: Actor,
    /// What has to be done first.
    pub confined: Option<Confinement>,
}

fn claims(verifier: &TokenVerifier, token: &str, now: DateTime<Utc>) -> Result<Claims, SignInError> {
    verifier.verify(token, now).map_err(|rejected| {
        tracing::info!(reason = %rejected, "a token was refused");
        SignInError::Refused
    })
}

impl Service {
    /// The actor behind a token: the signature first, then session, user, unit and grants from the database. Whoever has
    /// something to do first is turned away; [`Service::present`] lets him in.
    pub async fn authenticate(&self, verifier: &TokenVerifier, token: &str) -> Result<Actor, SignInError> {
        let present = self.present(verifier, token).await?;
        match present.confined {
            None => Ok(present.actor),
            Some(what) => Err(SignInError::Confined(what)),
        }
    }

    /// The session that a token names; whether it lives is not asked.
    pub fn session_of(&self, verifier: &TokenVerifier, token: &str) -> Result<Uuid, SignInError> {
        Ok(claims(verifier, token, self.clock().now())?.session)
    }

    /// Whoever is behind a token, also when he has something to do before anything else.
    pub async fn present(&self, verifier: &TokenVerifier, token: &str) -> Result<Present, SignInError> {
        let now = self.clock().now();
        let claims = claims(verifier, token, now)?;
        self.present_now(claims.user, claims.session, now, day_of(now)).await
    }

    /// The actor of a session as the database knows it now.
    pub(super) async fn actor_now(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Actor, SignInError> {
        let present = self.present_now(user, session, now, today).await?;
        match present.confined {
            None => Ok(present.actor),
            Some(what) => Err(SignInError::Confined(what)),
        }
    }

    async fn present_now(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Present, SignInError> {
        let away = |error: StoreError| {
            tracing::error!(?error, "the principal can't be loaded");
            SignInError::Unavailable
        };
        let found = self.store().present(user, session, now, today).await.map_err(away)?;
        let (actor, session) = found.ok_or(SignInError::Refused)?;
        // Sessions that were made at the machine ask for no password and end with their token.
        let Some(used_at) = session.last_used_at else { return Ok(Present { actor, confined: None }) };
        let session = self.vouched_for(session).await.map_err(away)?.ok_or(SignInError::Refused)?;
        let confined = self.confinement(&session, &actor).await.map_err(away)?;
        if now - used_at >= TOUCH {
            self.touch(&session, now).await;
        }
        Ok(Present { actor, confined })
    }

    async fn confinement(&self, session: &session::Model, actor: &Actor) -> Result<Option<Confinement>, StoreError> {
        let own = self.store().credential(actor.user_id).await?;
        let (authenticator, now) = (self.authenticator(), self.clock().now());
        Ok(if authenticator.wants_password(session, own.as_ref(), now) {
            Some(Confinement::PasswordChange)
        } else if authenticator.wants_totp(session, actor, own.as_ref()) {
            Some(Confinement::TotpEnrolment)
        } else {
            None
        })
    }

    /// Says that a session is in use. Where the database is busy it is said by the next request.
    async fn touch(&self, session: &session::Model, now: DateTime<Utc>) {
        let idle = TimeDelta::from_std(self.limits().session_idle).unwrap_or(TimeDelta::MAX);
        let touching = self.store().session_touch(session.id, now, now + idle);
        match tokio::time::timeout(TOUCH_PATIENCE, touching).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a session in use could not be marked"),
            Err(_) => tracing::warn!("a session in use could not be marked in time"),
        }
    }
}
