//! The seal on rows that left the database through the scope.

use std::ops::Deref;
use std::sync::Arc;

/// A row its reader may see. Only `store` makes one, from a scoped SELECT, so whatever holds one need not ask again.
#[derive(Debug, PartialEq, Eq)]
pub struct Visible<M>(Arc<M>);

impl<M> Visible<M> {
    pub(in crate::store) fn new(row: M) -> Self {
        Self(Arc::new(row))
    }

    /// Takes the row out, to be changed.
    pub fn into_inner(self) -> M
    where
        M: Clone,
    {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<M> Clone for Visible<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> Deref for Visible<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}
