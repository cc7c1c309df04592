//! Working days, held against the State Council's own notices: typed in from their sentences ("10月1日至7日放假调休，共7天。
//! 9月29日（星期日）、10月12日（星期六）上班"), and counted by a method of its own. No holiday file of the program is read.

use std::collections::BTreeMap;

use taizhang::domain::calendar::{Calendar, MissingYear};

/// Per year: the days off of each holiday, and the weekends that are worked for it; `p` is the year before.
const NOTICES: &[(i32, &str)] = &[
    (
        2019,
        "12-30p..1-1 +12-29p; 2-4..2-10 +2-2 +2-3; 4-5..4-7; 5-1..5-4 +4-28 +5-5; 6-7..6-9; 9-13..9-15; 10-1..10-7 +9-29 +10-12",
    ),
    (2020, "1-1..1-1; 1-24..2-2 +1-19; 4-4..4-6; 5-1..5-5 +4-26 +5-9; 6-25..6-27 +6-28; 10-1..10-8 +9-27 +10-10"),
    (
        2021,
        "1-1..1-3; 2-11..2-17 +2-7 +2-20; 4-3..4-5; 5-1..5-5 +4-25 +5-8; 6-12..6-14; 9-19..9-21 +9-18; 10-1..10-7 +9-26 +10-9",
    ),
    (
        2022,
        "1-1..1-3; 1-31..2-6 +1-29 +1-30; 4-3..4-5 +4-2; 4-30..5-4 +4-24 +5-7; 6-3..6-5; 9-10..9-12; 10-1..10-7 +10-8 +10-9",
    ),
    (
        2023,
        "12-31p..1-2; 1-21..1-27 +1-28 +1-29; 4-5..4-5; 4-29..5-3 +4-23 +5-6; 6-22..6-24 +6-25; 9-29..10-6 +10-7 +10-8",
    ),
    (
        2024,
        "1-1..1-1; 2-10..2-17 +2-4 +2-18; 4-4..4-6 +4-7; 5-1..5-5 +4-28 +5-11; 6-10..6-10; 9-15..9-17 +9-14; 10-1..10-7 +9-29 +10-12",
    ),
    (2025, "1-1..1-1; 1-28..2-4 +1-26 +2-8; 4-4..4-6; 5-1..5-5 +4-27; 5-31..6-2; 10-1..10-8 +9-28 +10-11"),
    (
        2026,
        "1-1..1-3 +1-4; 2-15..2-23 +2-14 +2-28; 4-4..4-6; 5-1..5-5 +5-9; 6-19..6-21; 9-25..9-27; 10-1..10-7 +9-20 +10-10",
    ),
];

/// A day as a number that grows by one, from the civil calendar (Fliegel and Van Flandern).
fn number(y: i64, m: i64, d: i64) -> i64 {
    let a = (14 - m) / 12;
    let (y, m) = (y + 4800 - a, m + 12 * a - 3);
    d + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32_045
}

fn read(year: i32, text: &str) -> i64 {
    let (text, year) = match text.strip_suffix('p') {
        Some(text) => (text, year - 1),
        None => (text, year),
    };
    let (m, d) = text.split_once('-').unwrap();
    number(year.into(), m.parse().unwrap(), d.parse().unwrap())
}

/// Every day from 2019 to 2026 by its number: whether offices work.
fn working_days() -> BTreeMap<i64, bool> {
    // Day 0 of this count was a Monday.
    let mut days: BTreeMap<i64, bool> =
        (number(2019, 1, 1)..=number(2026, 12, 31)).map(|day| (day, day.rem_euclid(7) < 5)).collect();
    for (year, notice) in NOTICES {
        for holiday in notice.split("; ") {
            let mut words = holiday.split(' ');
            let (first, last) = words.next().unwrap().split_once("..").unwrap();
            for day in read(*year, first)..=read(*year, last) {
                days.entry(day).and_modify(|works| *works = false);
            }
            for word in words {
                let day = read(*year, word.strip_prefix('+').unwrap());
                assert!(day.rem_euclid(7) >= 5, "{year}: {word} is no weekend");
                days.entry(day).and_modify(|works| *works = true);
            }
        }
    }
    days
}

fn date(day: i64) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2019, 1, 1).unwrap() + chrono::TimeDelta::days(day - number(2019, 1, 1))
}

fn agrees(calendar: &Calendar) {
    let days = working_days();
    assert_eq!(days.len(), 2_922);
    for (day, works) in &days {
        assert_eq!(calendar.is_working_day(date(*day)), Ok(*works), "{}", date(*day));
    }
    let per_year =
        |year: i64| days.range(number(year, 1, 1)..=number(year, 12, 31)).filter(|(_, works)| **works).count();
    assert_eq!([per_year(2019), per_year(2024), per_year(2026)], [250, 251, 248]);
}

#[test]
fn every_day_from_2019_to_2026_is_as_the_notices_say() {
    agrees(&Calendar::bundled().unwrap());
}

/// The files that come with the tables of the offices, where they are at hand, say the same.
#[test]
fn the_files_of_the_office_say_the_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/holidays");
    let read = |year: i32| std::fs::read_to_string(folder.join(format!("{year}.json")));
    match (2019..=2026).map(read).collect::<Result<Vec<_>, _>>() {
        Ok(files) => agrees(&Calendar::from_files(files).unwrap()),
        Err(error) => println!("not compared: {error}"),
    }
}

/// From every day, forwards and backwards: the n-th working day is the n-th that the notices leave.
#[test]
fn counting_on_from_every_day_is_counting_the_notices() {
    let calendar = Calendar::bundled().unwrap();
    let days = working_days();
    let working: Vec<i64> = days.iter().filter(|(_, works)| **works).map(|(day, _)| *day).collect();
    let mut compared = 0;
    for day in days.keys() {
        let behind = working.partition_point(|work| work <= day);
        let before = working.partition_point(|work| work < day);
        for n in [1_usize, 2, 3, 5, 10, 15, 20] {
            let steps = i32::try_from(n).unwrap();
            let later = working.get(behind + n - 1).map(|day| date(*day)).ok_or(MissingYear(2027));
            assert_eq!(calendar.add_working_days(date(*day), steps), later, "{} + {n}", date(*day));
            let earlier = before.checked_sub(n).map(|at| date(working[at])).ok_or(MissingYear(2018));
            assert_eq!(calendar.add_working_days(date(*day), -steps), earlier, "{} - {n}", date(*day));
            compared += 2;
        }
        assert_eq!(calendar.add_working_days(date(*day), 0), Ok(date(*day)));
    }
    println!("{compared} sums compared");
}
