//! From where somebody signs in, and with what.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use crate::web::info::RequestInfo;

/// From where a request comes.
#[derive(Clone, Debug)]
pub struct AuthOrigin {
    /// The address; absent when called in process.
    pub address: Option<IpAddr>,
    /// What the client says it is.
    pub user_agent: Option<String>,
    /// The identifier of the request.
    pub request_id: String,
}

impl AuthOrigin {
    pub(in crate::web) fn of(headers: &HeaderMap, info: &RequestInfo) -> Self {
        let said = headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        Self { address: info.address, user_agent: said, request_id: info.request_id.clone() }
    }
}
