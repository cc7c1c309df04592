//! What the tests stand on.

pub mod app;
pub mod binary;
pub mod database;
pub mod every_table;
pub mod postgres;

pub use app::{Client, TestApp};
pub use database::TestDatabase;
