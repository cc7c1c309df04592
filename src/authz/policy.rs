//! The verb policy: (who one is to the thing, what one wants, the state it is in) → a decision with its reason.
//!
//! Visibility is not decided here: a thing that is not visible is NOT_FOUND before this table is asked.

use entity::vocabulary::{
    ExtensionStatus, LookBackStatus, PeriodStatus, PublicationStatus, RectificationStatus, ReportStatus, TaskListStatus,
};

use super::look_back::{self, LookBackAction};
use super::reason::Reason;
use super::users::{self, UserAction};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Make or change a unit or a group.
    DirectoryEdit,
    /// Keep users.
    User(UserAction),
    /// Start a list, by hand or from a document.
    ListCreate,
    /// Change a draft: the list, its sections, tasks and assignments.
    ListEdit,
    /// Remove a draft.
    ListDelete,
    /// Put a list in force.
    ListIssue,
    /// End the list's year.
    ListClose,
    /// Put a closed list away.
    ListArchive,
    /// Open a reporting period.
    PeriodOpen,
    /// Close a reporting period.
    PeriodClose,
    /// Write a report.
    ReportSave,
    /// Hand a report in.
    ReportSubmit,
    /// Take a submitted report back.
    ReportWithdraw,
    /// Accept a report.
    ReportAccept,
    /// Return a report.
    ReportReturn,
    /// Sign a report inside the unit.
    ReportSign,
    /// Send a report back inside the unit.
    ReportSendBack,
    /// Correct an accepted report.
    ReportCorrect,
    /// Give up the correction of an accepted report.
    ReportCorrectionCancel,
    /// Merge the parts of co-units into one's own report.
    ReportMerge,
    /// Say whether a unit's reports need a signature.
    SigningSwitch,
    /// Name the lead that reports for all.
    ReportingLeadName,
    /// Read a reporter's phone number in the clear.
    PhoneReveal,
    /// Bring in a file.
    FileUpload,
    /// Change a period's label, due day or grace.
    PeriodUpdate,
    /// Open a closed period again for one unit, or end that.
    PeriodReopen,
    /// Make, change or remove a rule by which periods open.
    ScheduleEdit,
    /// Ask for more time.
    ExtensionCreate,
    /// Take a request for more time back.
    ExtensionWithdraw,
    /// Decide about a request for more time.
    ExtensionDecide,
    /// Urge units that owe reports.
    UrgeSend,
    /// Reply to a notice.
    UrgeReply,
    /// Say that a notice was read.
    UrgeRead,
    /// Make, change or remove a rule by which units are urged.
    UrgeRuleEdit,
    /// Change a list in force, as a numbered version.
    ListAmend,
    /// Acknowledge an assignment, or object to it.
    AssignmentRespond,
    /// Decide about an objection.
    ObjectionDecide,
    /// Look back at a list.
    LookBack(LookBackAction),
    /// Take a snapshot to be published.
    PublicationPrepare,
    /// Replace text of a snapshot.
    PublicationRedact,
    /// Decide about a snapshot: content, secrecy, approval.
    PublicationReview,
    /// Put it before the public.
    PublicationPublish,
    /// Take it back.
    PublicationWithdraw,
}

