//! The verb policy against the same rules written as sentences: who, and in which state. What both say must be the same for
//! whatever somebody is to a thing and whatever state it is in.

use entity::vocabulary::{
    ExtensionStatus, LookBackStatus, PeriodStatus, PublicationStatus, RectificationStatus, ReportStatus,
    RoleGrantRequestStatus, TaskListStatus,
};
use taizhang::authz::{Action, GrantAction, LookBackAction, MachineAction, Reason, State, Subject, UserAction, decide};

use crate::support::lcg::Lcg;

/// Draws for each action.
const DRAWS: usize = 20_000;

/// Whether the sentence lets somebody do it who is `who` to the thing.
fn may(action: Action, who: Subject) -> bool {
    use Action as A;
    use GrantAction as G;
    use LookBackAction as L;
    match action {
        A::Grant(G::Request) => who.system_admin || who.security_admin,
        A::Grant(G::Withdraw) => who.asked_for_it,
        A::Grant(G::Approve | G::Refuse) => who.security_admin && !who.asked_for_it && !who.is_it,
        A::Grant(G::Revoke) => who.security_admin && !who.is_it,
        A::DirectoryEdit => who.office || who.system_admin,
        A::User(UserAction::Keep | UserAction::Unlock | UserAction::EndSessions) => who.system_admin && !who.is_it,
        A::User(UserAction::Reset) => who.system_admin && !who.is_it && !who.of_another_power,
        A::User(UserAction::Unlink) => who.system_admin || who.is_it,
        A::User(UserAction::TotpRemovalApprove) => {
            who.security_admin && !who.asked_for_it && !who.is_it && !who.of_another_power
        }
        A::User(UserAction::TotpRemovalRefuse) => who.security_admin || who.asked_for_it || who.is_it,
        A::Machine(MachineAction::Keep | MachineAction::Secret) => who.system_admin && !who.is_it,
        A::Machine(MachineAction::EndOthers) => !who.narrowed,
        A::SigningSwitch => who.approver || who.office || who.system_admin,
        A::PhoneReveal => who.office || who.reporter,
        A::FileUpload => who.writes,
        A::ListCreate | A::ListEdit | A::ListDelete | A::ListIssue | A::ListClose | A::ListArchive | A::ListAmend => {
            who.office
        }
        A::PeriodOpen | A::PeriodClose | A::PeriodUpdate | A::PeriodReopen | A::ScheduleEdit => who.office,
        A::ReportingLeadName | A::UrgeSend | A::UrgeRuleEdit => who.office,
        A::ReportAccept | A::ReportReturn => who.office && !who.submitted_it && !who.signed_it,
        A::ExtensionDecide | A::ObjectionDecide => who.office && !who.asked_for_it,
        A::ReportSave | A::ReportSubmit | A::ReportWithdraw | A::ReportCorrect | A::ReportCorrectionCancel => {
            who.reporter
        }
        A::ReportMerge => who.reporter && who.reporting_lead,
        A::ReportSign | A::ReportSendBack => who.approver && !who.submitted_it,
        A::ExtensionCreate | A::ExtensionWithdraw | A::UrgeReply | A::UrgeRead | A::AssignmentRespond => who.reporter,
        A::LookBack(L::Create | L::Record | L::Finish | L::Delete | L::Open | L::Cancel) => who.office,
        A::LookBack(L::Recheck) => who.office && !who.reported_it,
        A::LookBack(L::Plan | L::Report) => who.reporter,
        A::PublicationPrepare | A::PublicationRedact | A::PublicationPublish | A::PublicationWithdraw => who.office,
        A::PublicationReview => who.office && !who.prepared_it && !who.decided_it,
    }
}

