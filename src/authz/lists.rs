//! The part of the policy that is about lists and what stands in them.

use entity::vocabulary::TaskListStatus as S;

use super::action::Action as A;
use super::policy::{Denied, State, Subject, forbidden, list_is};
use super::reason::Reason;

pub(super) fn decide(action: A, subject: Subject, at: State) -> Result<(), Denied> {
    match action {
        A::AssignmentRespond if !subject.reporter => forbidden(Reason::ReportingUnitOnly),
        A::AssignmentRespond => list_is(at, S::Issued, Reason::ListNotIssued),
        _ if !subject.office => forbidden(Reason::OfficeOnly),
        A::ObjectionDecide if subject.asked_for_it => forbidden(Reason::OwnRequest),
        A::ListCreate => Ok(()),
        A::ListEdit | A::ListDelete | A::ListIssue => list_is(at, S::Draft, Reason::ListNotDraft),
        A::ListArchive => list_is(at, S::Closed, Reason::ListNotClosed),
        // Closing, amending, naming who reports for all, and deciding about objections.
        _ => list_is(at, S::Issued, Reason::ListNotIssued),
    }
}
