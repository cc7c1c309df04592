//! What became part of what: lines of mergers, each from a unit that is out of use to the one that took it over.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// Mergers, the latest of a unit counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mergers(BTreeMap<Uuid, Uuid>);

impl Mergers {
    /// Of pairs of what it was and what it became, in the order in which they happened.
    pub fn new(pairs: impl IntoIterator<Item = (Uuid, Uuid)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// What a unit has become by now: itself, when it became nothing else.
    pub fn heir(&self, unit: Uuid) -> Uuid {
        let (mut at, mut met) = (unit, BTreeSet::new());
        while let Some(next) = self.0.get(&at) {
            // Two that were merged into each other came out of nowhere; nobody is their heir.
            if !met.insert(at) {
                return unit;
            }
            at = *next;
        }
        at
    }

    /// The units that are part of another one by now, by that one.
    pub fn predecessors(&self) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
        let mut predecessors: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for from in self.0.keys() {
            let (mut at, mut met) = (*from, BTreeSet::new());
            while let Some(next) = self.0.get(&at).filter(|_| met.insert(at)) {
                if next != from {
                    predecessors.entry(*next).or_default().insert(*from);
                }
                at = *next;
            }
        }
        predecessors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn lines_are_followed_to_their_end() {
        let mergers = Mergers::new([(unit(1), unit(2)), (unit(3), unit(2)), (unit(2), unit(4))]);
        assert_eq!([1, 2, 4, 9].map(|n| mergers.heir(unit(n))), [4, 4, 4, 9].map(unit));
        let predecessors =
            [(unit(2), BTreeSet::from([1, 3].map(unit))), (unit(4), BTreeSet::from([1, 2, 3].map(unit)))];
        assert_eq!(mergers.predecessors(), BTreeMap::from(predecessors));
    }

    #[test]
    fn the_latest_counts_and_circles_end() {
        let mergers = Mergers::new([(unit(1), unit(2)), (unit(1), unit(3))]);
        assert_eq!(mergers.heir(unit(1)), unit(3));
        assert_eq!(mergers.predecessors(), BTreeMap::from([(unit(3), BTreeSet::from([unit(1)]))]));
        let circle = Mergers::new([(unit(1), unit(2)), (unit(2), unit(1))]);
        assert_eq!(circle.heir(unit(1)), unit(1));
        let each_other = [(unit(1), BTreeSet::from([unit(2)])), (unit(2), BTreeSet::from([unit(1)]))];
        assert_eq!(circle.predecessors(), BTreeMap::from(each_other));
    }
}
