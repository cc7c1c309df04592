//! Identifiers: UUIDv7 inside, typed and opaque outside (`task_01h…`, the TypeID form).

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use type_safe_id::{DynamicType, TypeSafeId};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::clock::SharedClock;

/// Makes the identifiers of new rows.
pub trait IdMaker: Send + Sync {
    /// A new UUIDv7, later than every earlier one of the same maker as far as the clock tells.
    fn next(&self) -> Uuid;
}

/// The maker everyone shares.
pub type SharedIdMaker = Arc<dyn IdMaker>;

/// UUIDv7 from the injected clock and the machine's randomness.
pub struct ClockIdMaker {
    clock: SharedClock,
    context: Mutex<ContextV7>,
}

impl ClockIdMaker {
    /// Takes the time from `clock`.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, context: Mutex::new(ContextV7::new()) }
    }
}

impl IdMaker for ClockIdMaker {
    fn next(&self) -> Uuid {
        let now = self.clock.now();
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }
}

/// What an identifier names; the prefix of its outer form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A unit.
    Unit,
    /// A named set of units.
    UnitGroup,
    /// A user.
    User,
    /// A session of a user.
    Session,
    /// A secret of a service account.
    ServiceAccountSecret,
    /// Who somebody is at another sign-in service.
    ExternalIdentity,
    /// A task list.
    TaskList,
    /// A section of a list.
    Section,
    /// A task.
    Task,
    /// A deadline of a task.
    Deadline,
    /// A question of an import.
    ImportQuestion,
    /// A file that is to be made.
    ExportJob,
    /// An assignment of a task.
    Assignment,
    /// A reporting period.
    ReportingPeriod,
    /// An obligation to report.
    ReportObligation,
    /// A progress report.
    ProgressReport,
    /// A submitted revision of a report.
    ProgressReportRevision,
    /// A review of a report.
    ReportReview,
    /// A file.
    File,
    /// A rule by which periods open by themselves.
    PeriodSchedule,
    /// A period opened again for one unit.
    PeriodReopening,
    /// Frozen sums of a period.
    PeriodFreeze,
    /// A request for more time.
    ExtensionRequest,
    /// A signature inside a unit.
    ReportSignature,
    /// A piece of evidence.
    Evidence,
    /// A part of a merged report.
    ReportPart,
    /// Something a person is told.
    Notification,
    /// A notice by which a unit is urged.
    UrgeNotice,
    /// A rule by which units are urged.
    UrgeRule,
    /// A unit's answer to an assignment.
    AssignmentResponse,
    /// An amendment of a list.
    Amendment,
    /// A change of an amendment.
    AmendmentChange,
    /// A line of a unit's history.
    UnitChange,
    /// A round of looking back at a list.
    LookBack,
    /// A part of a task that is looked back at.
    LookBackItem,
    /// Evidence of a finding or of what was put right.
    LookBackEvidence,
    /// A problem that is to be put right.
    Rectification,
    /// A step in the life of a rectification.
    RectificationStep,
    /// Where a task comes from.
    TaskLineage,
    /// Something that is published.
    Publication,
    /// What was done to it.
    PublicationStep,
    /// Something a detector found in it.
    PublicationFinding,
    /// Something a secrecy review let through.
    PublicationRelease,
    /// A row of the audit trail.
    AuditEntry,
    /// A right of a user.
    RoleGrant,
    /// A right that was asked for.
    RoleGrantRequest,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Unit,
        Self::UnitGroup,
        Self::User,
        Self::Session,
        Self::ServiceAccountSecret,
        Self::ExternalIdentity,
        Self::TaskList,
        Self::Section,
        Self::Task,
        Self::Deadline,
        Self::ImportQuestion,
        Self::ExportJob,
        Self::Assignment,
        Self::ReportingPeriod,
        Self::ReportObligation,
        Self::ProgressReport,
        Self::ProgressReportRevision,
        Self::ReportReview,
        Self::File,
        Self::PeriodSchedule,
        Self::PeriodReopening,
        Self::PeriodFreeze,
        Self::ExtensionRequest,
        Self::ReportSignature,
        Self::Evidence,
        Self::ReportPart,
        Self::Notification,
        Self::UrgeNotice,
        Self::UrgeRule,
        Self::AssignmentResponse,
        Self::Amendment,
        Self::AmendmentChange,
        Self::UnitChange,
        Self::LookBack,
        Self::LookBackItem,
        Self::LookBackEvidence,
        Self::Rectification,
        Self::RectificationStep,
        Self::TaskLineage,
        Self::Publication,
        Self::PublicationStep,
        Self::PublicationFinding,
        Self::PublicationRelease,
        Self::AuditEntry,
        Self::RoleGrant,
        Self::RoleGrantRequest,
    ];

    /// The prefix of the outer form.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::UnitGroup => "group",
            Self::User => "user",
            Self::Session => "session",
            Self::ServiceAccountSecret => "secret",
            Self::ExternalIdentity => "identity",
            Self::TaskList => "list",
            Self::Section => "section",
            Self::Task => "task",
            Self::Deadline => "deadline",
            Self::ImportQuestion => "question",
            Self::ExportJob => "export",
            Self::Assignment => "assignment",
            Self::ReportingPeriod => "period",
            Self::ReportObligation => "obligation",
            Self::ProgressReport => "report",
            Self::ProgressReportRevision => "revision",
            Self::ReportReview => "review",
            Self::File => "file",
            Self::PeriodSchedule => "schedule",
            Self::PeriodReopening => "reopening",
            Self::PeriodFreeze => "freeze",
            Self::ExtensionRequest => "extension",
            Self::ReportSignature => "signature",
            Self::Evidence => "evidence",
            Self::ReportPart => "part",
            Self::Notification => "notification",
            Self::UrgeNotice => "urge",
            Self::UrgeRule => "urgerule",
            Self::AssignmentResponse => "response",
            Self::Amendment => "amendment",
            Self::AmendmentChange => "change",
            Self::UnitChange => "unitchange",
            Self::LookBack => "lookback",
            Self::LookBackItem => "lookbackitem",
            Self::LookBackEvidence => "lookbackevidence",
            Self::Rectification => "rectification",
            Self::RectificationStep => "rectificationstep",
            Self::TaskLineage => "lineage",
            Self::Publication => "publication",
            Self::PublicationStep => "pubstep",
            Self::PublicationFinding => "pubfinding",
            Self::PublicationRelease => "pubrelease",
            Self::AuditEntry => "audit",
            Self::RoleGrant => "grant",
            Self::RoleGrantRequest => "grantrequest",
        }
    }
}

/// An identifier as clients see it: a kind and a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalId {
    /// What it names.
    pub kind: Kind,
    /// Which one.
    pub uuid: Uuid,
}

impl GlobalId {
    /// Puts kind and UUID together.
    pub const fn new(kind: Kind, uuid: Uuid) -> Self {
        Self { kind, uuid }
    }
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(kind) = DynamicType::new(self.kind.prefix()) else {
            return Err(fmt::Error);
        };
        TypeSafeId::from_type_and_uuid(kind, self.uuid).fmt(f)
    }
}

/// The text is no identifier of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

impl FromStr for GlobalId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let id: TypeSafeId<DynamicType> = text.parse().map_err(|_| NotAnId)?;
        let kind = Kind::ALL.iter().copied().find(|k| k.prefix() == id.type_prefix()).ok_or(NotAnId)?;
        let parsed = Self::new(kind, id.uuid());
        // One spelling per identifier, so that nobody can tell two apart that are the same.
        if parsed.to_string() == text { Ok(parsed) } else { Err(NotAnId) }
    }
}
