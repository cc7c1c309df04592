//! What a message of the outbox means to people: of what they are told, and who they are.

use chrono::{DateTime, Utc};
use entity::outbox;
use entity::vocabulary::NotificationKind;
use uuid::Uuid;

use crate::clock::day_of;

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The people of a unit.
    Unit(Uuid),
    /// Those who sign for a unit.
    Signers(Uuid),
    /// The office of a list, about what a unit did.
    Office {
        /// The list.
        list: Uuid,
        /// The unit.
        about: Uuid,
    },
}

impl To {
    /// The unit whose people are told.
    pub(super) fn unit(self) -> Option<Uuid> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::Signers(_) | Self::Office { .. } => None,
        }
    }

    /// The unit whose signers are told.
    pub(super) fn signers(self) -> Option<Uuid> {
        match self {
            Self::Signers(unit) => Some(unit),
            Self::Unit(_) | Self::Office { .. } => None,
        }
    }

    /// The list whose office is told.
    pub(super) fn list(self) -> Option<Uuid> {
        match self {
            Self::Unit(_) | Self::Signers(_) => None,
            Self::Office { list, .. } => Some(list),
        }
    }

    /// The unit it is about.
    pub(super) fn about(self) -> Uuid {
        match self {
            Self::Unit(unit) | Self::Signers(unit) | Self::Office { about: unit, .. } => unit,
        }
    }
}

/// Something people are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) to: To,
    pub(super) kind: NotificationKind,
    pub(super) subject: Uuid,
    pub(super) origin: String,
    pub(super) at: DateTime<Utc>,
}

impl Told {
    /// What a message means; nothing for messages that are not for people.
    pub(super) fn of(message: &outbox::Model) -> Option<Self> {
        let id = |field: &str| message.payload.get(field)?.as_str()?.parse::<Uuid>().ok();
        let unit = id("unit");
        let (kind, subject) = match message.topic.as_str() {
            "task.assigned" => (NotificationKind::ListIssued, id("taskList")?),
            "reporting_period.opened" => (NotificationKind::PeriodOpened, id("reportingPeriod")?),
            "progress_report.submitted" => (NotificationKind::ReportsSubmitted, id("reportingPeriod")?),
            "progress_report.returned" => (NotificationKind::ReportReturned, id("progressReport")?),
            "progress_report.accepted" => (NotificationKind::ReportsAccepted, id("reportingPeriod")?),
            "urge_notice.sent" | "urge_notice.reply_due" => (NotificationKind::Urged, id("urgeNotice")?),
            "urge_notice.replied" => (NotificationKind::UrgeReplied, id("urgeNotice")?),
            "reporting_period.reminded" => (NotificationKind::Reminded, id("reportingPeriod")?),
            "reporting_period.moved" => (NotificationKind::PeriodMoved, id("reportingPeriod")?),
            "period_reopening.ended" => (NotificationKind::ReopeningEnded, id("reportingPeriod")?),
            "reporting_period.reopened" => (NotificationKind::PeriodReopened, id("reportingPeriod")?),
            "progress_report.signing" => (NotificationKind::SignatureWanted, id("reportingPeriod")?),
            "progress_report.sent_back" => (NotificationKind::SignatureRefused, id("progressReport")?),
            "extension_request.created" => (NotificationKind::ExtensionRequested, id("extensionRequest")?),
            "extension_request.decided" => (NotificationKind::ExtensionDecided, id("extensionRequest")?),
            "extension_request.withdrawn" => (NotificationKind::ExtensionWithdrawn, id("extensionRequest")?),
            "task.reporting_lead_named" => (NotificationKind::ReportingLeadNamed, id("taskList")?),
            "task_list.amended" => (NotificationKind::ListAmended, id("amendment")?),
            "assignment.declined" => (NotificationKind::AssignmentDeclined, id("taskList")?),
            "assignment.decline_decided" => (NotificationKind::ObjectionDecided, id("taskList")?),
            "look_back.found" => (NotificationKind::LookBackFound, id("lookBack")?),
            // Whoever takes it over has as much to do as the one it was opened for.
            "rectification.opened" | "rectification.moved" => {
                (NotificationKind::RectificationOpened, id("rectification")?)
            }
            "rectification.planned" | "rectification.reported" => {
                (NotificationKind::RectificationAnswered, id("rectification")?)
            }
            "rectification.closed" | "rectification.returned" | "rectification.cancelled" => {
                (NotificationKind::RectificationDecided, id("rectification")?)
            }
            _ => return None,
        };
        let unit = unit?;
        let to = match kind {
            NotificationKind::SignatureWanted => To::Signers(unit),
            _ if kind.is_of_unit() => To::Unit(unit),
            _ => To::Office { list: id("taskList")?, about: unit },
        };
        // A unit hands its sheet in as seventy reports, and the office accepts them as seventy: one line a day is enough.
        let origin = if let Some(reminder) = message.payload.get("reminder").and_then(|which| which.as_str()) {
            // However often somebody is to be reminded of the same reply, he is told once.
            format!("REPLY_DUE:{subject}:{reminder}")
        } else if kind.is_daily() {
            format!("{}:{subject}:{unit}:{}", kind.as_str(), day_of(message.created_at))
        } else {
            message.id.to_string()
        };
        Some(Self { to, kind, subject, origin, at: message.created_at })
    }
}
