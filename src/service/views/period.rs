//! A period as a whole: every visible obligation with its task, its unit and its report.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::vocabulary::{Completion, ReportStatus};
use entity::{
    evidence, file, progress_report, progress_report_revision, report_obligation, reporting_period, section, task,
    task_list, unit,
};
use uuid::Uuid;

use super::ledger::paths;
use crate::clock::day_of;
use crate::documents::write::section_line;
use crate::documents::write::views::{
    MissingRow, MissingView, ReportRow, ReportSheetView, SummaryView, Tally, row_key,
};
use crate::domain::calendar::Calendar;
use crate::domain::due::{self, DueState};
use crate::domain::period::due_for;
use crate::domain::roll_up::{Line, RollUp};
use crate::store::{Reader, StoreError, Visible};

/// What somebody sees of a period.
pub(in crate::service) struct PeriodView {
    pub(in crate::service) list: Visible<task_list::Model>,
    pub(in crate::service) period: Visible<reporting_period::Model>,
    /// In the order of units, then of the printed list.
    pub(in crate::service) rows: Vec<PeriodRow>,
}

/// One obligation.
pub(in crate::service) struct PeriodRow {
    pub(in crate::service) obligation: Visible<report_obligation::Model>,
    pub(in crate::service) unit: Visible<unit::Model>,
    pub(in crate::service) task: Visible<task::Model>,
    /// The headings above the task, the outermost first.
    pub(in crate::service) sections: Vec<String>,
    pub(in crate::service) deadline: Option<String>,
    pub(in crate::service) report: Option<Visible<progress_report::Model>>,
    /// The revision that counts, where the report is under correction: what is being rewritten is nobody's table yet.
    pub(in crate::service) accepted: Option<Visible<progress_report_revision::Model>>,
    /// The evidence of what is told, one line each.
    pub(in crate::service) evidence: Vec<String>,
}

/// What a report says: text, how far the work is, in per cent, and how often a recurring task was done.
#[derive(Default)]
struct Told {
    narrative: Option<String>,
    completion: Option<Completion>,
    percent: Option<i32>,
    done_count: Option<i32>,
}

impl PeriodRow {
    fn line(&self) -> Line {
        match &self.report {
            Some(row) => Line::of(row.status, row.completion, row.accepted_completion),
            None => Line { status: None, completion: None },
        }
    }

    /// The day it is due: the period's, or the unit's own.
    fn due_on(&self, period: &reporting_period::Model) -> NaiveDate {
        due_for(period.due_on, self.obligation.due_on)
    }

    /// Handed in when its day and the grace behind it were over; where that can't be told, it is not said.
    fn late(&self, period: &reporting_period::Model, calendar: &Calendar) -> bool {
        let due_on = self.due_on(period);
        let late_from = due::late_day(due_on, period.grace_working_days, calendar);
        let handed_in = self.report.as_ref().and_then(|row| row.received_at.or(row.submitted_at)).map(day_of);
        // Whether what was handed in came too late does not depend on the day it is asked.
        due::due_state(Some(due_on), Some(late_from), handed_in, self.line().status, due_on) == DueState::Late
    }

    fn owed(&self) -> bool {
        !due::is_received(self.line().status)
    }

    /// What is told about the work.
    fn told(&self) -> Told {
        match (&self.accepted, &self.report) {
            (Some(row), _) => Told {
                narrative: Some(row.narrative.clone()),
                completion: Some(row.completion),
                percent: row.percent,
                done_count: row.done_count,
            },
            (None, Some(row)) => Told {
                narrative: Some(row.narrative.clone()),
                completion: row.completion,
                percent: row.percent,
                done_count: row.done_count,
            },
            (None, None) => Told::default(),
        }
    }

    /// The day on what is told.
    fn told_on(&self) -> Option<NaiveDate> {
        match (&self.accepted, &self.report) {
            (Some(row), _) => row.filled_on.or(Some(day_of(row.submitted_at))),
            (None, Some(row)) => row.filled_on.or(row.submitted_at.map(day_of)),
            (None, None) => None,
        }
    }

    fn section(&self) -> String {
        self.sections.first().cloned().unwrap_or_default()
    }

