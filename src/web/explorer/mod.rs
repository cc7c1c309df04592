//! The explorer at `/graphiql`: a page of our own that loads with no request leaving the machine.
//!
//! Script and style are served from here, and the content security policy lets the browser refuse everything else.

mod examples;

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{App, executor::Executor};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An example on a tab of the explorer.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    /// What stands on the tab.
    pub title: String,
    /// The document.
    pub query: String,
    /// Variables as JSON text; empty when there are none.
    pub variables: String,
}

/// What the explorer shows first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explorer {
    /// The examples, in order.
    pub tabs: Vec<Tab>,
}

pub(super) async fn page() -> Response {
    asset("text/html; charset=utf-8", include_str!("index.html"))
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("app.js"))
}

pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("app.css"))
}

pub(super) async fn tabs<E: Executor>(State(app): State<Arc<App<E>>>) -> Response {
    (headers(), Json(&app.explorer)).into_response()
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    (headers(), [(header::CONTENT_TYPE, kind)], text).into_response()
}

const fn headers() -> [(HeaderName, &'static str); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ]
}
