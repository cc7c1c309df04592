//! The policy of looking back: rounds, findings, rectifications.

use entity::vocabulary::{LookBackStatus, RectificationStatus, TaskListStatus};

use super::policy::{Denied, State, Subject, forbidden, state};
use super::reason::Reason;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookBackAction {
    /// Begin a round.
    Create,
    /// Write a finding.
    Record,
    /// Finish a round.
    Finish,
    /// Remove a round that is not finished.
    Delete,
    /// Open a rectification.
    Open,
    /// Say what will be done.
    Plan,
    /// Say that it is done.
    Report,
    /// Look again, and close it or send it back.
    Recheck,
    /// Call it off.
    Cancel,
}

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookBackReason {
    /// The list is a draft still.
    ListDraft,
    /// The round is finished.
    Finished,
    /// The round is not finished.
    NotFinished,
    /// The measure can't be changed any more.
    NotPlannable,
    /// No measure is there, or it is with the office or over.
    NotReportable,
    /// The unit has not said that it is done.
    NotReported,
    /// It is over.
    Over,
    /// Nobody looks again at what he reported as done himself.
    OwnRectification,
}

/// The rows of the table that are about looking back.
pub(super) fn decide(action: LookBackAction, subject: Subject, at: State) -> Result<(), Denied> {
    use LookBackAction as A;
    use RectificationStatus as R;
    let refused = |reason| state(Reason::LookBack(reason));
    let rectification_in = |wanted: &[R], reason| match at.rectification {
        Some(status) if wanted.contains(&status) => Ok(()),
        _ => refused(reason),
    };
    let round = |wanted, reason| if at.look_back == Some(wanted) { Ok(()) } else { refused(reason) };
    match action {
        A::Create | A::Record | A::Finish | A::Delete | A::Open | A::Recheck | A::Cancel if !subject.office => {
            forbidden(Reason::OfficeOnly)
        }
        A::Plan | A::Report if !subject.reporter => forbidden(Reason::ReportingUnitOnly),
        A::Create => match at.list {
            Some(TaskListStatus::Issued | TaskListStatus::Closed | TaskListStatus::Archived) => Ok(()),
            _ => refused(LookBackReason::ListDraft),
        },
        A::Record | A::Finish | A::Delete => round(LookBackStatus::Open, LookBackReason::Finished),
        A::Open => round(LookBackStatus::Finished, LookBackReason::NotFinished),
        A::Plan => rectification_in(&[R::Opened, R::Planned, R::Returned], LookBackReason::NotPlannable),
        A::Report => rectification_in(&[R::Planned, R::Returned], LookBackReason::NotReportable),
        A::Recheck => {
            rectification_in(&[R::Reported], LookBackReason::NotReported)?;
            if subject.reported_it {
                return forbidden(Reason::LookBack(LookBackReason::OwnRectification));
            }
            Ok(())
        }
        A::Cancel => rectification_in(&[R::Opened, R::Planned, R::Reported, R::Returned], LookBackReason::Over),
    }
}
