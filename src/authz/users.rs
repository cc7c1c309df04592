//! The policy of keeping users: they are kept by SYSTEM_ADMIN, who gives himself nothing by it and becomes nobody else by it:
//! what stands between him and an account is taken away by two people.

use entity::vocabulary::RoleGrantRequestStatus;

use super::grants::GrantReason;
use super::policy::{Denied, State, Subject, forbidden, state};
use super::reason::Reason;

/// What somebody wants to do with a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserAction {
    /// Make, disable or enable one.
    Keep,
    /// Take the password away and give a code for a new one.
    Reset,
    /// End a lock before its time.
    Unlock,
    /// End all his sessions.
    EndSessions,
    /// Take back who he is at another sign-in service.
    Unlink,
    /// Approve that his one-time passwords are taken away.
    TotpRemovalApprove,
    /// End the request for that without it.
    TotpRemovalRefuse,
}

pub(super) fn decide(action: UserAction, subject: Subject, at: State) -> Result<(), Denied> {
    match action {
        // Whoever takes back what lets him in harms nobody.
        UserAction::Unlink if subject.is_it => return Ok(()),
        UserAction::TotpRemovalApprove if !subject.security_admin => return forbidden(Reason::SecurityOnly),
        UserAction::TotpRemovalApprove if subject.asked_for_it => return forbidden(Reason::OwnRequest),
        UserAction::TotpRemovalApprove if subject.is_it => return forbidden(Reason::OwnAccount),
        UserAction::TotpRemovalApprove if subject.of_another_power => return forbidden(Reason::SeparatePowers),
        UserAction::TotpRemovalApprove => return waits(at),
        // Whoever keeps what he has asks nobody.
        UserAction::TotpRemovalRefuse if subject.security_admin || subject.asked_for_it || subject.is_it => {
            return waits(at);
        }
        UserAction::TotpRemovalRefuse => return forbidden(Reason::SecurityOnly),
        UserAction::Keep | UserAction::Reset | UserAction::Unlock | UserAction::EndSessions | UserAction::Unlink => {}
    }
    if !subject.system_admin {
        return forbidden(Reason::AdminOnly);
    }
    if subject.is_it {
        return forbidden(Reason::OwnAccount);
    }
    // Whoever hands a code over could use it: that would make one of two powers that nobody holds together.
    if action == UserAction::Reset && subject.of_another_power {
        return forbidden(Reason::SeparatePowers);
    }
    if action == UserAction::Keep && at.last_of_place {
        return state(Reason::Grant(GrantReason::LastAdministrator));
    }
    Ok(())
}

fn waits(at: State) -> Result<(), Denied> {
    if at.grant_request != Some(RoleGrantRequestStatus::Pending) {
        return state(Reason::Grant(GrantReason::NotPending));
    }
    if at.lapsed { state(Reason::Grant(GrantReason::Lapsed)) } else { Ok(()) }
}
