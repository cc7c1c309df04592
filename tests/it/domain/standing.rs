//! What stood on a past day against a replay of what happened; and how an obligation stands to its day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::vocabulary::{Completion, ReportStatus, ReviewDecision};
use proptest::prelude::*;
use taizhang::clock::{day_of, end_of};
use taizhang::domain::calendar::Calendar;
use taizhang::domain::due::{
    DueState, LateDays, Place, due_state, is_received, late_day, place, received_statuses, statuses_in,
};
use taizhang::domain::roll_up::{Line, RollUp};
use taizhang::domain::standing::{Handing, History, Standing, StatusCounts};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn how_an_obligation_stands_to_its_day() {
    use ReportStatus::{Accepted, Draft, Returned, Submitted};
    let (due, before, after) = (Some(day("2026-07-10")), day("2026-07-09"), day("2026-07-11"));
    let on = day("2026-07-10");
    for status in [Submitted, Accepted] {
        for (handed_in, state) in [(before, DueState::OnTime), (on, DueState::OnTime), (after, DueState::Late)] {
            for today in [before, on, after] {
                assert_eq!(due_state(due, None, Some(handed_in), Some(status), today), state);
            }
        }
    }
    for status in [None, Some(Draft), Some(Returned)] {
        for handed_in in [None, Some(before), Some(after)] {
            assert_eq!(due_state(due, None, handed_in, status, on), DueState::NotDue);
            assert_eq!(due_state(due, None, handed_in, status, after), DueState::Overdue);
            assert_eq!(due_state(None, None, handed_in, status, after), DueState::NoDate);
        }
    }
    // Days of grace: late from Monday on.
    let grace = Some(day("2026-07-13"));
    assert_eq!(due_state(due, grace, None, None, day("2026-07-12")), DueState::NotDue);
    assert_eq!(due_state(due, grace, None, None, day("2026-07-13")), DueState::Overdue);
    assert_eq!(due_state(due, grace, Some(day("2026-07-12")), Some(Submitted), after), DueState::OnTime);
    assert_eq!(due_state(due, grace, Some(day("2026-07-13")), Some(Submitted), after), DueState::Late);
}

/// What a query asks without a calendar is what the calendar says.
#[test]
fn the_last_late_day_by_grace_is_the_twin_of_the_first_late_day() {
    let calendar = Calendar::bundled().unwrap();
    for today in day("2026-01-01").iter_days().take(365) {
        let last: Vec<NaiveDate> = LateDays::new(today, &calendar).by_grace().map(|(_, last)| last).collect();
        assert_eq!(last.len(), 21, "{today}");
        for due in (today - TimeDelta::days(45)).iter_days().take(48) {
            for (grace, last) in (0..).zip(&last) {
                assert_eq!(due <= *last, today >= late_day(due, grace, &calendar), "{today} {due} {grace}");
            }
        }
    }
    // Where the holidays are not known, only what has no grace is late.
    let unknown = LateDays::new(day("2010-05-05"), &calendar);
    assert_eq!(unknown.by_grace().collect::<Vec<_>>(), [(0, day("2010-05-04"))]);
    assert!(late_day(day("2010-05-04"), 1, &calendar) > day("2099-01-01"));
}

#[test]
fn every_state_of_a_report_lies_somewhere() {
    assert_eq!(place(None), Place::ToReport);
    let places: Vec<ReportStatus> = Place::ALL.iter().flat_map(|place| statuses_in(&[*place])).collect();
    assert_eq!(places.len(), ReportStatus::ALL.len());
    assert!(ReportStatus::ALL.iter().all(|status| places.contains(status)));
    for status in ReportStatus::ALL {
        let sums = RollUp::of([Line { status: Some(*status), completion: None }]);
        assert_eq!(sums.received == 1, is_received(Some(*status)), "{status:?}: the sums say otherwise");
        assert_eq!(received_statuses().contains(status), is_received(Some(*status)));
    }
}

