//! The life of a report against a model that was written from the words of the office, not from the code.

use entity::vocabulary::{PeriodStatus, ReportStatus, TaskListStatus};
use taizhang::authz::{Action, State, Subject, decide};
use taizhang::domain::report_life::{Life, Step};
use uuid::Uuid;

use crate::support::lcg::Lcg;

/// Who may be what, and who is which.
#[derive(Clone, Copy)]
struct Person {
    name: &'static str,
    reports: bool,
    signs: bool,
    office: bool,
}

const PEOPLE: [Person; 7] = [
    Person { name: "clerk", reports: true, signs: false, office: false },
    Person { name: "other clerk", reports: true, signs: false, office: false },
    // Whoever signs may write too.
    Person { name: "head", reports: true, signs: true, office: false },
    Person { name: "deputy", reports: true, signs: true, office: false },
    Person { name: "office", reports: false, signs: false, office: true },
    // Somebody with every hat.
    Person { name: "all hats", reports: true, signs: true, office: true },
    Person { name: "stranger", reports: false, signs: false, office: false },
];

const VERBS: [(&str, Action); 9] = [
    ("save", Action::ReportSave),
    ("submit", Action::ReportSubmit),
    ("sign", Action::ReportSign),
    ("send back", Action::ReportSendBack),
    ("withdraw", Action::ReportWithdraw),
    ("accept", Action::ReportAccept),
    ("return", Action::ReportReturn),
    ("correct", Action::ReportCorrect),
    ("give up", Action::ReportCorrectionCancel),
];

/// The model: what the office would write on a card.
#[derive(Clone, Debug, Default, PartialEq)]
struct Card {
    state: &'static str,
    by: &'static str,
    signer: &'static str,
    sent: i32,
    counts: Option<i32>,
    returned: i32,
    /// Who handed in and who signed what counts.
    agreed: (&'static str, &'static str),
}

impl Card {
    /// What becomes of it, or nothing when it may not be done.
    fn play(&self, verb: &str, who: Person, signing: bool) -> Option<Self> {
        let mut next = self.clone();
        let own = who.name == self.by;
        match (verb, self.state) {
            ("save", "" | "draft" | "returned") if who.reports => {
                if self.state.is_empty() {
                    (next.state, next.by) = ("draft", who.name);
                }
            }
            ("submit", "draft" | "returned") if who.reports => {
                (next.by, next.signer) = (who.name, "");
                if signing {
                    next.state = "signing";
                } else {
                    next.state = "submitted";
                    next.sent += 1;
                }
            }
            ("sign", "signing") if who.signs && !own => {
                (next.state, next.signer) = ("submitted", who.name);
                next.sent += 1;
            }
            ("send back", "signing") if who.signs && !own => next.state = "draft",
            ("withdraw", "signing" | "submitted") if who.reports => next.state = "draft",
            ("accept" | "return", "submitted") if who.office && !own && who.name != self.signer => {
                if verb == "accept" {
                    (next.state, next.counts) = ("accepted", Some(self.sent));
                    next.agreed = (self.by, self.signer);
                } else {
                    next.state = "returned";
                    next.returned += 1;
                }
            }
            ("correct", "accepted") if who.reports => next.state = "draft",
            // As if it had not been begun, but for what was sent meanwhile.
            ("give up", "draft" | "returned") if who.reports && self.counts.is_some() => {
                next.state = "accepted";
                (next.by, next.signer) = self.agreed;
            }
            _ => return None,
        }
        Some(next)
    }
}

fn word(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Draft => "draft",
        ReportStatus::Signing => "signing",
        ReportStatus::Submitted => "submitted",
        ReportStatus::Returned => "returned",
        ReportStatus::Accepted => "accepted",
    }
}

type Hands = (Option<Uuid>, Option<Uuid>);

fn step(action: Action, signing: bool, (handed_in_by, signed_by): Hands) -> Option<Step> {
    Some(match action {
        Action::ReportSubmit => Step::Submit { signing },
        Action::ReportSign => Step::Sign,
        Action::ReportSendBack => Step::SendBack,
        Action::ReportWithdraw => Step::Withdraw,
        Action::ReportAccept => Step::Accept,
        Action::ReportReturn => Step::Return,
        Action::ReportCorrect => Step::Correct,
        Action::ReportCorrectionCancel => Step::CancelCorrection { handed_in_by, signed_by },
        _ => return None,
    })
}

