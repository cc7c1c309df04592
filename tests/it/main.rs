//! The integration tests, one binary.

mod secrets;
mod tokens;