/// Whether the sentence lets it be done in this state.
fn fits(action: Action, at: State) -> bool {
    use Action as A;
    use GrantAction as G;
    use LookBackAction as L;
    use PublicationStatus as P;
    use RectificationStatus as R;
    use ReportStatus as S;
    let list = |wanted: &[TaskListStatus]| at.list.is_some_and(|status| wanted.contains(&status));
    let issued = list(&[TaskListStatus::Issued]);
    let running = issued && at.period == Some(PeriodStatus::Open);
    let owed = running && !at.released;
    let report = |wanted: &[S]| at.report.is_some_and(|status| wanted.contains(&status));
    let rectification = |wanted: &[R]| at.rectification.is_some_and(|status| wanted.contains(&status));
    let publication = |wanted: &[P]| at.publication.is_some_and(|status| wanted.contains(&status));
    match action {
        A::Grant(G::Request) => true,
        A::Grant(G::Approve | G::Refuse | G::Withdraw)
        | A::User(UserAction::TotpRemovalApprove | UserAction::TotpRemovalRefuse) => {
            at.grant_request == Some(RoleGrantRequestStatus::Pending) && !at.lapsed
        }
        A::Grant(G::Revoke) => !at.grant_ended && !at.last_of_place,
        A::User(UserAction::Keep) => !at.last_of_place,
        A::DirectoryEdit
        | A::User(UserAction::Reset | UserAction::Unlink | UserAction::Unlock | UserAction::EndSessions)
        | A::Machine(_)
        | A::SigningSwitch
        | A::PhoneReveal
        | A::FileUpload
        | A::ListCreate => true,
        A::UrgeRead => true,
        A::UrgeReply => !at.replied,
        A::ListEdit | A::ListDelete | A::ListIssue => list(&[TaskListStatus::Draft]),
        A::ListClose | A::ListAmend | A::PeriodOpen | A::ReportingLeadName => issued,
        A::AssignmentRespond | A::ObjectionDecide => issued,
        A::ListArchive => list(&[TaskListStatus::Closed]),
        A::PeriodClose => at.period == Some(PeriodStatus::Open),
        A::PeriodUpdate | A::UrgeSend => running,
        A::PeriodReopen => issued && at.period == Some(PeriodStatus::Closed),
        A::ScheduleEdit | A::UrgeRuleEdit => list(&[TaskListStatus::Draft, TaskListStatus::Issued]),
        A::ReportSave | A::ReportMerge => owed && (at.report.is_none() || report(&[S::Draft, S::Returned])),
        A::ReportSubmit => owed && report(&[S::Draft, S::Returned]),
        A::ReportWithdraw => running && report(&[S::Signing, S::Submitted]),
        A::ReportAccept | A::ReportReturn => running && report(&[S::Submitted]),
        A::ReportSign => owed && report(&[S::Signing]),
        A::ReportSendBack => running && report(&[S::Signing]),
        A::ReportCorrect => owed && report(&[S::Accepted]),
        A::ReportCorrectionCancel => running && at.correcting && report(&[S::Draft, S::Returned]),
        A::ExtensionCreate => owed,
        A::ExtensionWithdraw | A::ExtensionDecide => running && at.extension == Some(ExtensionStatus::Pending),
        A::LookBack(L::Create) => list(&[TaskListStatus::Issued, TaskListStatus::Closed, TaskListStatus::Archived]),
        A::LookBack(L::Record | L::Finish | L::Delete) => at.look_back == Some(LookBackStatus::Open),
        A::LookBack(L::Open) => at.look_back == Some(LookBackStatus::Finished),
        A::LookBack(L::Plan) => rectification(&[R::Opened, R::Planned, R::Returned]),
        A::LookBack(L::Report) => rectification(&[R::Planned, R::Returned]),
        A::LookBack(L::Recheck) => rectification(&[R::Reported]),
        A::LookBack(L::Cancel) => rectification(&[R::Opened, R::Planned, R::Reported, R::Returned]),
        A::PublicationPrepare => {
            list(&[TaskListStatus::Issued, TaskListStatus::Closed, TaskListStatus::Archived])
                && at.period != Some(PeriodStatus::Open)
        }
        A::PublicationRedact => publication(&[P::Draft]),
        A::PublicationReview => publication(&[P::Draft, P::ContentReviewed, P::SecrecyReviewed]),
        A::PublicationPublish => publication(&[P::Approved]),
        A::PublicationWithdraw => {
            publication(&[P::Draft, P::ContentReviewed, P::SecrecyReviewed, P::Approved, P::Published])
        }
    }
}

