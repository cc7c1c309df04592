//! How much runs at once: places per principal, places and a bounded queue per instance.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::refusal::Refusal;
use crate::config::Limits;

/// The places of an instance.
pub(super) struct Lanes {
    running: Arc<Semaphore>,
    places: usize,
    waiting: AtomicUsize,
    waiting_limit: usize,
    of_one: Arc<Mutex<HashMap<Uuid, usize>>>,
    of_one_limit: usize,
}

impl Lanes {
    pub fn new(limits: &Limits) -> Self {
        Self {
            running: Arc::new(Semaphore::new(limits.running)),
            places: limits.running,
            waiting: AtomicUsize::new(0),
            waiting_limit: limits.waiting,
            of_one: Arc::default(),
            of_one_limit: limits.running_per_principal,
        }
    }

    /// A place among the requests of one principal, without waiting.
    pub fn of_one(&self, principal: Uuid) -> Result<OfOne, Refusal> {
        let mut counts = self.of_one.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(principal).or_default();
        if *count >= self.of_one_limit {
            return Err(Refusal::TooManyOfOne);
        }
        *count += 1;
        Ok(OfOne { counts: self.of_one.clone(), principal })
    }

    /// A place among the running requests of the instance; waits for it when the queue is not full.
    pub async fn running(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Refusal> {
        if let Ok(permit) = self.running.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let _waiting = Waiting::enter(&self.waiting, self.waiting_limit)?;
        match timeout_at(deadline, self.running.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Refusal::Overloaded),
            Err(_) => Err(Refusal::Deadline),
        }
    }

    /// Waits until nothing runs, mutations that outlived their connection included.
    pub async fn drained(&self, patience: Duration) -> bool {
        let all = u32::try_from(self.places).unwrap_or(u32::MAX);
        tokio::time::timeout(patience, self.running.acquire_many(all)).await.is_ok()
    }
}

/// A place of one principal; given back when dropped.
pub(super) struct OfOne {
    counts: Arc<Mutex<HashMap<Uuid, usize>>>,
    principal: Uuid,
}

impl Drop for OfOne {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.principal) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.principal);
            }
        }
    }
}

/// A place in the queue; left when dropped, also when the client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, limit: usize) -> Result<Self, Refusal> {
        count
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < limit).then_some(n + 1))
            .map(|_| Self(count))
            .map_err(|_| Refusal::Overloaded)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
