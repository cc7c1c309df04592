//! What an OpenID provider says of itself (OpenID Connect Discovery).

use serde_json::Value;
use url::Url;

use super::{
    address::{Loopback, checked},
    json::{self, text},
};

/// How a client shows its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretGoes {
    InTheHeader,
    InTheBody,
    /// The provider wants something else.
    Nowhere,
}

/// The part of it that is used.
pub(super) struct Discovery {
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) keys: Url,
    pub(super) secret_goes: SecretGoes,
}

impl Discovery {
    /// Reads what stands at `from`, when `issuer` says it.
    pub(super) fn read(bytes: &[u8], issuer: &str, from: &Url) -> Result<Self, String> {
        let said = json::object(bytes).map_err(|_| "the description of the provider is not JSON".to_owned())?;
        if text(&said, "issuer") != Some(issuer) {
            return Err("the description is of another issuer than the configured one".to_owned());
        }
        let loopback = if from.scheme() == "http" { Loopback::Allowed } else { Loopback::Refused };
        let address = |name: &str| {
            let address = text(&said, name).ok_or_else(|| format!("the description has no {name}"))?;
            checked(address, loopback).map_err(|(what, _)| format!("{name} of the description: {what}"))
        };
        let secret_goes = match said.get("token_endpoint_auth_methods_supported") {
            None => SecretGoes::InTheHeader,
            Some(Value::Array(ways)) if ways.iter().any(|way| way == "client_secret_basic") => SecretGoes::InTheHeader,
            Some(Value::Array(ways)) if ways.iter().any(|way| way == "client_secret_post") => SecretGoes::InTheBody,
            Some(_) => SecretGoes::Nowhere,
        };
        Ok(Self {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            secret_goes,
        })
    }
}
