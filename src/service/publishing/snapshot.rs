//! What goes into a snapshot: the list as issued, accepted and signed reports, sums over these, and nothing else.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AssignmentRole, PublicationKind, TaskStatus};
use entity::{
    assignment, deadline, progress_report, progress_report_revision, report_obligation, report_part, reporting_period,
    section, task, task_list, unit,
};
use uuid::Uuid;

use crate::documents::publication::{
    AcceptedEntry, AnnualContent, Content, Format, IncludedEntry, ListContent, ListHead, PeriodHead, ProgressContent,
    ProgressEntry, PublicationDocument, SectionEntry, Sums, SumsEntry, TaskEntry, UnitEntry, paragraph,
};
use crate::documents::write::section_line;
use crate::error::Fault;
use crate::service::views::{in_printed_order, paths};
use crate::service::{Stop, Work};
use crate::store::Visible;
use crate::store::scope::Scoped;

/// Keys per statement.
const CHUNK: usize = 5_000;

/// A document with what had to stay out of it.
pub(super) struct Snapshot {
    pub(super) document: PublicationDocument,
    /// Accepted reports whose unit signs and that nobody signed.
    pub(super) left_out: usize,
    /// Whether nothing of the period may be published.
    pub(super) is_empty: bool,
}

impl Snapshot {
    /// Takes one, as things stand in this transaction.
    pub(super) async fn take(
        work: &Work,
        kind: PublicationKind,
        list: &task_list::Model,
        period: Option<&reporting_period::Model>,
        title: String,
    ) -> Result<Self, Stop> {
        let issuer = rows::<unit::Entity>(work, unit::Column::Id, &[list.issuer_unit_id]).await?;
        let shape = Shape::read(work, list.id).await?;
        let (content, left_out) = match (kind, period) {
            (PublicationKind::List, _) => (Content::List(shape.list(work).await?), 0),
            (PublicationKind::Progress, Some(period)) => {
                let reports = Reports::read(work, period.id).await?;
                (Content::Progress(shape.progress(work, &reports).await?), reports.left_out)
            }
            (PublicationKind::AnnualReport, Some(period)) => {
                let reports = Reports::read(work, period.id).await?;
                (Content::AnnualReport(shape.sums(&reports)), reports.left_out)
            }
            _ => return Err(Fault::Internal("a publication about no period".to_owned()).into()),
        };
        let is_empty = match &content {
            Content::List(content) => content.tasks.is_empty(),
            Content::Progress(content) => content.tasks.is_empty(),
            Content::AnnualReport(content) => content.total.accepted == 0,
        };
        let mut document = PublicationDocument {
            format: Format::One,
            title,
            issuer: issuer.first().map(|unit| unit.name.clone()).unwrap_or_default(),
            as_of: work.today,
            list: ListHead {
                year: list.year,
                title: list.title.clone(),
                document_number: list.document_number.clone(),
                issued_on: list.issued_on,
            },
            period: period.map(|period| PeriodHead {
                label: period.label.clone(),
                starts_on: period.starts_on,
                ends_on: period.ends_on,
            }),
            content,
        };
        if let Content::AnnualReport(content) = &document.content {
            let text = paragraph(&document, content);
            if let Content::AnnualReport(content) = &mut document.content {
                content.paragraph = text;
            }
        }
        Ok(Self { document, left_out, is_empty })
    }
}

/// All visible rows in which `column` is one of `values`.
async fn rows<E: Scoped>(work: &Work, column: E::Column, values: &[Uuid]) -> Result<Vec<Visible<E::Model>>, Stop> {
    let mut all = Vec::new();
    for part in values.chunks(CHUNK) {
        all.extend(work.tx.visible_where::<E>(&work.actor, column, part).await?);
    }
    Ok(all)
}

/// The sections and tasks of a list.
struct Shape {
    sections: Vec<Visible<section::Model>>,
    paths: HashMap<Uuid, Vec<String>>,
    /// As printed.
    tasks: Vec<Visible<task::Model>>,
}

impl Shape {
    async fn read(work: &Work, list: Uuid) -> Result<Self, Stop> {
        let mut sections = rows::<section::Entity>(work, section::Column::TaskListId, &[list]).await?;
        sections.sort_by_key(|row| (row.position, row.id));
        let mut tasks = rows::<task::Entity>(work, task::Column::TaskListId, &[list]).await?;
        tasks.sort_by_key(|row| (row.position, row.id));
        Ok(Self { paths: paths(&sections), sections, tasks })
    }

    fn entries(&self) -> Vec<SectionEntry> {
        in_printed_order(&self.sections)
            .into_iter()
            .map(|row| SectionEntry { path: self.path(Some(row.id)), title: row.title.clone() })
            .collect()
    }

    fn path(&self, section: Option<Uuid>) -> Vec<String> {
        section.and_then(|id| self.paths.get(&id)).cloned().unwrap_or_default()
    }

