//! Whose form it is, for which period, and which obligation each of its rows answers.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{report_obligation, reporting_period, task};
use uuid::Uuid;

use super::problem::{SheetProblem, SheetProblemKind};
use crate::documents::write::views::row_key;
use crate::documents::write::{FilledForm, FilledRow, FormProblemKind};
use crate::domain::names::Found;
use crate::domain::period::Period;
use crate::domain::text::{is_unwanted, match_key};
use crate::error::{Message, UserError, UserErrorCode};
use crate::service::names::{Directory, Named};
use crate::service::reports::REPORTER_NAME_CHARS;
use crate::service::{Stop, Work};
use crate::store::Visible;

/// A form with its rows matched.
pub(super) struct Sheet {
    /// The unit that reports.
    pub unit: Uuid,
    /// 填报人.
    pub reporter: Option<String>,
    /// 填报时间.
    pub filled_on: Option<NaiveDate>,
    /// 手机号码 in its stored form.
    pub phone: Option<String>,
    /// The rows that answer something, in the order of the file.
    pub rows: Vec<Answered>,
    /// Obligations without a row.
    pub absent: usize,
    /// Everything else.
    pub problems: Vec<SheetProblem>,
}

/// A row and what it answers.
pub(super) struct Answered {
    /// What it says.
    pub row: FilledRow,
    /// What it answers.
    pub obligation: Visible<report_obligation::Model>,
    /// The number of the task, where the caller sees it.
    pub number: Option<String>,
}

impl Answered {
    /// Whether the printed number is that of another task: keys that were sorted or copied without their rows.
    pub fn moved(&self) -> bool {
        match (&self.number, &self.row.number) {
            (Some(number), Some(printed)) => !same_number(number, printed),
            _ => false,
        }
    }
}

/// The unit of the form, if the caller reports for it and the form is one of this period.
pub(super) async fn unit_of(work: &Work, form: &FilledForm, period: &reporting_period::Model) -> Result<Uuid, Stop> {
    let mut errors = Vec::new();
    let mut fail = |message| errors.push(UserError::at(UserErrorCode::Conflict, message, "input.file"));
    if let Some(printed) = form.period.as_ref().filter(|printed| !is_period(printed, period)) {
        fail(Message::FormOfOtherPeriod(shortened(printed), period.label.clone()));
    }
    let own = match &form.unit {
        Some(printed) => {
            let meant: Vec<Named> = match Directory::read(work).await?.find(printed) {
                Found::One(named) => vec![named],
                Found::Several(all) => all,
                Found::Nothing => Vec::new(),
            };
            let unit = |named: Named| match named {
                Named::Unit(unit) if work.actor.reports_for(unit) => Some(unit),
                Named::Unit(_) | Named::Group(_) => None,
            };
            let own = meant.into_iter().find_map(unit);
            if own.is_none() {
                fail(Message::FormOfOtherUnit(shortened(printed)));
            }
            own
        }
        None => {
            let own = only_unit(work);
            if own.is_none() {
                fail(Message::Form(FormProblemKind::NoUnit));
            }
            own
        }
    };
    match own {
        Some(unit) if errors.is_empty() => Ok(unit),
        _ => Err(Stop::Refused(errors)),
    }
}

/// The unit the caller reports for, when there is no choice.
fn only_unit(work: &Work) -> Option<Uuid> {
    let units: HashSet<Uuid> =
        work.actor.grants.iter().map(|grant| grant.unit_id).filter(|unit| work.actor.reports_for(*unit)).collect();
    match Vec::from_iter(units).as_slice() {
        [unit] => Some(*unit),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !is_unwanted(*c) && !c.is_control()).take(100).collect()
}

/// Whether these words mean the period: its name, or what its days are called.
fn is_period(printed: &str, period: &reporting_period::Model) -> bool {
    let plain = |text: &str| match_key(text).replace(['至', '~'], "-").replace("月份", "月");
    let usual = Period::new(period.kind, period.starts_on, period.ends_on).map(|period| period.label);
    [Some(&period.label), usual.as_ref().ok()].into_iter().flatten().any(|label| plain(label) == plain(printed))
}

/// Numbers are compared without their dots; those that begin anew in each section stand in the form without the section.
fn same_number(number: &str, printed: &str) -> bool {
    let plain = |text: &str| match_key(text).trim_matches(['.', '、', '(', ')', '。']).to_owned();
    let (number, printed) = (plain(number), plain(printed));
    let before = number.strip_suffix(&printed);
    before.is_some_and(|before| before.is_empty() || (!printed.is_empty() && !before.ends_with(char::is_numeric)))
}

