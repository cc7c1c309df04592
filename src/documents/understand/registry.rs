//! The names that the registry knows, for the reader of lists.

use std::collections::HashSet;

use entity::vocabulary::AssignmentTarget;

use crate::documents::units_json::Jurisdiction;
use crate::domain::names::{Found, NameIndex};
use crate::domain::text::match_key;

/// Names of units and groups, with their aliases.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    index: NameIndex<(u32, AssignmentTarget)>,
    /// The main name of each thing.
    names: Vec<String>,
    /// Every printed name and the thing it is for.
    all: Vec<(String, u32)>,
}

/// What the registry says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// One thing, with its main name.
    One(AssignmentTarget, String),
    /// Several things.
    Several(Vec<String>),
    /// Nothing; the nearest names.
    Nothing(Vec<String>),
}

impl Registry {
    /// The names of a place; units come before groups.
    pub fn of_place(place: &Jurisdiction) -> Self {
        let mut registry = Self::default();
        registry.add(&place.name, [], AssignmentTarget::Unit);
        for unit in &place.units {
            let others = unit.short.iter().chain(&unit.aliases).map(String::as_str);
            registry.add(&unit.name, others, AssignmentTarget::Unit);
        }
        for group in &place.groups {
            registry.add(&group.name, group.aliases.iter().map(String::as_str), AssignmentTarget::Group);
        }
        registry
    }

    /// Adds a unit or group with its other names.
    pub fn add<'a>(&mut self, name: &'a str, aliases: impl IntoIterator<Item = &'a str>, target: AssignmentTarget) {
        let Ok(id) = u32::try_from(self.names.len()) else { return };
        self.names.push(name.to_owned());
        for name in std::iter::once(name).chain(aliases) {
            self.index.add(name, (id, target));
            self.all.push((match_key(name), id));
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Looks a printed name up.
    pub fn look_up(&self, printed: &str) -> Known {
        let name = |id: u32| self.names.get(id as usize).cloned().unwrap_or_default();
        match self.index.find(printed) {
            Found::One((id, target)) => Known::One(target, name(id)),
            Found::Several(things) => Known::Several(things.into_iter().map(|(id, _)| name(id)).collect()),
            Found::Nothing => Known::Nothing(self.nearest(printed, 5)),
        }
    }

    /// The main names of the nearest things, best first.
    pub fn nearest(&self, printed: &str, most: usize) -> Vec<String> {
        let wanted: Vec<char> = match_key(printed).chars().take(100).collect();
        let mut scored: Vec<(u32, u32)> = self
            .all
            .iter()
            .map(|(name, id)| (likeness(&wanted, &name.chars().collect::<Vec<_>>()), *id))
            .filter(|(score, _)| *score >= 450)
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut seen = HashSet::new();
        scored
            .into_iter()
            .filter(|(_, id)| seen.insert(*id))
            .take(most)
            .filter_map(|(_, id)| self.names.get(id as usize).cloned())
            .collect()
    }
}

/// How alike two names are, in thousandths: shared pairs of characters, and a short form counts as part of a long one.
fn likeness(a: &[char], b: &[char]) -> u32 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = long.iter();
    let inside = short.iter().filter(|c| rest.by_ref().any(|d| d == *c)).count();
    let mut pairs: Vec<&[char]> = long.windows(2).collect();
    let mut shared = 0_usize;
    for pair in short.windows(2) {
        if let Some(at) = pairs.iter().position(|p| *p == pair) {
            pairs.swap_remove(at);
            shared += 1;
        }
    }
    let total = short.len() + long.len() - 2;
    let by_pairs = (2_000 * shared).checked_div(total).unwrap_or(0);
    // 市卫健委 in 市卫生健康委员会: all characters, in order.
    let by_order = if inside == short.len() && short.len() >= 2 { 600 + 300 * short.len() / long.len() } else { 0 };
    let same = if short.len() == long.len() {
        900 * short.iter().zip(long).filter(|(x, y)| x == y).count() / short.len()
    } else {
        0
    };
    u32::try_from(by_pairs.max(by_order).max(same).max(in_common(short, long))).unwrap_or(0)
}

/// The characters two names have in common, in order (教体局, 教育局), in thousandths; what stands in every name of an
/// office counts a third.
fn in_common(a: &[char], b: &[char]) -> usize {
    let weight = |c: char| {
        if "省市县区旗镇乡街道人民政府局委办室处科股中心公司".contains(c) { 1 } else { 3 }
    };
    let mut row = vec![0_usize; b.len() + 1];
    for x in a {
        let mut before = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { before + weight(*x) } else { above.max(row[at]) };
            before = above;
        }
    }
    let all: usize = a.iter().chain(b).map(|c| weight(*c)).sum();
    (2_000 * row.last().copied().unwrap_or(0)).checked_div(all).unwrap_or(0)
}
