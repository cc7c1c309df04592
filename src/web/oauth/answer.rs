//! What clients are answered: JSON as RFC 6749 §5 has it, in ASCII, never kept by anybody.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

use crate::web::refusal::{RETRY_AFTER, Refusal};

/// Why a client does not get what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OAuthRefusal {
    /// The request is wrong.
    Request(&'static str),
    /// The body is wrong in itself: too long, too slow, broken off.
    Body(StatusCode),
    /// Something else than POST.
    Method,
    /// The client is not known by this.
    Client,
    /// Nothing is granted to it.
    Unauthorized,
    /// Only `client_credentials` is served.
    GrantType,
    /// A scope that there is not, or that is not granted.
    Scope,
    /// Too many requests; so many seconds to wait.
    TooMany(u64),
    /// It can't be told now.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl From<Refusal> for OAuthRefusal {
    fn from(refusal: Refusal) -> Self {
        match refusal.status() {
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Self::Unavailable,
            status @ (StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT | StatusCode::BAD_REQUEST) => {
                Self::Body(status)
            }
            _ => Self::Internal,
        }
    }
}

impl OAuthRefusal {
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Request(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::Body(status) => (*status, "invalid_request", "the body is too long, too slow or broken off"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "only POST is accepted here"),
            // One sentence for everything that can be wrong, so that nobody learns who exists.
            Self::Client => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "the client is unknown, not in use, or did not prove who it is",
            ),
            Self::Unauthorized => (StatusCode::BAD_REQUEST, "unauthorized_client", "nothing is granted to this client"),
            Self::GrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "only client_credentials is served here")
            }
            Self::Scope => (StatusCode::BAD_REQUEST, "invalid_scope", "a scope that does not exist or is not granted"),
            Self::TooMany(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "too many requests, try again later")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "the service is busy, try again later")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "internal error"),
        }
    }

    fn dress(&self, headers: &mut HeaderMap) {
        match self {
            Self::Client => {
                let value = HeaderValue::from_static("Basic realm=\"taizhang\", charset=\"UTF-8\"");
                headers.insert(header::WWW_AUTHENTICATE, value);
            }
            Self::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            Self::TooMany(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            // The rest of the body is still on its way and nobody is going to read it.
            Self::Body(_) => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
    }
}

/// It was done; what is revoked has nothing to say.
pub(super) fn done(body: Option<&Value>) -> Response {
    with(StatusCode::OK, body.map(Value::to_string).unwrap_or_default())
}

/// It was not.
pub(super) fn refused(refusal: &OAuthRefusal) -> Response {
    let (status, error, why) = refusal.parts();
    let mut answer = with(status, json!({ "error": error, "error_description": why }).to_string());
    refusal.dress(answer.headers_mut());
    answer
}

fn with(status: StatusCode, text: String) -> Response {
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}
