//! Who may do what: the actor as the database knows it, and the policy as a pure table.

mod action;
pub mod actor;
mod grants;
mod lists;
pub mod look_back;
mod machines;
mod periods;
pub mod policy;
mod publishing;
mod reason;
mod reports;
mod users;

pub use action::Action;
pub use actor::{Actor, Area, Grant, Reach, Scope};
pub use grants::{GrantAction, GrantReason, POWERS_APART};
pub use look_back::{LookBackAction, LookBackReason};
pub use machines::MachineAction;
pub use policy::{Denied, State, Subject, decide};
pub use reason::Reason;
pub use users::UserAction;
