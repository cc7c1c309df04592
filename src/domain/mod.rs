//! The rules of the domain: pure, without input or output; of ours they know the word lists of `entity::vocabulary` only.

pub mod lang;
pub mod rule;
