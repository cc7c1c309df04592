//! Everything comes under the newest key of personal data: what a running server does after a key has changed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::data_keys::SETTLED;
use crate::error::Fault;
use crate::secrets::{DataCipher, place};
use crate::service::Service;
use crate::service::files::portion_place;
use crate::service::phone::report_place;
use crate::service::rounds::round;
use crate::service::sign_in::totp_place;
use crate::store::StoreError;
use crate::store::sealed::{Place, SealedColumn, SealedRow, SealedValue};

/// How often a running server asks which key seals; also how long another program may go on with the one before.
const ROUND: Duration = Duration::from_secs(5);
/// A pause between two portions, so that writers come in between.
const BREATH: Duration = Duration::from_millis(2);
/// How long a walk that found everything under the newest key is believed, while another key is in use: a program that was
/// stopped for a while may go on with that one.
const BELIEVED: TimeDelta = TimeDelta::hours(1);
/// What came of a walk over everything that is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values under the newest key now.
    pub changed: u64,
    /// Values that no key here opens.
    pub closed: u64,
    /// Values that were met under another key, and are so still as far as is known.
    pub left: u64,
}

/// The last walk that found everything under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    /// The key.
    key: String,
    /// When.
    at: DateTime<Utc>,
}

pub(super) fn prefix(column: SealedColumn, key: &str) -> SealedValue {
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

impl Service {
    /// Seals everything that is not under the key in force anew, portion by portion. Where nothing is to be done, nothing is
    /// locked: a walk only reads how values begin.
    pub async fn data_reseal(&self) -> Result<Resealed, Fault> {
        let key = self.cipher().sealing_id();
        let mut done = Resealed::default();
        for column in SealedColumn::ALL {
            let (begins, mut after) = (prefix(column, &key), Place::START);
            loop {
                let heads = self.store().sealed_heads(column, after).await?;
                let Some(last) = heads.last() else { break };
                after = last.place;
                let other = |begun: &SealedValue| !begun.begins_with(&begins);
                let others: Vec<Place> = heads
                    .iter()
                    .filter(|head| head.begins.as_ref().is_some_and(other))
                    .map(|head| head.place)
                    .collect();
                for places in others.chunks(column.portion()) {
                    self.data_reseal_at(column, &begins, places, &mut done).await?;
                }
                tokio::time::sleep(BREATH).await;
            }
        }
        Ok(done)
    }

    async fn data_reseal_at(
        &self,
        column: SealedColumn,
        begins: &SealedValue,
        places: &[Place],
        done: &mut Resealed,
    ) -> Result<(), Fault> {
        let cipher = self.cipher();
        let (mut anew, mut met) = (Vec::new(), 0);
        for row in self.store().sealed_at(column, places).await? {
            if row.value.begins_with(begins) {
                continue;
            }
            met += 1;
            let place = bound_to(column, &row);
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
            match sealed {
                Some(sealed) => anew.push((row, sealed)),
                None => {
                    done.closed += 1;
                    tracing::error!(column = ?column, row = %row.id, "a sealed value can't be opened");
                }
            }
        }
        let changed = self.store().reseal(column, anew).await?;
        done.changed += changed;
        done.left += met - changed;
        Ok(())
    }

    /// Follows the keys and seals anew what is under an older one, for ever.
    pub async fn data_keys_run(&self) {
        let mut clean = None;
        loop {
            round("data keys", self.data_keys_round(&mut clean)).await;
            tokio::time::sleep(ROUND).await;
        }
    }

    /// What a running server does now and then; `clean` is what it knows from the rounds before.
    pub async fn data_keys_round(&self, clean: &mut Option<Clean>) {
        let since = match self.data_keys_follow().await {
            Ok(since) => since,
            Err(error) => return tracing::error!(%error, "the data keys can't be followed"),
        };
        let (key, now) = (self.cipher().sealing_id(), self.clock().now());
        if let Some(last) = clean.as_ref().filter(|last| last.key == key)
            && (now < last.at + BELIEVED || !self.another_key_is_used(&key).await)
        {
            return;
        }
        if self.data_reseal_logged(&key).await {
            // Another program may still seal with the key before, so one clean walk is not enough.
            let settled = since.is_none_or(|since| since + SETTLED < now);
            *clean = settled.then_some(Clean { key, at: now });
        }
    }

    /// Whether a key that does not seal is in use; also where that can't be known now.
    async fn another_key_is_used(&self, key: &str) -> bool {
        let known = self.store().data_keys().await;
        known.map_or(true, |rows| rows.iter().any(|row| row.retired_at.is_none() && row.id != key))
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

    /// How many values of a column are under each of these keys, counted in one walk.
    pub(super) async fn sealed_under(&self, column: SealedColumn, keys: &[String]) -> Result<Vec<u64>, StoreError> {
        let prefixes: Vec<SealedValue> = keys.iter().map(|key| prefix(column, key)).collect();
        let (mut counts, mut after) = (vec![0; keys.len()], Place::START);
        loop {
            let heads = self.store().sealed_heads(column, after).await?;
            let Some(last) = heads.last() else { return Ok(counts) };
            after = last.place;
            for begins in heads.into_iter().filter_map(|head| head.begins) {
                if let Some(nth) = prefixes.iter().position(|prefix| begins.begins_with(prefix)) {
                    counts[nth] += 1;
                }
            }
        }
    }
}
