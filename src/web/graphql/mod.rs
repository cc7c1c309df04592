//! The GraphQL endpoint: who asks, what is asked, what it would cost, and only then the schema.

mod confined;
pub(super) mod extract;
mod form;
pub(super) mod negotiate;
mod respond;
mod run;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method},
    response::Response,
};
use futures_util::FutureExt;

use super::{
    App,
    executor::Executor,
    info::{REQUEST_ID, RequestInfo},
    record::Record,
    refusal::Refusal,
};
use negotiate::Media;

/// Serves one request.
pub(super) async fn handle<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let headers = request.headers();
    let media = Media::acceptable(headers);
    let info = Arc::new(RequestInfo::of(&request, &*app.ids, &app.trusted_proxies));
    let method = request.method().clone();
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), method.clone(), "/graphql");

    // Boxed: the state of a whole request is large, and moved about while it is on the stack.
    let steps = Box::pin(run::steps(&app, request, media, &info, &mut record));
    let outcome = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "a request panicked");
        Err(Refusal::Internal)
    });
    let mut answer = match outcome {
        Ok(answer) => answer,
        Err(refusal) => respond::refused(&refusal, media.unwrap_or_default(), &info),
    };
    if let Ok(id) = HeaderValue::from_str(&info.request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    record.end(answer.status());
    respond::without_body(&method, answer)
}

/// Only these two have a meaning here; a HEAD would execute a query and throw the answer away.
fn is_served(method: &Method) -> bool {
    method == Method::GET || method == Method::POST
}
