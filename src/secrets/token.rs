//! Access tokens: signed, short-lived, checked strictly. Rights never come from them, only who asks and which session.

use std::sync::{Arc, PoisonError, RwLock};
use std::{collections::HashMap, fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::signers::{Signer, Signers};
use super::{AnchorMaker, SecretsError, keyring::ALGORITHM, keyring::PublicKey, keyring::TrustedKey};
use crate::id::{GlobalId, IdMaker, Kind};

/// The `typ` of an access token (RFC 9068), so that no other kind of token passes for one.
const TYPE: &str = "at+jwt";
/// Longest token looked at, bytes; ours have about 600.
pub const LONGEST_TOKEN: usize = 2048;
/// The last second of the year 9999: later times are nonsense.
const LATEST: u64 = 253_402_300_799;

/// What every token must say and how long it may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRules {
    /// Who makes tokens (`iss`).
    pub issuer: String,
    /// For whom they are (`aud`).
    pub audience: String,
    /// Longest life; also the life of those we make.
    pub lifetime: Duration,
    /// How far two clocks may differ.
    pub leeway: Duration,
}

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who asks.
    pub user: Uuid,
    /// In which session; whether it still lives is the database's word.
    pub session: Uuid,
    /// The token's own id.
    pub token: Uuid,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Why a token was refused; for the log, the client only learns that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Too long to be looked at.
    #[error("longer than a token may be")]
    TooLong,
    /// Not three base64url parts with the JSON of an access token.
    #[error("not in the form of an access token")]
    Malformed,
    /// The header says something that is not ours to follow.
    #[error("a header other than ours")]
    Header,
    /// No key of that id.
    #[error("an unknown key")]
    UnknownKey,
    /// The signature is not of that key.
    #[error("a wrong signature")]
    Signature,
    /// Claims are missing, doubled, strange or of the wrong type.
    #[error("claims other than ours")]
    Claims,
    /// Made by someone else.
    #[error("another issuer")]
    Issuer,
    /// Made for someone else.
    #[error("another audience")]
    Audience,
    /// The subject is no user.
    #[error("a subject that is no user")]
    Subject,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Its time has not come.
    #[error("not valid yet")]
    NotYet,
    /// It lives longer than a token may.
    #[error("a life longer than allowed")]
    Lifetime,
}

/// The header, and nothing beside it: `crit`, `jwk`, `jku`, `x5c`, `b64` and whatever comes are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHeader {
    typ: String,
    alg: String,
    kid: String,
}

/// The claims as written. All are required; a second of the same name, or one we do not know, is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireClaims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    jti: String,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// Makes access tokens.
pub struct TokenMaker {
    signers: Signers,
    rules: TokenRules,
}

impl fmt::Debug for TokenMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenMaker").field("signers", &self.signers).field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl TokenMaker {
    pub(super) fn new(signers: Vec<Signer>, rules: TokenRules) -> Self {
        Self { signers: Signers::new(signers), rules }
    }

    /// Signs with these keys from now on, each from its own moment; whoever states things about the trail does too.
    pub fn follow(&self, signers: Vec<Signer>) {
        self.signers.replace(signers);
    }

    /// Signs from now on with none but these, of those it has.
    pub fn keep(&self, trusted: &[TrustedKey]) {
        self.signers.keep(trusted);
    }

    /// The id of the key that signs at `now`.
    pub fn kid(&self, now: DateTime<Utc>) -> Option<String> {
        self.signers.at(now).map(|signer| signer.kid)
    }

    /// What signs statements about the audit trail, with the keys that this one has at the time.
    pub fn anchor_maker(&self) -> AnchorMaker {
        AnchorMaker::new(self.signers.clone(), self.rules.issuer.clone())
    }

    /// The rules it follows.
    pub fn rules(&self) -> &TokenRules {
        &self.rules
    }

    /// A token for `user` in `session`, good from `now` for the configured life.
    pub fn mint(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        ids: &dyn IdMaker,
    ) -> Result<String, SecretsError> {
        let life = i64::try_from(self.rules.lifetime.as_secs()).unwrap_or(i64::MAX);
        let until = TimeDelta::try_seconds(life).and_then(|life| now.checked_add_signed(life));
        self.mint_until(user, session, now, until.unwrap_or(DateTime::<Utc>::MAX_UTC), ids)
    }

    /// The same, good until a moment that may come before that life is over.
    pub fn mint_until(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        ids: &dyn IdMaker,
    ) -> Result<String, SecretsError> {
        let seconds =
            |at: DateTime<Utc>| u64::try_from(at.timestamp()).map_err(|_| SecretsError::Crypto("sign before 1970"));
        let (iat, until) = (seconds(now)?, seconds(until)?);
        let claims = WireClaims {
            iss: self.rules.issuer.clone(),
            aud: self.rules.audience.clone(),
            sub: GlobalId::new(Kind::User, user).to_string(),
            sid: session.to_string(),
            jti: ids.next().to_string(),
            iat,
            nbf: iat,
            exp: until.min(iat.saturating_add(self.rules.lifetime.as_secs())),
        };
        let signer = self.signers.at(now).ok_or(SecretsError::NoSigningKey)?;
        jsonwebtoken::encode(&header(TYPE, signer.kid), &claims, &signer.key)
            .map_err(|_| SecretsError::Crypto("sign a token"))
    }
}

