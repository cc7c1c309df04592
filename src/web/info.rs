//! What the envelope knows about a request before anything is executed.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::Request,
    http::{HeaderMap, header},
};

use super::origin;
use crate::config::Network;
use crate::id::IdMaker;

/// The header that carries the identifier of a request, both ways.
pub const REQUEST_ID: &str = "x-request-id";

pub use crate::domain::lang::Lang;

/// The language of `Accept-Language`; what names neither language means Chinese.
pub fn lang_of(headers: &HeaderMap) -> Lang {
    let header: Vec<&str> =
        headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok()).collect();
    Lang::from_accept_language(&header.join(","))
}

/// Splits `tag;q=0.5`, the weight being 1 when none is given and 0 when it cannot be read.
pub(super) fn weighted(range: &str) -> (&str, f32) {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let weight = parts
        .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .map_or(1.0, |q| q.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0));
    (tag, weight)
}

/// The other end of the connection, put into the extensions of a request by the server.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What the schema may know about the request it serves.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// The identifier of the request, the `traceId` of its errors.
    pub request_id: String,
    /// The language of messages.
    pub lang: Lang,
    /// Where it comes from, past trusted proxies; absent when called in process.
    pub address: Option<IpAddr>,
}

impl RequestInfo {
    /// What is known of a request from its head.
    pub(super) fn of(request: &Request, ids: &dyn IdMaker, trusted: &[Network]) -> Self {
        let headers = request.headers();
        Self {
            request_id: sane_request_id(headers).unwrap_or_else(|| ids.next().to_string()),
            lang: lang_of(headers),
            address: origin::address(headers, request.extensions().get::<Peer>().map(|peer| peer.0), trusted),
        }
    }
}

impl RequestInfo {
    /// The address as the audit trail writes it.
    pub(super) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_canonical().to_string())
    }
}

/// An identifier chosen by the client is taken when it cannot hurt a log: up to 64 of `[A-Za-z0-9._-]`.
fn sane_request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    sane.then(|| text.to_owned())
}

/// The token of `Authorization: Bearer …`; several such headers are as good as none.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
