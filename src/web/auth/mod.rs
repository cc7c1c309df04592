//! `/auth/…`: signing in and what belongs to it. JSON in and out, small bodies, nothing cached, nothing logged but
//! that it happened.

mod answer;
mod origin;
mod read;
mod run;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method},
    response::Response,
};
use futures_util::FutureExt;
use tokio::time::{Instant, sleep_until};

use super::{
    App,
    executor::Executor,
    finish::finish,
    info::{REQUEST_ID, RequestInfo, bearer},
    record::Record,
    refusal::Refusal,
};
pub use origin::AuthOrigin;
pub use read::AuthWish;
pub(super) use run::run;

use crate::error::UserError;

/// What is only looked at: the other services by which one signs in.
pub const PROVIDERS: &str = "/auth/external";
/// The addresses to which something is sent.
pub const ROUTES: [&str; 12] = [
    "/auth/sign-in",
    "/auth/refresh",
    "/auth/sign-out",
    "/auth/password",
    "/auth/accept",
    "/auth/totp/enrol",
    "/auth/totp/confirm",
    "/auth/totp/remove",
    "/auth/external/start",
    "/auth/external/finish",
    "/auth/external/totp",
    "/auth/external/link",
];

/// Why it was not done.
#[derive(Debug)]
pub enum AuthRefusal {
    /// The envelope's own words.
    Refusal(Refusal),
    /// Something the user can mend.
    Errors(Vec<UserError>),
}

impl From<Refusal> for AuthRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// Serves one request.
pub(super) async fn handle<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let info = Arc::new(RequestInfo::of(&request, &*app.ids, &app.trusted_proxies));
    let path = ROUTES.into_iter().chain([PROVIDERS]).find(|route| *route == request.uri().path()).unwrap_or("/auth");
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), request.method().clone(), path);
    record.operation = "auth";
    // Boxed, like the steps of the other endpoints.
    let steps = Box::pin(steps(&app, request, path, &info));
    let outcome = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "a request panicked");
        Err(Refusal::Internal.into())
    });
    let mut answer = match outcome {
        Ok(body) => answer::done(&body),
        Err(refusal) => answer::refused(&refusal, &info),
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
    info: &Arc<RequestInfo>,
) -> Result<serde_json::Value, AuthRefusal> {
    let (parts, body) = request.into_parts();
    // Nothing but the list of other services is only looked at.
    let (method, name) = if path == PROVIDERS { (Method::GET, "GET") } else { (Method::POST, "POST") };
    if parts.method != method {
        return Err(Refusal::OnlyMethod(name).into());
    }
    let wish = read::wish(path, &parts.headers, body, &app.limits).await?;
    let origin = AuthOrigin::of(&parts.headers, info);
    let bearer = bearer(&parts.headers).map(str::to_owned);
    let arrival = Instant::now();
    let deadline = arrival + app.limits.request_deadline;
    let permit = app.lanes.signing_in(deadline).await?;
    let executor = app.executor.clone();
    let running = async move {
        let _place = permit;
        executor.auth(wish, bearer, origin).await
    };
    // Finished also when nobody waits: a failure that is not counted because the client hung up is a guess for nothing.
    let done = finish(&app.limits, deadline, running).await?;
    if matches!(done, Err(AuthRefusal::Refusal(Refusal::SignInRefused))) {
        // The work is alike for everybody who is refused, but not to the last write; so all are told at the same moment.
        sleep_until(arrival + app.limits.sign_in_refusal).await;
    }
    done
}