fn key(person: usize) -> Uuid {
    Uuid::from_u128(1 + u128::try_from(person).unwrap())
}

fn name(key: Option<Uuid>) -> &'static str {
    key.map_or("", |key| PEOPLE[usize::try_from(key.as_u128() - 1).unwrap()].name)
}

#[test]
fn a_hundred_thousand_steps_like_the_model() {
    let mut random = Lcg::new(20_260_701);
    let (mut card, mut life) = (Card::default(), None::<Life>);
    let mut reached = std::collections::BTreeMap::<(&str, &str), usize>::new();
    let mut agreed: Hands = (None, None);
    let (mut open, mut issued, mut signing) = (true, true, true);
    for nth in 0..100_000 {
        match random.below(400) {
            0 => open = !open,
            1 => issued = !issued,
            2..8 => signing = !signing,
            8..12 => (card, life) = (Card::default(), None),
            _ => {}
        }
        if !open && random.below(10) == 0 {
            open = true;
        }
        if !issued && random.below(10) == 0 {
            issued = true;
        }
        let who = random.below(PEOPLE.len());
        let person = PEOPLE[who];
        let (verb, action) = *random.pick(&VERBS);
        let wanted = card.play(verb, person, signing).filter(|_| open && issued);
        let subject = Subject {
            office: person.office,
            reporter: person.reports,
            approver: person.signs,
            submitted_it: life.is_some_and(|life| life.handed_in_by == Some(key(who))),
            signed_it: life.is_some_and(|life| life.signed_by == Some(key(who))),
            ..Subject::default()
        };
        let state = State {
            list: Some(if issued { TaskListStatus::Issued } else { TaskListStatus::Closed }),
            period: Some(if open { PeriodStatus::Open } else { PeriodStatus::Closed }),
            report: life.map(|life| life.status),
            correcting: life.is_some_and(|life| life.accepted_revision.is_some()),
            ..State::default()
        };
        let allowed = decide(action, subject, state);
        assert_eq!(allowed.is_ok(), wanted.is_some(), "step {nth}: {} {verb} on {card:?}: {allowed:?}", person.name);
        let Some(next) = wanted else { continue };
        *reached.entry((card.state, verb)).or_default() += 1;
        card = next;
        life = Some(match (life, step(action, signing, agreed)) {
            (Some(life), Some(step)) => life.after(step, key(who)),
            (Some(life), None) => life,
            (None, _) => Life {
                status: ReportStatus::Draft,
                handed_in_by: Some(key(who)),
                signed_by: None,
                revision: 0,
                accepted_revision: None,
                return_count: 0,
            },
        });
        if let (Action::ReportAccept, Some(life)) = (action, life) {
            agreed = (life.handed_in_by, life.signed_by);
        }
        let told = life.map(|life| Card {
            state: word(life.status),
            by: name(life.handed_in_by),
            signer: name(life.signed_by),
            sent: life.revision,
            counts: life.accepted_revision,
            returned: life.return_count,
            agreed: card.agreed,
        });
        assert_eq!(told.as_ref(), Some(&card), "step {nth}: {} {verb}", person.name);
        if let Some(life) = life {
            let two = life.status == ReportStatus::Submitted && life.signed_by.is_some();
            assert!(!two || life.signed_by != life.handed_in_by, "step {nth}: one person signed twice");
        }
    }
    // Every way there is was gone, and often.
    assert_eq!(reached.len(), 14, "{reached:?}");
    assert!(reached.values().all(|times| *times >= 20), "{reached:?}");
}

/// The words of the office: what was accepted stands, and else what was handed in last.
#[test]
fn the_revision_that_stands() {
    use ReportStatus as S;
    for status in [S::Draft, S::Signing, S::Submitted, S::Returned] {
        assert_eq!(Life::standing_revision(status, 7, Some(4)), 7, "{status:?}");
        assert_eq!(Life::standing_revision(status, 7, None), 7, "{status:?}");
    }
    assert_eq!(Life::standing_revision(S::Accepted, 7, Some(4)), 4, "a correction was given up");
    assert_eq!(Life::standing_revision(S::Accepted, 7, None), 7);
}
