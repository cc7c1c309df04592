//! The seam between the envelope and the domain: who asks, and what runs.

use std::{future::Future, sync::Arc};

use async_graphql::{Request, Response};
use uuid::Uuid;

use super::info::RequestInfo;

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
    /// It cannot be told now, for instance because the database is away.
    #[error("cannot be told now")]
    Unavailable,
}

/// The instance cannot serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub &'static str);

/// What stands behind the envelope; without a principal nothing of it can be executed.
pub trait Executor: Send + Sync + 'static {
    /// Who may execute.
    type Principal: Principal;

    /// Finds out who asks; called for every request, before its body is read.
    fn authenticate(
        &self,
        bearer: Option<&str>,
        info: &RequestInfo,
    ) -> impl Future<Output = Result<Self::Principal, AuthError>> + Send;

    /// Executes a request that has been measured; errors should carry `extensions.code`.
    fn execute(
        &self,
        principal: Self::Principal,
        info: Arc<RequestInfo>,
        request: Request,
    ) -> impl Future<Output = Response> + Send;

    /// The schema in SDL, read once at start to learn which fields are connections and lists.
    fn sdl(&self) -> String;

    /// Whether requests can be served now.
    fn ready(&self) -> impl Future<Output = Result<(), NotReady>> + Send;
}
