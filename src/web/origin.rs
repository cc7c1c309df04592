//! From where a request comes: the other end of the connection, or whoever a trusted proxy says it asks for.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::config::Network;

/// The header in which proxies say for whom they ask, each behind the one before.
const FORWARDED: &str = "x-forwarded-for";

/// The nearest address that is no trusted proxy. What stands before it in the header anybody could have written.
pub(super) fn address(headers: &HeaderMap, peer: Option<SocketAddr>, trusted: &[Network]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut at = peer?.ip();
    // A client may have written bytes that are no text; what a proxy added behind them counts all the same.
    let said: Vec<_> =
        headers.get_all(FORWARDED).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    for hop in said.join(",").rsplit(',') {
        if !is_trusted(at) {
            break;
        }
        match hop.trim().parse() {
            Ok(next) => at = next,
            Err(_) => break,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::config::Settings;

    fn trusted(text: &str) -> Vec<Network> {
        let flags = HashMap::from([("trusted-proxies".to_owned(), text.to_owned())]);
        Settings::resolve(&flags, &|_| None).unwrap().trusted_proxies
    }

    fn from(peer: &str, said: &[&str], proxies: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append(FORWARDED, value.parse().unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 1234);
        address(&headers, Some(peer), &trusted(proxies)).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_about_the_one_before_them() {
        assert_eq!(from("203.0.113.9", &["10.1.1.1"], "none"), "203.0.113.9", "anybody can write a header");
        assert_eq!(from("203.0.113.9", &["10.1.1.1"], "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(from("10.0.0.1", &["198.51.100.7"], "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["1.2.3.4, 198.51.100.7"], "10.0.0.0/8"), "198.51.100.7", "the first is made up");
        assert_eq!(from("10.0.0.1", &["1.2.3.4", "198.51.100.7, 10.0.0.2"], "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &[], "10.0.0.0/8"), "10.0.0.1");
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED, axum::http::HeaderValue::from_bytes(b"\xff, 198.51.100.7").unwrap());
        let peer = SocketAddr::new("10.0.0.1".parse().unwrap(), 1234);
        let found = address(&headers, Some(peer), &trusted("10.0.0.0/8"));
        assert_eq!(found.unwrap().to_string(), "198.51.100.7", "what is no text hides nothing");
        assert_eq!(from("10.0.0.1", &["somebody"], "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(address(&HeaderMap::new(), None, &[]), None);
    }
}
