//! `/livez`, `/readyz` and `/metrics`: outside the queue, so that they answer when the service is busy.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{App, executor::Executor};

/// How long readiness may take to find out.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn live() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// Requests can be served.
pub(super) async fn ready<E: Executor>(State(app): State<Arc<App<E>>>) -> Response {
    if app.lifecycle.is_draining() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    match tokio::time::timeout(READY_WITHIN, app.executor.ready()).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ok\n"),
        Ok(Err(reason)) => {
            tracing::warn!(%reason, "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "not ready in time\n"),
    }
}

/// The counters, in the format of OpenMetrics.
pub(super) async fn metrics<E: Executor>(State(app): State<Arc<App<E>>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
