//! The check of how often a recurring task was done, wherever a report is written or handed in.

use entity::{progress_report, report_obligation};
use uuid::Uuid;

use super::work::Checks;
use super::{Stop, Work};
use crate::domain::done_count::{DoneCountProblem, validate_done_count};
use crate::domain::report::Stage;
use crate::error::{Message, UserErrorCode};

/// What the obligation of a report expects; none for a task that does not recur.
pub(super) async fn expected(work: &Work, obligation: Uuid) -> Result<Option<i32>, Stop> {
    let column = report_obligation::Column::Id;
    let owed = work.tx.all_where::<report_obligation::Entity>(column, &[obligation]).await?;
    Ok(owed.first().and_then(|row| row.expected_count))
}

/// Notes what is wrong with the count of a report, at `path`.
pub(super) fn check(
    checks: &mut Checks,
    report: &progress_report::Model,
    expected: Option<i32>,
    stage: Stage,
    path: &str,
) {
    if let Some(problem) = validate_done_count(report.done_count, expected, report.completion, stage) {
        let (code, message) = told(problem);
        checks.fail(code, message, path);
    }
}

/// How a problem is told.
pub(super) fn told(problem: DoneCountProblem) -> (UserErrorCode, Message) {
    let code = match problem {
        DoneCountProblem::OutOfRange => UserErrorCode::OutOfRange,
        DoneCountProblem::Required(_) => UserErrorCode::Required,
        DoneCountProblem::NotRecurring
        | DoneCountProblem::CompletedBelow(..)
        | DoneCountProblem::NotStartedAbove(_) => UserErrorCode::Conflict,
    };
    (code, Message::DoneCount(problem))
}
