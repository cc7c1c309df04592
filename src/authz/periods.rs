//! The part of the policy that is about periods, more time, and urging.

use entity::vocabulary::{ExtensionStatus, PeriodStatus, TaskListStatus};

use super::action::Action as A;
use super::policy::{Denied, State, Subject, forbidden, in_reporting, list_is, owed, period_open, state};
use super::reason::Reason;

pub(super) fn decide(action: A, subject: Subject, at: State) -> Result<(), Denied> {
    match action {
        A::ExtensionCreate | A::ExtensionWithdraw | A::UrgeReply | A::UrgeRead if !subject.reporter => {
            forbidden(Reason::ReportingUnitOnly)
        }
        A::ExtensionCreate => owed(at),
        A::ExtensionWithdraw => pending(at),
        A::UrgeReply if at.replied => state(Reason::NoticeReplied),
        A::UrgeReply | A::UrgeRead => Ok(()),
        _ if !subject.office => forbidden(Reason::OfficeOnly),
        A::ExtensionDecide if subject.asked_for_it => forbidden(Reason::OwnRequest),
        A::ExtensionDecide => pending(at),
        A::PeriodOpen => list_is(at, TaskListStatus::Issued, Reason::ListNotIssued),
        A::PeriodClose => period_open(at),
        A::PeriodReopen => {
            list_is(at, TaskListStatus::Issued, Reason::ListNotIssued)?;
            if at.period == Some(PeriodStatus::Closed) { Ok(()) } else { state(Reason::PeriodNotClosed) }
        }
        A::ScheduleEdit | A::UrgeRuleEdit => match at.list {
            Some(TaskListStatus::Draft | TaskListStatus::Issued) => Ok(()),
            _ => state(Reason::ListOver),
        },
        // Changing a period, and urging.
        _ => in_reporting(at),
    }
}

fn pending(at: State) -> Result<(), Denied> {
    in_reporting(at)?;
    if at.extension == Some(ExtensionStatus::Pending) { Ok(()) } else { state(Reason::ExtensionNotPending) }
}
