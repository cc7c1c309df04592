//! Fence 2: roles on whole operations. It says who may ask at all; what he gets is the scope's business, and whether a
//! verb is open to him in this state the policy's.

use async_graphql::{Context, Guard};
use entity::vocabulary::Role;

use super::context;
use super::user_error::top_level;
use crate::error::Fault;

/// One of these roles, at whatever unit.
pub struct Roles(&'static [Role]);

/// Reads business data: everyone but the administrators.
pub const BUSINESS: Roles = Roles(&[Role::Office, Role::Reporter, Role::Approver, Role::Inspector, Role::Integration]);
/// Steers lists and reviews reports.
pub const OFFICE: Roles = Roles(&[Role::Office]);
/// Writes reports.
pub const REPORTING: Roles = Roles(&[Role::Reporter, Role::Approver, Role::Integration]);
/// Reads a telephone number in the clear.
pub const CONTACTS: Roles = Roles(&[Role::Office, Role::Reporter, Role::Approver]);
/// Keeps units and groups.
pub const DIRECTORY: Roles = Roles(&[Role::Office, Role::SystemAdmin]);

impl Guard for Roles {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let actor = context::of(ctx)?.actor();
        if self.0.iter().any(|role| actor.has(*role)) { Ok(()) } else { Err(top_level(Fault::Forbidden)) }
    }
}