/// Somebody with every right and no hand in the thing.
const EVERYTHING: Subject = Subject {
    office: true,
    system_admin: true,
    security_admin: true,
    reporter: true,
    submitted_it: false,
    approver: true,
    signed_it: false,
    reporting_lead: true,
    writes: true,
    prepared_it: false,
    decided_it: false,
    asked_for_it: false,
    reported_it: false,
    is_it: false,
    of_another_power: false,
    narrowed: false,
};

fn subject(chance: &mut Lcg) -> Subject {
    let mut yes = || chance.below(2) == 0;
    Subject {
        office: yes(),
        system_admin: yes(),
        security_admin: yes(),
        reporter: yes(),
        submitted_it: yes(),
        approver: yes(),
        signed_it: yes(),
        reporting_lead: yes(),
        writes: yes(),
        prepared_it: yes(),
        decided_it: yes(),
        asked_for_it: yes(),
        reported_it: yes(),
        is_it: yes(),
        of_another_power: yes(),
        narrowed: yes(),
    }
}

fn state(chance: &mut Lcg) -> State {
    /// One of them, or none.
    fn one<T: Copy>(chance: &mut Lcg, all: &[T]) -> Option<T> {
        all.get(chance.below(all.len() + 1)).copied()
    }
    State {
        list: one(chance, TaskListStatus::ALL),
        period: one(chance, PeriodStatus::ALL),
        report: one(chance, ReportStatus::ALL),
        correcting: chance.below(2) == 0,
        released: chance.below(2) == 0,
        extension: one(chance, ExtensionStatus::ALL),
        replied: chance.below(2) == 0,
        look_back: one(chance, LookBackStatus::ALL),
        rectification: one(chance, RectificationStatus::ALL),
        publication: one(chance, PublicationStatus::ALL),
        grant_request: one(chance, RoleGrantRequestStatus::ALL),
        lapsed: chance.below(2) == 0,
        grant_ended: chance.below(2) == 0,
        last_of_place: chance.below(2) == 0,
    }
}

#[test]
fn the_table_says_what_the_sentences_say() {
    let mut chance = Lcg::new(20_260_302);
    for &action in Action::ALL {
        let mut allowed = 0;
        for _ in 0..DRAWS {
            // Half of them as somebody who may, so that the states are tried as well.
            let mut who = if chance.below(2) == 0 { subject(&mut chance) } else { EVERYTHING };
            // Only whoever asked takes it back, and nobody else has no hand in it.
            who.asked_for_it |= action == Action::Grant(GrantAction::Withdraw) && chance.below(2) == 0;
            let at = state(&mut chance);
            let decided = decide(action, who, at);
            assert_eq!(decided.is_ok(), may(action, who) && fits(action, at), "{action:?} by {who:?} at {at:?}");
            allowed += usize::from(decided.is_ok());
            // "Another could" is said of people, "nobody can" of states.
            match decided {
                Err(denied) if denied.forbidden => assert!(!may(action, who), "{action:?} by {who:?} at {at:?}"),
                Err(_) => assert!(!fits(action, at), "{action:?} by {who:?} at {at:?}"),
                Ok(()) => {}
            }
        }
        assert!(allowed > 20 && allowed < DRAWS, "{action:?} was allowed {allowed} times");
    }
}

#[test]
fn who_may_not_see_a_number_learns_who_may() {
    let denied = decide(Action::PhoneReveal, Subject::default(), State::default()).unwrap_err();
    assert_eq!((denied.reason, denied.forbidden), (Reason::OfficeOnly, true));
}
