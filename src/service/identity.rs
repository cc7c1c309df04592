//! Who asks: from a token to the actor as the database knows it now.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Service;
use crate::authz::Actor;
use crate::clock::day_of;
use crate::secrets::TokenVerifier;

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// The token, its session or its user is not, or no longer, good.
    Refused,
    /// The database can't tell now.
    Unavailable,
}

impl Service {
    /// The actor behind a token: the signature first, then session, user, unit and grants from the database.
    pub async fn authenticate(&self, verifier: &TokenVerifier, token: &str) -> Result<Actor, SignInError> {
        let now = self.clock().now();
        let claims = verifier.verify(token, now).map_err(|rejected| {
            tracing::info!(reason = %rejected, "a token was refused");
            SignInError::Refused
        })?;
        self.actor_now(claims.user, claims.session, now, day_of(now)).await
    }

    /// The actor of a session as the database knows it now.
    pub(super) async fn actor_now(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Actor, SignInError> {
        match self.store().actor(user, session, now, today).await {
            Ok(Some(actor)) => Ok(actor),
            Ok(None) => Err(SignInError::Refused),
            Err(error) => {
                tracing::error!(?error, "the principal can't be loaded");
                Err(SignInError::Unavailable)
            }
        }
    }
}
