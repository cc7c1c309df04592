//! The private keys that sign, each from a moment on: whoever signs takes the one whose turn it is, so that all programs on
//! one database change over at the same moment, also when none of them is looking.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use jsonwebtoken::EncodingKey;

use super::keyring::TrustedKey;

/// A private key, and from when on it signs.
#[derive(Clone)]
pub struct Signer {
    pub(super) kid: String,
    pub(super) key: EncodingKey,
    pub(super) from: DateTime<Utc>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("kid", &self.kid).field("from", &self.from).finish_non_exhaustive()
    }
}

/// The keys of an installation; clones share them.
#[derive(Clone, Debug)]
pub(super) struct Signers(Arc<RwLock<Vec<Signer>>>);

impl Signers {
    pub(super) fn new(all: Vec<Signer>) -> Self {
        Self(Arc::new(RwLock::new(all)))
    }

    /// From now on these and no others.
    pub(super) fn replace(&self, all: Vec<Signer>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// Of those it has, only these from now on, each from the moment that is said here.
    pub(super) fn keep(&self, trusted: &[TrustedKey]) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.retain_mut(|signer| {
            let key = trusted.iter().find(|key| key.key.kid == signer.kid);
            signer.from = key.map_or(signer.from, |key| key.signs_from);
            key.is_some()
        });
    }

    /// Whose turn it is: the latest that has begun. Where clocks differ and none has, the first, because somebody must.
    pub(super) fn at(&self, now: DateTime<Utc>) -> Option<Signer> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let order = |signer: &&Signer| (signer.from, signer.kid.clone());
        let begun = all.iter().filter(|signer| signer.from <= now).max_by_key(order);
        begun.or_else(|| all.iter().min_by_key(order)).cloned()
    }
}
