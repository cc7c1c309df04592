//! `POST /auth/token`, `POST /auth/revoke`: the door for machines. Forms in and JSON out, as the RFCs have it.

mod answer;
mod form;
mod metadata;
mod run;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method},
    response::Response,
};
use futures_util::FutureExt;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    App,
    auth::AuthOrigin,
    executor::Executor,
    finish::finish,
    graphql::extract,
    info::{REQUEST_ID, RequestInfo},
    record::Record,
};
pub use answer::OAuthRefusal;
pub use form::{OAuthWish, Said};
pub use metadata::WellKnown;
pub(super) use metadata::known;
pub(super) use run::{keys, metadata, run};

/// Where tokens are had.
pub const TOKEN: &str = "/auth/token";
/// Where they are handed back.
pub const REVOKE: &str = "/auth/revoke";
/// Both.
pub const ROUTES: [&str; 2] = [TOKEN, REVOKE];

/// Serves one request.
pub(super) async fn handle<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let info = RequestInfo::of(&request, &*app.ids, &app.trusted_proxies);
    let path = ROUTES.into_iter().find(|route| *route == request.uri().path()).unwrap_or(TOKEN);
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), request.method().clone(), path);
    record.operation = "auth";
    // Boxed, like the steps of the other endpoints.
    let steps = Box::pin(steps(&app, request, path, &info));
    let outcome = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "a request panicked");
        Err(OAuthRefusal::Internal)
    });
    let mut answer = match outcome {
        Ok(body) => answer::done(body.as_ref()),
        Err(refusal) => answer::refused(&refusal),
    };
    if let Ok(id) = HeaderValue::from_str(&info.request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    record.end(answer.status());
    answer
}

async fn steps<E: Executor>(
    app: &App<E>,
    request: Request,
    path: &'static str,
    info: &RequestInfo,
) -> Result<Option<Value>, OAuthRefusal> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return Err(OAuthRefusal::Method);
    }
    let bytes = extract::bytes(&parts.headers, body, app.limits.auth_bytes, app.limits.body_timeout).await?;
    let wish = form::wish(path, &parts.uri, &parts.headers, &bytes)?;
    let origin = AuthOrigin::of(&parts.headers, info);
    let deadline = Instant::now() + app.limits.request_deadline;
    // Machines sign in too.
    let permit = app.lanes.signing_in(deadline).await?;
    let executor = app.executor.clone();
    let running = async move {
        let _place = permit;
        executor.oauth(wish, origin).await
    };
    finish(&app.limits, deadline, running).await?
}
