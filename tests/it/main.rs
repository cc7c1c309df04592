//! The integration tests, one binary.
// As in the library: futures within futures.
#![recursion_limit = "512"]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that goes wrong is meant to stop loudly"
)]

mod admins;
mod architecture;
mod audit;
mod auth;
mod charts;
mod cli;
mod configuration;
mod connections;
mod documents;
mod domain;
mod envelope;
mod external;
mod files;
mod filters;
mod first_light;
mod five_commands;
mod flow;
mod fuzzed;
mod kill;
mod killers;
mod look_back;
mod machines;
mod matrix;
mod migrations;
mod migrations_back;
mod mutation;
mod n_plus_one;
mod named;
mod noninterference;
mod notices;
mod probes;
mod publishing;
mod readers;
mod readme;
mod schema;
mod secrets;
mod spec;
mod statements;
mod status;
mod support;
mod tokens;
mod trials;
mod understand;
mod upkeep;
mod writers;
