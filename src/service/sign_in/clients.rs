//! Machines: a service account proves by its secret who it is, and gets a token (RFC 6749 §4.4); and tokens that are handed
//! back (RFC 7009).
//!
//! Unknown, wrong, taken back, over and disabled are one answer after the same questions to the database. Nothing locks
//! here: a secret of 256 random bits is not guessed, and a lock would let anybody stop a machine whose name he knows.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::vocabulary::UserKind;
use entity::{service_secret, session, user_account};
use uuid::Uuid;

use super::{AuthStop, Line, Origin, Service, commit, span};
use crate::authz::Scope;
use crate::clock::{day_of, end_of};
use crate::id::{GlobalId, Kind};
use crate::secrets::{TokenVerifier, opaque};

/// What sessions of machines are opened for.
const PURPOSE: &str = "client-credentials";
/// What the audit trail calls it to get a token, and to hand one back.
const ISSUE: &str = "tokenIssue";
const REVOKE: &str = "tokenRevoke";

/// Who a machine says it is, and by what it proves it.
#[derive(Clone)]
pub struct Client {
    /// The identifier of the service account.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// A token of a machine.
#[derive(Clone, Debug)]
pub struct ClientToken {
    /// For every request.
    pub access: String,
    /// How long it is good.
    pub life: Duration,
    /// What it is good for.
    pub scopes: String,
}

/// Why a machine gets none.
#[derive(Debug)]
pub enum ClientStop {
    /// It is not known by this, or it comes too often, or something is at fault here.
    Auth(AuthStop),
    /// It is known, and nothing is granted to it.
    NothingGranted,
    /// It asks for a scope that there is not, or that is not granted to it.
    NotGranted,
}

impl<E: Into<AuthStop>> From<E> for ClientStop {
    fn from(stop: E) -> Self {
        Self::Auth(stop.into())
    }
}

impl Service {
    /// A token for a machine: as wide as its grants, or narrower where it asks for less.
    pub async fn client_token(
        &self,
        client: &Client,
        scope: Option<&str>,
        origin: &Origin,
    ) -> Result<ClientToken, ClientStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let (user, secret) = self.client(client, ISSUE, origin, now).await?;
        self.authenticator().client_attempt(user.id, now).map_err(AuthStop::TooMany)?;
        let actor = self.store().actor_of(user.id, secret.id, now, day_of(now)).await?;
        let Some(granted) = actor.map(|actor| actor.scopes()) else {
            // Disabled since a moment ago.
            let tx = self.auth_tx().await?;
            return Ok(self.turned_away(tx, ISSUE, Some(&user), "NOT_IN_USE", origin, now).await?);
        };
        if granted.is_empty() {
            self.client_refused(&user, "NOTHING_GRANTED", origin, now).await?;
            return Err(ClientStop::NothingGranted);
        }
        let scopes = match scope.map(|asked| asked_for(asked, &granted)) {
            None => granted,
            Some(Some(asked)) => asked,
            Some(None) => {
                self.client_refused(&user, "NOT_GRANTED", origin, now).await?;
                return Err(ClientStop::NotGranted);
            }
        };
        let scopes = Scope::words(&scopes);

        let tx = self.auth_tx().await?;
        let user = tx.user_claimed(user.id).await?.filter(may_act);
        let Some(user) = user else { return Ok(self.turned_away(tx, ISSUE, None, "NOT_IN_USE", origin, now).await?) };
        let known = tx.service_secret(secret.id).await?;
        let Some(secret) = known.filter(|secret| is_live(secret, now)) else {
            return Ok(self.turned_away(tx, ISSUE, Some(&user), "NOT_IN_USE", origin, now).await?);
        };
        // A secret of which this is the last day gets nothing that is good tomorrow.
        let until = now + span(self.authenticator().tokens().rules().lifetime);
        let until = secret.expires_on.map_or(until, |last| until.min(end_of(last)));
        let session = session::Model {
            id: self.ids().next(),
            user_id: user.id,
            created_at: now,
            expires_at: until,
            revoked_at: None,
            purpose: PURPOSE.to_owned(),
            last_used_at: None,
            idle_ends_at: None,
            address: origin.address_text(),
            user_agent: origin.agent_text(),
            scopes: Some(scopes.clone()),
            service_secret_id: Some(secret.id),
            external_identity_id: None,
            second_factor_elsewhere: false,
            previous_sign_in_at: None,
            previous_sign_in_address: None,
        };
        let opened = session.id;
        tx.insert::<session::Entity>(session).await?;
        tx.machine_sessions_bound(user.id, self.limits().sessions_per_machine, now).await?;
        tx.update::<service_secret::Entity>(service_secret::Model { last_used_at: Some(now), ..secret }).await?;
        self.sign_in_note(&tx, origin, Line { operation: ISSUE, user: Some(&user), refused: None, changed: &[] }, now)
            .await?;
        commit(tx).await?;
        let access = self.authenticator().tokens().mint_until(user.id, opened, now, until, &**self.ids())?;
        // In seconds as the token counts them, of which one is left at least: the secret is good at this moment.
        let life = Duration::from_secs(u64::try_from(until.timestamp() - now.timestamp()).unwrap_or_default());
        Ok(ClientToken { access, life, scopes })
    }

