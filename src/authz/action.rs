//! What somebody may want to do: the rows of the policy.

use super::grants::GrantAction;
use super::look_back::LookBackAction;
use super::machines::MachineAction;
use super::users::UserAction;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Make or change a unit or a group.
    DirectoryEdit,
    /// Keep users.
    User(UserAction),
    /// Keep service accounts.
    Machine(MachineAction),
    /// Give and take rights.
    Grant(GrantAction),
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
        Self::User(UserAction::Unlock),
        Self::User(UserAction::EndSessions),
        Self::User(UserAction::Unlink),
        Self::User(UserAction::TotpRemovalApprove),
        Self::User(UserAction::TotpRemovalRefuse),
        Self::Machine(MachineAction::Keep),
        Self::Machine(MachineAction::Secret),
        Self::Machine(MachineAction::EndOthers),
        Self::Grant(GrantAction::Request),
        Self::Grant(GrantAction::Approve),
        Self::Grant(GrantAction::Refuse),
        Self::Grant(GrantAction::Withdraw),
        Self::Grant(GrantAction::Revoke),
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
