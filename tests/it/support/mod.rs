//! What the tests stand on.

pub mod app;
pub mod database;
pub mod every_table;
pub mod introspection;
pub mod lcg;
pub mod policy;
pub mod postgres;
pub mod world;

pub use app::{Client, TestApp};
pub use database::TestDatabase;
pub use world::World;
