//! Reporting periods: spans, their labels as the offices write them, and what is odd about them.

use chrono::{Datelike, NaiveDate};
use entity::vocabulary::PeriodKind;

use super::calendar::{Calendar, MissingYear};
use super::deadline::is_month_end;

/// A span that is reported on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// How it counts.
    pub kind: PeriodKind,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// Its name: "1–6月", "二季度", "3月1日–4月15日".
    pub label: String,
}

/// Why a period cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodProblem {
    /// It ends before it starts.
    Reversed,
    /// A cumulative period starts on 1 January.
    NotFromJanuary,
    /// A cumulative period ends with a month.
    NotMonthEnd,
    /// A cumulative period stays in its year.
    CrossesYear,
}

/// What is allowed and still odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodWarning {
    /// It reaches out of the year of the list.
    OutsideListYear,
}

impl Period {
    /// A period with its label, or everything that is wrong with it.
    pub fn new(kind: PeriodKind, starts_on: NaiveDate, ends_on: NaiveDate) -> Result<Self, Vec<PeriodProblem>> {
        let mut problems = Vec::new();
        if starts_on > ends_on {
            problems.push(PeriodProblem::Reversed);
        }
        if kind == PeriodKind::Cumulative {
            if (starts_on.month(), starts_on.day()) != (1, 1) {
                problems.push(PeriodProblem::NotFromJanuary);
            }
            if !is_month_end(ends_on) {
                problems.push(PeriodProblem::NotMonthEnd);
            }
            if starts_on <= ends_on && starts_on.year() != ends_on.year() {
                problems.push(PeriodProblem::CrossesYear);
            }
        }
        if problems.is_empty() {
            Ok(Self { kind, starts_on, ends_on, label: label(kind, starts_on, ends_on) })
        } else {
            Err(problems)
        }
    }

    /// What is odd about it for a list of this year.
    pub fn warnings(&self, list_year: i32) -> Vec<PeriodWarning> {
        let inside = self.starts_on.year() == list_year && self.ends_on.year() == list_year;
        if inside { Vec::new() } else { vec![PeriodWarning::OutsideListYear] }
    }
}

/// The day by which reports are usually asked for: the fifth working day after the end.
pub fn suggested_due(ends_on: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, MissingYear> {
    calendar.add_working_days(ends_on, 5)
}

/// The own day of a unit that comes to a task when the period runs already: it has as long from today as others have from
/// the end of a period. `None` where the period leaves it that long anyway.
pub fn day_of_who_joins(today: NaiveDate, period_due_on: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    suggested_due(today, calendar).ok().filter(|day| *day > period_due_on)
}

/// The last day on which a report counts as on time, as the office set it: the period's due day, or the unit's own where
/// more time was granted; the later one holds.
pub fn due_for(period_due_on: NaiveDate, own_due_on: Option<NaiveDate>) -> NaiveDate {
    own_due_on.map_or(period_due_on, |own| own.max(period_due_on))
}

/// The day to name to a unit that owes several reports of a period: the next one from `told_on` on, or the first of all
/// when every one is over; none when nothing is owed.
pub fn day_to_name(period_due_on: NaiveDate, own_days: &[Option<NaiveDate>], told_on: NaiveDate) -> Option<NaiveDate> {
    let days = || own_days.iter().map(|own| due_for(period_due_on, *own));
    days().filter(|day| *day >= told_on).min().or_else(|| days().min())
}

/// From which day on a report is late (逾期): the first day behind the due day and its grace in working days (宽限期).
pub fn late_from(due_on: NaiveDate, grace_working_days: i32, calendar: &Calendar) -> Result<NaiveDate, MissingYear> {
    let last = calendar.add_working_days(due_on, grace_working_days)?;
    last.succ_opt().ok_or(MissingYear(last.year()))
}

/// The name of a span as the offices write it; the year stands on the list already.
fn label(kind: PeriodKind, from: NaiveDate, to: NaiveDate) -> String {
    let whole_months = from.day() == 1 && is_month_end(to) && from.year() == to.year();
    if !whole_months {
        return if from.year() != to.year() {
            format!("{}–{}", long_day(from), long_day(to))
        } else if from == to {
            day(from)
        } else {
            format!("{}–{}", day(from), day(to))
        };
    }
    if kind == PeriodKind::Plain {
        let named = match (from.month(), to.month()) {
            (1, 3) => Some("一季度"),
            (4, 6) => Some("二季度"),
            (7, 9) => Some("三季度"),
            (10, 12) => Some("四季度"),
            (1, 6) => Some("上半年"),
            (7, 12) => Some("下半年"),
            (1, 12) => Some("全年"),
            _ => None,
        };
        if let Some(name) = named {
            return name.to_owned();
        }
    }
    match (from.month(), to.month()) {
        (first, last) if first == last => format!("{first}月"),
        (first, last) => format!("{first}–{last}月"),
    }
}

fn day(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

fn long_day(date: NaiveDate) -> String {
    format!("{}年{}", date.year(), day(date))
}
