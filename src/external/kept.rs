//! What was asked of a provider and is kept for a while; asked by one at a time, however many want it.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::ConnectorError;

/// Whoever waited behind one that failed gets the same failure instead of waiting as long once more.
const FAILED_FOR: TimeDelta = TimeDelta::seconds(10);
/// How far requests that run at the same time, or two clocks, may lie apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// A value with how long it is good.
pub(super) type Fresh<T> = (T, TimeDelta);

/// Kept values of one kind.
pub(super) struct Kept<T> {
    /// Never held while anything is waited for.
    state: Mutex<State<T>>,
    /// Held by the one who asks.
    asking: tokio::sync::Mutex<()>,
    /// How long one that is no longer good serves while no new one is to be had.
    stale: TimeDelta,
    /// How soon one that did not do is asked for again.
    soonest: TimeDelta,
}

struct State<T> {
    value: Option<Held<T>>,
    asked: Option<DateTime<Utc>>,
    failed: Option<(DateTime<Utc>, String)>,
}

struct Held<T> {
    value: Arc<T>,
    since: DateTime<Utc>,
    good: TimeDelta,
}

impl<T> Kept<T> {
    pub(super) fn new(stale: TimeDelta, soonest: TimeDelta) -> Self {
        let state = Mutex::new(State { value: None, asked: None, failed: None });
        Self { state, asking: tokio::sync::Mutex::new(()), stale, soonest }
    }

    /// The value, asked for unless there is a good one; one that still serves, while somebody else asks.
    pub(super) async fn get(
        &self,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        if let Some(known) = self.known(now) {
            return known;
        }
        let _asking = match self.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) => match self.served(now) {
                Some(held) => return Ok(held),
                None => self.asking.lock().await,
            },
        };
        // Somebody may have asked while this one waited.
        if let Some(known) = self.known(now) {
            return known;
        }
        self.ask(now, ask).await.or_else(|error| self.served(now).ok_or(error))
    }

    /// Another than `seen`, which did not do; the same one when it was asked for only just now.
    pub(super) async fn again(
        &self,
        seen: &Arc<T>,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        let _asking = self.asking.lock().await;
        {
            let state = self.state();
            if let Some(other) = state.value.as_ref().filter(|held| !Arc::ptr_eq(&held.value, seen)) {
                return Ok(other.value.clone());
            }
            if state.asked.is_some_and(|at| within(now, at, self.soonest)) {
                return Ok(seen.clone());
            }
            if let Some(failure) = state.failure(now) {
                return Err(failure);
            }
        }
        self.ask(now, ask).await
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be said without asking anybody.
    fn known(&self, now: DateTime<Utc>) -> Option<Result<Arc<T>, ConnectorError>> {
        let (good, failure) = {
            let state = self.state();
            (state.younger(now, None), state.failure(now))
        };
        match (good, failure) {
            (Some(held), _) => Some(Ok(held)),
            (None, Some(failure)) => Some(self.served(now).ok_or(failure)),
            (None, None) => None,
        }
    }

    /// The value, good or not, while it still serves.
    fn served(&self, now: DateTime<Utc>) -> Option<Arc<T>> {
        let held = self.state().younger(now, Some(self.stale))?;
        tracing::warn!("an identity provider serves from what it said earlier");
        Some(held)
    }

    /// Asks; whoever calls is the one who does.
    async fn ask(
        &self,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        // Noted before the answer: who goes away while waiting has asked all the same.
        self.state().asked = Some(now);
        let began = Instant::now();
        let answer = Box::pin(ask).await;
        let mut state = self.state();
        match answer {
            Ok((value, good)) => {
                let value = Arc::new(value);
                state.value = Some(Held { value: value.clone(), since: now, good });
                state.failed = None;
                Ok(value)
            }
            Err(error) => {
                if let ConnectorError::Unavailable(what) = &error {
                    // When it failed, not when it began: it may have taken as long as the failure is remembered.
                    let took = TimeDelta::from_std(began.elapsed()).unwrap_or_default();
                    state.failed = Some((now + took, what.clone()));
                }
                Err(error)
            }
        }
    }
}

impl<T> State<T> {
    /// The value, while it is younger than `age`, or good.
    fn younger(&self, now: DateTime<Utc>, age: Option<TimeDelta>) -> Option<Arc<T>> {
        let held = self.value.as_ref()?;
        within(now, held.since, age.unwrap_or(held.good)).then(|| held.value.clone())
    }

    /// The failure of a moment ago.
    fn failure(&self, now: DateTime<Utc>) -> Option<ConnectorError> {
        let (at, what) = self.failed.as_ref()?;
        within(now, *at, FAILED_FOR).then(|| ConnectorError::Unavailable(what.clone()))
    }
}

/// Whether `at` lies less than `span` back; a time far ahead is one of a clock that was put back since, and does not count.
fn within(now: DateTime<Utc>, at: DateTime<Utc>, span: TimeDelta) -> bool {
    let age = now.signed_duration_since(at);
    age < span && age > -SKEW
}