    fn what(&self) -> String {
        let said = self.task.title.as_deref().or(self.task.requirement.as_deref());
        said.unwrap_or_default().to_owned()
    }
}

impl PeriodView {
    /// Everything visible of a period, in eleven statements; `None` when the period itself is not.
    pub(in crate::service) async fn read(reader: &Reader, period: Uuid) -> Result<Option<Self>, StoreError> {
        let Some(period) = reader.by_keys::<reporting_period::Entity>(&[period]).await?.remove(&period) else {
            return Ok(None);
        };
        let list = period.task_list_id;
        let Some(list) = reader.by_keys::<task_list::Entity>(&[list]).await?.remove(&list) else { return Ok(None) };
        let column = report_obligation::Column::ReportingPeriodId;
        let obligations = reader.rows_where::<report_obligation::Entity>(column, &[period.id]).await?;
        let column = progress_report::Column::ReportingPeriodId;
        let mut reports: HashMap<Uuid, Visible<progress_report::Model>> = reader
            .rows_where::<progress_report::Entity>(column, &[period.id])
            .await?
            .into_iter()
            .map(|row| (row.report_obligation_id, row))
            .collect();
        let mut accepted = under_correction(reader, reports.values().map(|row| &**row)).await?;
        let numbers = accepted.iter().map(|(report, row)| (*report, row.revision)).collect();
        let mut evidence = evidence_lines(reader, reports.values().map(|row| row.id).collect(), &numbers).await?;
        let tasks: HashSet<Uuid> = obligations.iter().map(|row| row.task_id).collect();
        let tasks: Vec<Uuid> = tasks.into_iter().collect();
        let column = entity::deadline::Column::TaskId;
        let deadlines: HashMap<Uuid, Option<String>> = reader
            .rows_where::<entity::deadline::Entity>(column, &tasks)
            .await?
            .into_iter()
            .filter(|row| row.position == 0)
            .map(|row| (row.task_id, row.text.clone()))
            .collect();
        let tasks: HashMap<Uuid, Visible<task::Model>> = reader
            .rows_where::<task::Entity>(task::Column::Id, &tasks)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let units: HashSet<Uuid> = obligations.iter().map(|row| row.unit_id).collect();
        let units: HashMap<Uuid, Visible<unit::Model>> = reader
            .rows_where::<unit::Entity>(unit::Column::Id, &units.into_iter().collect::<Vec<_>>())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let sections = reader.rows_where::<section::Entity>(section::Column::TaskListId, &[list.id]).await?;
        let headings = headings(&sections);
        let mut rows: Vec<PeriodRow> = obligations
            .into_iter()
            .filter_map(|obligation| {
                let task = tasks.get(&obligation.task_id)?.clone();
                Some(PeriodRow {
                    unit: units.get(&obligation.unit_id)?.clone(),
                    sections: task.section_id.and_then(|id| headings.get(&id)).cloned().unwrap_or_default(),
                    deadline: deadlines.get(&task.id).cloned().flatten(),
                    evidence: reports
                        .get(&obligation.id)
                        .and_then(|report| evidence.remove(&report.id))
                        .unwrap_or_default(),
                    accepted: reports.get(&obligation.id).and_then(|report| accepted.remove(&report.id)),
                    report: reports.remove(&obligation.id),
                    task,
                    obligation,
                })
            })
            .collect();
        rows.retain(|row| row.obligation.released_at.is_none() || !row.owed());
        rows.sort_by(|a, b| {
            let unit = |row: &PeriodRow| (row.unit.position, row.unit.code.clone());
            let place = |row: &PeriodRow| (row.task.position, row.task.id, row.obligation.id);
            unit(a).cmp(&unit(b)).then_with(|| place(a).cmp(&place(b)))
        });
        Ok(Some(Self { list, period, rows }))
    }

