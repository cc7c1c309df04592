//! Spans of schedules, grace, and how often something has to have happened.

use chrono::NaiveDate;
use entity::vocabulary::{PeriodKind, ScheduleEvery};
use taizhang::domain::calendar::{Calendar, MissingYear};
use taizhang::domain::period::{due_for, late_from};
use taizhang::domain::rule::RecurringRule;
use taizhang::domain::schedule::{Rhythm, expected_count};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rhythm(kind: PeriodKind, every: ScheduleEvery, opens_after_days: i32) -> Rhythm {
    Rhythm { kind, every, opens_after_days, due_working_days: 5 }
}

#[test]
fn the_turns_of_a_year() {
    let calendar = Calendar::bundled().unwrap();
    let months = rhythm(PeriodKind::Plain, ScheduleEvery::Month, 1).turns(2024);
    assert_eq!(months.len(), 12);
    assert_eq!((months[1].starts_on, months[1].ends_on), (d("2024-02-01"), d("2024-02-29")));
    assert_eq!(months[1].opens_on, d("2024-03-01"));
    let quarters = rhythm(PeriodKind::Cumulative, ScheduleEvery::Quarter, -5);
    let turns = quarters.turns(2026);
    let spans: Vec<_> = turns.iter().map(|turn| (turn.starts_on, turn.ends_on)).collect();
    let start = d("2026-01-01");
    assert_eq!(
        spans,
        [(start, d("2026-03-31")), (start, d("2026-06-30")), (start, d("2026-09-30")), (start, d("2026-12-31"))]
    );
    assert_eq!(turns[0].opens_on, d("2026-03-26"));
    // 1–7 October are off, 10 October is worked.
    assert_eq!(quarters.due_on(&turns[2], &calendar), Ok(d("2026-10-13")));
    assert_eq!(quarters.due_on(&turns[3], &calendar), Err(MissingYear(2027)));
    let halves = rhythm(PeriodKind::Plain, ScheduleEvery::HalfYear, 0).turns(2026);
    assert_eq!(halves.iter().map(|turn| turn.starts_on).collect::<Vec<_>>(), [start, d("2026-07-01")]);
}

#[test]
fn late_is_behind_the_grace() {
    let calendar = Calendar::bundled().unwrap();
    assert_eq!(late_from(d("2026-07-10"), 0, &calendar), Ok(d("2026-07-11")));
    // Friday; the third working day behind it is Wednesday.
    assert_eq!(late_from(d("2026-07-10"), 3, &calendar), Ok(d("2026-07-16")));
    assert_eq!(late_from(d("2026-09-30"), 1, &calendar), Ok(d("2026-10-09")));
    assert_eq!(late_from(d("2026-12-31"), 0, &calendar), Ok(d("2027-01-01")), "without grace no calendar is needed");
    assert_eq!(late_from(d("2026-12-31"), 1, &calendar), Err(MissingYear(2027)));
    assert_eq!(due_for(d("2026-07-10"), None), d("2026-07-10"));
    assert_eq!(due_for(d("2026-07-10"), Some(d("2026-07-20"))), d("2026-07-20"));
    assert_eq!(due_for(d("2026-08-10"), Some(d("2026-07-20"))), d("2026-08-10"), "the period was moved past it");
}

#[test]
fn how_often_by_the_end_of_a_period() {
    for (rule, from, to, expected) in [
        (r#"{"every":"month"}"#, "2026-01-01", "2026-06-30", Some(6)),
        (r#"{"every":"month","min_times":2}"#, "2026-01-01", "2026-06-29", Some(10)),
        (r#"{"every":"quarter","min_times":1}"#, "2026-01-01", "2026-06-30", Some(2)),
        (r#"{"every":"quarter","min_times":3}"#, "2026-06-01", "2026-06-30", Some(3)),
        (r#"{"every":"quarter"}"#, "2026-05-01", "2026-05-31", Some(0)),
        (r#"{"every":"2 quarters"}"#, "2026-01-01", "2026-12-31", Some(2)),
        (r#"{"every":"year","min_times":1}"#, "2026-01-01", "2026-11-30", Some(0)),
        (r#"{"every":"year","min_times":1}"#, "2026-01-01", "2026-12-31", Some(1)),
        (r#"{"every":"2 years"}"#, "2026-01-01", "2026-12-31", None),
        (r#"{"every":"5 months"}"#, "2026-01-01", "2026-12-31", None),
        (r#"{"every":"2 weeks"}"#, "2026-01-01", "2026-01-31", Some(2)),
        (r#"{"every":"day"}"#, "2026-01-01", "2026-01-31", Some(31)),
        (r#"{"every":["month","quarter"]}"#, "2026-01-01", "2026-06-30", Some(8)),
    ] {
        let parsed: RecurringRule = serde_json::from_str(rule).unwrap();
        assert_eq!(expected_count(&parsed, d(from), d(to)), expected, "{rule} {from} {to}");
    }
}
