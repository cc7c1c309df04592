//! Periods that open by themselves (月自查、季督查): the spans of a year, and when each opens and is due.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::vocabulary::{PeriodKind, ScheduleEvery};

use super::calendar::{Calendar, MissingYear};
use super::deadline::month_end;
use super::rule::{RecurringRule, Span, SpanUnit};

/// A rule by which periods open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Cumulative from January, or each span for itself.
    pub kind: PeriodKind,
    /// How often.
    pub every: ScheduleEvery,
    /// Days after the last day of a span on which its period opens; before it when negative.
    pub opens_after_days: i32,
    /// Working days after the last day of a span by which its reports are due.
    pub due_working_days: i32,
}

/// One span of a rhythm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// The day its period opens.
    pub opens_on: NaiveDate,
}

impl Rhythm {
    /// The spans of a year, in their order.
    pub fn turns(&self, year: i32) -> Vec<Turn> {
        let months: u32 = match self.every {
            ScheduleEvery::Month => 1,
            ScheduleEvery::Quarter => 3,
            ScheduleEvery::HalfYear => 6,
        };
        let last_months = (1..=12).filter(|month| month % months == 0);
        let turn = |last: u32| {
            let first = if self.kind == PeriodKind::Cumulative { 1 } else { last + 1 - months };
            let ends_on = month_end(year, last)?;
            let opens_on = ends_on.checked_add_signed(TimeDelta::days(self.opens_after_days.into()))?;
            Some(Turn { starts_on: NaiveDate::from_ymd_opt(year, first, 1)?, ends_on, opens_on })
        };
        last_months.filter_map(turn).collect()
    }

    /// The day by which the reports of a turn are due.
    pub fn due_on(&self, turn: &Turn, calendar: &Calendar) -> Result<NaiveDate, MissingYear> {
        calendar.add_working_days(turn.ends_on, self.due_working_days)
    }
}

/// How many times at least something has to have happened by the end of a period, where "at least n times per span" says
/// so: n for every span of the calendar whose last day lies in the period, so that a year counts in December only.
/// `None` where the spans are none of the calendar's.
pub fn expected_count(rule: &RecurringRule, starts_on: NaiveDate, ends_on: NaiveDate) -> Option<i32> {
    let times = i64::from(rule.min_times.unwrap_or(1));
    let spans = rule.every.spans().iter().map(|span| spans_ending(*span, starts_on, ends_on));
    let spans: i64 = spans.sum::<Option<i64>>()?;
    i32::try_from(spans.checked_mul(times)?).ok()
}

fn spans_ending(span: Span, starts_on: NaiveDate, ends_on: NaiveDate) -> Option<i64> {
    let days = (ends_on - starts_on).num_days() + 1;
    let months = match span.unit {
        SpanUnit::Day => return Some(days / i64::from(span.count)),
        SpanUnit::Week => return Some(days / (7 * i64::from(span.count))),
        SpanUnit::Month => span.count,
        SpanUnit::Quarter => span.count.checked_mul(3)?,
        SpanUnit::Year => span.count.checked_mul(12)?,
    };
    if months == 0 || 12 % months != 0 {
        return None;
    }
    let inside = |year: i32, month: u32| month_end(year, month).is_some_and(|end| starts_on <= end && end <= ends_on);
    let years = starts_on.year()..=ends_on.year();
    let ends = years.flat_map(|year| (1..=12_u32).map(move |month| (year, month)));
    let counted = ends.filter(|(year, month)| month % months == 0 && inside(*year, *month)).count();
    i64::try_from(counted).ok()
}
