//! Why a verb is refused; the sentences stand in `error::denied`.

use super::grants::GrantReason;
use super::look_back::LookBackReason;

/// Why a verb is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Only the office may.
    OfficeOnly,
    /// Only the office or the system administrator may.
    OfficeOrAdminOnly,
    /// Only the system administrator may.
    AdminOnly,
    /// Only a security administrator may.
    SecurityOnly,
    /// Nobody does this to his own account.
    OwnAccount,
    /// Who keeps users does not take over those who keep grants or the audit trail.
    SeparatePowers,
    /// A machine does not do this.
    PeopleOnly,
    /// Only the reporting unit's own people may.
    ReportingUnitOnly,
    /// Nobody reviews what he handed in himself.
    OwnReport,
    /// The person who asked for something is not the one who decides about it.
    OwnRequest,
    /// The list is no draft any more.
    ListNotDraft,
    /// The list is not in force.
    ListNotIssued,
    /// The list is not closed.
    ListNotClosed,
    /// The period is closed.
    PeriodClosed,
    /// The report is with the office or accepted already.
    ReportNotEditable,
    /// The report is not waiting for a decision.
    ReportNotSubmitted,
    /// There is nothing to hand in yet.
    ReportMissing,
    /// Only those who write lists or reports may.
    WritersOnly,
    /// The notice was replied to.
    NoticeReplied,
    /// The period is open.
    PeriodNotClosed,
    /// The list's year is over.
    ListOver,
    /// The request was decided or taken back.
    ExtensionNotPending,
    /// The reopening is over.
    ReopeningOver,
    /// Only those who sign for the unit may.
    ApproverOnly,
    /// Nobody signs what he handed in himself.
    OwnSignature,
    /// The report does not wait for a signature.
    ReportNotSigning,
    /// The report is neither waiting for a signature nor for a decision.
    ReportNotHandedIn,
    /// The report is not accepted.
    ReportNotAccepted,
    /// The report is not under correction, or its correction was handed in.
    ReportNotCorrecting,
    /// Only the lead that reports for all may.
    ReportingLeadOnly,
    /// Only the unit's approver, the office or the system administrator may.
    SigningSwitchOnly,
    /// About rights.
    Grant(GrantReason),
    /// About looking back.
    LookBack(LookBackReason),
    /// An amendment has taken away what the report was owed for.
    OwedNoMore,
    /// The list is a draft.
    ListDraft,
    /// Nobody decides about a text that he made.
    OwnPublication,
    /// Nobody decides twice about one text.
    PublicationDecided,
    /// Its text is fixed.
    PublicationNotDraft,
    /// It waits for no decision.
    PublicationNotInReview,
    /// It is not approved.
    PublicationNotApproved,
    /// It was withdrawn.
    PublicationWithdrawn,
}
