//! Fence 2: roles on the verbs. It says who may ask at all; whether a verb is open to him in this state is the policy's
//! business.
//!
//! Only verbs are guarded: an operation has one of them, so refusing it refuses the whole operation. A refusing guard on
//! one root query would take all the others of its operation with it; what a query gives is decided by the row scope,
//! where administrators reach no business row at all.

use async_graphql::{Context, Guard};
use entity::vocabulary::Role;

use super::context;
use super::user_error::top_level;
use crate::error::Fault;

/// One of these roles, at whatever unit.
pub struct Roles(&'static [Role]);

/// Steers lists and reviews reports.
pub const OFFICE: Roles = Roles(&[Role::Office]);
/// Writes reports.
pub const REPORTING: Roles = Roles(&[Role::Reporter, Role::Approver, Role::Integration]);
/// Reads a telephone number in the clear.
pub const CONTACTS: Roles = Roles(&[Role::Office, Role::Reporter, Role::Approver]);
/// Brings in files.
pub const UPLOADING: Roles = Roles(&[Role::Office, Role::Reporter, Role::Approver, Role::Integration]);
/// Sees lists or reports.
pub const READING: Roles = Roles(&[Role::Office, Role::Reporter, Role::Approver, Role::Inspector, Role::Integration]);
/// Signs reports inside a unit.
pub const SIGNING: Roles = Roles(&[Role::Approver]);
/// Says whether a unit asks for a signature.
pub const SIGNING_SWITCH: Roles = Roles(&[Role::Office, Role::Approver, Role::SystemAdmin]);
/// Answers for a unit: its people, no machine.
pub const UNIT_PEOPLE: Roles = Roles(&[Role::Reporter, Role::Approver]);
/// Keeps users.
pub const USERS: Roles = Roles(&[Role::SystemAdmin]);
/// Asks for rights.
pub const GRANT_KEEPERS: Roles = Roles(&[Role::SystemAdmin, Role::SecurityAdmin]);
/// Decides about rights and takes them away.
pub const GRANTS: Roles = Roles(&[Role::SecurityAdmin]);
/// Keeps units and groups.
pub const DIRECTORY: Roles = Roles(&[Role::Office, Role::SystemAdmin]);

impl Guard for Roles {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let request = context::of(ctx)?;
        if self.0.iter().any(|role| request.actor().has(*role)) {
            return Ok(());
        }
        let verb = ctx.field().name();
        request.service.audit_closed(&request.caller, verb).await;
        Err(top_level(Fault::Forbidden))
    }
}
