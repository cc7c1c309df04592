//! Keys of personal data: which one seals, how everything comes under the newest, and when an old one may go.
//!
//! A key is in the folder before anybody seals with it, and a program that meets a key it does not know reads the folder
//! again. Where several machines have a folder each, the time between making a key known and sealing with it (the lead) is
//! there to copy it to all of them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::data_key;

use crate::error::Fault;
use crate::id::IdMaker;
use crate::secrets::{DataCipher, Keyring, SecretsError, place};
use crate::service::Service;
use crate::service::files::portion_place;
use crate::service::phone::report_place;
use crate::service::sign_in::totp_place;
use crate::store::StoreError;
use crate::store::sealed::{Place, SealedColumn, SealedRow, SealedValue};

/// How often a running server asks which key seals; also how long another program may go on with the one before.
const ROUND: Duration = Duration::from_secs(5);
/// A pause between two portions, so that writers come in between.
const BREATH: Duration = Duration::from_millis(2);
/// How long a key must have sealed before the one before it may go: every program has noticed by then.
const SETTLED: TimeDelta = TimeDelta::seconds(60);

/// Why the keys of this installation can't be used, or not so.
#[derive(Debug, thiserror::Error)]
pub enum DataKeysError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder can't be read or written.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The database has values under a key that is not here.
    #[error(
        "the data key {0} is not in the key folder: restore data-{0}.key from a backup, or copy it from the machine \
         that made it"
    )]
    Missing(String),
    /// The database knows another key of the same id.
    #[error("the data key {0} in the key folder is not the one the database knows by this id")]
    Other(String),
    /// There is no such key.
    #[error("there is no data key {0} in use")]
    Unknown(String),
    /// It seals.
    #[error("the data key {0} is the one that seals; run keys data-rotate first")]
    Sealing(String),
    /// The next one has only just begun to seal.
    #[error("the data key after {0} does not seal for a minute yet; try again later")]
    Early(String),
    /// Something is sealed with it.
    #[error("{1} values are still sealed with the data key {0}; a running server seals them anew")]
    InUse(String, u64),
}

/// How many values are sealed with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub key: data_key::Model,
    /// Whether its file is in the folder.
    pub here: bool,
    /// Whether it seals.
    pub seals: bool,
    /// Values under it, by column.
    pub values: Vec<(SealedColumn, u64)>,
}

/// What came of a walk over everything that is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values under the newest key now.
    pub changed: u64,
    /// Values that no key here opens.
    pub closed: u64,
    /// Values that are not under the newest key.
    pub left: u64,
}

fn prefix(column: SealedColumn, key: &str) -> SealedValue {
    if column.holds_bytes() {
        SealedValue::Bytes(DataCipher::bytes_prefix(key))
    } else {
        SealedValue::Text(DataCipher::text_prefix(key))
    }
}

/// What binds a sealed value to where it stands.
pub(super) fn bound_to(column: SealedColumn, row: &SealedRow) -> String {
    match column {
        SealedColumn::ReporterPhone => report_place(row.id),
        SealedColumn::UserPhone => place("user_account", "phone_ciphertext", row.id),
        SealedColumn::TotpSecret => totp_place(row.id),
        SealedColumn::FileChunk => portion_place(row.id, row.position),
    }
}

fn in_force(rows: &[data_key::Model], now: DateTime<Utc>) -> Option<&data_key::Model> {
    rows.iter().filter(|row| row.retired_at.is_none() && row.seals_from <= now).max_by_key(|row| number(&row.id))
}

/// Keys are ordered by the number at the front of their id, as in the folder.
fn number(id: &str) -> (u32, &str) {
    (id.split('-').next().and_then(|number| number.parse().ok()).unwrap_or_default(), id)
}

