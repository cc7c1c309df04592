//! The signing keys: one table for all programs that share a database. It says which public halves are trusted and from when
//! on each key signs; the private halves stand in the key folder.
//!
//! A new key is published first and signs after the lead time, when everybody who checks tokens has had time to learn of
//! it. Every program reckons that by the same row, so all change over at the same moment. The older key verifies until it
//! is retired, which is refused as long as tokens of it may live.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::signing_key;

use crate::secrets::{Keyring, PublicKey, SecretsError, TokenVerifier, TrustedKey};
use crate::service::Service;
use crate::service::rounds::round;
use crate::service::sign_in::span;
use crate::store::StoreError;

/// Why the keys of this installation cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key folder can't be used.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The database knows another key of the same id.
    #[error("the signing key {0} in the key folder is not the one the database knows by this id")]
    Other(String),
    /// There is no such key.
    #[error("there is no signing key {0}; taizhang keys list shows those there are")]
    Unknown(String),
    /// It signs now.
    #[error("the signing key {0} signs now; rotate first")]
    Signs(String),
    /// Tokens of it may be good until then.
    #[error("tokens of the signing key {0} may be good until {1}; with --now they are refused from now on")]
    Live(String, DateTime<Utc>),
}

/// What a signing key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and signs from then on.
    Waits(DateTime<Utc>),
    /// It signs.
    Signs,
    /// It verifies; its last tokens are over then.
    Verifies(DateTime<Utc>),
    /// It did.
    Retired(DateTime<Utc>),
}

/// From when on a key signs.
fn begins(row: &signing_key::Model) -> DateTime<Utc> {
    row.signs_from.unwrap_or(row.created_at)
}

fn order(row: &&signing_key::Model) -> (DateTime<Utc>, String) {
    (begins(row), row.id.clone())
}

fn followed(row: &signing_key::Model) -> TrustedKey {
    let (kid, algorithm, public) = (row.id.clone(), row.algorithm.clone(), row.public_key.clone());
    TrustedKey { key: PublicKey { kid, algorithm, public }, signs_from: begins(row) }
}

fn trusted(rows: &[signing_key::Model]) -> impl Iterator<Item = &signing_key::Model> {
    rows.iter().filter(|row| row.retired_at.is_none())
}

fn good(rows: &[signing_key::Model]) -> Vec<TrustedKey> {
    trusted(rows).map(followed).collect()
}