impl Sheet {
    /// Matches the rows of a form to what the unit owes for a period.
    pub async fn read(
        work: &Work,
        form: FilledForm,
        period: &reporting_period::Model,
        unit: Uuid,
    ) -> Result<Self, Stop> {
        let column = report_obligation::Column::ReportingPeriodId;
        let mut owed = work.tx.visible_where::<report_obligation::Entity>(&work.actor, column, &[period.id]).await?;
        owed.retain(|row| row.unit_id == unit);
        let tasks: Vec<Uuid> = owed.iter().map(|row| row.task_id).collect();
        let tasks = work.tx.visible_by_keys::<task::Entity>(&work.actor, &tasks).await?;
        let owed: Vec<(Visible<report_obligation::Model>, Option<String>)> = owed
            .into_iter()
            .map(|row| {
                let number = tasks.get(&row.task_id).map(|task| task.number.clone());
                (row, number)
            })
            .collect();
        // By the number alone only where the form says of which unit and period it is.
        let numbered = form.unit.is_some() && form.period.is_some();
        let mut sheet = Self {
            unit,
            reporter: None,
            filled_on: form.reported_on,
            phone: form.phone,
            rows: Vec::new(),
            absent: 0,
            problems: form.problems.iter().filter_map(SheetProblem::of).collect(),
        };
        sheet.reporter(form.reporter);
        let rows = form.rows.into_iter().map(|row| (row, false));
        let keyless = form.keyless.into_iter().filter(|_| numbered).map(|row| (row, true));
        sheet.rows(rows.chain(keyless), owed);
        Ok(sheet)
    }

    fn reporter(&mut self, name: Option<String>) {
        let Some(name) = name else { return };
        if name.chars().count() > REPORTER_NAME_CHARS || name.chars().any(is_unwanted) {
            self.problems.push(SheetProblem::new(SheetProblemKind::Reporter, "", &shortened(&name)));
        } else {
            self.reporter = Some(name);
        }
    }

    fn rows(
        &mut self,
        rows: impl Iterator<Item = (FilledRow, bool)>,
        owed: Vec<(Visible<report_obligation::Model>, Option<String>)>,
    ) {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (row, _)) in owed.iter().enumerate() {
            by_key.entry(row_key(row.id)).or_default().push(at);
        }
        let has_number = |at: usize, printed: Option<&String>| {
            let number = owed[at].1.as_ref();
            number.zip(printed).is_some_and(|(number, printed)| same_number(number, printed))
        };
        let only = |found: Vec<usize>| if let [at] = found.as_slice() { Some(*at) } else { None };
        let mut answered = HashSet::new();
        for (row, keyless) in rows {
            let at = if keyless {
                only((0..owed.len()).filter(|at| has_number(*at, row.number.as_ref())).collect())
            } else {
                // Keys are short: where two are the same, the numbers tell them apart.
                match by_key.get(&row.key).map(Vec::as_slice) {
                    Some([at]) => Some(*at),
                    Some(several) => {
                        only(several.iter().copied().filter(|at| has_number(*at, row.number.as_ref())).collect())
                    }
                    None => None,
                }
            };
            match at {
                Some(at) => {
                    if keyless {
                        let told = |p: &SheetProblem| p.kind == SheetProblemKind::NoKey && p.place == row.place;
                        self.problems.retain(|problem| !told(problem));
                    }
                    if !answered.insert(at) {
                        let printed = row.number.as_deref().unwrap_or_default();
                        self.problems.push(SheetProblem::new(SheetProblemKind::RowTwice, &row.place, printed));
                        continue;
                    }
                    if !row.evidence.is_empty() {
                        let printed = row.evidence.join("\n");
                        self.problems.push(SheetProblem::new(SheetProblemKind::Evidence, &row.place, &printed));
                    }
                    let (obligation, number) = owed[at].clone();
                    self.rows.push(Answered { row, obligation, number });
                }
                // A row without a key is told already.
                None if keyless => {}
                None => self.problems.push(SheetProblem::new(SheetProblemKind::UnknownKey, &row.place, &row.key)),
            }
        }
        self.absent = owed.len() - answered.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_without_their_dots_and_sections() {
        for (number, printed) in
            [("1", "1"), ("1", "１．"), ("1", "（1）"), ("一-1", "1"), ("二（三）12", "12"), ("一", "一、")]
        {
            assert!(same_number(number, printed), "{number} {printed}");
        }
        for (number, printed) in [("11", "1"), ("1", "11"), ("1", "2"), ("1", ""), ("一-12", "2")] {
            assert!(!same_number(number, printed), "{number} {printed}");
        }
    }
}
