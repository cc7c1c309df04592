//! Signed statements of how far the audit trail had come: a JWS that can be kept elsewhere and checked with the public keys.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};

use super::signers::Signers;
use super::token::{decoding_key, header};
use super::{SecretsError, keyring::PublicKey};

/// The `typ`, so that no token passes for a statement and no statement for a token.
const TYPE: &str = "taizhang-audit-anchor+jws";
/// Longest statement looked at, bytes; ours have about 350.
const LONGEST: usize = 1024;

/// What is stated: the row with this number has this hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Who states it: the issuer of the tokens.
    pub iss: String,
    /// The number of the row.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
    /// When, in seconds since 1970.
    pub iat: u64,
}

/// Signs statements.
pub struct AnchorMaker {
    signers: Signers,
    issuer: String,
}

impl fmt::Debug for AnchorMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnchorMaker").field("signers", &self.signers).finish_non_exhaustive()
    }
}

impl AnchorMaker {
    pub(super) fn new(signers: Signers, issuer: String) -> Self {
        Self { signers, issuer }
    }

    /// The statement that the row `sequence` had this hash at `now`.
    pub fn sign(&self, sequence: i64, hash: &str, now: DateTime<Utc>) -> Result<String, SecretsError> {
        let iat = u64::try_from(now.timestamp()).map_err(|_| SecretsError::Crypto("sign before 1970"))?;
        let anchor = Anchor { iss: self.issuer.clone(), sequence, hash: hash.to_owned(), iat };
        let signer = self.signers.at(now).ok_or(SecretsError::NoSigningKey)?;
        jsonwebtoken::encode(&header(TYPE, signer.kid), &anchor, &signer.key)
            .map_err(|_| SecretsError::Crypto("sign a statement"))
    }
}

/// Checks statements against the known public keys, retired ones too.
#[derive(Debug)]
pub struct AnchorVerifier {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

impl AnchorVerifier {
    /// Trusts `keys`.
    pub fn new(keys: &[PublicKey], issuer: &str) -> Result<Self, SecretsError> {
        let keys = keys.iter().map(|key| Ok((key.kid.clone(), decoding_key(key)?))).collect::<Result<_, _>>()?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["iss"]);
        validation.set_issuer(&[issuer]);
        // A statement holds for ever, and is made for nobody in particular.
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(Self { keys, validation })
    }

    /// What a statement says, if it was signed by one of the keys; else nothing.
    pub fn read(&self, statement: &str) -> Option<Anchor> {
        if statement.len() > LONGEST {
            return None;
        }
        let header = jsonwebtoken::decode_header(statement).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::EdDSA {
            return None;
        }
        let key = self.keys.get(header.kid.as_deref()?)?;
        jsonwebtoken::decode::<Anchor>(statement, key, &self.validation).ok().map(|read| read.claims)
    }
}
