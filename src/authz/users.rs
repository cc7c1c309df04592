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
    /// Say who he is at another sign-in service.
    Link,
    /// Take that back.
    Unlink,
}

pub(super) fn decide(action: UserAction, subject: Subject, at: State) -> Result<(), Denied> {
    // Whoever takes back what lets him in harms nobody.
    if action == UserAction::Unlink && subject.is_it {
        return Ok(());
    }
    if !subject.system_admin {
        return forbidden(Reason::AdminOnly);
    }
    if subject.is_it {
        return forbidden(Reason::OwnAccount);
    }
    // Whoever hands a code over could use it, and whoever says who somebody is elsewhere could say that it is he: that would
    // make one of two powers that nobody holds together.
    if matches!(action, UserAction::Reset | UserAction::Link) && subject.of_another_power {
        return forbidden(Reason::SeparatePowers);
    }
    if action == UserAction::Keep && at.last_of_place {
        return state(Reason::Grant(GrantReason::LastAdministrator));
    }
    Ok(())
}
