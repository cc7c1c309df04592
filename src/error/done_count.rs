//! The sentences about how often a recurring task was done.

use crate::domain::done_count::{DoneCountProblem, MAX_DONE_COUNT};

pub(super) fn chinese(problem: DoneCountProblem) -> String {
    match problem {
        DoneCountProblem::NotRecurring => "该任务没有次数要求，请不要填写完成次数。".into(),
        DoneCountProblem::OutOfRange => format!("完成次数应在 0 至 {MAX_DONE_COUNT} 之间。"),
        DoneCountProblem::Required(expected) => format!("该任务至本期末应至少完成 {expected} 次，请填写完成次数。"),
        DoneCountProblem::CompletedBelow(done, expected) => format!(
            "完成次数为 {done} 次，少于应完成的 {expected} 次，不能填报“已完成”；请核对次数，或改选其他完成程度。"
        ),
        DoneCountProblem::NotStartedAbove(done) => {
            format!("完成次数为 {done} 次，不能填报“未启动”；请核对次数，或改选其他完成程度。")
        }
    }
}

pub(super) fn english(problem: DoneCountProblem) -> String {
    match problem {
        DoneCountProblem::NotRecurring => "This task is not one that recurs: give no count.".into(),
        DoneCountProblem::OutOfRange => format!("The count must lie between 0 and {MAX_DONE_COUNT}."),
        DoneCountProblem::Required(expected) => {
            format!(
                "The task has to have happened at least {expected} times by the end of the period: say how often it was done."
            )
        }
        DoneCountProblem::CompletedBelow(done, expected) => format!(
            "It was done {done} times and {expected} are expected, so it is not COMPLETED: check the count, or say otherwise how far the work is."
        ),
        DoneCountProblem::NotStartedAbove(done) => format!(
            "It was done {done} times, so it is not NOT_STARTED: check the count, or say otherwise how far the work is."
        ),
    }
}
