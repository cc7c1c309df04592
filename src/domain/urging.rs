//! When units are reminded and urged by themselves.

use chrono::NaiveDate;

use super::calendar::{Calendar, MissingYear};
use super::due::late_day;

/// Working days a rule may lie before or behind the day reports are due, at most.
pub const MAX_OFFSET: i32 = 20;
/// The hours, by the clock of the offices, in which units are written to: from this one on, before that one.
const HOURS: std::ops::Range<u32> = 9..18;

/// Whether offices are at work: on a working day, from 9 to 18 o'clock. Where the holidays are not known they are not.
pub fn is_working_hour(day: NaiveDate, hour: u32, calendar: &Calendar) -> bool {
    HOURS.contains(&hour) && calendar.is_working_day(day).unwrap_or(false)
}

/// The first day a rule acts on. Behind the due day it counts from the end of the grace, because nobody is late before. A
/// rule for the day itself acts on the last working day up to it.
pub fn acts_from(
    offset: i32,
    due_on: NaiveDate,
    grace_working_days: i32,
    calendar: &Calendar,
) -> Result<NaiveDate, MissingYear> {
    match offset {
        0 if calendar.is_working_day(due_on)? => Ok(due_on),
        0 => calendar.add_working_days(due_on, -1),
        before if before < 0 => calendar.add_working_days(due_on, before),
        behind => calendar.add_working_days(due_on, grace_working_days.saturating_add(behind)),
    }
}

/// Whether a rule acts on `today`: from its day on, and a reminder no longer than there is time.
pub fn acts(
    offset: i32,
    due_on: NaiveDate,
    grace_working_days: i32,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<bool, MissingYear> {
    Ok((offset > 0 || today <= due_on) && acts_from(offset, due_on, grace_working_days, calendar)? <= today)
}

/// Whether a reply is wanted that has not come.
pub const fn reply_open(due_on: Option<NaiveDate>, replied: bool) -> bool {
    due_on.is_some() && !replied
}

/// Whether the day is over by which it was wanted.
pub fn reply_overdue(due_on: Option<NaiveDate>, replied: bool, today: NaiveDate) -> bool {
    !replied && due_on.is_some_and(|day| day < today)
}

/// Days since what is late was due; 0 for what is not late yet, the days of grace among them.
pub fn days_overdue(due_on: NaiveDate, grace_working_days: i32, today: NaiveDate, calendar: &Calendar) -> i32 {
    if today < late_day(due_on, grace_working_days, calendar) {
        return 0;
    }
    i32::try_from((today - due_on).num_days()).unwrap_or(i32::MAX)
}
