//! The life of a report: what each step makes of it. Who may take which step, and when, stands in `authz::policy`.

use entity::vocabulary::ReportStatus;
use uuid::Uuid;

/// A step in the life of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Handed in by its writer; to the unit's approver where the unit asks for a signature.
    Submit {
        /// Whether the unit asks for a signature.
        signing: bool,
    },
    /// Signed inside the unit.
    Sign,
    /// Sent back inside the unit.
    SendBack,
    /// Taken back by the unit.
    Withdraw,
    /// 通过.
    Accept,
    /// 退回.
    Return,
    /// The correction of what was accepted begins.
    Correct,
    /// The correction is given up: what was accepted stands as it was.
    CancelCorrection {
        /// Who handed in what was accepted.
        handed_in_by: Option<Uuid>,
        /// Who signed it.
        signed_by: Option<Uuid>,
    },
}

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The state.
    pub status: ReportStatus,
    /// Who handed it in.
    pub handed_in_by: Option<Uuid>,
    /// Who signed what is with the office.
    pub signed_by: Option<Uuid>,
    /// How often it went to the office.
    pub revision: i32,
    /// The revision that counts.
    pub accepted_revision: Option<i32>,
    /// How often the office returned it.
    pub return_count: i32,
}

impl Life {
    /// What the step makes of it.
    #[must_use]
    pub fn after(self, step: Step, by: Uuid) -> Self {
        use ReportStatus as S;
        match step {
            Step::Submit { signing } => {
                let handed_in = Self { handed_in_by: Some(by), signed_by: None, ..self };
                if signing { Self { status: S::Signing, ..handed_in } } else { handed_in.with_the_office() }
            }
            Step::Sign => Self { signed_by: Some(by), ..self }.with_the_office(),
            Step::SendBack | Step::Withdraw | Step::Correct => Self { status: S::Draft, ..self },
            Step::Accept => Self { status: S::Accepted, accepted_revision: Some(self.revision), ..self },
            Step::CancelCorrection { handed_in_by, signed_by } => {
                Self { status: S::Accepted, handed_in_by, signed_by, ..self }
            }
            Step::Return => Self { status: S::Returned, return_count: self.return_count + 1, ..self },
        }
    }

    /// The revision that stands with the office: what was handed in last, or what was accepted.
    pub fn standing_revision(status: ReportStatus, revision: i32, accepted: Option<i32>) -> i32 {
        // After a correction that was given up, what was handed in last is not what was accepted.
        if status == ReportStatus::Accepted { accepted.unwrap_or(revision) } else { revision }
    }

    fn with_the_office(self) -> Self {
        Self { status: ReportStatus::Submitted, revision: self.revision + 1, ..self }
    }
}
