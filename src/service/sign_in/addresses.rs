//! Attempts by address: each has so many at once and gets one more now and then. Kept in memory, for a bounded number of
//! addresses; when there are more than that, those that are new share one place, so that a flood only slows itself down.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::span;
use crate::config::holder;

/// Whoever has no place of his own.
const EVERYBODY_ELSE: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// Attempts by whoever they are counted for.
pub(super) struct Buckets<K> {
    /// From when on somebody has all his attempts again.
    full_at: HashMap<K, DateTime<Utc>>,
    burst: i32,
    refill: TimeDelta,
    most: usize,
    everybody_else: K,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    pub fn new(burst: u32, refill: Duration, most: usize, everybody_else: K) -> Self {
        let burst = i32::try_from(burst).unwrap_or(i32::MAX);
        Self { full_at: HashMap::new(), burst, refill: span(refill), most, everybody_else }
    }

    /// Takes an attempt, or says how long there is none.
    pub fn attempt(&mut self, of: K, now: DateTime<Utc>) -> Result<(), Duration> {
        let place = self.place(of, now);
        let full_at = self.full_at.entry(place).or_insert(now);
        // A bucket, told by the moment at which it will be full.
        let next = (*full_at).max(now) + self.refill;
        let patience = self.refill.checked_mul(self.burst).unwrap_or(TimeDelta::MAX);
        let wait = next - now - patience;
        if wait > TimeDelta::zero() {
            return Err(wait.to_std().unwrap_or_default());
        }
        *full_at = next;
        Ok(())
    }

    fn place(&mut self, of: K, now: DateTime<Utc>) -> K {
        if self.full_at.contains_key(&of) {
            return of;
        }
        if self.full_at.len() >= self.most {
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        if self.full_at.len() >= self.most { self.everybody_else } else { of }
    }
}

/// The attempts of all addresses.
pub(super) struct Addresses(Buckets<IpAddr>);

impl Addresses {
    pub fn new(burst: u32, refill: Duration, most: usize) -> Self {
        Self(Buckets::new(burst, refill, most, EVERYBODY_ELSE))
    }

    /// Takes an attempt, or says how long there is none.
    pub fn attempt(&mut self, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), Duration> {
        self.0.attempt(address.map_or(EVERYBODY_ELSE, holder), now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn so_many_at_once_and_one_more_now_and_then() {
        let mut addresses = Addresses::new(3, Duration::from_secs(10), 100);
        let start: DateTime<Utc> = "2026-07-01T00:00:00Z".parse().unwrap();
        for _ in 0..3 {
            addresses.attempt(ip("10.0.0.1"), start).unwrap();
        }
        assert_eq!(addresses.attempt(ip("10.0.0.1"), start), Err(Duration::from_secs(10)));
        assert_eq!(addresses.attempt(ip("::ffff:10.0.0.1"), start), Err(Duration::from_secs(10)), "the same address");
        addresses.attempt(ip("10.0.0.2"), start).unwrap();
        let later = start + TimeDelta::seconds(9);
        assert_eq!(addresses.attempt(ip("10.0.0.1"), later), Err(Duration::from_secs(1)));
        let later = start + TimeDelta::seconds(10);
        addresses.attempt(ip("10.0.0.1"), later).unwrap();
        assert!(addresses.attempt(ip("10.0.0.1"), later).is_err());
        let next_day = start + TimeDelta::days(1);
        for _ in 0..3 {
            addresses.attempt(ip("10.0.0.1"), next_day).unwrap();
        }
        assert!(addresses.attempt(ip("10.0.0.1"), next_day).is_err(), "and not more for having waited long");
    }

    #[test]
    fn a_flood_of_addresses_is_one_place_and_takes_no_memory() {
        let mut addresses = Addresses::new(2, Duration::from_secs(10), 5);
        let start: DateTime<Utc> = "2026-07-01T00:00:00Z".parse().unwrap();
        let passed =
            (0..1_000).filter(|n| addresses.attempt(ip(&format!("10.1.{}.{}", n / 250, n % 250)), start).is_ok());
        assert_eq!(passed.count(), 5 + 2);
        assert!(addresses.0.full_at.len() <= 6);
        // All that was remembered is over, so it is forgotten.
        addresses.attempt(ip("10.9.0.1"), start + TimeDelta::minutes(1)).unwrap();
        assert_eq!(addresses.0.full_at.len(), 1);
        for _ in 0..2 {
            addresses.attempt(ip("2001:db8::1"), start).unwrap();
        }
        assert!(addresses.attempt(ip("2001:db8::2"), start).is_err(), "the same network");
        addresses.attempt(ip("2001:db8:0:1::2"), start).unwrap();
    }
}
