//! Finds what a printed name means, and says when it means several things.

use std::collections::HashMap;

use super::text::match_key;

/// Names and what they stand for.
#[derive(Clone, Debug)]
pub struct NameIndex<T> {
    names: HashMap<String, Vec<T>>,
}

/// What a printed name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Exactly one thing.
    One(T),
    /// Nothing that is known.
    Nothing,
    /// Several things: a person must say which.
    Several(Vec<T>),
}

impl<T> Default for NameIndex<T> {
    fn default() -> Self {
        Self { names: HashMap::new() }
    }
}

impl<T: Clone + PartialEq> NameIndex<T> {
    /// Adds a name; the same name for the same thing counts once, a blank one not at all.
    pub fn add(&mut self, name: &str, thing: T) {
        let key = match_key(name);
        if key.is_empty() {
            return;
        }
        let things = self.names.entry(key).or_default();
        if !things.contains(&thing) {
            things.push(thing);
        }
    }

    /// Looks a printed name up.
    pub fn find(&self, printed: &str) -> Found<T> {
        match self.names.get(&match_key(printed)).map(Vec::as_slice) {
            None | Some([]) => Found::Nothing,
            Some([thing]) => Found::One(thing.clone()),
            Some(things) => Found::Several(things.to_vec()),
        }
    }
}