impl Service {
    /// Compares the key folder with what the database knows, and seals with the key in force. The first start makes the
    /// keys of the folder known. Since when the key in force seals.
    pub async fn data_keys_follow(&self) -> Result<Option<DateTime<Utc>>, DataKeysError> {
        let cipher = self.cipher();
        cipher.reload()?;
        let now = self.clock().now();
        let mut rows = self.store().data_keys().await?;
        if rows.is_empty() {
            let first: Vec<_> = cipher.key_ids().iter().filter_map(|id| self.data_key_row(id, now)).collect();
            self.data_keys_add(first).await?;
            rows = self.store().data_keys().await?;
        }
        for row in rows.iter().filter(|row| row.retired_at.is_none()) {
            match cipher.proof(&row.id) {
                // Nothing is sealed with it yet; there is time to copy it.
                None if row.seals_from > now => tracing::warn!(key = row.id, "a data key is not in the key folder yet"),
                None => return Err(DataKeysError::Missing(row.id.clone())),
                Some(proof) if proof != row.proof => return Err(DataKeysError::Other(row.id.clone())),
                Some(_) => {}
            }
        }
        let Some(key) = in_force(&rows, now) else { return Ok(None) };
        if cipher.sealing_id() != key.id && cipher.seal_with(&key.id) {
            tracing::info!(key = key.id, "personal data is sealed with this key from now on");
        }
        Ok(Some(key.seals_from))
    }

    fn data_key_row(&self, id: &str, seals_from: DateTime<Utc>) -> Option<data_key::Model> {
        let proof = self.cipher().proof(id)?;
        Some(data_key::Model { id: id.to_owned(), proof, created_at: self.clock().now(), seals_from, retired_at: None })
    }

    async fn data_keys_add(&self, rows: Vec<data_key::Model>) -> Result<(), StoreError> {
        let tx = self.store().begin().await?;
        match tx.insert_all::<data_key::Entity>(rows).await {
            Ok(()) => {
                self.note(&tx, "dataKeyAdd", None).await?;
                Ok(tx.commit().await?)
            }
            // Another program was a moment faster.
            Err(StoreError::Unique) => Ok(tx.rollback().await?),
            Err(error) => Err(error),
        }
    }

    /// Adds a key that seals once the lead is over; its id, and from when on it seals.
    pub async fn data_key_rotate(
        &self,
        keyring: &mut Keyring,
        ids: &dyn IdMaker,
        lead: TimeDelta,
    ) -> Result<(String, DateTime<Utc>), DataKeysError> {
        self.data_keys_follow().await?;
        let known = self.store().data_keys().await?;
        let unknown = |keys: &[String]| keys.last().filter(|id| known.iter().all(|row| &row.id != *id)).cloned();
        // A key that was made and not made known is taken, before another one is made.
        let id = match unknown(&self.cipher().key_ids()) {
            Some(id) => id,
            None => {
                keyring.add_data_key(ids)?;
                let made = unknown(&keyring.data_keys());
                made.ok_or(SecretsError::Crypto("make a key"))?
            }
        };
        self.cipher().reload()?;
        let seals_from = self.clock().now() + lead;
        let row = self.data_key_row(&id, seals_from).ok_or_else(|| DataKeysError::Missing(id.clone()))?;
        self.data_keys_add(vec![row]).await?;
        Ok((id, seals_from))
    }

    /// Seals everything that is not under the key in force anew, portion by portion.
    pub async fn data_reseal(&self) -> Result<Resealed, Fault> {
        let cipher = self.cipher().clone();
        let key = cipher.sealing_id();
        let mut done = Resealed::default();
        for column in SealedColumn::ALL {
            let (begins, mut after) = (prefix(column, &key), Place::START);
            loop {
                let anew = |row: &SealedRow| {
                    let place = bound_to(column, row);
                    let sealed = match &row.value {
                        SealedValue::Text(text) => cipher
                            .open(text, &place)
                            .ok()
                            .and_then(|clear| cipher.seal(&clear, &place).ok())
                            .map(SealedValue::Text),
                        SealedValue::Bytes(bytes) => cipher
                            .open_bytes(bytes.clone(), &place)
                            .ok()
                            .and_then(|clear| cipher.seal_bytes(&clear, &place).ok())
                            .map(SealedValue::Bytes),
                    };
                    if sealed.is_none() {
                        tracing::error!(column = ?column, row = %row.id, "a sealed value can't be opened");
                    }
                    sealed
                };
                let portion = self.store().reseal(column, &begins, after, anew).await?;
                if portion.seen == 0 {
                    break;
                }
                done.changed += portion.changed;
                done.closed += portion.seen - portion.changed;
                after = portion.next;
                tokio::time::sleep(BREATH).await;
            }
            done.left += self.store().sealed_unlike(column, &begins).await?;
        }
        Ok(done)
    }

