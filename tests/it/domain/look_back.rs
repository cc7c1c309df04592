//! Rectifications against a card written from the office's words; which day judges a task; what is left open; deadlines of
//! tasks that go on.

use chrono::NaiveDate;
use entity::vocabulary::{DeadlineKind, LookBackFinding, LookBackStatus, RectificationStatus, TaskListStatus};
use proptest::prelude::*;
use taizhang::authz::{Action, LookBackAction, State, Subject, decide};
use taizhang::domain::deadline::Deadline;
use taizhang::domain::lineage::{carried, taken_up};
use taizhang::domain::look_back::{Part, PrintedDay, is_open, judged_by};
use taizhang::domain::rectification::{RectificationMove, after, is_overdue, is_problem, is_running};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The card: who holds it, whether a measure stands on it, how often it came back.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    with_unit: bool,
    measure: bool,
    over: Option<&'static str>,
    returned: bool,
}

impl Card {
    fn play(&self, step: RectificationMove) -> Option<Self> {
        use RectificationMove as M;
        if self.over.is_some() {
            return None;
        }
        let next = self.clone();
        match step {
            M::Plan if self.with_unit => Some(Self { measure: true, returned: false, ..next }),
            M::Report if self.with_unit && self.measure => Some(Self { with_unit: false, returned: false, ..next }),
            M::Close if !self.with_unit => Some(Self { over: Some("closed"), ..next }),
            M::Return if !self.with_unit => Some(Self { with_unit: true, returned: true, ..next }),
            M::Cancel => Some(Self { over: Some("cancelled"), ..next }),
            _ => None,
        }
    }

    fn status(&self) -> RectificationStatus {
        use RectificationStatus as S;
        match self.over {
            Some("closed") => S::Closed,
            Some(_) => S::Cancelled,
            None if !self.with_unit => S::Reported,
            None if self.returned => S::Returned,
            None if self.measure => S::Planned,
            None => S::Opened,
        }
    }
}

fn action_of(step: RectificationMove) -> LookBackAction {
    match step {
        RectificationMove::Plan => LookBackAction::Plan,
        RectificationMove::Report => LookBackAction::Report,
        RectificationMove::Close | RectificationMove::Return => LookBackAction::Recheck,
        RectificationMove::Cancel => LookBackAction::Cancel,
    }
}

proptest! {
    /// The rules, the policy and the card agree on every walk.
    #[test]
    fn rectifications_live_as_the_card_says(steps in prop::collection::vec(prop::sample::select(RectificationMove::ALL), 0..40)) {
        let mut card = Card { with_unit: true, measure: false, over: None, returned: false };
        let mut status = RectificationStatus::Opened;
        for step in steps {
            let next = after(status, step);
            let everybody = Subject { office: true, reporter: true, ..Subject::default() };
            let state = State { rectification: Some(status), ..State::default() };
            let allowed = decide(Action::LookBack(action_of(step)), everybody, state).is_ok();
            prop_assert_eq!(next.is_some(), allowed, "{:?} {:?}", status, step);
            let played = card.play(step);
            prop_assert_eq!(next, played.as_ref().map(Card::status), "{:?} {:?}", status, step);
            if let (Some(next), Some(played)) = (next, played) {
                (status, card) = (next, played);
            }
            prop_assert_eq!(is_running(status), card.over.is_none());
            // What is over stays over.
            prop_assert!(is_running(status) || RectificationMove::ALL.iter().all(|step| after(status, *step).is_none()));
        }
    }

    /// One unit that is not settled leaves a task open; more units never close it.
    #[test]
    fn a_task_is_open_as_long_as_one_part_is(parts in prop::collection::vec((any::<bool>(), prop::option::of(prop::sample::select(LookBackFinding::ALL))), 0..6)) {
        let parts: Vec<Part> = parts.into_iter().map(|(reported_completed, found)| Part { reported_completed, found }).collect();
        let alone = |part: &Part| is_open(std::slice::from_ref(part));
        prop_assert_eq!(is_open(&parts), parts.is_empty() || parts.iter().any(alone));
    }
}

#[test]
fn who_may_take_which_step() {
    use LookBackAction as A;
    let everything = State {
        list: Some(TaskListStatus::Issued),
        look_back: Some(LookBackStatus::Open),
        rectification: Some(RectificationStatus::Opened),
        ..State::default()
    };
    let (office, unit) =
        (Subject { office: true, ..Subject::default() }, Subject { reporter: true, ..Subject::default() });
    for action in [A::Create, A::Record, A::Finish, A::Delete, A::Cancel] {
        assert!(decide(Action::LookBack(action), office, everything).is_ok(), "{action:?}");
        assert!(decide(Action::LookBack(action), unit, everything).unwrap_err().forbidden);
    }
    assert!(decide(Action::LookBack(A::Plan), unit, everything).is_ok());
    for action in [A::Plan, A::Report] {
        assert!(decide(Action::LookBack(action), office, everything).unwrap_err().forbidden);
    }
    for (status, fine) in [
        (TaskListStatus::Draft, false),
        (TaskListStatus::Issued, true),
        (TaskListStatus::Closed, true),
        (TaskListStatus::Archived, true),
    ] {
        let state = State { list: Some(status), ..State::default() };
        assert_eq!(decide(Action::LookBack(A::Create), office, state).is_ok(), fine);
    }
    let finished = State { look_back: Some(LookBackStatus::Finished), ..everything };
    assert!(decide(Action::LookBack(A::Open), office, finished).is_ok());
    assert!(!decide(Action::LookBack(A::Open), office, everything).unwrap_err().forbidden);
    assert!(decide(Action::LookBack(A::Record), office, finished).is_err());
    // Who said that it is done is not who looks again; but where nobody can, that is what he is told.
    let reported = State { rectification: Some(RectificationStatus::Reported), ..everything };
    let same = Subject { reported_it: true, reporter: true, ..office };
    assert!(decide(Action::LookBack(A::Recheck), office, reported).is_ok());
    assert!(decide(Action::LookBack(A::Recheck), same, reported).unwrap_err().forbidden);
    assert!(!decide(Action::LookBack(A::Recheck), same, everything).unwrap_err().forbidden);
    assert!(decide(Action::LookBack(A::Cancel), same, reported).is_ok());
}

