//! What became of units that are out of use: lines of mergers, each from a unit to the one that took it over, and of splits,
//! from a unit to those that took its parts.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// Mergers, of which the latest of a unit counts, and splits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mergers {
    merged: BTreeMap<Uuid, Uuid>,
    divided: BTreeMap<Uuid, BTreeSet<Uuid>>,
}

impl Mergers {
    /// Of pairs of what it was and what it became, in the order in which they happened.
    pub fn new(
        merged: impl IntoIterator<Item = (Uuid, Uuid)>,
        divided: impl IntoIterator<Item = (Uuid, Uuid)>,
    ) -> Self {
        let mut mergers = Self { merged: merged.into_iter().collect(), divided: BTreeMap::new() };
        for (from, to) in divided {
            mergers.divided.entry(from).or_default().insert(to);
        }
        mergers
    }

    /// What a unit has become by now: itself, when it became nothing else.
    pub fn heir(&self, unit: Uuid) -> Uuid {
        let (mut at, mut met) = (unit, BTreeSet::new());
        while let Some(next) = self.merged.get(&at) {
            // Two that were merged into each other came out of nowhere; nobody is their heir.
            if !met.insert(at) {
                return unit;
            }
            at = *next;
        }
        at
    }

    /// The units that another one comes from by now, by that one.
    pub fn predecessors(&self) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
        let mut predecessors: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for from in self.merged.keys().chain(self.divided.keys()) {
            let (mut open, mut met) = (vec![*from], BTreeSet::new());
            while let Some(at) = open.pop() {
                if met.insert(at) {
                    open.extend(self.merged.get(&at).into_iter().chain(self.divided.get(&at).into_iter().flatten()));
                }
            }
            for to in met.into_iter().filter(|to| to != from) {
                predecessors.entry(to).or_default().insert(*from);
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
        let mergers = Mergers::new([(unit(1), unit(2)), (unit(3), unit(2)), (unit(2), unit(4))], []);
        assert_eq!([1, 2, 4, 9].map(|n| mergers.heir(unit(n))), [4, 4, 4, 9].map(unit));
        let predecessors =
            [(unit(2), BTreeSet::from([1, 3].map(unit))), (unit(4), BTreeSet::from([1, 2, 3].map(unit)))];
        assert_eq!(mergers.predecessors(), BTreeMap::from(predecessors));
    }

    #[test]
    fn the_latest_counts_and_circles_end() {
        let mergers = Mergers::new([(unit(1), unit(2)), (unit(1), unit(3))], []);
        assert_eq!(mergers.heir(unit(1)), unit(3));
        assert_eq!(mergers.predecessors(), BTreeMap::from([(unit(3), BTreeSet::from([unit(1)]))]));
        let circle = Mergers::new([(unit(1), unit(2)), (unit(2), unit(1))], []);
        assert_eq!(circle.heir(unit(1)), unit(1));
        let each_other = [(unit(1), BTreeSet::from([unit(2)])), (unit(2), BTreeSet::from([unit(1)]))];
        assert_eq!(circle.predecessors(), BTreeMap::from(each_other));
    }

    #[test]
    fn whoever_took_a_part_comes_from_the_whole_and_nobody_is_its_heir() {
        let mergers = Mergers::new([(unit(3), unit(5))], [(unit(1), unit(2)), (unit(1), unit(3))]);
        assert_eq!(mergers.heir(unit(1)), unit(1));
        let of = |units: &[u128]| units.iter().map(|n| unit(*n)).collect::<BTreeSet<_>>();
        let predecessors = [(unit(2), of(&[1])), (unit(3), of(&[1])), (unit(5), of(&[1, 3]))];
        assert_eq!(mergers.predecessors(), BTreeMap::from(predecessors));
    }
}
