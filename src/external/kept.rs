//! What was asked of a provider and is kept for a while; asked by one at a time, however many wait for it.

use std::{future::Future, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::ConnectorError;

/// Whoever waited behind one that failed gets the same failure instead of waiting as long once more.
const FAILED_FOR: TimeDelta = TimeDelta::seconds(10);
/// How far requests that run at the same time, or two clocks, may lie apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// A value with how long it is good.
pub(super) type Fresh<T> = (T, TimeDelta);

/// Kept values of one kind.
pub(super) struct Kept<T> {
    state: Mutex<State<T>>,
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
        Self { state: Mutex::new(State { value: None, asked: None, failed: None }), stale, soonest }
    }

    /// The value, asked for unless there is a good one.
    pub(super) async fn get(
        &self,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        let mut state = self.state.lock().await;
        if let Some(held) = state.younger(now, None) {
            return Ok(held);
        }
        let failed = match &state.failed {
            Some((at, what)) if within(now, *at, FAILED_FOR) => ConnectorError::Unavailable(what.clone()),
            _ => match state.ask(now, ask).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            },
        };
        let held = state.younger(now, Some(self.stale)).ok_or(failed)?;
        tracing::warn!("an identity provider serves from what it said earlier");
        Ok(held)
    }

    /// Another than `seen`, which did not do; the same one when it was asked for only just now.
    pub(super) async fn again(
        &self,
        seen: &Arc<T>,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        let mut state = self.state.lock().await;
        if let Some(other) = state.value.as_ref().filter(|held| !Arc::ptr_eq(&held.value, seen)) {
            return Ok(other.value.clone());
        }
        if state.asked.is_some_and(|at| within(now, at, self.soonest)) {
            return Ok(seen.clone());
        }
        state.ask(now, ask).await
    }
}

impl<T> State<T> {
    /// The value, while it is younger than `age`, or good.
    fn younger(&self, now: DateTime<Utc>, age: Option<TimeDelta>) -> Option<Arc<T>> {
        let held = self.value.as_ref()?;
        within(now, held.since, age.unwrap_or(held.good)).then(|| held.value.clone())
    }

    async fn ask(
        &mut self,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Fresh<T>, ConnectorError>> + Send,
    ) -> Result<Arc<T>, ConnectorError> {
        // Noted before the answer: who goes away while waiting has asked all the same.
        self.asked = Some(now);
        match Box::pin(ask).await {
            Ok((value, good)) => {
                let value = Arc::new(value);
                self.value = Some(Held { value: value.clone(), since: now, good });
                self.failed = None;
                Ok(value)
            }
            Err(error) => {
                if let ConnectorError::Unavailable(what) = &error {
                    self.failed = Some((now, what.clone()));
                }
                Err(error)
            }
        }
    }
}

/// Whether `at` lies less than `span` back; a time far ahead is one of a clock that was put back since, and does not count.
fn within(now: DateTime<Utc>, at: DateTime<Utc>, span: TimeDelta) -> bool {
    let age = now.signed_duration_since(at);
    age < span && age > -SKEW
}