/// The header of what we sign.
pub(super) fn header(typ: &str, kid: String) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(typ.to_owned());
    header.kid = Some(kid);
    header
}

#[derive(Debug)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    published: Vec<PublicKey>,
}

impl Known {
    fn of(keys: &[PublicKey]) -> Result<Self, SecretsError> {
        let published = keys.to_vec();
        let keys = keys.iter().map(|key| Ok((key.kid.clone(), decoding_key(key)?))).collect::<Result<_, _>>()?;
        Ok(Self { keys, published })
    }
}

/// Checks access tokens against the known public keys; clones share them.
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    known: Arc<RwLock<Known>>,
    validation: Validation,
    rules: TokenRules,
}

impl TokenVerifier {
    /// Trusts `keys`, each for its own algorithm only.
    pub fn new(keys: &[PublicKey], rules: TokenRules) -> Result<Self, SecretsError> {
        let known = Arc::new(RwLock::new(Known::of(keys)?));
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_issuer(&[&rules.issuer]);
        validation.set_audience(&[&rules.audience]);
        // The library asks the machine for the time; ours is injected, so times are checked here.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self { known, validation, rules })
    }

    /// Trusts these from now on, and no others.
    pub fn trust(&self, keys: &[PublicKey]) -> Result<(), SecretsError> {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Known::of(keys)?;
        Ok(())
    }

    /// The keys that are trusted, for whoever checks our tokens elsewhere.
    pub fn published(&self) -> Vec<PublicKey> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).published.clone()
    }

    /// What the token says, if it is one of ours and good at `now`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Rejected> {
        if token.len() > LONGEST_TOKEN {
            return Err(Rejected::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Rejected::Malformed);
        };
        let header = json_object(header)?;
        json_object(payload)?;
        if URL_SAFE_NO_PAD.decode(signature).map_err(|_| Rejected::Malformed)?.len() != 64 {
            return Err(Rejected::Malformed);
        }
        let header: WireHeader = serde_json::from_slice(&header).map_err(|_| Rejected::Header)?;
        if header.typ != TYPE || header.alg != ALGORITHM {
            return Err(Rejected::Header);
        }
        let claims = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let key = known.keys.get(&header.kid).ok_or(Rejected::UnknownKey)?;
            jsonwebtoken::decode::<WireClaims>(token, key, &self.validation).map_err(|e| reason(&e))?.claims
        };
        self.check(&claims, now)
    }

    fn check(&self, claims: &WireClaims, now: DateTime<Utc>) -> Result<Claims, Rejected> {
        if claims.iss != self.rules.issuer {
            return Err(Rejected::Issuer);
        }
        if claims.aud != self.rules.audience {
            return Err(Rejected::Audience);
        }
        let subject: GlobalId = claims.sub.parse().map_err(|_| Rejected::Subject)?;
        if subject.kind != Kind::User {
            return Err(Rejected::Subject);
        }
        let WireClaims { iat, nbf, exp, .. } = *claims;
        if iat.max(nbf).max(exp) > LATEST || nbf < iat || exp <= nbf {
            return Err(Rejected::Claims);
        }
        if exp - iat > self.rules.lifetime.as_secs() {
            return Err(Rejected::Lifetime);
        }
        let now = u64::try_from(now.timestamp()).map_err(|_| Rejected::NotYet)?;
        let leeway = self.rules.leeway.as_secs();
        if nbf > now.saturating_add(leeway) {
            return Err(Rejected::NotYet);
        }
        if now >= exp.saturating_add(leeway) {
            return Err(Rejected::Expired);
        }
        Ok(Claims {
            user: subject.uuid,
            session: uuid(&claims.sid)?,
            token: uuid(&claims.jti)?,
            issued_at: moment(iat)?,
            expires_at: moment(exp)?,
        })
    }
}

pub(super) fn decoding_key(key: &PublicKey) -> Result<DecodingKey, SecretsError> {
    let bytes = URL_SAFE_NO_PAD.decode(&key.public).ok();
    match bytes {
        Some(bytes) if bytes.len() == 32 && key.algorithm == ALGORITHM => Ok(DecodingKey::from_ed_der(&bytes)),
        _ => Err(SecretsError::BadPublicKey { kid: key.kid.clone() }),
    }
}

/// The bytes of a part that holds a JSON object; serde would take an array for a struct as well.
fn json_object(part: &str) -> Result<Vec<u8>, Rejected> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejected::Malformed)?;
    if bytes.first() == Some(&b'{') && bytes.last() == Some(&b'}') { Ok(bytes) } else { Err(Rejected::Malformed) }
}

fn reason(error: &jsonwebtoken::errors::Error) -> Rejected {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => Rejected::Signature,
        ErrorKind::InvalidIssuer => Rejected::Issuer,
        ErrorKind::InvalidAudience => Rejected::Audience,
        ErrorKind::Json(_) | ErrorKind::MissingRequiredClaim(_) => Rejected::Claims,
        _ => Rejected::Malformed,
    }
}

/// A UUID in its one spelling.
fn uuid(text: &str) -> Result<Uuid, Rejected> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text).ok_or(Rejected::Claims)
}

fn moment(seconds: u64) -> Result<DateTime<Utc>, Rejected> {
    i64::try_from(seconds).ok().and_then(|s| DateTime::from_timestamp(s, 0)).ok_or(Rejected::Claims)
}
