//! The seam between the envelope and the domain: who asks, and what runs.

use std::{future::Future, io, pin::Pin, sync::Arc};

use async_graphql::{Request, Response};
use futures_util::Stream;
use uuid::Uuid;

use super::auth::{AuthOrigin, AuthRefusal, AuthWish};
use super::oauth::{OAuthRefusal, OAuthWish, WellKnown};
use super::{info::RequestInfo, refusal::Refusal};
use crate::error::UserError;

/// Somebody on whose behalf a request runs.
pub trait Principal: Clone + Send + Sync + 'static {
    /// Who it is for limits per principal.
    fn key(&self) -> Uuid;

    /// Who it is for the log: an identifier, never a name.
    fn actor_id(&self) -> String;
}

/// Why nobody is behind a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No token came with the request.
    #[error("no token")]
    Missing,
    /// The token is not, or no longer, good for anybody.
    #[error("token refused")]
    Refused,
    /// Somebody is there, who has to change the password before anything else.
    #[error("the password has to be changed")]
    PasswordChange,
    /// Somebody is there, who has to set up one-time passwords before anything else.
    #[error("one-time passwords have to be set up")]
    TotpEnrolment,
    /// It cannot be told now, for instance because the database is away.
    #[error("cannot be told now")]
    Unavailable,
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Missing => Self::TokenMissing,
            AuthError::Refused => Self::TokenRefused,
            AuthError::PasswordChange => Self::PasswordChangeRequired,
            AuthError::TotpEnrolment => Self::TotpEnrolmentRequired,
            AuthError::Unavailable => Self::AuthUnavailable,
        }
    }
}

/// The instance cannot serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub &'static str);

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The name, as the client wrote it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file that is kept, as clients see it.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// The identifier.
    pub id: String,
    /// The name without any folder.
    pub name: String,
    /// What it is, by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// The digest of its content.
    pub sha256: String,
    /// From when it is gone.
    pub expires_at: Option<String>,
}

/// A file on its way to a client.
pub struct Outgoing {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Its content, a portion at a time.
    pub content: Content,
}

/// A content, a portion at a time.
pub type Content = Pin<Box<dyn Stream<Item = io::Result<Vec<u8>>> + Send>>;

/// Why a file is not kept or not given.
#[derive(Debug)]
pub enum FileError {
    /// Something the user can mend.
    Refused(Vec<UserError>),
    /// Absent, somebody else's, or expired.
    Absent,
    /// The database is away or overloaded.
    Unavailable,
    /// A fault of ours; the log has its cause.
    Internal,
}

/// What stands behind the envelope; without a principal nothing of it can be executed.
pub trait Executor: Send + Sync + 'static {
    /// Who may execute.
    type Principal: Principal;

    /// The session a token was made for, by the token alone: nothing is looked up, and nobody is let in by it. What is no
    /// token of ours is refused here and takes nobody's place.
    fn session(&self, _bearer: Option<&str>) -> Result<Option<Uuid>, AuthError> {
        Ok(None)
    }

    /// Finds out who asks; called for every request, before its body is read.
    fn authenticate(
        &self,
        bearer: Option<&str>,
        info: &RequestInfo,
    ) -> impl Future<Output = Result<Self::Principal, AuthError>> + Send;

    /// Finds out who asks, and lets in who has something to do before anything else: the second says what.
    fn admit(
        &self,
        bearer: Option<&str>,
        info: &RequestInfo,
    ) -> impl Future<Output = Result<(Self::Principal, Option<AuthError>), AuthError>> + Send {
        async move { Ok((self.authenticate(bearer, info).await?, None)) }
    }

    /// Signs in, goes on, signs out, changes what somebody signs in with; gives the body of the answer.
    fn auth(
        &self,
        _wish: AuthWish,
        _bearer: Option<String>,
        _origin: AuthOrigin,
    ) -> impl Future<Output = Result<serde_json::Value, AuthRefusal>> + Send {
        async { Err(AuthRefusal::Refusal(Refusal::TokenRefused)) }
    }

    /// Gives a machine a token, or ends one; gives the body of the answer, if there is one.
    fn oauth(
        &self,
        _wish: OAuthWish,
        _origin: AuthOrigin,
    ) -> impl Future<Output = Result<Option<serde_json::Value>, OAuthRefusal>> + Send {
        async { Err(OAuthRefusal::Client) }
    }

    /// What everybody may know of the tokens that are made here, as JSON.
    fn well_known(&self, _what: WellKnown) -> String {
        "{}".to_owned()
    }

    /// Executes a request that has been measured; errors should carry `extensions.code`.
    fn execute(
        &self,
        principal: Self::Principal,
        info: Arc<RequestInfo>,
        request: Request,
    ) -> impl Future<Output = Response> + Send;

    /// Keeps a file for a principal.
    fn keep(
        &self,
        _principal: Self::Principal,
        _info: Arc<RequestInfo>,
        _file: Incoming,
    ) -> impl Future<Output = Result<Kept, FileError>> + Send {
        async { Err(FileError::Absent) }
    }

    /// Opens a file that the principal sees.
    fn fetch(
        &self,
        _principal: Self::Principal,
        _info: Arc<RequestInfo>,
        _id: &str,
    ) -> impl Future<Output = Result<Outgoing, FileError>> + Send {
        async { Err(FileError::Absent) }
    }

    /// Finds out who follows a link to a file.
    fn follow(&self, _id: &str, _token: &str) -> impl Future<Output = Result<Self::Principal, AuthError>> + Send {
        async { Err(AuthError::Refused) }
    }

    /// What anybody may read, signed in or not; nobody's rights stand behind it.
    fn published(
        &self,
        _wish: super::public::PublicWish,
    ) -> impl Future<Output = Result<super::public::PublicPage, FileError>> + Send {
        async { Err(FileError::Absent) }
    }

    /// The schema in SDL, read once at start to learn which fields are connections and lists.
    fn sdl(&self) -> String;

    /// Whether requests can be served now.
    fn ready(&self) -> impl Future<Output = Result<(), NotReady>> + Send;
}
