//! The integration tests, one binary.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that goes wrong is meant to stop loudly"
)]

mod configuration;
mod documents;
mod domain;
mod envelope;
mod first_light;
mod migrations;
mod readers;
mod secrets;
mod support;
mod tokens;
