//! How a session goes on: each refresh token is good once, and whoever comes with a used one ends the session.
//!
//! A telephone that did not hear the answer asks again. Within ten seconds, from the same address, and as long as the
//! next token was not used, it hears the same answer: the next token follows from this one and a key of ours, so nothing
//! new is made, the chain stays one chain, and a thief who repeats a token gets only one that its owner will use too,
//! which then ends the session.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::NotificationKind;
use entity::{refresh_token, session, user_account};

use super::{AuthStop, Line, Origin, Service, Tokens, commit, span};
use crate::secrets::opaque;
use crate::service::notices::About;
use crate::store::Tx;

/// How long the same question gets the same answer.
const AGAIN: TimeDelta = TimeDelta::seconds(10);

impl Service {
    /// The next tokens of a session.
    pub async fn refresh(&self, token: &str, origin: &Origin) -> Result<Tokens, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let digest = opaque::digest(opaque::REFRESH, token).ok_or(AuthStop::Refused)?;
        // Without a lock, only to learn whose it is: the user is claimed before anything of his.
        let session = self.store().refreshed_by(&digest).await?.ok_or(AuthStop::Refused)?;
        let vouched = self.vouched_for(session.clone()).await?.ok_or(AuthStop::Refused)?;
        let tx = self.auth_tx().await?;
        let user = tx.user_claimed(session.user_id).await?.ok_or(AuthStop::Refused)?;
        let found = (tx.refresh_token(&digest).await?, tx.session_live(session.id, now).await?);
        let (Some(row), Some(session)) = found else { return Err(AuthStop::Refused) };
        if user.disabled_at.is_some() || row.expires_at <= now {
            return Err(AuthStop::Refused);
        }
        let next = opaque::of(opaque::REFRESH, &self.cipher().successor(token, session.id));
        match row.used_at {
            None => self.goes_on(&tx, row, &session, &next, now).await?,
            Some(used_at) if self.is_asked_again(&tx, used_at, &session, &next, origin, now).await? => {}
            Some(_) => return self.replayed(tx, &user, &session, origin, now).await,
        }
        let session = session::Model {
            last_used_at: Some(now),
            idle_ends_at: Some(now + span(self.limits().session_idle)),
            address: origin.address_text(),
            ..session
        };
        tx.update::<session::Entity>(session.clone()).await?;
        let own = tx.credential(user.id).await?;
        if own.is_none() && session.external_identity_id.is_none() {
            return Err(AuthStop::Refused);
        }
        commit(tx).await?;
        // What is kept is what was so at the sign-in; what counts is what is so now.
        let session = session::Model { second_factor_elsewhere: vouched.second_factor_elsewhere, ..session };
        self.tokens_for(&session, own.as_ref(), next, now).await
    }

    async fn goes_on(
        &self,
        tx: &Tx,
        row: refresh_token::Model,
        session: &session::Model,
        next: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AuthStop> {
        if tx.refresh_tokens_of(session.id).await? > self.limits().session_refreshes {
            return Err(AuthStop::Refused);
        }
        tx.update::<refresh_token::Entity>(refresh_token::Model { used_at: Some(now), ..row }).await?;
        self.keep_refresh(tx, session, next, now).await
    }

    async fn is_asked_again(
        &self,
        tx: &Tx,
        used_at: DateTime<Utc>,
        session: &session::Model,
        next: &str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<bool, AuthStop> {
        if now - used_at > AGAIN || session.address != origin.address_text() {
            return Ok(false);
        }
        let digest = opaque::digest(opaque::REFRESH, next).unwrap_or_default();
        Ok(tx.refresh_token(&digest).await?.is_some_and(|next| next.used_at.is_none()))
    }

    async fn replayed<T>(
        &self,
        tx: Tx,
        user: &user_account::Model,
        session: &session::Model,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<T, AuthStop> {
        tracing::warn!(request_id = %origin.request_id, "a used refresh token came again: its session was ended");
        tx.session_end(session.id, now).await?;
        self.tell_about(&tx, About::account(NotificationKind::RefreshReplayed, user), now).await?;
        let line =
            Line { operation: "refreshReplay", user: Some(user), refused: Some("REPLAYED"), changed: &["revokedAt"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await?;
        Err(AuthStop::Refused)
    }
}