    /// The deadlines as printed, and who is in each task by the names of the list.
    async fn printed(&self, work: &Work) -> Result<Printed, Stop> {
        let tasks: Vec<Uuid> = self.tasks.iter().map(|row| row.id).collect();
        let own = rows::<deadline::Entity>(work, deadline::Column::TaskId, &tasks).await?;
        let deadlines = own.iter().filter(|row| row.position == 0).map(|row| (row.task_id, row.text.clone()));
        let mut assigned = rows::<assignment::Entity>(work, assignment::Column::TaskId, &tasks).await?;
        // What a group came to is not printed; the group is.
        assigned.retain(|row| row.source_assignment_id.is_none());
        assigned.sort_by_key(|row| (row.task_id, row.position, row.id));
        let mut units: HashMap<Uuid, Vec<UnitEntry>> = HashMap::new();
        for row in &assigned {
            let entry = UnitEntry { name: row.name.clone(), role: row.role, scope_note: row.scope_note.clone() };
            units.entry(row.task_id).or_default().push(entry);
        }
        Ok(Printed { deadlines: deadlines.collect(), units })
    }

    async fn list(&self, work: &Work) -> Result<ListContent, Stop> {
        let mut printed = self.printed(work).await?;
        let entry = |row: &Visible<task::Model>| TaskEntry {
            number: row.number.clone(),
            section_path: self.path(row.section_id),
            title: row.title.clone(),
            requirement: row.requirement.clone(),
            units: printed.units.remove(&row.id).unwrap_or_default(),
            deadline: printed.deadlines.remove(&row.id).flatten(),
            incentive: row.incentive,
        };
        // What an amendment took back is printed no more; what was reported on it in its time stays reported.
        let tasks = self.tasks.iter().filter(|row| row.status == TaskStatus::Active).map(entry).collect();
        Ok(ListContent { sections: self.entries(), tasks })
    }

    async fn progress(&self, work: &Work, reports: &Reports) -> Result<ProgressContent, Stop> {
        let mut printed = self.printed(work).await?;
        let mut accepted = reports.by_task();
        let entry = |row: &Visible<task::Model>| {
            let reports = accepted.remove(&row.id)?;
            let units = printed.units.remove(&row.id).unwrap_or_default();
            let leads = units.into_iter().filter(|unit| unit.role == AssignmentRole::Lead);
            Some(ProgressEntry {
                number: row.number.clone(),
                section_path: self.path(row.section_id),
                title: row.title.clone(),
                requirement: row.requirement.clone(),
                leads: leads.map(|unit| unit.name).collect(),
                deadline: printed.deadlines.remove(&row.id).flatten(),
                reports,
            })
        };
        let tasks: Vec<ProgressEntry> = self.tasks.iter().filter_map(entry).collect();
        Ok(ProgressContent { sections: self.entries(), tasks })
    }

    /// The line of the outermost section above.
    fn outermost(&self) -> HashMap<Uuid, String> {
        let parents: HashMap<Uuid, &section::Model> = self.sections.iter().map(|row| (row.id, &**row)).collect();
        let line = |row: &section::Model| {
            let mut top = row;
            // The tree has no circles; a bound costs nothing.
            for _ in 0..32 {
                let Some(parent) = top.parent_id.and_then(|id| parents.get(&id)) else { break };
                top = parent;
            }
            section_line(&top.label, &top.title)
        };
        self.sections.iter().map(|row| (row.id, line(row))).collect()
    }

    fn sums(&self, reports: &Reports) -> AnnualContent {
        let outermost = self.outermost();
        let mut content = AnnualContent::default();
        let (mut by_section, mut by_unit) = (Table::default(), Table::default());
        let mut owed: HashMap<Uuid, Vec<&report_obligation::Model>> = HashMap::new();
        for row in &reports.owed {
            owed.entry(row.task_id).or_default().push(row);
        }
        // Sections come as printed, and units as in the directory.
        for (_, name) in &reports.units {
            by_unit.row(name);
        }
        for task in &self.tasks {
            let section = task.section_id.and_then(|id| outermost.get(&id)).map_or("未分部分", String::as_str);
            for row in owed.remove(&task.id).unwrap_or_default() {
                let accepted = reports.accepted.get(&row.id).map(|revision| revision.completion);
                let unit = reports.names.get(&row.unit_id).map_or("", String::as_str);
                content.total.add(accepted);
                by_section.row(section).add(accepted);
                by_unit.row(unit).add(accepted);
            }
        }
        content.by_section = by_section.rows;
        content.by_unit = by_unit.rows;
        content
    }
}

/// Rows of sums in the order in which their names came.
#[derive(Default)]
struct Table {
    rows: Vec<SumsEntry>,
    places: HashMap<String, usize>,
}

impl Table {
    fn row(&mut self, name: &str) -> &mut Sums {
        let next = self.rows.len();
        let at = *self.places.entry(name.to_owned()).or_insert(next);
        if at == next {
            self.rows.push(SumsEntry { name: name.to_owned(), sums: Sums::default() });
        }
        &mut self.rows[at].sums
    }
}

struct Printed {
    deadlines: HashMap<Uuid, Option<String>>,
    units: HashMap<Uuid, Vec<UnitEntry>>,
}