impl Service {
    /// Enters keys that are new into the table, and gives every key whose tokens are good: those of other programs too,
    /// without the retired. The first key of a database signs at once, later ones after the lead time.
    pub async fn keys_register(&self, own: &[PublicKey]) -> Result<Vec<TrustedKey>, KeysError> {
        let known = self.store().signing_keys().await?;
        let mut missing = Vec::new();
        for key in own {
            match known.iter().find(|row| row.id == key.kid) {
                None => missing.push(key),
                Some(row) if row.public_key != key.public => return Err(KeysError::Other(key.kid.clone())),
                Some(_) => {}
            }
        }
        if !missing.is_empty() {
            let tx = self.store().begin().await.map_err(StoreError::from)?;
            let now = self.clock().now();
            let lead = if trusted(&known).next().is_some() { self.limits().key_lead } else { Duration::ZERO };
            let rows = missing.iter().map(|key| signing_key::Model {
                id: key.kid.clone(),
                algorithm: key.algorithm.clone(),
                public_key: key.public.clone(),
                created_at: now,
                retired_at: None,
                signs_from: Some(now + span(lead)),
            });
            let added = tx.insert_all::<signing_key::Entity>(rows.collect()).await;
            match added {
                Ok(()) => {
                    for key in &missing {
                        self.note_key(&tx, "signingKeyAdd", &key.kid).await?;
                    }
                    tx.commit().await.map_err(StoreError::from)?;
                }
                // Another instance with the same folder was a moment faster.
                Err(StoreError::Unique) => tx.rollback().await.map_err(StoreError::from)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(good(&self.store().signing_keys().await?))
    }

    /// Every key whose tokens are good, as the table says; nothing is entered.
    pub async fn keys_trusted(&self, own: &[PublicKey]) -> Result<Vec<TrustedKey>, KeysError> {
        let rows = self.store().signing_keys().await?;
        let other = |key: &&PublicKey| rows.iter().any(|row| row.id == key.kid && row.public_key != key.public);
        match own.iter().find(other) {
            Some(key) => Err(KeysError::Other(key.kid.clone())),
            None => Ok(good(&rows)),
        }
    }

    /// Takes up what has changed in the table and in the folder: whom to trust, and what to sign with.
    ///
    /// The table comes first: a key that was retired there is refused, and signs nothing any more, whatever this server's own
    /// folder is like.
    pub async fn keys_take_up(&self, folder: &Path, verifier: &TokenVerifier) -> Result<(), KeysError> {
        let trust =
            |trusted: &[TrustedKey]| verifier.trust(&trusted.iter().map(|key| key.key.clone()).collect::<Vec<_>>());
        let known = self.keys_trusted(&[]).await?;
        trust(&known)?;
        self.authenticator().tokens().keep(&known);
        let folder = folder.to_owned();
        let read = tokio::task::spawn_blocking(move || Keyring::open(&folder)).await;
        let ring = read.map_err(|_| SecretsError::Crypto("read the key folder"))??;
        let trusted = self.keys_register(&ring.public_keys()).await?;
        trust(&trusted)?;
        let signers = ring.signers(&trusted);
        let signs = !signers.is_empty();
        self.authenticator().tokens().follow(signers);
        if signs { Ok(()) } else { Err(SecretsError::NoSigningKey.into()) }
    }

    /// Does so now and then, for ever. What can't be read now is read later; until then this server goes on with the keys that
    /// it has and the table trusts.
    pub async fn keys_run(&self, folder: &Path, verifier: &TokenVerifier) {
        loop {
            tokio::time::sleep(self.limits().key_poll).await;
            if let Some(Err(error)) = round("signing keys", self.keys_take_up(folder, verifier)).await {
                tracing::error!(%error, "the signing keys can't be taken up; of the known ones, those that the database trusts stay in use");
            }
        }
    }

    /// Every signing key there was, the oldest first, with what it does now.
    pub async fn keys_list(&self) -> Result<Vec<(signing_key::Model, KeyState)>, StoreError> {
        let rows = self.store().signing_keys().await?;
        let now = self.clock().now();
        Ok(rows.iter().map(|row| (row.clone(), self.key_state(row, &rows, now))).collect())
    }

    fn key_state(&self, row: &signing_key::Model, all: &[signing_key::Model], now: DateTime<Utc>) -> KeyState {
        if let Some(at) = row.retired_at {
            return KeyState::Retired(at);
        }
        if begins(row) > now {
            return KeyState::Waits(begins(row));
        }
        // Whoever follows, also one that is retired since: it has taken the signing over at that moment. One that was retired
        // before its moment has not.
        let signed =
            |other: &&signing_key::Model| begins(other) <= now && other.retired_at.is_none_or(|at| at > begins(other));
        let follower = all.iter().filter(|other| order(other) > order(&row)).filter(signed).min_by_key(order);
        let signs = trusted(all).filter(|other| begins(other) <= now).max_by_key(order);
        match follower {
            Some(follower) if signs.is_none_or(|signs| signs.id != row.id) => {
                let life = span(self.limits().access_token) + span(self.limits().clock_leeway);
                KeyState::Verifies(begins(follower) + life)
            }
            _ => KeyState::Signs,
        }
    }

    /// Lets the key that waits sign from now on.
    pub async fn key_sign_now(&self, kid: &str) -> Result<(), KeysError> {
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        let now = self.clock().now();
        let rows = tx.signing_keys_locked().await?;
        let row = trusted(&rows).find(|row| row.id == kid).ok_or_else(|| KeysError::Unknown(kid.to_owned()))?;
        tx.update::<signing_key::Entity>(signing_key::Model { signs_from: Some(now), ..row.clone() }).await?;
        self.note_key(&tx, "signingKeyAdvance", kid).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// Trusts a key no more; whether it was trusted until now. Its public half stays, for the statements about the trail that
    /// it signed.
    pub async fn key_retire(&self, kid: &str, at_once: bool) -> Result<bool, KeysError> {
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        let now = self.clock().now();
        let rows = tx.signing_keys_locked().await?;
        let row = rows.iter().find(|row| row.id == kid).ok_or_else(|| KeysError::Unknown(kid.to_owned()))?;
        match self.key_state(row, &rows, now) {
            KeyState::Retired(_) => return Ok(false),
            KeyState::Signs => return Err(KeysError::Signs(kid.to_owned())),
            KeyState::Verifies(until) if now < until && !at_once => {
                return Err(KeysError::Live(kid.to_owned(), until));
            }
            KeyState::Verifies(_) | KeyState::Waits(_) => {}
        }
        tx.update::<signing_key::Entity>(signing_key::Model { retired_at: Some(now), ..row.clone() }).await?;
        self.note_key(&tx, "signingKeyRetire", kid).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(true)
    }
}
