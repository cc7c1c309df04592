//! Words of grants and of those who keep them.

use super::*;

vocabulary! {
    /// On which side of the house a user stands, for good: 三员分立.
    Realm {
        /// Works with lists and reports.
        Business = "BUSINESS",
        /// Keeps users, grants or the audit trail, and sees no business data.
        Administration = "ADMINISTRATION",
    }
}

vocabulary! {
    /// Where a request for a grant stands. One that nobody decided in time is pending still, and lapsed.
    RoleGrantRequestStatus {
        /// It waits for a second person.
        Pending = "PENDING",
        /// Approved; the grant is there.
        Granted = "GRANTED",
        /// Refused.
        Refused = "REFUSED",
        /// Taken back by whoever asked.
        Withdrawn = "WITHDRAWN",
    }
}

vocabulary! {
    /// Where a grant comes from.
    GrantOrigin {
        /// One person asked for it, another approved it.
        Request = "REQUEST",
        /// The operator gave it at the machine.
        Operator = "OPERATOR",
    }
}

impl Role {
    /// On which side of the house it belongs.
    pub const fn realm(self) -> Realm {
        match self {
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin => Realm::Administration,
            Self::Office | Self::Reporter | Self::Approver | Self::Inspector | Self::Integration => Realm::Business,
        }
    }
}
