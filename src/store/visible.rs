//! The seal on rows that left the database through the scope.

use std::ops::Deref;

/// A row its reader may see. Only `store` makes one, from a scoped SELECT, so whatever holds one need not ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visible<M>(M);

impl<M> Visible<M> {
    pub(in crate::store) const fn new(row: M) -> Self {
        Self(row)
    }

    /// Takes the row out.
    pub fn into_inner(self) -> M {
        self.0
    }
}

impl<M> Deref for Visible<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}
