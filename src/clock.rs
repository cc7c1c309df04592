//! The injected clock: nothing else in the program asks the machine for the time.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Timelike, Utc};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present moment in UTC, cut to milliseconds (both engines keep those).
    fn now(&self) -> DateTime<Utc>;
}

/// The clock everyone shares.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that owns the machine's time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still until it is moved; for tests and rehearsals.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// Stands at `at`.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(Mutex::new(at.trunc_subsecs(3)))
    }

    /// Moves to `at`.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at.trunc_subsecs(3);
    }

    /// Moves on by `by`.
    pub fn advance(&self, by: chrono::TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A moment by the clock of the offices: Asia/Shanghai, UTC+8 without summer time since 1991.
fn local(at: DateTime<Utc>) -> chrono::NaiveDateTime {
    match FixedOffset::east_opt(8 * 3600) {
        Some(shanghai) => at.with_timezone(&shanghai).naive_local(),
        None => at.naive_utc(),
    }
}

/// The day of a moment where the offices are.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    local(at).date()
}

/// The hour of a moment where the offices are, 0 to 23.
pub fn hour_of(at: DateTime<Utc>) -> u32 {
    local(at).hour()
}

/// The first moment after a day where the offices are.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    next.and_utc() - TimeDelta::hours(8)
}