    /// Ends what a token is good for. A machine's own by the machine, a person's by whoever holds it; whatever is unknown,
    /// over or somebody else's is left alone, and nobody is told.
    pub async fn token_hand_back(
        &self,
        verifier: &TokenVerifier,
        token: &str,
        client: Option<&Client>,
        origin: &Origin,
    ) -> Result<(), ClientStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let machine = match client {
            Some(client) => Some(self.client(client, REVOKE, origin, now).await?.0.id),
            None => None,
        };
        let found = match opaque::digest(opaque::REFRESH, token) {
            Some(digest) => self.store().refreshed_by(&digest).await?,
            None => match verifier.verify(token, now) {
                Ok(claims) => self.store().session_by_key(claims.session).await?,
                Err(_) => None,
            },
        };
        let Some(session) = found else { return Ok(()) };
        let tx = self.auth_tx().await?;
        let Some(user) = tx.user_claimed(session.user_id).await? else { return Ok(()) };
        let theirs = match machine {
            Some(machine) => user.id == machine,
            None => user.kind == UserKind::Person,
        };
        if theirs && tx.session_end(session.id, now).await? {
            let line = Line { operation: REVOKE, user: Some(&user), refused: None, changed: &["revokedAt"] };
            self.sign_in_note(&tx, origin, line, now).await?;
            commit(tx).await?;
        }
        Ok(())
    }

    /// The service account that this is, with the secret it said.
    async fn client(
        &self,
        client: &Client,
        operation: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(user_account::Model, service_secret::Model), AuthStop> {
        // Both are asked for whatever was said, so that one who is known takes no longer than one who is not.
        let id =
            client.id.parse::<GlobalId>().ok().filter(|id| id.kind == Kind::User).map_or(Uuid::nil(), |id| id.uuid);
        let user = self.store().user_by_key(id).await?.filter(|user| user.kind == UserKind::Service);
        let digest = opaque::digest(opaque::SECRET, &client.secret).unwrap_or_default();
        let secret = self.store().service_secret(&digest).await?;
        let own = secret.filter(|secret| user.as_ref().is_some_and(|user| user.id == secret.user_id));
        let reason = match (&user, &own) {
            (None, _) => "UNKNOWN_CLIENT",
            (_, None) => "WRONG_SECRET",
            (Some(user), Some(own)) if !may_act(user) || !is_live(own, now) => "NOT_IN_USE",
            _ => "",
        };
        match (user, own) {
            (Some(user), Some(own)) if reason.is_empty() => Ok((user, own)),
            (user, _) => {
                let tx = self.auth_tx().await?;
                self.turned_away(tx, operation, user.as_ref(), reason, origin, now).await
            }
        }
    }

    /// Writes down that a machine that is known asked for what it does not get.
    async fn client_refused(
        &self,
        user: &user_account::Model,
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), AuthStop> {
        let tx = self.auth_tx().await?;
        let line = Line { operation: ISSUE, user: Some(user), refused: Some(reason), changed: &[] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await
    }
}

fn may_act(user: &user_account::Model) -> bool {
    user.disabled_at.is_none() && user.kind == UserKind::Service
}

/// Neither taken back nor over.
pub(in crate::service) fn is_live(secret: &service_secret::Model, now: DateTime<Utc>) -> bool {
    secret.revoked_at.is_none() && secret.expires_on.is_none_or(|last| day_of(now) <= last)
}

/// The scopes of a list of words, if each is one and all are granted.
fn asked_for(words: &str, granted: &BTreeSet<Scope>) -> Option<BTreeSet<Scope>> {
    let one = |word: &str| Scope::ALL.iter().copied().find(|scope| scope.as_str() == word);
    let asked: Option<BTreeSet<Scope>> = words.split(' ').map(one).collect();
    asked.filter(|asked| asked.is_subset(granted))
}
