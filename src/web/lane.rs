//! How much runs at once: places per principal, places and a bounded queue per instance.

use std::{
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

use super::{
    refusal::Refusal,
    shares::{Share, Shares},
};
use crate::config::Limits;

/// The places of an instance: one lane for what is asked, one for finding out who asks, one for signing in, so that none
/// keeps the others out.
pub(super) struct Lanes {
    asked: Lane,
    arriving: Lane,
    signing_in: Lane,
    of_one: Shares<Uuid>,
}

impl Lanes {
    pub fn new(limits: &Limits) -> Self {
        Self {
            asked: Lane::new(limits.running, limits.waiting),
            // Each is one short question to the database; who asks must not have to queue there behind what runs already.
            arriving: Lane::new(limits.running.div_ceil(4), 4 * limits.waiting),
            signing_in: Lane::new(limits.running_sign_in, limits.waiting),
            of_one: Shares::new(limits.running_per_principal),
        }
    }

    /// A place among the requests of one principal, without waiting.
    pub fn of_one(&self, principal: Uuid) -> Result<OfOne, Refusal> {
        self.of_one.take(principal).ok_or(Refusal::TooManyOfOne)
    }

    /// A place among those of whom is found out who they are. Refused, before anything is spent on it, when what comes
    /// after has no room or too many arrive at once, altogether or in one session: whoever floods the door has others
    /// wait behind a few of his own and not behind all of them.
    pub async fn arriving(&self, session: Option<Uuid>, deadline: Instant) -> Result<Arriving, Refusal> {
        if self.asked.is_full() {
            return Err(Refusal::Overloaded);
        }
        let of_session = session.map(|session| self.of_one(session)).transpose()?;
        Ok(Arriving { _of_session: of_session, _place: self.arriving.place(deadline).await? })
    }

    /// A place among the running requests of the instance; waits for it when the queue is not full.
    pub async fn running(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Refusal> {
        self.asked.place(deadline).await
    }

    /// A place among those who sign in.
    pub async fn signing_in(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Refusal> {
        self.signing_in.place(deadline).await
    }

    /// Waits until nothing runs, mutations that outlived their connection included.
    pub async fn drained(&self, patience: Duration) -> bool {
        let both = async { (self.asked.drained().await, self.signing_in.drained().await) };
        tokio::time::timeout(patience, both).await.is_ok()
    }
}

/// Who would have to wait longer than this for a place is sent away at once: a refusal that comes late helps nobody.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Places and a queue before them, bounded in number and in time.
struct Lane {
    running: Arc<Semaphore>,
    places: usize,
    waiting: AtomicUsize,
    waiting_limit: usize,
    pace: Mutex<Pace>,
}

/// How fast the queue moves.
struct Pace {
    last: Instant,
    between: Duration,
}

impl Lane {
    fn new(places: usize, waiting_limit: usize) -> Self {
        let pace = Mutex::new(Pace { last: Instant::now(), between: Duration::ZERO });
        Self { running: Arc::new(Semaphore::new(places)), places, waiting: AtomicUsize::new(0), waiting_limit, pace }
    }

    fn is_full(&self) -> bool {
        self.running.available_permits() == 0
            && (self.waiting.load(Ordering::Acquire) >= self.waiting_limit || self.is_slow())
    }

    /// Whether the queue, at its pace, is longer than anybody should wait.
    fn is_slow(&self) -> bool {
        let waiting = u32::try_from(self.waiting.load(Ordering::Acquire)).unwrap_or(u32::MAX);
        let between = self.pace.lock().unwrap_or_else(PoisonError::into_inner).between;
        between.saturating_mul(waiting) > LONGEST_WAIT
    }

    /// Somebody who has waited since then has got a place.
    fn moved(&self, since: Instant) {
        let now = Instant::now();
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        // Time in which nobody waited says nothing.
        let between = now - pace.last.max(since);
        (pace.last, pace.between) = (now, (7 * pace.between + between) / 8);
    }

    async fn place(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Refusal> {
        if let Ok(permit) = self.running.clone().try_acquire_owned() {
            return Ok(permit);
        }
        if self.is_slow() {
            return Err(Refusal::Overloaded);
        }
        let _waiting = Waiting::enter(&self.waiting, self.waiting_limit)?;
        let since = Instant::now();
        match timeout_at(deadline, self.running.clone().acquire_owned()).await {
            Ok(Ok(permit)) => {
                self.moved(since);
                Ok(permit)
            }
            Ok(Err(_)) => Err(Refusal::Overloaded),
            Err(_) => Err(Refusal::Deadline),
        }
    }

    async fn drained(&self) {
        let all = u32::try_from(self.places).unwrap_or(u32::MAX);
        let _all = self.running.acquire_many(all).await;
    }
}

/// A place among those who arrive; given back when dropped.
pub(super) struct Arriving {
    _of_session: Option<OfOne>,
    _place: OwnedSemaphorePermit,
}

/// A place of one principal, or of one session that arrives; given back when dropped.
pub(super) type OfOne = Share<Uuid>;

/// A place in the queue; left when dropped, also when the client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, limit: usize) -> Result<Self, Refusal> {
        count
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < limit).then(|| n + 1))
            .map(|_| Self(count))
            .map_err(|_| Refusal::Overloaded)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
