//! Presentation: GraphQL types over visible rows, no SQL, no rules.

pub mod context;
pub mod enums;
pub mod filter;
pub mod loader;
pub mod page;
pub mod scalar;
pub mod user_error;
