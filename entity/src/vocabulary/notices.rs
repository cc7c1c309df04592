//! What people are told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Of what somebody is told.
    NotificationKind {
        /// A list with tasks of the unit was issued.
        ListIssued = "LIST_ISSUED",
        /// A reporting period was opened.
        PeriodOpened = "PERIOD_OPENED",
        /// A unit handed reports in.
        ReportsSubmitted = "REPORTS_SUBMITTED",
        /// A report was returned.
        ReportReturned = "REPORT_RETURNED",
        /// Reports were accepted.
        ReportsAccepted = "REPORTS_ACCEPTED",
        /// The unit was urged.
        Urged = "URGED",
        /// The unit was reminded of what it owes.
        Reminded = "REMINDED",
        /// A report waits for a signature.
        SignatureWanted = "SIGNATURE_WANTED",
        /// An approver sent a report back.
        SignatureRefused = "SIGNATURE_REFUSED",
        /// A period was opened again for the unit.
        PeriodReopened = "PERIOD_REOPENED",
        /// More time was asked for.
        ExtensionRequested = "EXTENSION_REQUESTED",
        /// A request for more time was decided.
        ExtensionDecided = "EXTENSION_DECIDED",
        /// A unit replied to a notice.
        UrgeReplied = "URGE_REPLIED",
        /// A list in force was amended.
        ListAmended = "LIST_AMENDED",
        /// A unit objected to what it was assigned.
        AssignmentDeclined = "ASSIGNMENT_DECLINED",
        /// An objection was decided.
        ObjectionDecided = "OBJECTION_DECIDED",
        /// A round of looking back found something about the unit.
        LookBackFound = "LOOK_BACK_FOUND",
        /// The unit has to put something right.
        RectificationOpened = "RECTIFICATION_OPENED",
        /// A unit said what it will do or has done.
        RectificationAnswered = "RECTIFICATION_ANSWERED",
        /// The office looked again, or called it off.
        RectificationDecided = "RECTIFICATION_DECIDED",
        /// A publication waits for the next step of its review.
        PublicationReviewWanted = "PUBLICATION_REVIEW_WANTED",
        /// A publication was returned by a reviewer.
        PublicationReturned = "PUBLICATION_RETURNED",
        /// A publication passed all steps.
        PublicationApproved = "PUBLICATION_APPROVED",
        /// A publication was put before the public.
        PublicationPublished = "PUBLICATION_PUBLISHED",
        /// A publication was taken back.
        PublicationWithdrawn = "PUBLICATION_WITHDRAWN",
        /// The day by which a period is to be reported on was moved.
        PeriodMoved = "PERIOD_MOVED",
        /// A period that was opened again for the unit was closed before its day.
        ReopeningEnded = "REOPENING_ENDED",
        /// A unit took its request for more time back.
        ExtensionWithdrawn = "EXTENSION_WITHDRAWN",
        /// Of several leads, another one reports for all.
        ReportingLeadNamed = "REPORTING_LEAD_NAMED",
        /// One's password was reset.
        PasswordReset = "PASSWORD_RESET",
        /// One's password was changed, or set with a code.
        PasswordChanged = "PASSWORD_CHANGED",
        /// One-time passwords were set up for one's account.
        TotpEnrolled = "TOTP_ENROLLED",
        /// They were taken away.
        TotpRemoved = "TOTP_REMOVED",
        /// An identity elsewhere was linked to one's account.
        IdentityLinked = "IDENTITY_LINKED",
        /// It was taken away.
        IdentityUnlinked = "IDENTITY_UNLINKED",
        /// Somebody else ended one's sessions.
        SessionsEnded = "SESSIONS_ENDED",
        /// A used refresh token of one's came again.
        RefreshReplayed = "REFRESH_REPLAYED",
        /// One's account was locked after failures.
        AccountLocked = "ACCOUNT_LOCKED",
        /// One was given a right.
        GrantGiven = "GRANT_GIVEN",
        /// A right of one's was taken away.
        GrantEnded = "GRANT_ENDED",
        /// A right was asked for.
        GrantRequested = "GRANT_REQUESTED",
        /// It was asked that somebody's one-time passwords be taken away.
        TotpRemovalRequested = "TOTP_REMOVAL_REQUESTED",
    }
}

