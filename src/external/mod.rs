//! Signing in with somebody else's word: the connectors of identity providers (OpenID Connect, CAS 3, WeCom).
//!
//! A connector says where the browser goes and, from what it came back with, who the person is there. Whose account that
//! is, and what comes next, is not decided here.

mod address;
mod cas;
mod cas_answer;
mod discovery;
mod entry;
mod files;
mod http;
mod id_token;
mod json;
mod kept;
mod oidc;
mod oidc_keys;
mod provider_file;
mod providers;
mod secret;
mod subject;
mod wecom;

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

pub use http::HttpLimits;
pub use providers::{Providers, ProvidersError};
pub use subject::{SUBJECT_CHARS, is_subject};

/// One sign-in under way: unguessable texts made by the caller, and where the browser is to come back to.
pub struct Begun {
    /// What ties the answer to the browser that asked.
    pub state: String,
    /// What ties the token to this sign-in.
    pub nonce: String,
    /// The code verifier of PKCE (RFC 7636).
    pub verifier: String,
    /// Where the browser comes back to; one of the provider's `redirect_uris`.
    pub redirect_uri: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// Who the person is, in the provider's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who says so; the connector's issuer.
    pub issuer: String,
    /// Who it is there; never given to another person.
    pub subject: String,
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// What came back is not good: a fixed reason for the audit trail, and a detail for the log that holds no secret.
    ///
    /// The reasons: `CODE`, `REDIRECT`; of ID tokens `TOKEN_TYPE`, `TOKEN_FORM`, `TOKEN_HEADER`, `TOKEN_ALGORITHM`,
    /// `TOKEN_KEY`, `TOKEN_SIGNATURE`, `TOKEN_CLAIMS`, `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `TOKEN_TIME`, `TOKEN_NONCE`,
    /// `TOKEN_SUBJECT`; of CAS `PROXY` and `SUBJECT`; of WeCom `NOT_A_MEMBER` and `SUBJECT`.
    #[error("refused ({0}): {1}")]
    Refused(&'static str, String),
    /// The provider cannot be asked, or answers nonsense: a detail for the log that holds no secret.
    #[error("the identity provider is not available: {0}")]
    Unavailable(String),
    /// As many exchanges with this provider are under way as may be.
    #[error("too many exchanges with the identity provider at once")]
    Busy,
}

/// A refusal; `detail` goes to the log.
fn refused(reason: &'static str, detail: impl Into<String>) -> ConnectorError {
    ConnectorError::Refused(reason, detail.into())
}

/// An identity provider, seen from here.
pub trait Connector: Send + Sync {
    /// What identities of this provider are kept under: stays the same when addresses' paths change.
    fn issuer(&self) -> &str;

    /// Where the person's browser is sent.
    fn address<'a>(&'a self, begun: &'a Begun, now: DateTime<Utc>) -> BoxFuture<'a, Result<String, ConnectorError>>;

    /// Whether it answers, by the least that can be asked of it, for whoever sets it up.
    fn look(&self) -> BoxFuture<'_, Result<Look, ConnectorError>> {
        Box::pin(async { Ok(Look::NotAsked) })
    }

    /// From what the browser came back with, to the token, to who it is.
    fn identity<'a>(
        &'a self,
        code: &'a str,
        begun: &'a Begun,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Identity, ConnectorError>>;
}

/// What looking at a provider came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It answers as it should; what its clock says, where it says so.
    Answers(Option<DateTime<Utc>>),
    /// There is nothing that could be asked without its secret.
    NotAsked,
}

/// Which protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenID Connect, authorization code with PKCE.
    Oidc,
    /// CAS protocol 3.
    Cas,
    /// WeCom (企业微信, 政务微信).
    Wecom,
}

impl ProviderKind {
    /// Its name in the file of providers and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Cas => "cas",
            Self::Wecom => "wecom",
        }
    }
}

/// A configured identity provider.
pub struct Provider {
    /// Its id in addresses and in the API.
    pub id: String,
    /// Its name on the button.
    pub name: String,
    /// Which protocol it speaks.
    pub kind: ProviderKind,
    /// Where browsers may come back to; compared as texts.
    pub redirect_uris: Vec<String>,
    /// Whether signing in with it counts as two factors.
    pub second_factor: bool,
    /// Who speaks with it.
    pub connector: Arc<dyn Connector>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("issuer", &self.connector.issuer())
            .field("redirect_uris", &self.redirect_uris)
            .field("second_factor", &self.second_factor)
            .finish_non_exhaustive()
    }
}
