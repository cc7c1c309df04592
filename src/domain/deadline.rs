//! A deadline: the printed text, what was understood from it, and the day it comes to.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::vocabulary::DeadlineKind;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, MissingYear};
use super::rule::{OffsetUnit, RelativeRule, Rule};

/// A deadline of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Its kind.
    pub kind: DeadlineKind,
    /// The text as printed; it is kept whatever was understood.
    pub text: Option<String>,
    /// The day, or the last day of a window.
    pub date: Option<NaiveDate>,
    /// The first day of a window.
    pub from: Option<NaiveDate>,
    /// The rule where there is no day.
    pub rule: Option<Rule>,
}

impl Deadline {
    /// Nothing printed.
    pub const NONE: Self = Self { kind: DeadlineKind::None, text: None, date: None, from: None, rule: None };

    /// The day it comes to, if it comes to one.
    ///
    /// 全年 ends with the year of the list. A rule that counts from the issue of the list needs `issued_on`; every other
    /// event (收到申请) happens again and again and stays without a day. A calendar without the year is an error.
    pub fn resolve(
        &self,
        list_year: i32,
        issued_on: Option<NaiveDate>,
        calendar: &Calendar,
    ) -> Result<Option<NaiveDate>, MissingYear> {
        match self.kind {
            DeadlineKind::FixedDate | DeadlineKind::MonthEnd | DeadlineKind::Window => Ok(self.date),
            DeadlineKind::AllYear => Ok(self.date.or_else(|| NaiveDate::from_ymd_opt(list_year, 12, 31))),
            DeadlineKind::Relative => match (&self.rule, issued_on) {
                (Some(Rule::Relative(rule)), Some(issued_on)) if rule.starts_at_issue() => {
                    after(rule, issued_on, calendar)
                }
                _ => Ok(None),
            },
            DeadlineKind::Ongoing | DeadlineKind::Recurring | DeadlineKind::None => Ok(None),
        }
    }

    /// Whether its day is over; without a day never.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        is_overdue(self.date, today)
    }

    /// Days until its day, negative when it is over.
    pub fn days_left(&self, today: NaiveDate) -> Option<i64> {
        days_left(self.date, today)
    }
}

/// Whether a day is over; the day itself still counts.
pub fn is_overdue(due: Option<NaiveDate>, today: NaiveDate) -> bool {
    due.is_some_and(|due| today > due)
}

/// Days until a day, negative when it is over.
pub fn days_left(due: Option<NaiveDate>, today: NaiveDate) -> Option<i64> {
    due.map(|due| (due - today).num_days())
}

/// The last day of a month.
pub fn month_end(year: i32, month: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

/// Whether a day is the last of its month.
pub fn is_month_end(date: NaiveDate) -> bool {
    month_end(date.year(), date.month()) == Some(date)
}

/// So long after a day; the day itself is not counted.
fn after(rule: &RelativeRule, day: NaiveDate, calendar: &Calendar) -> Result<Option<NaiveDate>, MissingYear> {
    let n = rule.offset.unsigned_abs();
    Ok(match (rule.unit, rule.offset >= 0) {
        (OffsetUnit::Workday, _) => Some(calendar.add_working_days(day, rule.offset)?),
        (OffsetUnit::Day, true) => day.checked_add_days(Days::new(n.into())),
        (OffsetUnit::Day, false) => day.checked_sub_days(Days::new(n.into())),
        (OffsetUnit::Month, true) => day.checked_add_months(Months::new(n)),
        (OffsetUnit::Month, false) => day.checked_sub_months(Months::new(n)),
    })
}