impl Action {
    /// Every action, for tests that must not forget one.
    pub const ALL: &'static [Self] = &[
        Self::DirectoryEdit,
        Self::User(UserAction::Keep),
        Self::User(UserAction::Reset),
        Self::ListCreate,
        Self::ListEdit,
        Self::ListDelete,
        Self::ListIssue,
        Self::ListClose,
        Self::ListArchive,
        Self::PeriodOpen,
        Self::PeriodClose,
        Self::ReportSave,
        Self::ReportSubmit,
        Self::ReportWithdraw,
        Self::ReportAccept,
        Self::ReportReturn,
        Self::ReportSign,
        Self::ReportSendBack,
        Self::ReportCorrect,
        Self::ReportCorrectionCancel,
        Self::ReportMerge,
        Self::SigningSwitch,
        Self::ReportingLeadName,
        Self::PhoneReveal,
        Self::FileUpload,
        Self::PeriodUpdate,
        Self::PeriodReopen,
        Self::ScheduleEdit,
        Self::ExtensionCreate,
        Self::ExtensionWithdraw,
        Self::ExtensionDecide,
        Self::UrgeSend,
        Self::UrgeReply,
        Self::UrgeRead,
        Self::UrgeRuleEdit,
        Self::ListAmend,
        Self::AssignmentRespond,
        Self::ObjectionDecide,
        Self::LookBack(LookBackAction::Create),
        Self::LookBack(LookBackAction::Record),
        Self::LookBack(LookBackAction::Finish),
        Self::LookBack(LookBackAction::Delete),
        Self::LookBack(LookBackAction::Open),
        Self::LookBack(LookBackAction::Plan),
        Self::LookBack(LookBackAction::Report),
        Self::LookBack(LookBackAction::Recheck),
        Self::LookBack(LookBackAction::Cancel),
        Self::PublicationPrepare,
        Self::PublicationRedact,
        Self::PublicationReview,
        Self::PublicationPublish,
        Self::PublicationWithdraw,
    ];
}

