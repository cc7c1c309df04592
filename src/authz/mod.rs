//! Who may do what: the actor as the database knows it, and the policy as a pure table.

pub mod actor;
pub mod policy;
mod publishing;

pub use actor::{Actor, Area, Grant, Reach, Scope};
pub use policy::{Action, Denied, Reason, State, Subject, decide};
