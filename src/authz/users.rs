//! The policy of keeping users: they are kept by SYSTEM_ADMIN, who gives himself nothing by it.

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
}

pub(super) fn decide(action: UserAction, subject: Subject, at: State) -> Result<(), Denied> {
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
