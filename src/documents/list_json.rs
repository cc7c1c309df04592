//! `taizhang-list/1`: a task list as JSON, the form in which lists are imported and exchanged.

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentTarget, DeadlineKind, DeadlineSource};
use serde::Serialize;

use crate::domain::deadline::Deadline;
use crate::domain::rule::Rule;

use super::list_check;
use super::problem::DocumentProblem;
use super::reader;

/// The tag of this form.
pub const FORMAT: &str = "taizhang-list/1";
/// Tasks in a document at most.
pub const MAX_TASKS: usize = 5_000;
/// Sections in a document at most.
pub const MAX_SECTIONS: usize = 500;
/// Assignments of a task at most.
pub const MAX_ASSIGNMENTS: usize = 200;
/// Other times of a task at most.
pub const MAX_OTHER_TIMES: usize = 10;
/// Characters of a text at most.
pub const MAX_TEXT: usize = 20_000;
/// Characters of a title, a name or a printed deadline at most.
pub const MAX_NAME: usize = 500;
/// Characters of a printed number or label at most.
pub const MAX_LABEL: usize = 50;
/// Levels of sections at most.
pub const MAX_DEPTH: usize = 6;

/// A task list as a careful clerk reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListDocument {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// The printed title.
    pub title: Option<String>,
    /// The year of the list.
    pub year: i32,
    /// Who issued it, as printed.
    pub issuer: Option<String>,
    /// The printed reporting period of a report form ("1-X月").
    pub reporting_period: Option<String>,
    /// The columns of the table it was read from.
    pub columns: Vec<Column>,
    /// Sections in printed order; a parent precedes its children.
    pub sections: Vec<SectionItem>,
    /// Tasks in printed order.
    pub tasks: Vec<TaskItem>,
}

impl ListDocument {
    /// A list of a year with nothing in it.
    pub const fn empty(year: i32) -> Self {
        Self {
            format: FORMAT,
            title: None,
            year,
            issuer: None,
            reporting_period: None,
            columns: Vec::new(),
            sections: Vec::new(),
            tasks: Vec::new(),
        }
    }
}

/// A column of the printed table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The printed heading.
    pub header: Option<String>,
    /// What stands in it.
    pub role: ColumnRole,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ColumnRole {
    /// 工作任务（大项）.
    Section,
    /// 序号.
    Number,
    /// 任务名称.
    Title,
    /// 具体要求.
    Requirement,
    /// 牵头单位.
    LeadUnits,
    /// 责任单位.
    Units,
    /// 配合单位.
    SupportUnits,
    /// 完成时限.
    Deadline,
    /// 落实情况.
    Progress,
    /// Anything else (备注).
    Other,
}

impl ColumnRole {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Section,
        Self::Number,
        Self::Title,
        Self::Requirement,
        Self::LeadUnits,
        Self::Units,
        Self::SupportUnits,
        Self::Deadline,
        Self::Progress,
        Self::Other,
    ];

    /// The word in the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Section => "SECTION",
            Self::Number => "NUMBER",
            Self::Title => "TITLE",
            Self::Requirement => "REQUIREMENT",
            Self::LeadUnits => "LEAD_UNITS",
            Self::Units => "UNITS",
            Self::SupportUnits => "SUPPORT_UNITS",
            Self::Deadline => "DEADLINE",
            Self::Progress => "PROGRESS",
            Self::Other => "OTHER",
        }
    }
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionItem {
    /// Printed labels from the outermost: `["一", "（二）"]`.
    pub path: Vec<String>,
    /// The printed title.
    pub title: String,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskItem {
    /// The number as printed, without its dot.
    pub number: Option<String>,
    /// The path of its section; empty in a list without sections.
    pub section_path: Vec<String>,
    /// The printed title, where the table has such a column.
    pub title: Option<String>,
    /// The printed requirement.
    pub requirement: Option<String>,
    /// The cell of the lead column as printed.
    pub lead_text: Option<String>,
    /// The cell of the units column as printed.
    pub unit_text: Option<String>,
    /// The text of the units comes from a merged or blank cell above.
    pub inherited: bool,
    /// Who is named.
    pub assignments: Vec<AssignmentItem>,
    /// The printed deadline.
    pub deadline_text: Option<String>,
    /// What was understood from it.
    pub deadline: DeadlineItem,
    /// Further times in the text.
    pub other_times: Vec<OtherTime>,
    /// 激励性指标.
    pub incentive: bool,
    /// A person must look at it.
    pub needs_review: bool,
}

/// A named unit, group or "others".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentItem {
    /// The name as printed.
    pub name: String,
    /// What it is to the task.
    pub role: AssignmentRole,
    /// What kind of name it is.
    pub target: AssignmentTarget,
    /// The printed scope in brackets.
    pub scope_note: Option<String>,
}

/// The understood deadline of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlineItem {
    /// Its kind.
    pub kind: DeadlineKind,
    /// The day, or the last day of a window.
    pub date: Option<NaiveDate>,
    /// The first day of a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day of a window, where it was written so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The rule where there is no day.
    pub rule: Option<Rule>,
    /// Where it was printed.
    pub source: Option<DeadlineSource>,
}

impl DeadlineItem {
    /// Nothing printed.
    pub const NONE: Self =
        Self { kind: DeadlineKind::None, date: None, from: None, to: None, rule: None, source: None };
}

/// Printed text and understood time together, as the rules use them.
fn together(
    kind: DeadlineKind,
    text: Option<&str>,
    date: Option<NaiveDate>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    rule: Option<Rule>,
) -> Deadline {
    Deadline { kind, text: text.map(str::to_owned), date: to.or(date), from, rule }
}

impl TaskItem {
    /// The deadline as the rules of the domain use it.
    pub fn to_deadline(&self) -> Deadline {
        let d = &self.deadline;
        together(d.kind, self.deadline_text.as_deref(), d.date, d.from, d.to, d.rule.clone())
    }
}

impl OtherTime {
    /// The time as the rules of the domain use it.
    pub fn to_deadline(&self) -> Deadline {
        together(self.kind, Some(&self.text), self.date, self.from, self.to, self.rule.clone())
    }
}

/// A further time in the text of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherTime {
    /// The printed words.
    pub text: String,
    /// Its kind.
    pub kind: DeadlineKind,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The first day of a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day of a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

/// Reads a document; every mistake is named with its place, at most a hundred.
pub fn read(bytes: impl AsRef<[u8]>) -> Result<ListDocument, Vec<DocumentProblem>> {
    list_check::check(&reader::parse(bytes.as_ref())?)
}

/// Checks a document that was put together here as one that came as JSON.
pub fn checked(document: &ListDocument) -> Result<ListDocument, Vec<DocumentProblem>> {
    // As for writing, this cannot fail; a null would be refused.
    list_check::check(&serde_json::to_value(document).unwrap_or_default())
}

/// Writes a document as indented JSON.
pub fn write(document: &ListDocument) -> String {
    // Strings, numbers and dates only: this cannot fail, and an empty text would be seen at once.
    serde_json::to_string_pretty(document).unwrap_or_default()
}
