//! How a filled form differs from what is written.

use std::collections::HashMap;

use entity::progress_report;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::form::{Answered, Sheet};
use super::{Content, SheetRow};
use crate::authz::{Action, State, Subject, decide};
use crate::documents::write::FilledRow;
use crate::domain::done_count::validate_done_count;
use crate::domain::report::{MAX_NARRATIVE, Stage, validate_report};
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::service::done_count;
use crate::service::files;
use crate::service::reports::told;
use crate::service::{Stop, Work};
use crate::store::Visible;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowState {
    /// The form says nothing else than what is written.
    Unchanged,
    /// A report is begun.
    New,
    /// A report is changed.
    Changed,
    /// It differs and can't be taken over.
    Skipped,
}

/// A part of a report that a form can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Part {
    /// What was done.
    Narrative,
    /// How far the work is.
    Completion,
    /// The same in per cent.
    Percent,
    /// How often a recurring task was done.
    DoneCount,
    /// The contact's name.
    ReporterName,
    /// The contact's telephone number.
    ReporterPhone,
}

impl Part {
    /// The name of the field in the audit trail.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Narrative => "narrative",
            Self::Completion => "completion",
            Self::Percent => "percent",
            Self::DoneCount => "doneCount",
            Self::ReporterName => "reporterName",
            Self::ReporterPhone => "reporterPhone",
        }
    }
}

/// A row with the report it is compared with.
pub(super) struct Difference {
    /// What is shown.
    pub row: SheetRow,
    /// The report as it is.
    pub report: Option<progress_report::Model>,
}

/// Compares each row of a form with its report.
pub(super) fn of(
    work: &Work,
    sheet: &Sheet,
    reports: Vec<Visible<progress_report::Model>>,
    subject: Subject,
    state: State,
) -> Vec<Difference> {
    let mut reports: HashMap<Uuid, progress_report::Model> =
        reports.into_iter().map(|row| (row.report_obligation_id, row.into_inner())).collect();
    let compared = |answered: &Answered| {
        let report = reports.remove(&answered.obligation.id);
        let row = compare(work, sheet, answered, report.as_ref(), subject, state);
        Difference { row, report }
    };
    sheet.rows.iter().map(compared).collect()
}

fn compare(
    work: &Work,
    sheet: &Sheet,
    answered: &Answered,
    report: Option<&progress_report::Model>,
    subject: Subject,
    state: State,
) -> SheetRow {
    let before = report.map(content);
    let state = State { released: answered.obligation.released_at.is_some(), ..state };
    let mut row = SheetRow {
        obligation: answered.obligation.id,
        number: answered.number.clone().or_else(|| answered.row.number.clone()),
        place: answered.row.place.clone(),
        state: RowState::Unchanged,
        reason: None,
        changed: Vec::new(),
        after: before.clone(),
        before,
    };
    let filled = &answered.row;
    if filled.narrative.is_none() && filled.completion.is_none() {
        return row;
    }
    let was = row.before.clone().unwrap_or_default();
    let mut after = merged(&was, filled);
    let mut changed = Vec::new();
    let mut differs = |differs: bool, part: Part| {
        if differs {
            changed.push(part);
        }
    };
    differs(after.narrative != was.narrative, Part::Narrative);
    differs(after.completion != was.completion, Part::Completion);
    differs(after.percent != was.percent, Part::Percent);
    differs(after.done_count != was.done_count, Part::DoneCount);
    let name = report.and_then(|report| report.reporter_name.as_ref());
    differs(sheet.reporter.is_some() && sheet.reporter.as_ref() != name, Part::ReporterName);
    if sheet.phone.is_some() {
        let phone = report.and_then(|report| work.service().clear_phone(report));
        differs(sheet.phone != phone, Part::ReporterPhone);
    }
    if changed.is_empty() {
        return row;
    }
    let refused = refusal(answered, &after, report, subject, state);
    row.state = match (&refused, report) {
        (Some(_), _) => RowState::Skipped,
        (None, Some(_)) => RowState::Changed,
        (None, None) => RowState::New,
    };
    if let (Some(_), Some(narrative)) = (&refused, &mut after.narrative) {
        // What is too long is shown as far as it could be kept.
        *narrative = narrative.chars().take(MAX_NARRATIVE).collect();
    }
    row.reason = refused.map(Into::into);
    (row.changed, row.after) = (changed, Some(after));
    row
}

