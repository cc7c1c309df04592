//! What a verb was asked about: the identifiers of its input as the client gave them, whether there is such a thing or not.

use std::sync::Arc;

use crate::error::UserError;
use crate::id::GlobalId;

/// Identifiers that are looked at, at most; the body of a request has no room for more.
pub const MOST: usize = 2_000;

/// The identifiers in the input of a verb, each with its path.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<[(String, GlobalId)]>);

impl Asked {
    /// These, in the order in which they were given.
    pub fn new(mut named: Vec<(String, GlobalId)>) -> Self {
        named.truncate(MOST);
        Self(named.into())
    }

    /// The one thing.
    pub fn one(object: GlobalId) -> Self {
        Self::new(vec![("id".to_owned(), object)])
    }

    /// What a refusal is about: the thing it names by its path; else what the verb itself is about.
    pub(super) fn refused(&self, error: Option<&UserError>) -> Option<GlobalId> {
        let path = error.map(|error| error.field.join(".")).filter(|path| !path.is_empty());
        let named = path.and_then(|path| self.0.iter().find(|(known, _)| *known == path));
        let own = || self.0.iter().find(|(path, _)| path == "id").or_else(|| self.0.first());
        named.or_else(own).map(|(_, object)| *object)
    }

    /// What the item at this place of a list is about: its own `id`, else the first thing it names.
    pub(super) fn item(&self, nth: usize) -> Option<GlobalId> {
        let within = |path: &&(String, GlobalId)| {
            path.0.split('.').find_map(|step| step.parse::<usize>().ok()).is_some_and(|place| place == nth)
        };
        let of_item = || self.0.iter().filter(within);
        let own = of_item().find(|(path, _)| path.ends_with(&format!(".{nth}.id")));
        own.or_else(|| of_item().next()).map(|(_, object)| *object)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::Kind;

    #[test]
    fn a_refusal_names_its_thing_or_the_verbs_own() {
        let id = |n| GlobalId::new(Kind::Unit, Uuid::from_u128(n));
        let named = |paths: &[&str]| {
            Asked::new(paths.iter().zip(1..).map(|(path, n)| ((*path).to_owned(), id(n))).collect::<Vec<_>>())
        };
        let asked = named(&["input.unit", "id", "input.items.0.unit", "input.items.1.task", "input.items.1.id"]);
        assert_eq!(asked.refused(None), Some(id(2)));
        assert_eq!(asked.refused(Some(&UserError::not_found())), Some(id(2)));
        assert_eq!(asked.refused(Some(&UserError::not_found_at("input.unit"))), Some(id(1)));
        assert_eq!(asked.refused(Some(&UserError::not_found_at("input.else"))), Some(id(2)));
        assert_eq!((asked.item(0), asked.item(1), asked.item(2)), (Some(id(3)), Some(id(5)), None));
        assert_eq!(named(&["input.unit"]).refused(None), Some(id(1)));
        assert_eq!((named(&[]).refused(None), named(&[]).item(0)), (None, None));
        assert_eq!(Asked::one(id(9)).refused(None), Some(id(9)));
    }
}
