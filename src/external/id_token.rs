//! ID tokens (OpenID Connect Core, 3.1.3.7), checked as strictly as our own tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::{ConnectorError, is_subject, json, json::text, oidc_keys::Keys, refused};

/// Longest token looked at, bytes; those with many groups have some thousands.
const LONGEST: usize = 16 * 1024;
/// How far the provider's clock and ours may differ, seconds.
const LEEWAY: u64 = 60;
/// How long ago a token may have been made, seconds; it came straight from the provider.
const OLDEST: u64 = 600;
/// The last second of the year 9999: later times are nonsense.
const LATEST: u64 = 253_402_300_799;
/// Audiences looked at.
const MOST_AUDIENCES: usize = 16;
/// What a header may not say: keys that come with the token, rules that we do not know, and other things than a plain token.
const FORBIDDEN: [&str; 9] = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "enc", "zip", "cty"];

/// What the token has to say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// A token whose header is good, and of which nothing else is believed yet.
pub(super) struct IdToken<'a> {
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
    algorithm: Algorithm,
    kid: Option<String>,
}

/// How the signature and the keys fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Well,
    /// No key, or more than one, is for this token.
    NoKey,
    Badly,
}

impl<'a> IdToken<'a> {
    /// Looks at the form and the header.
    pub(super) fn read(token: &'a str) -> Result<Self, ConnectorError> {
        let form = |what: &str| refused("TOKEN_FORM", what);
        if token.len() > LONGEST {
            return Err(form("longer than a token may be"));
        }
        let parts: Vec<&str> = token.splitn(4, '.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(form("not three parts"));
        };
        let message = &token[..header.len() + 1 + payload.len()];
        let header = object(header).ok_or_else(|| form("a header that is not one JSON object"))?;
        if let Some(name) = FORBIDDEN.iter().find(|name| header.contains_key(**name)) {
            return Err(refused("TOKEN_HEADER", format!("a header with {name}")));
        }
        let algorithm = match text(&header, "alg") {
            Some("RS256") => Algorithm::RS256,
            Some("ES256") => Algorithm::ES256,
            Some("EdDSA") => Algorithm::EdDSA,
            _ => return Err(refused("TOKEN_ALGORITHM", "an algorithm other than RS256, ES256 and EdDSA")),
        };
        // Tokens for other uses (`at+jwt`, `logout+jwt`) say so here.
        match header.get("typ") {
            None => {}
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
            Some(_) => return Err(refused("TOKEN_HEADER", "a type other than JWT")),
        }
        let kid = match header.get("kid") {
            None => None,
            Some(Value::String(kid)) => Some(kid.clone()),
            Some(_) => return Err(refused("TOKEN_HEADER", "a key id that is not a text")),
        };
        Ok(Self { message, payload, signature, algorithm, kid })
    }

    /// Whether the token says which key it is signed with.
    pub(super) fn names_its_key(&self) -> bool {
        self.kid.is_some()
    }

    /// Tries the key that fits.
    pub(super) fn signed_by(&self, keys: &Keys) -> Signed {
        let Some(key) = keys.fitting(self.algorithm, self.kid.as_deref()) else {
            return Signed::NoKey;
        };
        match jsonwebtoken::crypto::verify(self.signature, self.message.as_bytes(), key, self.algorithm) {
            Ok(true) => Signed::Well,
            _ => Signed::Badly,
        }
    }

    /// The subject, when all that a well signed token says is as expected.
    pub(super) fn subject(&self, expected: &Expected<'_>, now: DateTime<Utc>) -> Result<String, ConnectorError> {
        let claims =
            object(self.payload).ok_or_else(|| refused("TOKEN_CLAIMS", "claims that are not one JSON object"))?;
        if text(&claims, "iss") != Some(expected.issuer) {
            return Err(refused("TOKEN_ISSUER", "another issuer"));
        }
        audience(&claims, expected.client_id).map_err(|what| refused("TOKEN_AUDIENCE", what))?;
        times(&claims, now).map_err(|what| refused("TOKEN_TIME", what))?;
        if text(&claims, "nonce") != Some(expected.nonce) {
            return Err(refused("TOKEN_NONCE", "the nonce of another sign-in, or none"));
        }
        match text(&claims, "sub") {
            Some(sub) if is_subject(sub) => Ok(sub.to_owned()),
            _ => Err(refused("TOKEN_SUBJECT", "no subject of 1 to 255 printable characters")),
        }
    }
}

fn audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), &'static str> {
    let several = match claims.get("aud") {
        Some(Value::String(aud)) if aud == client_id => false,
        Some(Value::Array(auds)) if (1..=MOST_AUDIENCES).contains(&auds.len()) => {
            if !auds.iter().all(Value::is_string) {
                return Err("an audience that is not a text");
            }
            if !auds.iter().any(|aud| aud.as_str() == Some(client_id)) {
                return Err("another audience");
            }
            auds.len() > 1
        }
        _ => return Err("another audience, or none"),
    };
    match claims.get("azp") {
        None if several => Err("several audiences, and no authorised party"),
        None => Ok(()),
        Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
        Some(_) => Err("another authorised party"),
    }
}

fn times(claims: &Map<String, Value>, now: DateTime<Utc>) -> Result<(), &'static str> {
    let time = |name: &str| claims.get(name).map(|time| time.as_u64().filter(|time| *time <= LATEST));
    let (Some(Some(exp)), Some(Some(iat))) = (time("exp"), time("iat")) else {
        return Err("no whole seconds for when it was made and when it ends");
    };
    let nbf = time("nbf").unwrap_or(Some(iat)).ok_or("no whole seconds for when it begins")?;
    let now = u64::try_from(now.timestamp()).map_err(|_| "a clock before 1970")?;
    if exp <= iat || exp <= nbf {
        return Err("it ends before it begins");
    }
    if iat > now + LEEWAY || nbf > now + LEEWAY {
        return Err("made later than now");
    }
    if now >= exp + LEEWAY {
        return Err("expired");
    }
    if now > iat + OLDEST {
        return Err("made more than ten minutes ago");
    }
    Ok(())
}

fn object(part: &str) -> Option<Map<String, Value>> {
    json::object(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
