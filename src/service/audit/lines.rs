//! The trail as a file: JSON Lines, so that whoever has the public keys can check it elsewhere, without the database.
//!
//! The first line says what is in it, each row is a line, a signed statement stands behind the row it is about, and the last
//! line says where the file ends. Identifiers are bare UUIDs, as they go into the hashes.

use chrono::{DateTime, Utc};
use entity::audit_entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::secrets::{ALGORITHM, PublicKey};

/// The form of the file.
pub(super) const FORM: &str = "taizhang-trail/1";

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// Always `taizhang-trail/1`.
    pub form: String,
    /// Who signs the statements.
    pub issuer: String,
    /// When the file was made.
    pub made_at: DateTime<Utc>,
    /// The number of its first row.
    pub from: i64,
    /// The number of its last row.
    pub to: i64,
    /// The hash of the row before the first; empty at the beginning.
    pub before: String,
    /// How many rows from before the chain stand in front of the first.
    pub unchained: i64,
    /// The public keys of the statements, as JWKs.
    pub keys: Vec<Jwk>,
}

/// A public key (RFC 7517, 8037).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// The key id.
    pub kid: String,
    /// The 32 bytes, base64url.
    pub x: String,
}

impl Jwk {
    /// Of one of our keys.
    pub fn of(key: &PublicKey) -> Self {
        Self { kty: "OKP".to_owned(), crv: "Ed25519".to_owned(), kid: key.kid.clone(), x: key.public.clone() }
    }

    /// The key, if it is of the only kind there is.
    pub fn key(self) -> Option<PublicKey> {
        let known = self.kty == "OKP" && self.crv == "Ed25519";
        known.then(|| PublicKey { kid: self.kid, algorithm: ALGORITHM.to_owned(), public: self.x })
    }
}

/// The public keys of a key set (RFC 7517), or of the first line of a trail; nothing when there are none.
pub fn key_set(text: &str) -> Vec<PublicKey> {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<serde_json::Value>,
    }
    let first = text.lines().next().unwrap_or_default();
    let set: Option<Keys> = serde_json::from_str(text).or_else(|_| serde_json::from_str(first)).ok();
    let keys = set.map(|set| set.keys).unwrap_or_default();
    keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok()?.key()).collect()
}

/// A row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    id: Uuid,
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Uuid>,
    operation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    object_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Uuid>,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    request: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl From<audit_entry::Model> for Row {
    fn from(row: audit_entry::Model) -> Self {
        Self {
            sequence: row.sequence,
            id: row.id,
            at: row.at,
            user: row.user_id,
            unit: row.unit_id,
            operation: row.operation,
            object_type: row.object_type,
            object: row.object_id,
            result: row.result,
            reasons: row.reasons,
            changed: row.changed,
            address: row.address,
            request: row.request_id,
            hash: row.hash,
        }
    }
}

impl From<Row> for audit_entry::Model {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.at,
            user_id: row.user,
            unit_id: row.unit,
            operation: row.operation,
            object_type: row.object_type,
            object_id: row.object,
            result: row.result,
            changed: row.changed,
            request_id: row.request,
            sequence: row.sequence,
            hash: row.hash,
            address: row.address,
            reasons: row.reasons,
        }
    }
}

/// A signed statement about the row before it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Statement {
    pub(super) anchor: String,
}

/// The last line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct End {
    pub(super) end: i64,
    pub(super) hash: String,
}

/// A line behind the first.
#[derive(Debug)]
pub(super) enum Line {
    Row(Box<audit_entry::Model>),
    Statement(String),
    End(End),
}

impl Line {
    /// Reads one; nothing when it is none of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let fields = value.as_object()?;
        if fields.contains_key("anchor") {
            return serde_json::from_value::<Statement>(value).ok().map(|line| Self::Statement(line.anchor));
        }
        if fields.contains_key("end") {
            return serde_json::from_value(value).ok().map(Self::End);
        }
        serde_json::from_value::<Row>(value).ok().map(|row| Self::Row(Box::new(row.into())))
    }
}