#[test]
fn a_day_ends_at_midnight_in_shanghai() {
    let end = end_of(day("2026-07-01"));
    assert_eq!(end, "2026-07-01T16:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(day_of(end - TimeDelta::milliseconds(1)), day("2026-07-01"));
    assert_eq!(day_of(end), day("2026-07-02"));
}

/// What happens at the very end of a day belongs to the next one.
#[test]
fn the_moment_itself_is_not_before_it() {
    let at = |hour| "2026-07-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hour);
    let completion = Completion::ALL[0];
    let handed = |withdrawn_at, decided| History {
        created_at: at(0),
        handings: vec![Handing { at: at(1), completion, withdrawn_at, decided }],
    };
    let stands = |history: &History, end| history.before(end).map(|standing| standing.status);
    let open = handed(None, None);
    assert_eq!(open.before(at(0)), None, "not owed before it arose");
    assert_eq!(stands(&open, at(1)), Some(None), "not handed in before it was");
    let soon = TimeDelta::milliseconds(1);
    assert_eq!(stands(&open, at(1) + soon), Some(Some(ReportStatus::Submitted)));
    let back = handed(Some(at(2)), None);
    assert_eq!(stands(&back, at(2)), Some(Some(ReportStatus::Submitted)));
    assert_eq!(stands(&back, at(2) + soon), Some(Some(ReportStatus::Draft)));
    let accepted = handed(None, Some((at(2), ReviewDecision::Accepted)));
    assert_eq!(stands(&accepted, at(2)), Some(Some(ReportStatus::Submitted)));
    assert_eq!(stands(&accepted, at(2) + soon), Some(Some(ReportStatus::Accepted)));
}

#[test]
fn what_is_added_is_counted() {
    let mut counts = StatusCounts::default();
    counts.add(Line { status: Some(ReportStatus::Submitted), completion: None }, DueState::Late, 3);
    counts.add(Line { status: None, completion: None }, DueState::Overdue, 2);
    assert_eq!((counts.sums.expected, counts.sums.submitted, counts.sums.missing), (5, 3, 2));
    assert_eq!((counts.of(DueState::Late), counts.of(DueState::Overdue), counts.of(DueState::OnTime)), (3, 2, 0));
}

/// What somebody tried to do, and how many hours after what was before.
fn anything() -> impl Strategy<Value = Vec<(u8, i64)>> {
    prop::collection::vec((0..4_u8, 0..30_i64), 0..24)
}

proptest! {
    #[test]
    fn what_stood_is_what_a_replay_says(tried in anything()) {
        let start: DateTime<Utc> = "2026-07-01T01:00:00Z".parse().unwrap();
        let mut history = History { created_at: start, handings: Vec::new() };
        // The replay: after each step the moment and the state.
        let mut replay: Vec<(DateTime<Utc>, Standing)> = vec![(start, Standing::default())];
        let mut now = start;
        for (what, hours) in tried {
            now += TimeDelta::hours(hours) + TimeDelta::milliseconds(1);
            let mut stands = replay.last().unwrap().1;
            match (what, stands.status) {
                (0, None | Some(ReportStatus::Draft | ReportStatus::Returned)) => {
                    let completion = Completion::ALL[usize::try_from(hours).unwrap() % Completion::ALL.len()];
                    history.handings.push(Handing { at: now, completion, withdrawn_at: None, decided: None });
                    let status = Some(ReportStatus::Submitted);
                    stands = Standing { status, completion: Some(completion), handed_in_at: Some(now) };
                }
                (1, Some(ReportStatus::Submitted)) => {
                    history.handings.last_mut().unwrap().withdrawn_at = Some(now);
                    stands.status = Some(ReportStatus::Draft);
                }
                (2, Some(ReportStatus::Submitted)) => {
                    history.handings.last_mut().unwrap().decided = Some((now, ReviewDecision::Returned));
                    stands.status = Some(ReportStatus::Returned);
                }
                (3, Some(ReportStatus::Submitted)) => {
                    history.handings.last_mut().unwrap().decided = Some((now, ReviewDecision::Accepted));
                    stands.status = Some(ReportStatus::Accepted);
                }
                _ => continue,
            }
            replay.push((now, stands));
        }
        let mut date = day("2026-06-29");
        while date <= day_of(now) + TimeDelta::days(2) {
            let end = end_of(date);
            let expected = replay.iter().rev().find(|(at, _)| *at < end).map(|(_, stands)| *stands);
            prop_assert_eq!(history.before(end), expected, "on {}", date);
            date = date.succ_opt().unwrap();
        }
    }

    #[test]
    fn counts_by_the_dozen_are_counts_one_by_one(
        lines in prop::collection::vec(
            (prop::option::of(prop::sample::select(ReportStatus::ALL)), prop::option::of(prop::sample::select(Completion::ALL)),
             prop::sample::select(DueState::ALL), 0..5_u32), 0..20)
    ) {
        let (mut together, mut single) = (StatusCounts::default(), StatusCounts::default());
        for (status, completion, due, count) in lines {
            let line = Line { status, completion };
            together.add(line, due, count);
            (0..count).for_each(|_| single.add(line, due, 1));
        }
        prop_assert_eq!(&together.sums.expected, &single.sums.expected);
        prop_assert_eq!(together.due.values().sum::<u32>(), together.sums.expected);
        let clean = |counts: &StatusCounts| {
            let mut sums = counts.sums.clone();
            sums.completion.retain(|_, n| *n > 0);
            (sums, DueState::ALL.iter().map(|due| counts.of(*due)).collect::<Vec<_>>())
        };
        prop_assert_eq!(clean(&together), clean(&single));
    }
}
