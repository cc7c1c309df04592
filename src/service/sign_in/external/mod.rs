//! Signing in with the word of another service: from where the browser is sent, by what it comes back with, to a session.
//!
//! Nothing is kept between the two: what the server has to remember goes, sealed, to the client and comes back. Only that a
//! handle was used is written down, in the transaction that uses it, so that each is good once.

mod enter;
mod handle;
mod link;
mod session;

use std::time::Duration;

use chrono::{DateTime, Utc};

use self::handle::{BEGUN_LIFE, Handle, Stage, handle_over};
pub use self::link::SaidAgain;
use super::password::slip;
use super::way::Way;
use super::{AuthStop, Origin, Service, Tokens};
use crate::authz::Actor;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::external::{Begun, ConnectorError, Identity, Provider, is_subject};
use crate::secrets::opaque;

/// What the audit trail calls it to come in this way.
const DOOR: &str = "externalSignIn";
/// Bytes of a code at most; those of the services have some hundred.
const CODE_BYTES: usize = 2048;

/// A sign-in that has begun.
pub struct ExternalBegun {
    /// Where the browser is to be sent.
    pub authorize_url: String,
    /// What will come back with it, so that an app finds the handle that belongs to it.
    pub state: String,
    /// What has to be given back; a secret of the browser that began.
    pub handle: String,
    /// How long it is good.
    pub life: Duration,
}

/// What the browser came back with.
#[derive(Clone)]
pub struct ExternalReturn {
    /// The handle of the beginning.
    pub handle: String,
    /// The state that came back.
    pub state: String,
    /// The code, or the ticket of CAS.
    pub code: String,
}

/// What came of it.
pub enum ExternalOutcome {
    /// A session.
    SignedIn(Tokens),
    /// The other service is believed; the one-time password of here is missing, to be given with this handle.
    TotpRequired {
        /// The next handle.
        handle: String,
        /// How long it is good.
        life: Duration,
    },
}

impl Service {
    /// Where to send the browser, and what to keep until it is back.
    pub async fn external_begin(
        &self,
        provider: &str,
        redirect_uri: &str,
        origin: &Origin,
    ) -> Result<ExternalBegun, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let unknown =
            || UserError::at(UserErrorCode::NotFound, Message::SignIn(SignInMessage::UnknownProvider), "provider");
        let provider = self.authenticator().providers().get(provider).ok_or_else(unknown)?;
        if !provider.redirect_uris.iter().any(|allowed| allowed == redirect_uri) {
            let message = Message::SignIn(SignInMessage::BadRedirect);
            return Err(UserError::at(UserErrorCode::InvalidFormat, message, "redirectUri").into());
        }
        let begun = Begun {
            state: self.unguessable()?,
            nonce: self.unguessable()?,
            verifier: self.unguessable()?,
            redirect_uri: redirect_uri.to_owned(),
        };
        let address = {
            let _place = self.authenticator().place_elsewhere().ok_or_else(|| away(provider, ConnectorError::Busy))?;
            provider.connector.address(&begun, now).await
        };
        let authorize_url = address.map_err(|error| away(provider, error))?;
        let Begun { state, nonce, verifier, redirect_uri } = begun;
        let stage = Stage::Begun { state: state.clone(), nonce, verifier, redirect_uri };
        let handle = self.handle(provider, now + BEGUN_LIFE, stage)?;
        Ok(ExternalBegun { authorize_url, state, handle, life: BEGUN_LIFE.to_std().unwrap_or_default() })
    }

    /// A session for whoever the other service says it is.
    pub async fn external_finish(&self, back: &ExternalReturn, origin: &Origin) -> Result<ExternalOutcome, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let (handle, identity) = self.proved_elsewhere(DOOR, back, None, origin, now).await?;
        self.enter(handle, &identity, None, origin, now).await
    }

    /// The same with the one-time password that was missing.
    pub async fn external_totp(&self, handle: &str, totp: &str, origin: &Origin) -> Result<ExternalOutcome, AuthStop> {
        self.attempt(origin)?;
        let now = self.clock().now();
        let handle = self.opened(handle, now)?;
        let Stage::Proved { issuer, subject } = &handle.stage else { return Err(handle_over().into()) };
        let identity = Identity { issuer: issuer.clone(), subject: subject.clone() };
        // Another service may bear the name by now: it has proved nothing, and its second factor is not the first one's.
        if self.provider(&handle)?.connector.issuer() != identity.issuer {
            return Err(handle_over().into());
        }
        self.enter(handle, &identity, Some(totp), origin, now).await
    }

    /// Who came back, in the words of the service he comes from.
    async fn proved_elsewhere(
        &self,
        operation: &'static str,
        back: &ExternalReturn,
        actor: Option<&Actor>,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(Handle, Identity), AuthStop> {
        let handle = self.opened(&back.handle, now)?;
        let Stage::Begun { state, nonce, verifier, redirect_uri } = &handle.stage else {
            return Err(handle_over().into());
        };
        let provider = self.provider(&handle)?;
        let begun = Begun {
            state: state.clone(),
            nonce: nonce.clone(),
            verifier: verifier.clone(),
            redirect_uri: redirect_uri.clone(),
        };
        // Another browser began what this one ends.
        let told = if back.state != begun.state {
            Err(ConnectorError::Refused("STATE", "the state is that of another sign-in".to_owned()))
        } else if back.code.is_empty() || back.code.len() > CODE_BYTES || back.code.chars().any(char::is_control) {
            Err(ConnectorError::Refused("CODE", "this is no code".to_owned()))
        } else if let Some(_place) = self.authenticator().place_elsewhere() {
            provider.connector.identity(&back.code, &begun, now).await
        } else {
            Err(ConnectorError::Busy)
        };
        match told {
            Ok(identity) if is_identity(&identity, provider) => Ok((handle, identity)),
            Ok(_) => self.denied(Way::by(operation, &provider.id), actor, "SUBJECT", origin, now).await,
            Err(ConnectorError::Refused(reason, detail)) => {
                tracing::info!(provider = provider.id, reason, detail, "another sign-in service was not believed");
                self.denied(Way::by(operation, &provider.id), actor, reason, origin, now).await
            }
            Err(error) => Err(away(provider, error)),
        }
    }

    async fn denied<T>(
        &self,
        way: Way<'_>,
        actor: Option<&Actor>,
        reason: &'static str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<T, AuthStop> {
        let tx = self.auth_tx().await?;
        let user = match actor {
            Some(actor) => Some(self.own_row(&tx, actor).await?),
            None => None,
        };
        let refused = self.turned_away(tx, way, user.as_ref(), reason, origin, now).await;
        // Whoever is signed in keeps his session: a 401 would have his app throw it away.
        match actor {
            Some(_) => refused.map_err(|stop| slip(stop, SignInMessage::NotBelieved, "code")),
            None => refused,
        }
    }

    fn unguessable(&self) -> Result<String, AuthStop> {
        Ok(opaque::new("", &**self.authenticator().random())?)
    }
}

/// Whether it can be kept, and is of the service that was asked.
fn is_identity(identity: &Identity, provider: &Provider) -> bool {
    identity.issuer == provider.connector.issuer() && is_subject(&identity.subject)
}

fn away(provider: &Provider, error: ConnectorError) -> AuthStop {
    tracing::warn!(provider = provider.id, %error, "another sign-in service cannot be asked");
    AuthStop::Away
}
