//! Which addresses are spoken to: https, and http only to this machine itself.

use url::{Host, Url};

/// Longest address in use.
const LONGEST: usize = 2048;

/// What providers add to the address that they send a browser back to.
const ANSWERS: [&str; 5] = ["code", "state", "ticket", "error", "iss"];

/// What is wrong with an address, and what to do.
pub(super) type Wrong = (&'static str, &'static str);

/// Whether plain http to this machine is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loopback {
    Allowed,
    /// For addresses that a provider tells us over TLS: they are neither to give it up nor to reach what listens here only.
    Refused,
}

/// An address that may be spoken to.
pub(super) fn checked(text: &str, loopback: Loopback) -> Result<Url, Wrong> {
    let url = plain(text)?;
    if authority(text).contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Err(("the address holds a user or a password", "leave out everything up to the @"));
    }
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if loopback == Loopback::Allowed && is_loopback(&url) => Ok(url),
        "http" => Err(("plain http reaches this machine only", "write an address that begins with https://")),
        _ => Err(("this is not an address of the web", "write an address that begins with https://")),
    }
}

/// An address to which paths are added.
pub(super) fn base(text: &str) -> Result<Url, Wrong> {
    let url = checked(text, Loopback::Allowed)?;
    if url.query().is_some() {
        return Err(("the address holds a ?", "leave out everything from the ? on"));
    }
    Ok(url)
}

/// Where a browser, or an app by its own scheme, may be sent back to.
pub(super) fn redirect(text: &str) -> Result<(), Wrong> {
    let url = plain(text)?;
    if url.query_pairs().any(|(name, _)| ANSWERS.contains(&name.as_ref())) {
        return Err(("the address holds what providers add to it", "leave out code, state, ticket, error and iss"));
    }
    match url.scheme() {
        "http" | "https" => checked(text, Loopback::Allowed).map(|_| ()),
        // With a dot, because it belongs to a domain name turned round (RFC 8252, 7.1): `javascript:` and `data:` do not.
        scheme if scheme.contains('.') => Ok(()),
        _ => Err((
            "an app's own scheme has a dot in it",
            "write https://… or the domain of the app turned round, like cn.gov.example.app:/back",
        )),
    }
}

/// Whether the address is one of this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Reads the address as written; the reader mends much that is then another address than the one that was meant.
fn plain(text: &str) -> Result<Url, Wrong> {
    if text.len() > LONGEST {
        return Err(("the address is longer than 2048 characters", "write a shorter one"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err((
            "the address holds a blank or a character that addresses do not have",
            "write it percent-encoded",
        ));
    }
    if text.contains('#') {
        return Err(("the address holds a #", "leave out everything from the # on"));
    }
    Url::parse(text).map_err(|_| ("this is not an address", "write a whole address, like https://id.example.gov.cn"))
}

fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}
