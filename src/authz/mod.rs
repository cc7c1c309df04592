//! Who may do what: the actor as the database knows it, and the policy as a pure table.

pub mod actor;
pub mod look_back;
pub mod machines;
pub mod policy;
mod publishing;
mod reason;
mod users;

pub use actor::{Actor, Area, Grant, Reach, Scope};
pub use look_back::{LookBackAction, LookBackReason};
pub use machines::MachineAction;
pub use policy::{Action, Denied, State, Subject, decide};
pub use reason::Reason;
pub use users::UserAction;
