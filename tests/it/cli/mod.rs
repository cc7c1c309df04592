//! The commands, run as the real binary.

mod commands;
mod export;
mod external;
mod import;
mod refusals;
mod schema;
mod start;
