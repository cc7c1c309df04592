//! The life of a rectification (整改): problem → measure → done → looked at again → closed. Who may take which step stands
//! in `authz::look_back`.

use chrono::NaiveDate;
use entity::vocabulary::{LookBackFinding, RectificationStatus};

/// A step in the life of a rectification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RectificationMove {
    /// The unit says what it will do, for the first time or otherwise than before.
    Plan,
    /// The unit says that it is done.
    Report,
    /// The office looked again, and it is done.
    Close,
    /// The office looked again, and it is not.
    Return,
    /// The office calls it off.
    Cancel,
}

impl RectificationMove {
    /// Every step.
    pub const ALL: &'static [Self] = &[Self::Plan, Self::Report, Self::Close, Self::Return, Self::Cancel];
}

/// What the step makes of it; nothing where it can't be taken.
pub fn after(status: RectificationStatus, step: RectificationMove) -> Option<RectificationStatus> {
    use RectificationMove as M;
    use RectificationStatus as S;
    match (status, step) {
        (S::Closed | S::Cancelled, _) => None,
        (S::Opened | S::Planned | S::Returned, M::Plan) => Some(S::Planned),
        // What was sent back may be done by the measure that stands.
        (S::Planned | S::Returned, M::Report) => Some(S::Reported),
        (S::Reported, M::Close) => Some(S::Closed),
        (S::Reported, M::Return) => Some(S::Returned),
        (_, M::Cancel) => Some(S::Cancelled),
        (S::Opened | S::Planned | S::Reported | S::Returned, _) => None,
    }
}

/// Whether it still has to be put right.
pub const fn is_running(status: RectificationStatus) -> bool {
    !matches!(status, RectificationStatus::Closed | RectificationStatus::Cancelled)
}

/// The states in which it still has to be put right.
pub fn running() -> impl Iterator<Item = RectificationStatus> {
    RectificationStatus::ALL.iter().copied().filter(|status| is_running(*status))
}

/// The states in which it waits for the unit: to plan, or to say that it is done.
pub fn with_unit() -> impl Iterator<Item = RectificationStatus> {
    running().filter(|status| *status != RectificationStatus::Reported)
}

/// Whether the day it was due is over and it is not closed; what waits for the office is not the unit's fault any more,
/// but it is not put right either, so it counts.
pub fn is_overdue(status: RectificationStatus, due_on: NaiveDate, today: NaiveDate) -> bool {
    is_running(status) && due_on < today
}

/// Whether a finding names a problem that can be put right.
pub const fn is_problem(finding: LookBackFinding) -> bool {
    match finding {
        LookBackFinding::PartlyDone | LookBackFinding::NotDone | LookBackFinding::DoneOnPaperOnly => true,
        LookBackFinding::Done | LookBackFinding::NotApplicable => false,
    }
}
