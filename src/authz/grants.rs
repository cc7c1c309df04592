//! The policy of grants: one person asks, another one approves, and neither of them for himself. Taking away is for one.

use entity::vocabulary::{Role, RoleGrantRequestStatus};

use super::policy::{Denied, State, Subject, forbidden, state};
use super::reason::Reason;

/// The powers that nobody gets by way of whoever keeps users.
pub const POWERS_APART: [Role; 2] = [Role::SecurityAdmin, Role::AuditAdmin];

/// What somebody wants to do about rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantAction {
    /// Ask for one.
    Request,
    /// Approve a request.
    Approve,
    /// Refuse a request.
    Refuse,
    /// Take a request back.
    Withdraw,
    /// Take a right away.
    Revoke,
}

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantReason {
    /// Only the keepers of users and of grants ask.
    KeepersOnly,
    /// Only the keepers of grants decide and take away.
    SecurityOnly,
    /// Nobody decides about a right of his own.
    OwnRight,
    /// Only whoever asked takes a request back.
    RequesterOnly,
    /// It was decided or taken back.
    NotPending,
    /// Nobody decided in time.
    Lapsed,
    /// It is over already.
    Ended,
    /// Nobody would be left to do it.
    LastAdministrator,
}

pub(super) fn decide(action: GrantAction, subject: Subject, at: State) -> Result<(), Denied> {
    use GrantAction as A;
    let refused = |reason| forbidden(Reason::Grant(reason));
    let in_state = |fits: bool, reason| if fits { Ok(()) } else { state(Reason::Grant(reason)) };
    let pending = || {
        in_state(at.grant_request == Some(RoleGrantRequestStatus::Pending), GrantReason::NotPending)?;
        in_state(!at.lapsed, GrantReason::Lapsed)
    };
    match action {
        A::Request if subject.system_admin || subject.security_admin => Ok(()),
        A::Request => refused(GrantReason::KeepersOnly),
        A::Withdraw if !subject.asked_for_it => refused(GrantReason::RequesterOnly),
        A::Withdraw => pending(),
        A::Approve | A::Refuse | A::Revoke if !subject.security_admin => refused(GrantReason::SecurityOnly),
        A::Approve | A::Refuse if subject.asked_for_it => forbidden(Reason::OwnRequest),
        A::Approve | A::Refuse | A::Revoke if subject.is_it => refused(GrantReason::OwnRight),
        A::Approve | A::Refuse => pending(),
        A::Revoke => {
            in_state(!at.grant_ended, GrantReason::Ended)?;
            in_state(!at.last_of_place, GrantReason::LastAdministrator)
        }
    }
}
