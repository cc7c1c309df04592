//! The office's verbs. Each is one transaction: begin, lock, policy, do, audit, outbox, idempotency result, commit.

pub mod work;

use std::sync::Arc;

pub use work::{Answer, Call, Caller, Stop, Work};

use crate::clock::SharedClock;
use crate::config::Limits;
use crate::id::SharedIdMaker;
use crate::store::Store;

/// Everything the verbs need; clones share it.
#[derive(Clone)]
pub struct Service {
    store: Store,
    clock: SharedClock,
    ids: SharedIdMaker,
    limits: Arc<Limits>,
}

impl Service {
    /// Puts the parts together.
    pub fn new(store: Store, clock: SharedClock, ids: SharedIdMaker, limits: Arc<Limits>) -> Self {
        Self { store, clock, ids, limits }
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock.
    pub fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}
