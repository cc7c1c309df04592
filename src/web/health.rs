//! `/livez`, `/readyz` and `/metrics`: outside the queue, so that they answer when the service is busy.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use tokio::{sync::Mutex, time::Instant};

use super::{App, executor::Executor};

/// How long readiness may take to find out.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// How long an answer is good: whoever asks, and however often, the database is asked once in this time.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// The last answer, and since when it stands.
#[derive(Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, &'static str)>>);

const READY: &str = "ok\n";

impl Readiness {
    /// What is answered now; one asks, the others wait for it.
    async fn answer(&self, executor: &impl Executor) -> &'static str {
        let mut last = self.0.lock().await;
        if let Some((since, text)) = *last
            && since.elapsed() < GOOD_FOR
        {
            return text;
        }
        let (text, reason) = match tokio::time::timeout(READY_WITHIN, executor.ready()).await {
            Ok(Ok(())) => (READY, String::new()),
            Ok(Err(reason)) => ("not ready\n", reason.to_string()),
            Err(_) => ("not ready in time\n", "no answer in time".to_owned()),
        };
        let before = last.map_or(READY, |(_, text)| text);
        match (before == READY, text == READY) {
            (true, false) => tracing::warn!(%reason, "not ready"),
            (false, true) => tracing::info!("ready again"),
            _ => {}
        }
        *last = Some((Instant::now(), text));
        text
    }
}

/// The process runs.
pub(super) async fn live() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// Requests can be served.
pub(super) async fn ready<E: Executor>(State(app): State<Arc<App<E>>>) -> Response {
    if app.lifecycle.is_draining() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    let text = app.readiness.answer(&*app.executor).await;
    plain(if text == READY { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, text)
}

/// The counters, in the format of OpenMetrics.
pub(super) async fn metrics<E: Executor>(State(app): State<Arc<App<E>>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