    /// The sheet of one unit; nothing when it owes nothing that can be seen.
    pub(in crate::service) fn sheet(
        &self,
        unit: Uuid,
        phone: impl Fn(&progress_report::Model) -> Option<String>,
    ) -> Option<ReportSheetView> {
        let rows: Vec<&PeriodRow> = self.rows.iter().filter(|row| row.unit.id == unit).collect();
        let first = rows.first()?;
        // Whoever wrote last is who is asked.
        let last_row = self.latest(unit);
        let last = last_row.and_then(|row| row.report.as_deref());
        Some(ReportSheetView {
            list_title: Some(self.list.title.clone()),
            year: self.list.year,
            period: self.period.label.clone(),
            unit: first.unit.name.clone(),
            reporter: last.and_then(|report| report.reporter_name.clone()),
            phone: last.and_then(phone),
            reported_on: last_row.and_then(PeriodRow::told_on),
            rows: rows
                .into_iter()
                .map(|row| (row, row.told()))
                .map(|(row, told)| ReportRow {
                    key: row_key(row.obligation.id),
                    sections: row.sections.clone(),
                    number: Some(row.task.number.clone()),
                    title: row.task.title.clone(),
                    requirement: row.task.requirement.clone(),
                    units: printed_units(&row.task),
                    deadline: row.deadline.clone(),
                    completion: told.completion,
                    percent: told.percent.and_then(|n| u8::try_from(n).ok()),
                    done_count: told.done_count,
                    narrative: told.narrative,
                    evidence: row.evidence.clone(),
                })
                .collect(),
        })
    }

    /// The report whose writer a sheet names.
    pub(in crate::service) fn last_report(&self, unit: Uuid) -> Option<Uuid> {
        self.latest(unit).and_then(|row| row.report.as_ref()).map(|report| report.id)
    }

    fn latest(&self, unit: Uuid) -> Option<&PeriodRow> {
        let rows = self.rows.iter().filter(|row| row.unit.id == unit && row.report.is_some());
        rows.max_by_key(|row| row.report.as_ref().map(|report| (report.updated_at, report.id)))
    }

    /// The counts per unit and section.
    pub(in crate::service) fn summary(&self, as_of: NaiveDate, calendar: &Calendar) -> SummaryView {
        let mut tallies: Vec<Tally> = Vec::new();
        let mut places: HashMap<(Uuid, String), usize> = HashMap::new();
        for row in &self.rows {
            let section = row.section();
            let at = *places.entry((row.unit.id, section.clone())).or_insert_with(|| {
                let unit = row.unit.name.clone();
                tallies.push(Tally { unit, section, counts: RollUp::default(), late: 0 });
                tallies.len() - 1
            });
            if let Some(tally) = tallies.get_mut(at) {
                tally.counts = std::mem::take(&mut tally.counts).with(row.line());
                tally.late += u32::from(row.late(&self.period, calendar));
            }
        }
        SummaryView {
            list_title: Some(self.list.title.clone()),
            period: self.period.label.clone(),
            as_of: Some(as_of),
            tallies,
        }
    }

    /// What is still owed.
    pub(in crate::service) fn missing(&self, as_of: NaiveDate) -> MissingView {
        let rows = self.rows.iter().filter(|row| row.owed()).map(|row| MissingRow {
            unit: row.unit.name.clone(),
            number: Some(row.task.number.clone()),
            task: row.what(),
            state: match row.line().status {
                Some(ReportStatus::Returned) => "退回待重报",
                Some(ReportStatus::Draft) => "填写中",
                Some(ReportStatus::Signing) => "待签发",
                _ => "未报",
            }
            .to_owned(),
            due_on: Some(row.due_on(&self.period)),
            days_overdue: u32::try_from((as_of - row.due_on(&self.period)).num_days()).unwrap_or(0),
            contact: None,
        });
        MissingView {
            list_title: Some(self.list.title.clone()),
            period: self.period.label.clone(),
            as_of: Some(as_of),
            rows: rows.collect(),
        }
    }

    /// The sums per unit, in the order of the directory.
    pub(in crate::service) fn by_unit(&self) -> Vec<(String, RollUp)> {
        sums(self.rows.iter().map(|row| (row.unit.short_name.clone().unwrap_or_else(|| row.unit.name.clone()), row)))
    }

    /// The sums per outermost section, in printed order.
    pub(in crate::service) fn by_section(&self) -> Vec<(String, RollUp)> {
        let mut rows: Vec<&PeriodRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| (row.task.position, row.task.id));
        sums(rows.into_iter().map(|row| (row.section(), row)))
    }
}

