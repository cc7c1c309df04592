//! Keys of personal data: which one seals, how everything comes under the newest, and when an old one may go.
//!
//! A key is in the folder before anybody seals with it, and a program that meets a key it does not know reads the folder
//! again. Where several machines have a folder each, the time between making a key known and sealing with it (the lead) is
//! there to copy it to all of them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::data_key;

use super::reseal::prefix;
use crate::id::IdMaker;
use crate::secrets::{Keyring, SecretsError};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::sealed::SealedColumn;

/// How far the clocks of machines may differ when the newest files are counted.
const CLOCKS: TimeDelta = TimeDelta::days(1);
/// How long a key must have sealed before the one before it may go: every program has noticed by then.
pub(super) const SETTLED: TimeDelta = TimeDelta::seconds(60);

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
        let rows = self.store().data_keys().await?;
        if rows.iter().all(|row| row.retired_at.is_some()) {
            self.cipher().reload()?;
            let now = self.clock().now();
            let ids = self.cipher().key_ids();
            let new = ids.iter().filter(|id| rows.iter().all(|row| row.id != **id));
            let new: Vec<_> = new.filter_map(|id| self.data_key_row(id, now)).collect();
            if !new.is_empty() {
                self.data_keys_add(new).await?;
            }
        }
        self.data_keys_agree().await
    }

    /// The same, and makes nothing known.
    pub async fn data_keys_agree(&self) -> Result<Option<DateTime<Utc>>, DataKeysError> {
        let cipher = self.cipher();
        cipher.reload()?;
        let now = self.clock().now();
        let rows = self.store().data_keys().await?;
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
        let id = self.data_key_spare(keyring, ids, &known)?;
        self.cipher().reload()?;
        let seals_from = self.clock().now() + lead;
        let row = self.data_key_row(&id, seals_from).ok_or_else(|| DataKeysError::Missing(id.clone()))?;
        self.data_keys_add(vec![row]).await?;
        Ok((id, seals_from))
    }

    /// A key of the folder that was made and not made known, or a new one.
    fn data_key_spare(
        &self,
        keyring: &mut Keyring,
        ids: &dyn IdMaker,
        known: &[data_key::Model],
    ) -> Result<String, DataKeysError> {
        let unknown = |keys: &[String]| keys.last().filter(|id| known.iter().all(|row| &row.id != *id)).cloned();
        if let Some(id) = unknown(&keyring.data_keys()) {
            return Ok(id);
        }
        keyring.add_data_key(ids)?;
        Ok(unknown(&keyring.data_keys()).ok_or(SecretsError::Crypto("make a key"))?)
    }

    /// The keys, and what is sealed with each.
    pub async fn data_keys_status(&self) -> Result<Vec<KeyUse>, DataKeysError> {
        self.cipher().reload()?;
        let (rows, here) = (self.store().data_keys().await?, self.cipher().key_ids());
        let sealing = in_force(&rows, self.clock().now()).map(|row| row.id.clone());
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut values: Vec<Vec<(SealedColumn, u64)>> = vec![Vec::new(); rows.len()];
        for column in SealedColumn::ALL {
            let counts = self.sealed_under(column, &ids).await?;
            values.iter_mut().zip(counts).for_each(|(values, count)| values.push((column, count)));
        }
        let key_use = |(key, values): (data_key::Model, _)| KeyUse {
            here: here.contains(&key.id),
            seals: sealing.as_ref() == Some(&key.id),
            key,
            values,
        };
        Ok(rows.into_iter().zip(values).map(key_use).collect())
    }

    /// Takes a key out of use, once nothing is sealed with it.
    pub async fn data_key_retire(&self, id: &str) -> Result<(), DataKeysError> {
        let (now, rows) = (self.clock().now(), self.store().data_keys().await?);
        let Some(row) = rows.iter().find(|row| row.id == id && row.retired_at.is_none()) else {
            return Err(DataKeysError::Unknown(id.to_owned()));
        };
        let Some(force) = in_force(&rows, now).filter(|force| force.id != row.id && number(&force.id) > number(id))
        else {
            return Err(DataKeysError::Sealing(id.to_owned()));
        };
        if force.seals_from + SETTLED > now {
            return Err(DataKeysError::Early(id.to_owned()));
        }
        let mut left = 0;
        for column in SealedColumn::ALL {
            left += self.sealed_under(column, &[id.to_owned()]).await?.iter().sum::<u64>();
        }
        if left > 0 {
            return Err(DataKeysError::InUse(id.to_owned(), left));
        }
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        if tx.data_key_retire(id, now).await? {
            self.note(&tx, "dataKeyRetire", None).await?;
        }
        // Once more behind it: what somebody sealed during the walk. Without a commit it never happened.
        for column in SealedColumn::ALL {
            left += tx.sealed_since(column, &prefix(column, id), now - CLOCKS).await?;
        }
        if left > 0 {
            return Err(DataKeysError::InUse(id.to_owned(), left));
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Takes a key out of use whatever is sealed with it, because nobody has it any more. Where no other one could seal, a
    /// new one does from now on; its id.
    pub async fn data_key_lost(
        &self,
        keyring: &mut Keyring,
        id: &str,
        ids: &dyn IdMaker,
    ) -> Result<Option<String>, DataKeysError> {
        let (now, rows) = (self.clock().now(), self.store().data_keys().await?);
        if !rows.iter().any(|row| row.id == id && row.retired_at.is_none()) {
            return Err(DataKeysError::Unknown(id.to_owned()));
        }
        let here = keyring.data_keys();
        let others: Vec<_> = rows.iter().filter(|row| row.id != id && here.contains(&row.id)).cloned().collect();
        let mut new = None;
        if in_force(&others, now).is_none() {
            let spare = self.data_key_spare(keyring, ids, &rows)?;
            self.cipher().reload()?;
            new = Some(self.data_key_row(&spare, now).ok_or(DataKeysError::Missing(spare))?);
        }
        let made = new.as_ref().map(|row| row.id.clone());
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        if tx.data_key_retire(id, now).await? {
            self.note(&tx, "dataKeyRetire", None).await?;
        }
        if let Some(row) = new {
            tx.insert_all::<data_key::Entity>(vec![row]).await?;
            self.note(&tx, "dataKeyAdd", None).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(made)
    }
}
