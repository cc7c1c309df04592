//! Working days, deadlines and periods.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::vocabulary::{DeadlineKind, PeriodKind};
use proptest::prelude::*;
use taizhang::domain::calendar::{Calendar, MissingYear};
use taizhang::domain::deadline::{Deadline, days_left, is_month_end, is_overdue, month_end};
use taizhang::domain::period::{
    Period, PeriodProblem, PeriodWarning, day_of_who_joins, day_to_name, due_for, late_from, suggested_due,
};
use taizhang::domain::rule::{OffsetUnit, RelativeRule, Rule};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::bundled().unwrap()
}

/// Days as texts, weekdays by Sakamoto's method, files read as plain JSON: nothing of the code under test.
fn reference() -> Vec<(String, bool)> {
    let mut special = HashMap::new();
    for year in 2019..=2026 {
        let path = format!("{}/holidays/{year}.json", env!("CARGO_MANIFEST_DIR"));
        let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for day in file["days"].as_array().unwrap() {
            special.insert(day["date"].as_str().unwrap().to_owned(), day["isOffDay"].as_bool().unwrap());
        }
    }
    let mut days = Vec::new();
    for year in 2019_i32..=2026 {
        let february = if year % 4 == 0 { 29 } else { 28 };
        for (m, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
            for day in 1..=length {
                let text = format!("{year}-{:02}-{day:02}", m + 1);
                let y = if m < 2 { year - 1 } else { year };
                let weekday = (y + y / 4 - y / 100 + y / 400 + [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][m] + day) % 7;
                let off = special.get(&text).copied().unwrap_or(weekday == 0 || weekday == 6);
                days.push((text, !off));
            }
        }
    }
    days
}

#[test]
fn every_day_from_2019_to_2026_agrees_with_the_reference() {
    let (calendar, reference) = (calendar(), reference());
    assert_eq!(reference.len(), 2_922);
    for (day, working) in &reference {
        assert_eq!(calendar.is_working_day(d(day)), Ok(*working), "{day}");
    }
    // Sums that the newspapers print each year.
    let in_year = |year: &str| reference.iter().filter(|(day, working)| *working && day.starts_with(year)).count();
    assert_eq!([in_year("2023"), in_year("2024"), in_year("2025"), in_year("2026")], [249, 251, 248, 248]);
}

#[test]
fn known_days() {
    let calendar = calendar();
    for (day, working) in [
        ("2024-02-04", true),  // a Sunday worked for the Spring Festival
        ("2024-02-09", true),  // New Year's Eve was no holiday that year
        ("2026-01-04", true),  // a Sunday worked for New Year
        ("2026-02-17", false), // Spring Festival
        ("2026-03-07", false), // a plain Saturday
        ("2022-12-31", false), // written in the file of 2023
    ] {
        assert_eq!(calendar.is_working_day(d(day)), Ok(working), "{day}");
    }
    assert_eq!(calendar.add_working_days(d("2026-02-13"), 1), Ok(d("2026-02-14")));
    assert_eq!(calendar.add_working_days(d("2026-02-14"), 1), Ok(d("2026-02-24")));
    assert_eq!(calendar.add_working_days(d("2026-02-24"), -1), Ok(d("2026-02-14")));
    assert_eq!(calendar.add_working_days(d("2026-03-07"), 0), Ok(d("2026-03-07")));
}

#[test]
fn a_missing_year_is_said_and_never_guessed() {
    let calendar = calendar();
    assert_eq!(calendar.is_working_day(d("2027-01-04")), Err(MissingYear(2027)));
    assert_eq!(calendar.add_working_days(d("2026-12-30"), 2), Err(MissingYear(2027)));
    assert_eq!(calendar.working_days_between(d("2018-12-01"), d("2019-03-01")), Err(MissingYear(2018)));
    assert_eq!(suggested_due(d("2026-12-31"), &calendar), Err(MissingYear(2027)));
    assert_eq!(calendar.add_working_days(d("2026-01-01"), i32::MAX), Err(MissingYear(2027)));
    assert_eq!(calendar.add_working_days(d("2026-01-01"), i32::MIN), Err(MissingYear(2018)));
}

