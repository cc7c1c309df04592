//! What is looked back at, and what is left open.

use chrono::NaiveDate;
use entity::vocabulary::{DeadlineKind, LookBackFinding};

use super::rectification::is_problem;

/// A deadline of a task, as far as looking back needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedDay {
    /// 0 for the task's own, 1 and up for further ones.
    pub position: i32,
    /// Its kind.
    pub kind: DeadlineKind,
    /// The day it comes to.
    pub due_on: Option<NaiveDate>,
}

/// The deadline by which a task is judged: its own where that is a day, else the last of the further ones; the index of it.
///
/// A day is a fixed day, the end of a month, the end of a window, or so many days after an event that has a day. 全年 is a
/// time and no day, although the year's end is computed for it; 持续推进 and "n times a year" have none.
pub fn judged_by(deadlines: &[PrintedDay]) -> Option<usize> {
    let is_day = |deadline: &PrintedDay| {
        deadline.due_on.is_some()
            && matches!(
                deadline.kind,
                DeadlineKind::FixedDate | DeadlineKind::MonthEnd | DeadlineKind::Window | DeadlineKind::Relative
            )
    };
    let days = || deadlines.iter().enumerate().filter(|(_, deadline)| is_day(deadline));
    let own = days().find(|(_, deadline)| deadline.position == 0);
    own.or_else(|| days().max_by_key(|(_, deadline)| (deadline.due_on, deadline.position))).map(|(index, _)| index)
}

/// What is known of one unit's part of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// A report in which the work is completed was accepted.
    pub reported_completed: bool,
    /// What the last finished round found.
    pub found: Option<LookBackFinding>,
}

/// Whether something is left open: of some unit neither a finding nor an accepted report says that it is done. What was
/// found goes before what was reported. A task nobody is answerable for is open.
pub fn is_open(parts: &[Part]) -> bool {
    let is_settled = |part: &Part| match part.found {
        Some(finding) => !is_problem(finding),
        None => part.reported_completed,
    };
    parts.is_empty() || !parts.iter().all(is_settled)
}
