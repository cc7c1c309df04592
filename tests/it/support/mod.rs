//! What the tests stand on.

pub mod database;
pub mod every_table;
pub mod postgres;

pub use database::TestDatabase;