/// What a message to people is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotificationSubject {
    /// A list.
    TaskList,
    /// A period.
    ReportingPeriod,
    /// A report.
    ProgressReport,
    /// A notice by which a unit is urged.
    UrgeNotice,
    /// A request for more time.
    ExtensionRequest,
    /// An amendment.
    Amendment,
    /// A round of looking back.
    LookBack,
    /// A rectification.
    Rectification,
    /// A publication.
    Publication,
    /// One's own account.
    User,
    /// A right.
    RoleGrant,
    /// A request for a right.
    RoleGrantRequest,
    /// A request that somebody's one-time passwords be taken away.
    TotpRemoval,
}

impl NotificationKind {
    /// What it is about.
    pub const fn subject(self) -> NotificationSubject {
        match self {
            Self::ListIssued | Self::AssignmentDeclined | Self::ObjectionDecided | Self::ReportingLeadNamed => {
                NotificationSubject::TaskList
            }
            Self::PeriodOpened
            | Self::ReportsSubmitted
            | Self::ReportsAccepted
            | Self::Reminded
            | Self::SignatureWanted
            | Self::PeriodReopened
            | Self::PeriodMoved
            | Self::ReopeningEnded => NotificationSubject::ReportingPeriod,
            Self::ReportReturned | Self::SignatureRefused => NotificationSubject::ProgressReport,
            Self::Urged | Self::UrgeReplied => NotificationSubject::UrgeNotice,
            Self::ExtensionRequested | Self::ExtensionDecided | Self::ExtensionWithdrawn => {
                NotificationSubject::ExtensionRequest
            }
            Self::ListAmended => NotificationSubject::Amendment,
            Self::LookBackFound => NotificationSubject::LookBack,
            Self::RectificationOpened | Self::RectificationAnswered | Self::RectificationDecided => {
                NotificationSubject::Rectification
            }
            Self::PublicationReviewWanted
            | Self::PublicationReturned
            | Self::PublicationApproved
            | Self::PublicationPublished
            | Self::PublicationWithdrawn => NotificationSubject::Publication,
            Self::PasswordReset
            | Self::PasswordChanged
            | Self::TotpEnrolled
            | Self::TotpRemoved
            | Self::IdentityLinked
            | Self::IdentityUnlinked
            | Self::SessionsEnded
            | Self::RefreshReplayed
            | Self::AccountLocked => NotificationSubject::User,
            Self::GrantGiven | Self::GrantEnded => NotificationSubject::RoleGrant,
            Self::GrantRequested => NotificationSubject::RoleGrantRequest,
            Self::TotpRemovalRequested => NotificationSubject::TotpRemoval,
        }
    }

    /// Whether it is about accounts and rights, and no business of lists.
    pub const fn is_of_account(self) -> bool {
        matches!(
            self.subject(),
            NotificationSubject::User
                | NotificationSubject::RoleGrant
                | NotificationSubject::RoleGrantRequest
                | NotificationSubject::TotpRemoval
        )
    }

    /// Whether the people of a unit are told, not those of the office, nor somebody because he is who he is.
    pub const fn is_of_unit(self) -> bool {
        !self.is_of_account()
            && !matches!(
                self,
                Self::ReportsSubmitted
                    | Self::ExtensionRequested
                    | Self::ExtensionWithdrawn
                    | Self::UrgeReplied
                    | Self::AssignmentDeclined
                    | Self::RectificationAnswered
                    | Self::PublicationReviewWanted
                    | Self::PublicationReturned
                    | Self::PublicationApproved
                    | Self::PublicationPublished
                    | Self::PublicationWithdrawn
            )
    }

    /// Whether somebody is told of it once a day, however often it happens.
    pub const fn is_daily(self) -> bool {
        matches!(
            self,
            Self::ReportsSubmitted
                | Self::ReportsAccepted
                | Self::SignatureWanted
                | Self::AssignmentDeclined
                | Self::ReportingLeadNamed
        )
    }
}

vocabulary! {
    /// How urgent a notice is.
    UrgeGrade {
        /// 蓝色: a reminder.
        Blue = "BLUE",
        /// 黄色: urging.
        Yellow = "YELLOW",
        /// 红色: the last warning.
        Red = "RED",
    }
}
