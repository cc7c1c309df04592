//! All integration tests in one binary.

mod documents;
mod domain;