/// The sums per name, in the order in which the names come.
fn sums<'a>(rows: impl Iterator<Item = (String, &'a PeriodRow)>) -> Vec<(String, RollUp)> {
    let mut sums: Vec<(String, RollUp)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (name, row) in rows {
        let at = *places.entry(name.clone()).or_insert_with(|| {
            sums.push((name, RollUp::default()));
            sums.len() - 1
        });
        if let Some((_, sum)) = sums.get_mut(at) {
            *sum = std::mem::take(sum).with(row.line());
        }
    }
    sums
}

/// The headings above and of each section, as lines.
fn headings(sections: &[Visible<section::Model>]) -> HashMap<Uuid, Vec<String>> {
    let rows: HashMap<Uuid, &section::Model> = sections.iter().map(|row| (row.id, &**row)).collect();
    let depth: HashMap<Uuid, usize> = paths(sections).into_iter().map(|(id, path)| (id, path.len())).collect();
    let lines = |row: &section::Model| {
        let mut lines = vec![section_line(&row.label, &row.title)];
        let mut above = row.parent_id;
        for _ in 1..depth.get(&row.id).copied().unwrap_or(1) {
            let Some(parent) = above.and_then(|id| rows.get(&id)) else { break };
            lines.push(section_line(&parent.label, &parent.title));
            above = parent.parent_id;
        }
        lines.reverse();
        lines
    };
    sections.iter().map(|row| (row.id, lines(row))).collect()
}

/// The cells of the units as printed.
fn printed_units(task: &task::Model) -> Option<String> {
    match (&task.lead_text, &task.unit_text) {
        (Some(lead), Some(units)) => Some(format!("牵头：{lead}\n责任：{units}")),
        (lead, units) => lead.clone().or_else(|| units.clone()),
    }
}

/// The revision that counts of each report that was accepted and is being corrected.
async fn under_correction(
    reader: &Reader,
    reports: impl Iterator<Item = &progress_report::Model>,
) -> Result<HashMap<Uuid, Visible<progress_report_revision::Model>>, StoreError> {
    let counts: HashMap<Uuid, i32> = reports
        .filter(|row| row.status != ReportStatus::Accepted)
        .filter_map(|row| row.accepted_revision.map(|number| (row.id, number)))
        .collect();
    let column = progress_report_revision::Column::ProgressReportId;
    let keys: Vec<Uuid> = counts.keys().copied().collect();
    let rows = reader.rows_where::<progress_report_revision::Entity>(column, &keys).await?;
    let counts = |row: &progress_report_revision::Model| counts.get(&row.progress_report_id) == Some(&row.revision);
    Ok(rows.into_iter().filter(|row| counts(row)).map(|row| (row.progress_report_id, row)).collect())
}

/// What shows that each report is true, as people write it into a table: as it stands, or as it belongs to the revision
/// that is told instead.
async fn evidence_lines(
    reader: &Reader,
    reports: Vec<Uuid>,
    told: &HashMap<Uuid, i32>,
) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
    let column = evidence::Column::ProgressReportId;
    let mut rows = reader.rows_where::<evidence::Entity>(column, &reports).await?;
    rows.retain(|row| match told.get(&row.progress_report_id) {
        Some(number) => row.added_in <= *number && row.removed_in.is_none_or(|out| out > *number),
        None => row.removed_in.is_none(),
    });
    let files: Vec<Uuid> = rows.iter().filter_map(|row| row.file_id).collect();
    let files = reader.rows_where::<file::Entity>(file::Column::Id, &files).await?;
    let files: HashMap<Uuid, &str> = files.iter().map(|row| (row.id, row.name.as_str())).collect();
    let mut lines: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in rows {
        let what = row.url.as_deref().or(row.document_number.as_deref());
        let what = what.or_else(|| row.file_id.and_then(|id| files.get(&id).copied()));
        let parts: Vec<&str> = row.title.as_deref().into_iter().chain(what).collect();
        lines.entry(row.progress_report_id).or_default().push(parts.join("："));
    }
    Ok(lines)
}
