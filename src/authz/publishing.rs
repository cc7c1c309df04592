//! The part of the policy that is about publishing.

use entity::vocabulary::{PeriodStatus, PublicationStatus as S, TaskListStatus};

use super::action::Action;
use super::policy::{Denied, State, Subject, forbidden, state};
use super::reason::Reason;

pub(super) fn decide(action: Action, subject: Subject, at: State) -> Result<(), Denied> {
    if !subject.office {
        return forbidden(Reason::OfficeOnly);
    }
    let in_state = |fits: bool, reason| if fits { Ok(()) } else { state(reason) };
    match (action, at.publication) {
        (Action::PublicationPrepare, _) => {
            in_state(at.list.is_some_and(|list| list != TaskListStatus::Draft), Reason::ListDraft)?;
            in_state(at.period != Some(PeriodStatus::Open), Reason::PeriodNotClosed)
        }
        (Action::PublicationRedact, now) => in_state(now == Some(S::Draft), Reason::PublicationNotDraft),
        (Action::PublicationReview, _) if subject.prepared_it => forbidden(Reason::OwnPublication),
        (Action::PublicationReview, _) if subject.decided_it => forbidden(Reason::PublicationDecided),
        (Action::PublicationReview, now) => {
            let waits = matches!(now, Some(S::Draft | S::ContentReviewed | S::SecrecyReviewed));
            in_state(waits, Reason::PublicationNotInReview)
        }
        (Action::PublicationPublish, now) => in_state(now == Some(S::Approved), Reason::PublicationNotApproved),
        (_, now) => in_state(now.is_some_and(|now| now != S::Withdrawn), Reason::PublicationWithdrawn),
    }
}
