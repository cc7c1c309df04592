//! The commands, run as the real binary.

mod commands;
mod refusals;
mod schema;
mod start;
