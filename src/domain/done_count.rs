//! How often a recurring task was done (完成次数), against how often it has to have happened by the end of the period.

use entity::vocabulary::Completion;

use super::report::Stage;

/// The highest count that is taken: more is a slip of the keyboard.
pub const MAX_DONE_COUNT: i32 = 10_000;

/// What is wrong with a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoneCountProblem {
    /// The task is not one that recurs.
    NotRecurring,
    /// Below nothing, or more than is taken.
    OutOfRange,
    /// Nothing is said, and at least so many were expected.
    Required(i32),
    /// 已完成, and done less often than expected: done and expected.
    CompletedBelow(i32, i32),
    /// 未启动, and done nevertheless.
    NotStartedAbove(i32),
}

/// What is wrong with the count of a report whose obligation expects `expected`; `None` there is a task that does not recur.
///
/// While writing, a count need not fit yet what else is said. When handing in it must: 已完成 with fewer than expected is
/// refused, because a checker reads both numbers in one line and the office would have to return it; the unit says 基本完成
/// or gives the right number. Who has nothing to report, or whom the task does not concern, need not count, and neither
/// need anybody where nothing is expected yet, as of a yearly task before December.
pub fn validate_done_count(
    done: Option<i32>,
    expected: Option<i32>,
    completion: Option<Completion>,
    stage: Stage,
) -> Option<DoneCountProblem> {
    match (done, expected) {
        (None, None) => None,
        (Some(_), None) => Some(DoneCountProblem::NotRecurring),
        (Some(done), Some(_)) if !(0..=MAX_DONE_COUNT).contains(&done) => Some(DoneCountProblem::OutOfRange),
        _ if stage == Stage::Save => None,
        (None, Some(expected)) => {
            let silent = matches!(completion, Some(Completion::NothingToReport | Completion::NotApplicable));
            (expected > 0 && !silent).then_some(DoneCountProblem::Required(expected))
        }
        (Some(done), Some(expected)) => match completion {
            Some(Completion::Completed) if done < expected => Some(DoneCountProblem::CompletedBelow(done, expected)),
            Some(Completion::NotStarted) if done > 0 => Some(DoneCountProblem::NotStartedAbove(done)),
            _ => None,
        },
    }
}
