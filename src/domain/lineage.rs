//! What becomes of a task's deadline when the task goes on in another list.

use chrono::Datelike;
use entity::vocabulary::DeadlineKind;

use super::deadline::Deadline;
use super::deadline_text::read_cell;

/// A deadline in the list of another year, and whether it may stand without a person having looked at it.
///
/// Times without a day stay. A day is read anew from the printed words for the new year; where these name a year of their
/// own or say nothing certain, only the words stay, and a person is asked.
pub fn carried(old: &Deadline, year: i32) -> (Deadline, bool) {
    match old.kind {
        DeadlineKind::Ongoing | DeadlineKind::Recurring | DeadlineKind::None => (old.clone(), true),
        // Their day comes with the issue.
        DeadlineKind::AllYear | DeadlineKind::Relative => (Deadline { date: None, ..old.clone() }, true),
        DeadlineKind::FixedDate | DeadlineKind::MonthEnd | DeadlineKind::Window => {
            let reading = old.text.as_deref().map(|text| read_cell(text, year));
            let read = reading.filter(|reading| {
                let time = &reading.deadline;
                reading.doubts.is_empty()
                    && reading.others.is_empty()
                    && time.kind == old.kind
                    && time.to.or(time.date).is_some_and(|day| day.year() == year)
            });
            match read {
                Some(reading) => (Deadline { text: old.text.clone(), ..reading.deadline.to_deadline() }, true),
                None => (Deadline { text: old.text.clone(), ..Deadline::NONE }, false),
            }
        }
    }
}

/// A deadline in the list of a unit below: the day of the list above binds it, whatever event it was counted from.
pub fn taken_up(old: &Deadline) -> Deadline {
    match (old.kind, old.date) {
        (DeadlineKind::Relative, Some(_)) => {
            Deadline { kind: DeadlineKind::FixedDate, rule: None, from: None, ..old.clone() }
        }
        _ => old.clone(),
    }
}