#[test]
fn the_day_itself_is_not_late() {
    let due = day("2026-07-10");
    for (status, late) in [
        (RectificationStatus::Opened, true),
        (RectificationStatus::Reported, true),
        (RectificationStatus::Closed, false),
        (RectificationStatus::Cancelled, false),
    ] {
        assert!(!is_overdue(status, due, due));
        assert_eq!(is_overdue(status, due, day("2026-07-11")), late);
    }
    let problems = LookBackFinding::ALL.iter().filter(|finding| is_problem(**finding)).count();
    assert_eq!(problems, 3);
}

#[test]
fn a_task_is_judged_by_a_day_that_is_printed() {
    let printed = |position, kind, due: Option<&str>| PrintedDay { position, kind, due_on: due.map(day) };
    use DeadlineKind::*;
    assert_eq!(judged_by(&[]), Option::None);
    for (kind, is_day) in [
        (FixedDate, true),
        (MonthEnd, true),
        (Window, true),
        (Relative, true),
        (AllYear, false),
        (Ongoing, false),
        (Recurring, false),
        (None, false),
    ] {
        assert_eq!(judged_by(&[printed(0, kind, Some("2026-12-31"))]).is_some(), is_day, "{kind:?}");
        assert_eq!(judged_by(&[printed(0, kind, Option::None)]), Option::None, "{kind:?} without a day");
    }
    let own = [printed(1, FixedDate, Some("2026-09-30")), printed(0, MonthEnd, Some("2026-06-30"))];
    assert_eq!(judged_by(&own), Some(1), "its own goes first");
    let further = [
        printed(0, Ongoing, Option::None),
        printed(1, FixedDate, Some("2026-09-30")),
        printed(2, FixedDate, Some("2026-06-30")),
    ];
    assert_eq!(judged_by(&further), Some(1), "else the last of the further ones");
}

#[test]
fn deadlines_of_tasks_that_go_on() {
    let of = |kind, text: &str, date: Option<&str>| Deadline {
        kind,
        text: Some(text.to_owned()),
        date: date.map(day),
        ..Deadline::NONE
    };
    use DeadlineKind::*;
    let next = |deadline: &Deadline| {
        let (new, sure) = carried(deadline, 2027);
        assert_eq!(new.text, deadline.text, "the words stay");
        (new.kind, new.date.map(|day| day.to_string()), sure)
    };
    assert_eq!(next(&of(MonthEnd, "12月底前", Some("2026-12-31"))), (MonthEnd, Some("2027-12-31".into()), true));
    assert!(next(&of(FixedDate, "6月15日前", Some("2026-06-15"))).2);
    assert_eq!(next(&of(MonthEnd, "2026年12月底前", Some("2026-12-31"))), (None, Option::None, false));
    assert_eq!(next(&of(FixedDate, "尽快", Some("2026-06-15"))), (None, Option::None, false));
    assert_eq!(next(&of(Ongoing, "持续推进", Option::None)), (Ongoing, Option::None, true));
    assert_eq!(next(&of(AllYear, "全年", Some("2026-12-31"))), (AllYear, Option::None, true));
    assert_eq!(next(&of(Relative, "清单印发后30日内", Some("2026-03-30"))), (Relative, Option::None, true));
    let above = taken_up(&of(Relative, "清单印发后30日内", Some("2026-03-30")));
    assert_eq!((above.kind, above.date), (FixedDate, Some(day("2026-03-30"))), "the day of the list above binds");
}

#[test]
fn what_was_found_goes_before_what_was_reported() {
    let part = |reported_completed, found| Part { reported_completed, found };
    assert!(is_open(&[]), "nobody is answerable");
    assert!(is_open(&[part(false, None)]) && !is_open(&[part(true, None)]));
    for finding in LookBackFinding::ALL {
        for reported in [false, true] {
            let open = !matches!(finding, LookBackFinding::Done | LookBackFinding::NotApplicable);
            assert_eq!(is_open(&[part(reported, Some(*finding))]), open, "{finding:?}");
            assert_eq!(is_open(&[part(true, None), part(reported, Some(*finding))]), open, "{finding:?}");
        }
    }
}

#[test]
fn the_states_in_which_it_waits() {
    use RectificationStatus::{Cancelled, Closed, Reported};
    let running: Vec<_> =
        RectificationStatus::ALL.iter().copied().filter(|s| !matches!(s, Closed | Cancelled)).collect();
    assert_eq!(taizhang::domain::rectification::running().collect::<Vec<_>>(), running);
    let with_unit: Vec<_> = running.into_iter().filter(|s| *s != Reported).collect();
    assert_eq!(taizhang::domain::rectification::with_unit().collect::<Vec<_>>(), with_unit);
}
