//! The keys with which a provider signs its ID tokens (RFC 7517).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::json;

/// No provider has more.
const MOST: usize = 64;
/// Bits of RSA moduli that hold, and that can be reckoned with in time.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// Longest public exponent of RSA, bytes; all in use have three.
const LONGEST_EXPONENT: usize = 4;
/// Bytes of a coordinate of P-256, and of a key of Ed25519.
const COORDINATE: usize = 32;

/// The keys that are good for ID tokens; all others are left out.
pub(super) struct Keys(Vec<Key>);

/// A key, for the one algorithm that goes with its type.
struct Key {
    algorithm: Algorithm,
    kid: Option<String>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct WireKey {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<Value>,
}

impl Keys {
    /// Reads a key set.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut set = json::object(bytes).map_err(|_| "the key set is not JSON")?;
        let Some(Value::Array(keys)) = set.remove("keys") else {
            return Err("the key set has no list of keys");
        };
        if keys.len() > MOST {
            return Err("the key set has more than 64 keys");
        }
        // One key that is not for us, or strange, does not make the others bad.
        let keys = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).filter_map(key);
        Ok(Self(keys.collect()))
    }

    /// The key for a token that is signed by this algorithm and names this key, or none. With two that fit it would be luck.
    pub(super) fn fitting(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&DecodingKey> {
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.algorithm == algorithm && kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(&only.key),
            _ => None,
        }
    }
}

fn key(wire: WireKey) -> Option<Key> {
    let (algorithm, name) = match (wire.kty.as_str(), wire.crv.as_deref()) {
        ("RSA", None) => (Algorithm::RS256, "RS256"),
        ("EC", Some("P-256")) => (Algorithm::ES256, "ES256"),
        ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, "EdDSA"),
        _ => return None,
    };
    let signs = wire.usage.is_none_or(|usage| usage == "sig")
        && wire.key_ops.is_none_or(|ops| ops.iter().any(|op| op == "verify"))
        && wire.alg.is_none_or(|alg| alg == name);
    // A private key that is published is everybody's.
    if !signs || wire.d.is_some() {
        return None;
    }
    let key = match algorithm {
        Algorithm::RS256 => rsa(&wire.n?, &wire.e?)?,
        Algorithm::ES256 => {
            let (x, y) = (wire.x?, wire.y?);
            (bytes(&x)?.len() == COORDINATE && bytes(&y)?.len() == COORDINATE).then_some(())?;
            DecodingKey::from_ec_components(&x, &y).ok()?
        }
        _ => DecodingKey::from_ed_der(&bytes(&wire.x?).filter(|x| x.len() == COORDINATE)?),
    };
    Some(Key { algorithm, kid: wire.kid, key })
}

fn rsa(n: &str, e: &str) -> Option<DecodingKey> {
    let (n, e) = (bytes(n)?, bytes(e)?);
    // Some write zeros before the number.
    let n = n.get(n.iter().position(|byte| *byte != 0)?..)?;
    let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
    (RSA_BITS.contains(&bits) && e.len() <= LONGEST_EXPONENT).then(|| DecodingKey::from_rsa_raw_components(n, &e))
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
