//! Every text of a document with its place, for the detectors and for whoever replaces one.

use entity::vocabulary::PublicationField as Field;

use super::{Content, PublicationDocument, SectionEntry, SumsEntry};

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The JSON pointer into the document (RFC 6901).
    pub pointer: String,
    /// What it is.
    pub field: Field,
    /// The number of the task it belongs to.
    pub task: Option<String>,
}

/// Whoever looks at the texts.
struct Walk<'v> {
    visit: &'v mut dyn FnMut(&Place, &mut String),
    task: Option<String>,
}

impl Walk<'_> {
    fn at(&mut self, pointer: &str, field: Field, text: &mut String) {
        let place = Place { pointer: pointer.to_owned(), field, task: self.task.clone() };
        (self.visit)(&place, text);
    }

    fn maybe(&mut self, pointer: &str, field: Field, text: &mut Option<String>) {
        if let Some(text) = text {
            self.at(pointer, field, text);
        }
    }

    fn all(&mut self, pointer: &str, field: Field, texts: &mut [String]) {
        for (at, text) in texts.iter_mut().enumerate() {
            self.at(&format!("{pointer}/{at}"), field, text);
        }
    }

    fn sections(&mut self, sections: &mut [SectionEntry]) {
        for (at, section) in sections.iter_mut().enumerate() {
            let here = format!("/content/sections/{at}");
            self.all(&format!("{here}/path"), Field::Section, &mut section.path);
            self.at(&format!("{here}/title"), Field::Section, &mut section.title);
        }
    }

    fn sums(&mut self, name: &str, field: Field, rows: &mut [SumsEntry]) {
        for (at, row) in rows.iter_mut().enumerate() {
            self.at(&format!("/content/{name}/{at}/name"), field, &mut row.name);
        }
    }
}

impl PublicationDocument {
    /// Shows every text to `visit`, which may change it. The pictures are drawn from these and are not shown.
    pub fn texts(&mut self, visit: &mut dyn FnMut(&Place, &mut String)) {
        let mut walk = Walk { visit, task: None };
        walk.at("/title", Field::Title, &mut self.title);
        walk.at("/issuer", Field::Issuer, &mut self.issuer);
        walk.at("/list/title", Field::ListTitle, &mut self.list.title);
        walk.maybe("/list/documentNumber", Field::DocumentNumber, &mut self.list.document_number);
        if let Some(period) = &mut self.period {
            walk.at("/period/label", Field::Period, &mut period.label);
        }
        match &mut self.content {
            Content::List(content) => {
                walk.sections(&mut content.sections);
                for (at, task) in content.tasks.iter_mut().enumerate() {
                    let here = format!("/content/tasks/{at}");
                    walk.task = Some(task.number.clone());
                    walk.at(&format!("{here}/number"), Field::TaskNumber, &mut task.number);
                    walk.all(&format!("{here}/sectionPath"), Field::Section, &mut task.section_path);
                    walk.maybe(&format!("{here}/title"), Field::TaskTitle, &mut task.title);
                    walk.maybe(&format!("{here}/requirement"), Field::Requirement, &mut task.requirement);
                    for (nth, unit) in task.units.iter_mut().enumerate() {
                        walk.at(&format!("{here}/units/{nth}/name"), Field::Units, &mut unit.name);
                        walk.maybe(&format!("{here}/units/{nth}/scopeNote"), Field::Units, &mut unit.scope_note);
                    }
                    walk.maybe(&format!("{here}/deadline"), Field::Deadline, &mut task.deadline);
                }
            }
            Content::Progress(content) => {
                walk.sections(&mut content.sections);
                for (at, task) in content.tasks.iter_mut().enumerate() {
                    let here = format!("/content/tasks/{at}");
                    walk.task = Some(task.number.clone());
                    walk.at(&format!("{here}/number"), Field::TaskNumber, &mut task.number);
                    walk.all(&format!("{here}/sectionPath"), Field::Section, &mut task.section_path);
                    walk.maybe(&format!("{here}/title"), Field::TaskTitle, &mut task.title);
                    walk.maybe(&format!("{here}/requirement"), Field::Requirement, &mut task.requirement);
                    walk.all(&format!("{here}/leads"), Field::Units, &mut task.leads);
                    walk.maybe(&format!("{here}/deadline"), Field::Deadline, &mut task.deadline);
                    for (nth, report) in task.reports.iter_mut().enumerate() {
                        walk.at(&format!("{here}/reports/{nth}/unit"), Field::Units, &mut report.unit);
                        walk.at(&format!("{here}/reports/{nth}/text"), Field::Narrative, &mut report.text);
                    }
                }
            }
            Content::AnnualReport(content) => {
                walk.at("/content/paragraph", Field::Paragraph, &mut content.paragraph);
                walk.sums("bySection", Field::Section, &mut content.by_section);
                walk.sums("byUnit", Field::Units, &mut content.by_unit);
            }
        }
    }
}