/// Who the actor is to the thing at hand; found out from data, never from the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Holds OFFICE at or above the issuer (for directory verbs: at or above the unit).
    pub office: bool,
    /// Holds SYSTEM_ADMIN at or above the unit.
    pub system_admin: bool,
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
        A::User(action) => users::decide(action, subject),
        A::ListCreate
        | A::ListEdit
        | A::ListDelete
        | A::ListIssue
        | A::ListClose
        | A::ListArchive
        | A::PeriodOpen
        | A::PeriodClose
        | A::ReportAccept
        | A::ReportReturn
        | A::PeriodUpdate
        | A::PeriodReopen
        | A::ScheduleEdit
        | A::ExtensionDecide
        | A::ReportingLeadName
        | A::UrgeSend
        | A::UrgeRuleEdit
        | A::ListAmend
        | A::ObjectionDecide
        | A::PublicationPrepare
        | A::PublicationRedact
        | A::PublicationReview
        | A::PublicationPublish
        | A::PublicationWithdraw
            if !subject.office =>
        {
            forbidden(Reason::OfficeOnly)
        }
        A::AssignmentRespond if !subject.reporter => forbidden(Reason::ReportingUnitOnly),
        A::ExtensionDecide | A::ObjectionDecide if subject.asked_for_it => forbidden(Reason::OwnRequest),
        A::ListCreate => Ok(()),
        A::ListEdit | A::ListDelete | A::ListIssue => list_is(at, TaskListStatus::Draft, Reason::ListNotDraft),
        A::ListClose
        | A::PeriodOpen
        | A::ReportingLeadName
        | A::ListAmend
        | A::AssignmentRespond
        | A::ObjectionDecide => list_is(at, TaskListStatus::Issued, Reason::ListNotIssued),
        A::ListArchive => list_is(at, TaskListStatus::Closed, Reason::ListNotClosed),
        A::PeriodClose => period_open(at),
        A::ReportAccept | A::ReportReturn => {
            if subject.submitted_it || subject.signed_it {
                return forbidden(Reason::OwnReport);
            }
            in_reporting(at)?;
            report_in(at, &[ReportStatus::Submitted], Reason::ReportNotSubmitted)
        }
        A::ReportSave
        | A::ReportSubmit
        | A::ReportWithdraw
        | A::ReportCorrect
        | A::ReportCorrectionCancel
        | A::ReportMerge
        | A::ExtensionCreate
        | A::ExtensionWithdraw
            if !subject.reporter =>
        {
            forbidden(Reason::ReportingUnitOnly)
        }
        A::ReportMerge if !subject.reporting_lead => forbidden(Reason::ReportingLeadOnly),
        A::ReportSave | A::ReportMerge => {
            owed(at)?;
            match at.report {
                None => Ok(()),
                Some(_) => report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotEditable),
            }
        }
        A::ReportSubmit => {
            owed(at)?;
            match at.report {
                None => state(Reason::ReportMissing),
                Some(_) => report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotEditable),
            }
        }
        A::ReportWithdraw => {
            in_reporting(at)?;
            report_in(at, &[ReportStatus::Signing, ReportStatus::Submitted], Reason::ReportNotHandedIn)
        }
        A::ReportCorrect => {
            owed(at)?;
            report_in(at, &[ReportStatus::Accepted], Reason::ReportNotAccepted)
        }
        A::ReportCorrectionCancel => {
            in_reporting(at)?;
            if !at.correcting {
                return state(Reason::ReportNotCorrecting);
            }
            report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotCorrecting)
        }
        A::ReportSign | A::ReportSendBack if !subject.approver => forbidden(Reason::ApproverOnly),
        A::ReportSign | A::ReportSendBack if subject.submitted_it => forbidden(Reason::OwnSignature),
        A::ReportSign | A::ReportSendBack => {
            // What is owed no more goes to nobody, but back to who wrote it.
            if action == A::ReportSign {
                owed(at)?
            } else {
                in_reporting(at)?
            }
            report_in(at, &[ReportStatus::Signing], Reason::ReportNotSigning)
        }
        A::SigningSwitch if subject.approver || subject.office || subject.system_admin => Ok(()),
        A::SigningSwitch => forbidden(Reason::SigningSwitchOnly),
        A::PhoneReveal if subject.office || subject.reporter => Ok(()),
        A::PhoneReveal => forbidden(Reason::OfficeOnly),
        A::FileUpload if subject.writes => Ok(()),
        A::FileUpload => forbidden(Reason::WritersOnly),
        A::PeriodUpdate => in_reporting(at),
        A::ExtensionCreate => owed(at),
        A::PeriodReopen => {
            list_is(at, TaskListStatus::Issued, Reason::ListNotIssued)?;
            if at.period == Some(PeriodStatus::Closed) { Ok(()) } else { state(Reason::PeriodNotClosed) }
        }
        A::ScheduleEdit | A::UrgeRuleEdit => match at.list {
            Some(TaskListStatus::Draft | TaskListStatus::Issued) => Ok(()),
            _ => state(Reason::ListOver),
        },
        A::ExtensionWithdraw | A::ExtensionDecide => {
            in_reporting(at)?;
            if at.extension == Some(ExtensionStatus::Pending) { Ok(()) } else { state(Reason::ExtensionNotPending) }
        }
        A::UrgeSend => in_reporting(at),
        A::UrgeReply if subject.reporter && at.replied => state(Reason::NoticeReplied),
        A::UrgeReply | A::UrgeRead if subject.reporter => Ok(()),
        A::UrgeReply | A::UrgeRead => forbidden(Reason::ReportingUnitOnly),
        A::LookBack(action) => look_back::decide(action, subject, at),
        A::PublicationPrepare
        | A::PublicationRedact
        | A::PublicationReview
        | A::PublicationPublish
        | A::PublicationWithdraw => super::publishing::decide(action, subject, at),
    }
}

fn list_is(at: State, wanted: TaskListStatus, reason: Reason) -> Result<(), Denied> {
    if at.list == Some(wanted) { Ok(()) } else { state(reason) }
}

fn period_open(at: State) -> Result<(), Denied> {
    if at.period == Some(PeriodStatus::Open) { Ok(()) } else { state(Reason::PeriodClosed) }
}

fn in_reporting(at: State) -> Result<(), Denied> {
    list_is(at, TaskListStatus::Issued, Reason::ListNotIssued)?;
    period_open(at)
}

fn owed(at: State) -> Result<(), Denied> {
    in_reporting(at)?;
    if at.released { state(Reason::OwedNoMore) } else { Ok(()) }
}

fn report_in(at: State, wanted: &[ReportStatus], reason: Reason) -> Result<(), Denied> {
    match at.report {
        Some(status) if wanted.contains(&status) => Ok(()),
        _ => state(reason),
    }
}