    /// Follows the keys and seals anew what is under an older one, for ever.
    pub async fn data_keys_run(&self) {
        let mut clean_under = None;
        loop {
            match self.data_keys_follow().await {
                Ok(since) => {
                    let key = self.cipher().sealing_id();
                    if clean_under.as_ref() != Some(&key) && self.data_reseal_logged(&key).await {
                        // Another program may still seal with the key before, so one clean walk is not enough.
                        let settled = since.is_none_or(|since| since + SETTLED < self.clock().now());
                        clean_under = settled.then_some(key);
                    }
                }
                Err(error) => tracing::error!(%error, "the data keys can't be followed"),
            }
            tokio::time::sleep(ROUND).await;
        }
    }

    /// Whether there was nothing to be sealed anew.
    async fn data_reseal_logged(&self, key: &str) -> bool {
        match self.data_reseal().await {
            Ok(done) => {
                if done.changed + done.left > 0 {
                    tracing::info!(key, done.changed, done.left, "sealed values were sealed anew");
                }
                done.changed == 0
            }
            Err(error) => {
                tracing::warn!(%error, "sealed values can't be sealed anew at the moment");
                false
            }
        }
    }

    /// The keys, and what is sealed with each.
    pub async fn data_keys_status(&self) -> Result<Vec<KeyUse>, DataKeysError> {
        self.cipher().reload()?;
        let (rows, here) = (self.store().data_keys().await?, self.cipher().key_ids());
        let sealing = in_force(&rows, self.clock().now()).map(|row| row.id.clone());
        let mut keys = Vec::new();
        for key in rows {
            let mut values = Vec::new();
            for column in SealedColumn::ALL {
                values.push((column, self.store().sealed_like(column, &prefix(column, &key.id)).await?));
            }
            keys.push(KeyUse { here: here.contains(&key.id), seals: sealing.as_ref() == Some(&key.id), key, values });
        }
        Ok(keys)
    }

    /// Takes a key out of use, once nothing is sealed with it; `lost` does so whatever is sealed with it, because nobody
    /// has it any more.
    pub async fn data_key_retire(&self, id: &str, lost: bool) -> Result<(), DataKeysError> {
        let (now, rows) = (self.clock().now(), self.store().data_keys().await?);
        let Some(row) = rows.iter().find(|row| row.id == id && row.retired_at.is_none()) else {
            return Err(DataKeysError::Unknown(id.to_owned()));
        };
        if !lost {
            let Some(force) = in_force(&rows, now).filter(|force| force.id != row.id) else {
                return Err(DataKeysError::Sealing(id.to_owned()));
            };
            if number(&force.id) < number(id) {
                return Err(DataKeysError::Sealing(id.to_owned()));
            }
            if force.seals_from + SETTLED > now {
                return Err(DataKeysError::Early(id.to_owned()));
            }
            let mut left = 0;
            for column in SealedColumn::ALL {
                left += self.store().sealed_like(column, &prefix(column, id)).await?;
            }
            if left > 0 {
                return Err(DataKeysError::InUse(id.to_owned(), left));
            }
        }
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        if tx.data_key_retire(id, now).await? {
            self.note(&tx, "dataKeyRetire", None).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
