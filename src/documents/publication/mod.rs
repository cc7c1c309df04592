//! What is published: a document of its own, version `taizhang-publication/1`, cut from lists and accepted reports.
//!
//! It has no place for a telephone number, for who wrote a report, or for anything that was not accepted. What people
//! wrote in free words is looked through by detectors before it leaves the house: see [`PublicationDocument::texts`].

mod annual;
mod texts;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, Completion};
use serde::{Deserialize, Serialize};

pub use annual::{figures, paragraph};
pub use texts::Place;

/// The version of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first.
    #[default]
    #[serde(rename = "taizhang-publication/1")]
    One,
}

/// A published document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicationDocument {
    /// The version of the form.
    pub format: Format,
    /// The title.
    pub title: String,
    /// Who publishes it.
    pub issuer: String,
    /// The day the snapshot was taken.
    pub as_of: NaiveDate,
    /// The list.
    pub list: ListHead,
    /// The period, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub period: Option<PeriodHead>,
    /// What is in it.
    #[serde(flatten)]
    pub content: Content,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListHead {
    /// The year.
    pub year: i32,
    /// The title.
    pub title: String,
    /// 文号.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub document_number: Option<String>,
    /// The day of issue.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub issued_on: Option<NaiveDate>,
}

/// The period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodHead {
    /// The name.
    pub label: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// What is in a document, by its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Content {
    /// The list as issued.
    List(ListContent),
    /// The accepted reports.
    Progress(ProgressContent),
    /// The sums.
    AnnualReport(AnnualContent),
}

/// The list as issued.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListContent {
    /// The sections, parents first, otherwise as printed.
    pub sections: Vec<SectionEntry>,
    /// The tasks, as printed.
    pub tasks: Vec<TaskEntry>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SectionEntry {
    /// The labels from the outermost down to its own.
    pub path: Vec<String>,
    /// The title.
    pub title: String,
}

/// A task of a published list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskEntry {
    /// The number as printed.
    pub number: String,
    /// The labels of its section.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub section_path: Vec<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// The requirement.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<String>,
    /// Who is in it, by the names of the list.
    pub units: Vec<UnitEntry>,
    /// The deadline as printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline: Option<String>,
    /// 激励性指标.
    pub incentive: bool,
}

/// Somebody in a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitEntry {
    /// The name as the list has it.
    pub name: String,
    /// As what.
    pub role: AssignmentRole,
    /// （负责市政府规章）.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scope_note: Option<String>,
}

/// The accepted reports of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressContent {
    /// The sections, parents first, otherwise as printed.
    pub sections: Vec<SectionEntry>,
    /// The tasks of which something was accepted, as printed.
    pub tasks: Vec<ProgressEntry>,
}

/// A task with what was accepted of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressEntry {
    /// The number as printed.
    pub number: String,
    /// The labels of its section.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub section_path: Vec<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// The requirement.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<String>,
    /// Who leads it, by the names of the list.
    pub leads: Vec<String>,
    /// The deadline as printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline: Option<String>,
    /// What was accepted, units in the order of the directory.
    pub reports: Vec<AcceptedEntry>,
}

/// An accepted report: which unit, how far, and in what words. Who wrote or signed it is not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedEntry {
    /// The unit.
    pub unit: String,
    /// How far the work is.
    pub completion: Completion,
    /// What was done.
    pub text: String,
    /// The units whose accepted reports a lead merged into this one, and how far each of them is; their texts stand in its
    /// text and nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<IncludedEntry>,
}

/// A unit for which its lead reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IncludedEntry {
    /// The unit.
    pub unit: String,
    /// How far its part of the work is.
    pub completion: Completion,
}

/// The sums of a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnualContent {
    /// The sums in words.
    pub paragraph: String,
    /// Over everything.
    pub total: Sums,
    /// Per outermost section, as printed.
    pub by_section: Vec<SumsEntry>,
    /// Per unit, in the order of the directory; nobody is ranked.
    pub by_unit: Vec<SumsEntry>,
    /// The pictures as ECharts options, drawn from the tables above.
    pub figures: Vec<Figure>,
}

/// The sums of a section or a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SumsEntry {
    /// The name.
    pub name: String,
    /// Its sums.
    #[serde(flatten)]
    pub sums: Sums,
}

/// Sums over what was to be reported; only accepted reports count as anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// 应报.
    pub expected: u32,
    /// Accepted of these.
    pub accepted: u32,
    /// How far the accepted ones are.
    pub completion: BTreeMap<Completion, u32>,
}

impl Sums {
    /// Adds one obligation, with what was accepted of it.
    pub fn add(&mut self, accepted: Option<Completion>) {
        self.expected += 1;
        if let Some(completion) = accepted {
            self.accepted += 1;
            *self.completion.entry(completion).or_default() += 1;
        }
    }

    /// How many are as far as this.
    pub fn of(&self, completion: Completion) -> u32 {
        self.completion.get(&completion).copied().unwrap_or_default()
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// What its bars are.
    pub name: FigureName,
    /// The option for ECharts.
    pub echarts: serde_json::Value,
}

/// What the bars of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureName {
    /// Sections.
    BySection,
    /// Units.
    ByUnit,
}

impl PublicationDocument {
    /// The document as it is kept and read: the bytes that its checksum is made of.
    ///
    /// # Errors
    /// Never for a document of this program; the form of the error is that of the writer.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// When it is no such document.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Draws the pictures anew, after the tables changed.
    pub fn redraw(&mut self) {
        let figures = match &self.content {
            Content::AnnualReport(content) => annual::drawn(self, content),
            Content::List(_) | Content::Progress(_) => return,
        };
        if let Content::AnnualReport(content) = &mut self.content {
            content.figures = figures;
        }
    }
}