/// What is owed in a period, and what of it both signed and accepted says.
struct Reports {
    owed: Vec<Visible<report_obligation::Model>>,
    /// The revision that counts, by obligation.
    accepted: HashMap<Uuid, Visible<progress_report_revision::Model>>,
    /// The units that owe something, in the order of the directory.
    units: Vec<(Uuid, String)>,
    names: HashMap<Uuid, String>,
    /// By report: the units whose accepted text the accepted revision of a lead took over.
    includes: HashMap<Uuid, Vec<IncludedEntry>>,
    /// The reports that were taken over.
    included: HashSet<Uuid>,
    left_out: usize,
}

impl Reports {
    async fn read(work: &Work, period: Uuid) -> Result<Self, Stop> {
        let column = report_obligation::Column::ReportingPeriodId;
        let mut owed = rows::<report_obligation::Entity>(work, column, &[period]).await?;
        let column = progress_report::Column::ReportingPeriodId;
        let mut reports = rows::<progress_report::Entity>(work, column, &[period]).await?;
        // Once accepted it counts, whatever becomes of a correction of it.
        reports.retain(|row| row.accepted_revision.is_some());
        let counts: HashSet<Uuid> = reports.iter().map(|row| row.report_obligation_id).collect();
        owed.retain(|row| row.released_at.is_none() || counts.contains(&row.id));
        let of_unit: HashSet<Uuid> = owed.iter().map(|row| row.unit_id).collect();
        let of_unit: Vec<Uuid> = of_unit.into_iter().collect();
        let mut units = rows::<unit::Entity>(work, unit::Column::Id, &of_unit).await?;
        units.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
        let signing: HashSet<Uuid> = units.iter().filter(|unit| unit.report_signing).map(|unit| unit.id).collect();
        let keys: Vec<Uuid> = reports.iter().map(|row| row.id).collect();
        let column = progress_report_revision::Column::ProgressReportId;
        let mut revisions: HashMap<(Uuid, i32), Visible<progress_report_revision::Model>> =
            rows::<progress_report_revision::Entity>(work, column, &keys)
                .await?
                .into_iter()
                .map(|row| ((row.progress_report_id, row.revision), row))
                .collect();
        let (mut accepted, mut left_out) = (HashMap::new(), 0);
        for report in &reports {
            let which = (report.id, report.accepted_revision.unwrap_or_default());
            let Some(revision) = revisions.remove(&which) else { continue };
            // Nothing is public without both signatures.
            if signing.contains(&report.unit_id) && revision.signed_by.is_none() {
                left_out += 1;
            } else {
                accepted.insert(report.report_obligation_id, revision);
            }
        }
        let units: Vec<(Uuid, String)> = units.iter().map(|row| (row.id, row.name.clone())).collect();
        let names = units.iter().cloned().collect();
        let mut reports =
            Self { owed, accepted, units, names, includes: HashMap::new(), included: HashSet::new(), left_out };
        reports.merge(work).await?;
        Ok(reports)
    }

    /// What a lead merged is printed once, in the words of the lead. A unit that corrected its report since speaks for itself
    /// again, because its lead has not taken that over.
    async fn merge(&mut self, work: &Work) -> Result<(), Stop> {
        let counts: HashMap<Uuid, i32> =
            self.accepted.values().map(|row| (row.progress_report_id, row.revision)).collect();
        let leads: Vec<Uuid> = counts.keys().copied().collect();
        let mut parts = rows::<report_part::Entity>(work, report_part::Column::ProgressReportId, &leads).await?;
        parts.sort_by_key(|part| (part.progress_report_id, part.position, part.id));
        for part in parts {
            let stands = counts.get(&part.progress_report_id).is_some_and(|revision| {
                part.added_in <= *revision && part.removed_in.is_none_or(|removed| removed > *revision)
            });
            if !stands || counts.get(&part.source_report_id) != Some(&part.source_revision) {
                continue;
            }
            let unit = self.names.get(&part.unit_id).cloned().unwrap_or_default();
            let entry = IncludedEntry { unit, completion: part.completion };
            self.includes.entry(part.progress_report_id).or_default().push(entry);
            self.included.insert(part.source_report_id);
        }
        Ok(())
    }

    /// The accepted reports of each task, units in the order of the directory.
    fn by_task(&self) -> HashMap<Uuid, Vec<AcceptedEntry>> {
        let places: HashMap<Uuid, usize> = self.units.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let mut owed: Vec<&report_obligation::Model> = self.owed.iter().map(|row| &**row).collect();
        owed.sort_by_key(|row| (places.get(&row.unit_id).copied(), row.id));
        let mut by_task: HashMap<Uuid, Vec<AcceptedEntry>> = HashMap::new();
        for row in owed {
            let Some(revision) = self.accepted.get(&row.id) else { continue };
            if self.included.contains(&revision.progress_report_id) {
                continue;
            }
            by_task.entry(row.task_id).or_default().push(AcceptedEntry {
                unit: self.names.get(&row.unit_id).cloned().unwrap_or_default(),
                completion: revision.completion,
                text: revision.narrative.clone(),
                includes: self.includes.get(&revision.progress_report_id).cloned().unwrap_or_default(),
            });
        }
        by_task
    }
}
