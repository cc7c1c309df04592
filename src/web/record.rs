//! One line in the log and one count per request, also when the client goes away.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use tokio::time::Instant;

use crate::web::metrics::Metrics;

/// Status in the log when the client went away before there was an answer.
const CLIENT_GONE: u16 = 499;

/// What is known of a request so far; written down when dropped.
pub(super) struct Record {
    metrics: Arc<Metrics>,
    started: Instant,
    request_id: String,
    method: Method,
    path: &'static str,
    pub operation: &'static str,
    pub operation_name: String,
    pub actor: String,
    pub cost: u64,
    status: u16,
}

impl Record {
    pub fn start(metrics: Arc<Metrics>, request_id: String, method: Method, path: &'static str) -> Self {
        metrics.begin();
        Self {
            metrics,
            started: Instant::now(),
            request_id,
            method,
            path,
            operation: "none",
            operation_name: String::new(),
            actor: String::new(),
            cost: 0,
            status: CLIENT_GONE,
        }
    }

    pub fn end(mut self, status: StatusCode) {
        self.status = status.as_u16();
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        self.metrics.end(self.operation, self.status, took);
        tracing::info!(
            target: "taizhang::request",
            request_id = %self.request_id,
            method = %self.method,
            path = self.path,
            status = self.status,
            operation = self.operation,
            operation_name = %self.operation_name,
            actor = %self.actor,
            cost = self.cost,
            duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        );
    }
}

/// A name that can stand in a log: letters, digits and `_`, at most 64.
pub(super) fn sane_name(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect()
}
