//! Working days of mainland China, from files in the holiday-cn form; a year without a file is said, never guessed.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

/// The files that are built in.
const BUNDLED: &[&str] = &[
    include_str!("../../holidays/2019.json"),
    include_str!("../../holidays/2020.json"),
    include_str!("../../holidays/2021.json"),
    include_str!("../../holidays/2022.json"),
    include_str!("../../holidays/2023.json"),
    include_str!("../../holidays/2024.json"),
    include_str!("../../holidays/2025.json"),
    include_str!("../../holidays/2026.json"),
];

/// The announced days, by the year of the announcement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, BTreeMap<NaiveDate, bool>>,
}

/// The holidays of this year are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no holiday file for {0}")]
pub struct MissingYear(
    /// The year.
    pub i32,
);

/// A file is not in the holiday-cn form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("holiday file {index}: {detail}")]
pub struct CalendarError {
    /// Which of the files, from 0.
    pub index: usize,
    /// What is wrong.
    pub detail: String,
}

#[derive(Deserialize)]
struct YearFile {
    year: i32,
    days: Vec<DayEntry>,
}

#[derive(Deserialize)]
struct DayEntry {
    date: NaiveDate,
    #[serde(rename = "isOffDay")]
    is_off_day: bool,
}

impl Calendar {
    /// Reads files; a later file of a year replaces an earlier one.
    pub fn from_files<I, S>(files: I) -> Result<Self, CalendarError>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let mut calendar = Self::default();
        calendar.add_files(files)?;
        Ok(calendar)
    }

    /// The built-in years.
    pub fn bundled() -> Result<Self, CalendarError> {
        Self::from_files(BUNDLED)
    }

    /// The built-in years with further files over them.
    pub fn bundled_with<I, S>(files: I) -> Result<Self, CalendarError>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let mut calendar = Self::bundled()?;
        calendar.add_files(files)?;
        Ok(calendar)
    }

    fn add_files<I, S>(&mut self, files: I) -> Result<(), CalendarError>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        for (index, text) in files.into_iter().enumerate() {
            let text = text.as_ref().trim_start_matches('\u{FEFF}');
            let file: YearFile =
                serde_json::from_str(text).map_err(|e| CalendarError { index, detail: e.to_string() })?;
            // An empty file would turn every holiday of the year into a working day.
            if file.days.is_empty() {
                return Err(CalendarError { index, detail: format!("no days for {}", file.year) });
            }
            let mut days = BTreeMap::new();
            for day in file.days {
                // An announcement may reach into the last days of the year before (元旦), never further.
                if (day.date.year() - file.year).abs() > 1 {
                    return Err(CalendarError { index, detail: format!("{} is not near {}", day.date, file.year) });
                }
                if days.insert(day.date, day.is_off_day).is_some_and(|before| before != day.is_off_day) {
                    return Err(CalendarError { index, detail: format!("{} stands there twice", day.date) });
                }
            }
            self.years.insert(file.year, days);
        }
        Ok(())
    }

    /// The years that are known.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.keys().copied()
    }

    /// Whether offices work on this day.
    pub fn is_working_day(&self, date: NaiveDate) -> Result<bool, MissingYear> {
        let year = date.year();
        let own = self.years.get(&year).ok_or(MissingYear(year))?;
        // The announcement of the next year is the later word on its last days of December.
        let announced = self.years.get(&(year + 1)).and_then(|days| days.get(&date)).or_else(|| own.get(&date));
        Ok(match announced {
            Some(is_off) => !is_off,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        })
    }

    /// The `n`-th working day after a day, before it when `n` is negative; the day itself when it is 0.
    pub fn add_working_days(&self, date: NaiveDate, n: i32) -> Result<NaiveDate, MissingYear> {
        let mut day = date;
        let mut left = n.unsigned_abs();
        while left > 0 {
            let next = if n > 0 { day.succ_opt() } else { day.pred_opt() };
            day = next.ok_or(MissingYear(day.year()))?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// The working days after `from` up to and including `to`; negative when `to` is earlier.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<i64, MissingYear> {
        let (mut day, end, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let mut count = 0;
        while day < end {
            day = day.succ_opt().ok_or(MissingYear(day.year()))?;
            if self.is_working_day(day)? {
                count += 1;
            }
        }
        Ok(sign * count)
    }
}
