//! The verb policy: (who one is to the thing, what one wants, the state it is in) → a decision with its reason.
//!
//! Visibility is not decided here: a thing that is not visible is NOT_FOUND before this table is asked.

use entity::vocabulary::{
    ExtensionStatus, LookBackStatus, PeriodStatus, PublicationStatus, RectificationStatus, ReportStatus,
    RoleGrantRequestStatus, TaskListStatus,
};

use super::action::Action;
use super::reason::Reason;
use super::{grants, lists, look_back, machines, periods, publishing, reports, users};

/// Who the actor is to the thing at hand; found out from data, never from the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Holds OFFICE at or above the issuer (for directory verbs: at or above the unit).
    pub office: bool,
    /// Holds SYSTEM_ADMIN at or above the unit.
    pub system_admin: bool,
    /// Holds SECURITY_ADMIN at or above the unit.
    pub security_admin: bool,
    /// Writes reports for the reporting unit.
    pub reporter: bool,
    /// Is the person who handed the report in.
    pub submitted_it: bool,
    /// Signs for the reporting unit.
    pub approver: bool,
    /// Is the person who signed what is with the office.
    pub signed_it: bool,
    /// Writes for the lead that reports for all on the task.
    pub reporting_lead: bool,
    /// Writes lists or reports, wherever.
    pub writes: bool,
    /// Took the snapshot, or replaced text of it.
    pub prepared_it: bool,
    /// Has decided in this round of review already.
    pub decided_it: bool,
    /// Is the person who asked for what is to be decided.
    pub asked_for_it: bool,
    /// Is the person who said last that the rectification is done.
    pub reported_it: bool,
    /// Is the user himself.
    pub is_it: bool,
    /// The user keeps grants or the audit trail.
    pub of_another_power: bool,
    /// Is a machine, in a session that asked for scopes.
    pub narrowed: bool,
}

/// The state of the thing at hand; a verb reads only what concerns it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Of the list.
    pub list: Option<TaskListStatus>,
    /// Of the period.
    pub period: Option<PeriodStatus>,
    /// Of the report; `None` while nothing is written.
    pub report: Option<ReportStatus>,
    /// Whether the report was accepted before.
    pub correcting: bool,
    /// Whether an amendment has taken away what the obligation follows from.
    pub released: bool,
    /// Of the request for more time.
    pub extension: Option<ExtensionStatus>,
    /// Whether the notice was replied to.
    pub replied: bool,
    /// Of the look-back round.
    pub look_back: Option<LookBackStatus>,
    /// Of the rectification.
    pub rectification: Option<RectificationStatus>,
    /// Of the publication.
    pub publication: Option<PublicationStatus>,
    /// Of the request for a grant, or for the removal of one-time passwords.
    pub grant_request: Option<RoleGrantRequestStatus>,
    /// Whether nobody decided about it in time.
    pub lapsed: bool,
    /// Whether the grant was taken away or found to be over.
    pub grant_ended: bool,
    /// Whether without this one nobody would keep the users, or the grants, of the place.
    pub last_of_place: bool,
}

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Denied {
    /// Why.
    pub reason: Reason,
    /// True when another person could do it, false when the state forbids it to everybody.
    pub forbidden: bool,
}

pub(super) const fn forbidden(reason: Reason) -> Result<(), Denied> {
    Err(Denied { reason, forbidden: true })
}

pub(super) const fn state(reason: Reason) -> Result<(), Denied> {
    Err(Denied { reason, forbidden: false })
}

/// The table.
pub fn decide(action: Action, subject: Subject, at: State) -> Result<(), Denied> {
    use Action as A;
    match action {
        A::DirectoryEdit if subject.office || subject.system_admin => Ok(()),
        A::DirectoryEdit => forbidden(Reason::OfficeOrAdminOnly),
        A::User(action) => users::decide(action, subject, at),
        A::Machine(action) => machines::decide(action, subject),
        A::Grant(action) => grants::decide(action, subject, at),
        A::FileUpload if subject.writes => Ok(()),
        A::FileUpload => forbidden(Reason::WritersOnly),
        A::ListCreate
        | A::ListEdit
        | A::ListDelete
        | A::ListIssue
        | A::ListClose
        | A::ListArchive
        | A::ListAmend
        | A::ReportingLeadName
        | A::AssignmentRespond
        | A::ObjectionDecide => lists::decide(action, subject, at),
        A::PeriodOpen
        | A::PeriodClose
        | A::PeriodUpdate
        | A::PeriodReopen
        | A::ScheduleEdit
        | A::ExtensionCreate
        | A::ExtensionWithdraw
        | A::ExtensionDecide
        | A::UrgeSend
        | A::UrgeReply
        | A::UrgeRead
        | A::UrgeRuleEdit => periods::decide(action, subject, at),
        A::ReportSave
        | A::ReportSubmit
        | A::ReportWithdraw
        | A::ReportAccept
        | A::ReportReturn
        | A::ReportSign
        | A::ReportSendBack
        | A::ReportCorrect
        | A::ReportCorrectionCancel
        | A::ReportMerge
        | A::SigningSwitch
        | A::PhoneReveal => reports::decide(action, subject, at),
        A::LookBack(action) => look_back::decide(action, subject, at),
        A::PublicationPrepare
        | A::PublicationRedact
        | A::PublicationReview
        | A::PublicationPublish
        | A::PublicationWithdraw => publishing::decide(action, subject, at),
    }
}

pub(super) fn list_is(at: State, wanted: TaskListStatus, reason: Reason) -> Result<(), Denied> {
    if at.list == Some(wanted) { Ok(()) } else { state(reason) }
}

pub(super) fn period_open(at: State) -> Result<(), Denied> {
    if at.period == Some(PeriodStatus::Open) { Ok(()) } else { state(Reason::PeriodClosed) }
}

pub(super) fn in_reporting(at: State) -> Result<(), Denied> {
    list_is(at, TaskListStatus::Issued, Reason::ListNotIssued)?;
    period_open(at)
}

pub(super) fn owed(at: State) -> Result<(), Denied> {
    in_reporting(at)?;
    if at.released { state(Reason::OwedNoMore) } else { Ok(()) }
}
