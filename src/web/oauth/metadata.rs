//! `/.well-known/oauth-authorization-server` (RFC 8414) and `/.well-known/jwks.json` (RFC 7517, 8037): what there is, for
//! everybody, and kept for five minutes by whoever likes. Nothing is asked of the database for it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::web::{
    App,
    executor::Executor,
    info::{REQUEST_ID, RequestInfo},
    public::is_known,
    record::Record,
};

/// How long it may be kept; a new key is published for longer than this before it signs.
const CACHE: &str = "public, max-age=300";

/// What is known to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WellKnown {
    /// What the token endpoint can do.
    Server,
    /// The public keys.
    Keys,
}

impl WellKnown {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Server, Self::Keys];

    /// Where it is.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Server => "/.well-known/oauth-authorization-server",
            Self::Keys => "/.well-known/jwks.json",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Server => "application/json",
            Self::Keys => "application/jwk-set+json",
        }
    }
}

/// Serves one request.
pub(in crate::web) async fn known<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let info = RequestInfo::of(&request, &*app.ids, &app.trusted_proxies);
    let what = WellKnown::ALL.into_iter().find(|what| what.path() == request.uri().path());
    let what = what.unwrap_or(WellKnown::Server);
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), request.method().clone(), what.path());
    record.operation = "public";
    let mut answer = match *request.method() {
        Method::GET | Method::HEAD => page(what, &request, app.executor.well_known(what)),
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response(),
    };
    if request.method() == Method::HEAD {
        *answer.body_mut() = Body::empty();
    }
    if let Ok(id) = HeaderValue::from_str(&info.request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    record.end(answer.status());
    answer
}

fn page(what: WellKnown, request: &Request, text: String) -> Response {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]));
    let known = is_known(request.headers(), &tag);
    let mut answer = Response::new(if known { Body::empty() } else { Body::from(text) });
    let headers = answer.headers_mut();
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(what.media_type()));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Public keys are for everybody, also for what runs in a browser elsewhere.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    }
    answer
}