#[test]
fn a_new_file_adds_its_year_and_replaces_an_old_one() {
    let next = r#"{"year": 2027, "days": [{"name": "元旦", "date": "2026-12-31", "isOffDay": true}, {"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}"#;
    let more = Calendar::bundled_with([next]).unwrap();
    assert_eq!(more.is_working_day(d("2027-01-04")), Ok(true));
    assert_eq!(more.is_working_day(d("2026-12-31")), Ok(false), "the later announcement wins");
    assert_eq!(calendar().is_working_day(d("2026-12-31")), Ok(true));
    assert_eq!(more.years().last(), Some(2027));
    let replaced =
        Calendar::bundled_with([r#"{"year": 2026, "days": [{"date": "2026-03-02", "isOffDay": true}]}"#]).unwrap();
    assert_eq!(replaced.is_working_day(d("2026-03-02")), Ok(false));
    assert_eq!(replaced.is_working_day(d("2026-02-17")), Ok(true), "nothing of the old file is left");
}

#[test]
fn bad_files_are_refused_with_their_place() {
    let good = r#"{"year": 2030, "days": [{"date": "2030-01-01", "isOffDay": true}]}"#;
    for bad in [
        "",
        "{}",
        r#"{"year": 2030, "days": []}"#,
        r#"{"year": 2030, "days": [{"date": "2030-02-30", "isOffDay": true}]}"#,
        r#"{"year": 2030, "days": [{"date": "2027-01-01", "isOffDay": true}]}"#,
        r#"{"year": 2030, "days": [{"date": "2030-01-01", "isOffDay": true}, {"date": "2030-01-01", "isOffDay": false}]}"#,
    ] {
        assert_eq!(Calendar::from_files([good, bad]).unwrap_err().index, 1, "{bad}");
    }
}

fn deadline(kind: DeadlineKind, date: Option<&str>, rule: Option<Rule>) -> Deadline {
    Deadline { kind, text: Some("印".into()), date: date.map(d), from: None, rule }
}

fn relative(event: &str, offset: i32, unit: OffsetUnit) -> Deadline {
    let rule = RelativeRule { event: event.into(), offset, unit, condition: None };
    deadline(DeadlineKind::Relative, None, Some(Rule::Relative(rule)))
}

#[test]
fn deadlines_come_to_a_day_when_they_can() {
    let calendar = calendar();
    let resolve = |deadline: Deadline, issued: Option<&str>| deadline.resolve(2026, issued.map(d), &calendar);
    let issued = Some("2026-04-20");
    assert_eq!(resolve(deadline(DeadlineKind::FixedDate, Some("2026-11-20"), None), None), Ok(Some(d("2026-11-20"))));
    assert_eq!(resolve(deadline(DeadlineKind::AllYear, None, None), None), Ok(Some(d("2026-12-31"))));
    assert_eq!(resolve(relative("清单发布", 30, OffsetUnit::Day), issued), Ok(Some(d("2026-05-20"))));
    // 21–24 and 27–30 April are eight, 1–5 May are off, 6 and 7 May are the last two.
    assert_eq!(resolve(relative("清单发布", 10, OffsetUnit::Workday), issued), Ok(Some(d("2026-05-07"))));
    assert_eq!(resolve(relative("清单印发", 1, OffsetUnit::Month), Some("2026-01-31")), Ok(Some(d("2026-02-28"))));
    assert_eq!(resolve(relative("清单发布", 30, OffsetUnit::Day), None), Ok(None), "a draft has no such day yet");
    assert_eq!(resolve(relative("收到申请", 20, OffsetUnit::Workday), issued), Ok(None));
    assert_eq!(resolve(relative("清单发布", 20, OffsetUnit::Workday), Some("2026-12-20")), Err(MissingYear(2027)));
    for kind in [DeadlineKind::Ongoing, DeadlineKind::Recurring, DeadlineKind::None] {
        assert_eq!(resolve(deadline(kind, None, None), issued), Ok(None));
    }
}

#[test]
fn the_day_itself_is_not_overdue() {
    let due = deadline(DeadlineKind::FixedDate, Some("2026-06-30"), None);
    assert!(!due.is_overdue(d("2026-06-30")) && due.is_overdue(d("2026-07-01")));
    assert_eq!(due.days_left(d("2026-06-28")), Some(2));
    assert_eq!(due.days_left(d("2026-07-01")), Some(-1));
    assert!(!Deadline::NONE.is_overdue(d("2099-01-01")) && Deadline::NONE.days_left(d("2026-01-01")).is_none());
}

#[test]
fn periods_are_named_as_the_offices_do() {
    use PeriodKind::{Cumulative, Plain};
    for (kind, from, to, label) in [
        (Cumulative, "2026-01-01", "2026-01-31", "1月"),
        (Cumulative, "2026-01-01", "2026-03-31", "1–3月"),
        (Cumulative, "2026-01-01", "2026-06-30", "1–6月"),
        (Cumulative, "2026-01-01", "2026-12-31", "1–12月"),
        (Plain, "2026-06-01", "2026-06-30", "6月"),
        (Plain, "2026-01-01", "2026-03-31", "一季度"),
        (Plain, "2026-04-01", "2026-06-30", "二季度"),
        (Plain, "2026-07-01", "2026-09-30", "三季度"),
        (Plain, "2026-10-01", "2026-12-31", "四季度"),
        (Plain, "2026-01-01", "2026-06-30", "上半年"),
        (Plain, "2026-07-01", "2026-12-31", "下半年"),
        (Plain, "2026-01-01", "2026-12-31", "全年"),
        (Plain, "2026-03-01", "2026-04-30", "3–4月"),
        (Plain, "2026-03-01", "2026-04-15", "3月1日–4月15日"),
        (Plain, "2026-03-05", "2026-03-05", "3月5日"),
        (Plain, "2025-12-01", "2026-01-31", "2025年12月1日–2026年1月31日"),
    ] {
        assert_eq!(Period::new(kind, d(from), d(to)).unwrap().label, label);
    }
}

#[test]
fn impossible_periods_are_refused_with_all_reasons() {
    use PeriodProblem::{CrossesYear, NotFromJanuary, NotMonthEnd, Reversed};
    let problems = |kind, from, to| Period::new(kind, d(from), d(to)).unwrap_err();
    assert_eq!(problems(PeriodKind::Plain, "2026-02-02", "2026-02-01"), [Reversed]);
    assert_eq!(problems(PeriodKind::Cumulative, "2026-02-01", "2026-06-29"), [NotFromJanuary, NotMonthEnd]);
    assert_eq!(problems(PeriodKind::Cumulative, "2025-01-01", "2026-06-30"), [CrossesYear]);
    let period = Period::new(PeriodKind::Plain, d("2026-12-01"), d("2027-01-15")).unwrap();
    assert_eq!(period.warnings(2026), [PeriodWarning::OutsideListYear]);
    let period = Period::new(PeriodKind::Plain, d("2026-12-01"), d("2026-12-15")).unwrap();
    assert!(period.warnings(2026).is_empty() && !period.warnings(2025).is_empty());
    assert_eq!(suggested_due(d("2026-06-30"), &calendar()), Ok(d("2026-07-07")));
}

#[test]
fn who_joins_has_as_long_as_others() {
    let own = |today: &str, due: &str| day_of_who_joins(d(today), d(due), &calendar());
    // The fifth working day behind 30 June is 7 July.
    assert_eq!(own("2026-06-30", "2026-07-06"), Some(d("2026-07-07")));
    assert_eq!(own("2026-06-30", "2026-07-07"), None, "it is the period's own day");
    assert_eq!(own("2026-06-30", "2026-07-08"), None);
    assert_eq!(own("2026-12-31", "2026-07-08"), None, "nobody knows the working days of the next year");
}

#[test]
fn the_day_of_a_unit() {
    let (early, due, late) = (d("2026-07-01"), d("2026-07-07"), d("2026-07-10"));
    assert_eq!((due_for(due, None), due_for(due, Some(early)), due_for(due, Some(late))), (due, due, late));
    assert_eq!(day_to_name(due, &[], early), None, "nothing is owed");
    assert_eq!(day_to_name(due, &[None, Some(late)], due), Some(due), "the day itself is not over");
    assert_eq!(day_to_name(due, &[Some(late), None], d("2026-07-08")), Some(late));
    assert_eq!(day_to_name(due, &[Some(late), None], d("2026-07-11")), Some(due), "all are over");
    let grace = |days| late_from(due, days, &calendar()).unwrap();
    // 7 July 2026 is a Tuesday, the 11th a Saturday.
    assert_eq!((grace(0), grace(3), grace(4)), (d("2026-07-08"), d("2026-07-11"), d("2026-07-14")));
}

fn some_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..2_922).prop_map(|n| d("2019-01-01") + chrono::Days::new(n))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adding_working_days_counts_the_reference(start in 0_usize..2_800, n in 0_i32..60) {
        let (calendar, reference) = (calendar(), reference());
        let from = d(&reference[start].0);
        let expected = if n == 0 { Some(&reference[start]) } else {
            reference[start + 1..].iter().filter(|(_, working)| *working).nth(n as usize - 1)
        };
        match expected {
            Some((day, _)) => {
                let to = calendar.add_working_days(from, n).unwrap();
                prop_assert_eq!(to, d(day));
                prop_assert_eq!(calendar.working_days_between(from, to), Ok(i64::from(n)));
                prop_assert_eq!(calendar.working_days_between(to, from), Ok(-i64::from(n)));
            }
            None => prop_assert_eq!(calendar.add_working_days(from, n), Err(MissingYear(2027))),
        }
    }

    #[test]
    fn what_is_issued_later_is_never_due_earlier(a in some_day(), b in some_day(), offset in 0_i32..40, unit in 0_usize..3) {
        let unit = [OffsetUnit::Day, OffsetUnit::Workday, OffsetUnit::Month][unit];
        let (calendar, deadline) = (calendar(), relative("清单发布", offset, unit));
        let (first, last) = (a.min(b), a.max(b));
        if let (Ok(first_due), Ok(last_due)) = (deadline.resolve(2026, Some(first), &calendar), deadline.resolve(2026, Some(last), &calendar)) {
            prop_assert!(first_due <= last_due);
            prop_assert!(first_due >= Some(first));
            prop_assert_eq!(is_overdue(first_due, last), days_left(first_due, last).unwrap() < 0);
        }
    }

    #[test]
    fn deadlines_survive_json(day in some_day(), offset in -3_660_i32..3_660, event in "[收到申请]{1,4}", with_date in any::<bool>()) {
        let mut deadline = relative(&event, offset, OffsetUnit::Workday);
        deadline.date = with_date.then_some(day);
        let text = serde_json::to_string(&deadline).unwrap();
        prop_assert_eq!(serde_json::from_str::<Deadline>(&text).unwrap(), deadline);
    }

    #[test]
    fn month_ends_are_the_day_before_a_first(day in some_day()) {
        use chrono::Datelike;
        prop_assert_eq!(is_month_end(day), (day + chrono::Days::new(1)).day() == 1);
        prop_assert!(month_end(day.year(), day.month()).unwrap() >= day);
    }
}
