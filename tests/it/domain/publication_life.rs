//! The life of a publication against a model written from the words of the office: whatever people try in whatever order,
//! nothing is public that four different people have not made and passed.

use std::collections::{BTreeMap, BTreeSet};

use entity::vocabulary::{PublicationAct, PublicationDecision, PublicationStatus};
use proptest::prelude::*;
use taizhang::authz::{Action, State, Subject, decide};
use taizhang::domain::publication::{Course, ReviewStep, Step};

/// Six people; the last has no office.
const PEOPLE: usize = 6;

/// A card that goes from desk to desk.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    tray: &'static str,
    round: i32,
    writers: BTreeSet<usize>,
    /// Who has signed the card in this round.
    signed: Vec<usize>,
}

fn tray(status: PublicationStatus) -> &'static str {
    match status {
        PublicationStatus::Draft => "content",
        PublicationStatus::ContentReviewed => "secrecy",
        PublicationStatus::SecrecyReviewed => "approval",
        PublicationStatus::Approved => "ready",
        PublicationStatus::Published => "public",
        PublicationStatus::Withdrawn => "gone",
    }
}

impl Card {
    /// What becomes of it, or nothing when it may not be done.
    fn play(&self, who: usize, verb: &str) -> Option<Self> {
        let mut next = self.clone();
        if who == PEOPLE - 1 {
            return None;
        }
        match (verb, self.tray) {
            ("redact", "content") => {
                next.writers.insert(who);
            }
            ("pass content", "content") | ("pass secrecy", "secrecy") | ("pass approval", "approval")
                if !self.writers.contains(&who) && !self.signed.contains(&who) =>
            {
                next.signed.push(who);
                next.tray = match self.tray {
                    "content" => "secrecy",
                    "secrecy" => "approval",
                    _ => "ready",
                };
            }
            ("return content", "content") | ("return secrecy", "secrecy") | ("return approval", "approval")
                if !self.writers.contains(&who) && !self.signed.contains(&who) =>
            {
                (next.tray, next.round) = ("content", self.round + 1);
                next.signed.clear();
            }
            ("publish", "ready") => next.tray = "public",
            ("withdraw", tray) if tray != "gone" => next.tray = "gone",
            _ => return None,
        }
        Some(next)
    }
}

const VERBS: [&str; 9] = [
    "redact",
    "pass content",
    "pass secrecy",
    "pass approval",
    "return content",
    "return secrecy",
    "return approval",
    "publish",
    "withdraw",
];

fn step(verb: &str) -> (Action, Step) {
    let review = |which, decision| (Action::PublicationReview, Step::Review(which, decision));
    match verb {
        "redact" => (Action::PublicationRedact, Step::Redact),
        "publish" => (Action::PublicationPublish, Step::Publish),
        "withdraw" => (Action::PublicationWithdraw, Step::Withdraw),
        _ => {
            let (decision, which) = verb.split_once(' ').unwrap();
            let which = match which {
                "content" => ReviewStep::Content,
                "secrecy" => ReviewStep::Secrecy,
                _ => ReviewStep::Approval,
            };
            let passed = if decision == "pass" { PublicationDecision::Passed } else { PublicationDecision::Returned };
            review(which, passed)
        }
    }
}

/// What the table keeps: who did what in which round.
type Recorded = (usize, PublicationAct, i32);

fn subject(who: usize, done: &[Recorded], round: i32) -> Subject {
    use taizhang::domain::publication::{decides, writes};
    Subject {
        office: who < PEOPLE - 1,
        prepared_it: done.iter().any(|(by, act, _)| *by == who && writes(*act)),
        decided_it: done.iter().any(|(by, act, at)| *by == who && decides(*act) && *at == round),
        ..Subject::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_public_without_four_people(
        first in 0_usize..PEOPLE - 1, tries in prop::collection::vec((0_usize..PEOPLE, 0_usize..VERBS.len()), 0..60),
    ) {
        let mut card = Card { tray: "content", round: 1, writers: BTreeSet::from([first]), signed: Vec::new() };
        let mut course = Course { status: PublicationStatus::Draft, round: 1 };
        let mut done: Vec<Recorded> = vec![(first, PublicationAct::Preparation, 1)];
        for (who, verb) in tries {
            let verb = VERBS[verb];
            let (action, step) = step(verb);
            let state = State { publication: Some(course.status), ..State::default() };
            let allowed = decide(action, subject(who, &done, course.round), state).is_ok();
            let next = course.after(step).filter(|_| allowed);
            let wanted = card.play(who, verb);
            prop_assert_eq!(next.is_some(), wanted.is_some(), "{} tries {} on {:?}", who, verb, card);
            let (Some(next), Some(wanted)) = (next, wanted) else { continue };
            let act = match step {
                Step::Redact => PublicationAct::Redaction,
                Step::Review(which, _) => which.act(),
                Step::Publish => PublicationAct::Publishing,
                Step::Withdraw => PublicationAct::Withdrawal,
            };
            done.push((who, act, course.round));
            (course, card) = (next, wanted);
            prop_assert_eq!(tray(course.status), card.tray);
            prop_assert_eq!(course.round, card.round);
            if course.status == PublicationStatus::Published {
                let deciders: BTreeMap<PublicationAct, usize> = done
                    .iter()
                    .filter(|(_, act, round)| *round == course.round && taizhang::domain::publication::decides(*act))
                    .map(|(by, act, _)| (*act, *by))
                    .collect();
                let people: BTreeSet<usize> = deciders.values().copied().collect();
                prop_assert_eq!((deciders.len(), people.len()), (3, 3));
                prop_assert!(people.is_disjoint(&card.writers));
            }
        }
    }
}

#[test]
fn the_straight_way() {
    let mut course = Course { status: PublicationStatus::Draft, round: 1 };
    for (verb, status) in [
        ("redact", PublicationStatus::Draft),
        ("pass content", PublicationStatus::ContentReviewed),
        ("pass secrecy", PublicationStatus::SecrecyReviewed),
        ("pass approval", PublicationStatus::Approved),
        ("publish", PublicationStatus::Published),
        ("withdraw", PublicationStatus::Withdrawn),
    ] {
        course = course.after(step(verb).1).unwrap();
        assert_eq!(course, Course { status, round: 1 });
    }
    assert!(VERBS.iter().all(|verb| course.after(step(verb).1).is_none()), "withdrawn is the end");
    let reviewed = Course { status: PublicationStatus::SecrecyReviewed, round: 2 };
    let returned = reviewed.after(step("return approval").1).unwrap();
    assert_eq!(returned, Course { status: PublicationStatus::Draft, round: 3 });
}