/// Why a row that differs can't be taken over: the first of the reasons.
fn refusal(
    answered: &Answered,
    after: &Content,
    report: Option<&progress_report::Model>,
    subject: Subject,
    state: State,
) -> Option<UserError> {
    if answered.moved() {
        let number = answered.number.clone().unwrap_or_default();
        return Some(UserError::new(UserErrorCode::Conflict, Message::RowMoved(number)));
    }
    let state = State { report: report.map(|report| report.status), ..state };
    if let Err(denied) = decide(Action::ReportSave, subject, state) {
        return Some(denied.into());
    }
    let narrative = after.narrative.as_deref().unwrap_or_default();
    if let Some(problem) = validate_report(narrative, after.completion, after.percent, Stage::Save).first() {
        let (code, message) = told(*problem);
        return Some(UserError::at(code, message, problem.field()));
    }
    let expected = answered.obligation.expected_count;
    let problem = validate_done_count(after.done_count, expected, after.completion, Stage::Save)?;
    let (code, message) = done_count::told(problem);
    Some(UserError::at(code, message, "doneCount"))
}

fn content(report: &progress_report::Model) -> Content {
    Content {
        narrative: Some(report.narrative.clone()).filter(|narrative| !narrative.is_empty()),
        completion: report.completion,
        percent: report.percent,
        done_count: report.done_count,
    }
}

/// What is written, with what the form says instead. A blank cell says nothing.
fn merged(was: &Content, filled: &FilledRow) -> Content {
    let mut after = was.clone();
    if let Some(narrative) = &filled.narrative {
        let plain = plain(narrative);
        // Spaces at the ends of lines come and go with the office program and are no difference.
        if was.narrative.as_deref().map(self::plain).as_ref() != Some(&plain) {
            after.narrative = Some(plain);
        }
    }
    if let Some(completion) = filled.completion {
        // A percentage belongs to what was said with it.
        if filled.percent.is_some() || was.completion != Some(completion) {
            after.percent = filled.percent.map(i32::from);
        }
        after.completion = Some(completion);
    }
    // A count stands beside the word and does not depend on it.
    after.done_count = filled.done_count.or(after.done_count);
    after
}

fn plain(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Says which difference it is: with the same digest the same is saved over the same.
pub(super) fn digest(work: &Work, sheet: &Sheet, differences: &[Difference]) -> Result<String, Stop> {
    let rows: Vec<_> = differences
        .iter()
        .filter(|difference| difference.row.state != RowState::Unchanged)
        .map(|Difference { row, report }| {
            let version = report.as_ref().map(|report| report.version);
            (row.obligation, row.state, &row.changed, &row.before, &row.after, version)
        })
        .collect();
    // The digest is shown, and a telephone number would be found in it by trying.
    let phone = sheet.phone.as_ref().map(|phone| work.service().cipher().fingerprint(phone));
    let bytes = serde_json::to_vec(&(sheet.unit, &sheet.reporter, phone, rows));
    Ok(files::digest(&bytes.map_err(|error| Fault::Internal(error.to_string()))?))
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::Completion::{Completed, Limited, Substantial};

    use super::*;

    fn written(narrative: &str, completion: entity::vocabulary::Completion, percent: Option<i32>) -> Content {
        Content { narrative: Some(narrative.to_owned()), completion: Some(completion), percent, done_count: None }
    }

    #[test]
    fn a_blank_cell_takes_nothing_away() {
        let was = written("已公开。", Substantial, Some(80));
        assert_eq!(merged(&was, &FilledRow::default()), was);
        let only = FilledRow { narrative: Some("改了。".into()), ..FilledRow::default() };
        assert_eq!(merged(&was, &only), written("改了。", Substantial, Some(80)));
    }

    #[test]
    fn a_percentage_goes_with_the_word_it_was_said_with() {
        let was = written("已公开。", Substantial, Some(80));
        let said = |completion, percent| FilledRow { completion: Some(completion), percent, ..FilledRow::default() };
        assert_eq!(merged(&was, &said(Substantial, None)).percent, Some(80));
        assert_eq!(merged(&was, &said(Completed, None)), written("已公开。", Completed, None));
        assert_eq!(merged(&was, &said(Limited, Some(30))), written("已公开。", Limited, Some(30)));
    }

    #[test]
    fn a_count_stands_whatever_word_is_said() {
        let was = Content { done_count: Some(2), ..written("已公开。", Limited, Some(30)) };
        let said = |done_count| FilledRow { completion: Some(Completed), done_count, ..FilledRow::default() };
        assert_eq!(merged(&was, &said(None)).done_count, Some(2));
        assert_eq!(merged(&was, &said(Some(3))).done_count, Some(3));
    }

    #[test]
    fn spaces_at_the_ends_of_lines_are_no_difference() {
        let was = written("第一行 \r\n第二行\n", Limited, None);
        let same = FilledRow { narrative: Some("第一行\n第二行".into()), ..FilledRow::default() };
        assert_eq!(merged(&was, &same), was);
        let other = FilledRow { narrative: Some("第一行第二行".into()), ..FilledRow::default() };
        assert_ne!(merged(&was, &other), was);
    }
}
