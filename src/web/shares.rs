//! Bounded shares: how many of something one principal, one session or one address may have at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts what each has; whoever has nothing takes no room here.
pub(super) struct Shares<K> {
    counts: Arc<Mutex<HashMap<K, usize>>>,
    of_one: usize,
}

impl<K: Copy + Eq + Hash> Shares<K> {
    /// Shares of so many each.
    pub fn new(of_one: usize) -> Self {
        Self { counts: Arc::default(), of_one }
    }

    /// One more for somebody, without waiting; none when all of his are taken.
    pub fn take(&self, key: K) -> Option<Share<K>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        if *count >= self.of_one {
            return None;
        }
        *count += 1;
        Some(Share { counts: self.counts.clone(), key })
    }
}

/// One of somebody's share; given back when dropped.
pub(super) struct Share<K: Eq + Hash> {
    counts: Arc<Mutex<HashMap<K, usize>>>,
    key: K,
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_his_own_and_gives_it_back() {
        let shares = Shares::new(2);
        let (first, second) = (shares.take("a").unwrap(), shares.take("a").unwrap());
        assert!(shares.take("a").is_none());
        let other = shares.take("b").unwrap();
        drop(first);
        let third = shares.take("a").unwrap();
        assert!(shares.take("a").is_none());
        drop((second, third, other));
        assert!(shares.counts.lock().unwrap().is_empty(), "nobody is remembered who has nothing");
    }
}
