//! A whole list from a document: names looked up in the directory, questions noted, everything or nothing.
//!
//! What the document says stands in the rows as printed. A name that means nothing, or several things, keeps its row
//! without a unit, and its task asks a person. A unit that a task prints twice is in force once, with the strongest role;
//! its other rows are kept as WITHDRAWN, so that nothing printed is lost.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AssignmentStatus, AssignmentTarget, DeadlineKind, DeadlineSource};
use entity::{assignment, deadline, section, section_closure, task, task_list};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::{issuer, list_id};
use super::lists::draft;
use super::names::{Directory, Named};
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work, deadlines, lists, sections};
use crate::documents::list_json::{self, AssignmentItem, ListDocument, MAX_NAME, TaskItem};
use crate::domain::expansion::strength;
use crate::domain::names::Found;
use crate::error::{Fault, Message, UserError, UserErrorCode};

/// A list to be imported.
#[derive(Clone, Debug, Serialize)]
pub struct TaskListImport {
    /// The unit that issues it.
    pub issuer: Uuid,
    /// What it says.
    pub document: ListDocument,
    /// The title, where the document has none or another is wanted.
    pub title: Option<String>,
    /// Whether supporting units owe reports too.
    pub support_reports: bool,
    /// Only say what would come of it. An idempotency key is not spent on this.
    pub dry_run: bool,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The list; none after a dry run.
    pub list: Option<Uuid>,
    /// The same document was imported before; nothing is new.
    pub before: bool,
    /// Sections of the document.
    pub sections: usize,
    /// Tasks of the document.
    pub tasks: usize,
    /// The tasks that ask a person, with the question, in printed order.
    pub questions: Vec<Question>,
}

/// What a task asks a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The number of the task.
    pub number: String,
    /// The question.
    pub note: String,
}

/// Reads a document; `year` goes before the year it says, or stands for one it does not say.
pub fn read_list(content: &str, year: Option<i32>) -> Result<ListDocument, Vec<UserError>> {
    let with_year = year.and_then(|year| {
        let mut value: serde_json::Value = serde_json::from_str(content).ok()?;
        value.as_object_mut()?.insert("year".to_owned(), year.into());
        Some(value.to_string())
    });
    list_json::read(with_year.as_deref().unwrap_or(content)).map_err(|problems| {
        let error = |problem| UserError::at(UserErrorCode::InvalidFormat, Message::Document(problem), "input.content");
        problems.into_iter().map(error).collect()
    })
}

/// The digest by which a document is known again: over its canonical form, so that spaces don't make another list of it.
pub fn digest(document: &ListDocument) -> String {
    use std::fmt::Write as _;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, list_json::write(document).as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Service {
    /// Imports a list as a draft.
    pub async fn task_list_import(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: TaskListImport,
    ) -> Answer<Imported> {
        let mut work = begin!(self, caller, Call::new("taskListImport", key, &input)?);
        let dry_run = input.dry_run;
        match import(&mut work, input).await {
            Ok(imported) if dry_run => {
                let Work { tx, .. } = *work;
                tx.rollback().await.map_err(crate::store::StoreError::from)?;
                Ok(Ok(imported))
            }
            result => work.end(result).await,
        }
    }
}

async fn import(work: &mut Work, input: TaskListImport) -> Result<Imported, Stop> {
    // Waits for other imports and for changes of names, so that one document can't come in twice.
    let directory = Directory::lock(work).await?;
    let issuer = issuer(work, input.issuer).await?;
    let document = &input.document;
    let mut checks = Checks::default();
    let title = checks.optional(input.title.as_deref(), MAX_NAME, "input.title");
    lists::check_year(&mut checks, document.year, "input.year");
    if document.tasks.is_empty() {
        checks.fail(UserErrorCode::Required, Message::ListEmpty, "input.content");
    }
    checks.done()?;

    let digest = digest(document);
    let mut reading = Reading::new(work, &directory, document)?;
    let mut imported = Imported {
        list: None,
        before: false,
        sections: document.sections.len(),
        tasks: document.tasks.len(),
        questions: std::mem::take(&mut reading.questions),
    };
    let column = task_list::Column::IssuerUnitId;
    let earlier = work.tx.visible_where::<task_list::Entity>(&work.actor, column, &[issuer.id]).await?;
    if let Some(earlier) = earlier.iter().find(|row| row.import_digest.as_deref() == Some(digest.as_str())) {
        (imported.list, imported.before) = (Some(earlier.id), true);
        work.audit(list_id(earlier.id), &[]);
        return Ok(imported);
    }
    if input.dry_run {
        return Ok(imported);
    }

    let id = reading.list;
    let printed = title.or_else(|| document.title.clone());
    let title = printed.unwrap_or_else(|| {
        let name = document.issuer.as_deref().unwrap_or(&issuer.name);
        format!("{}年{name}政务公开重点工作任务清单", document.year)
    });
    let columns = serde_json::to_value(&document.columns).map_err(|e| Fault::Internal(e.to_string()))?;
    let row = task_list::Model {
        issuer_text: document.issuer.clone(),
        reporting_period_text: document.reporting_period.clone(),
        columns: (!document.columns.is_empty()).then_some(columns),
        support_reports: input.support_reports,
        import_digest: Some(digest),
        ..draft(id, &issuer, document.year, title, work.now)
    };
    work.tx.insert::<task_list::Entity>(row).await?;
    work.tx.insert_all::<section::Entity>(reading.sections).await?;
    work.tx.insert_all::<section_closure::Entity>(reading.closure).await?;
    work.tx.insert_all::<task::Entity>(reading.tasks).await?;
    work.tx.insert_all::<deadline::Entity>(reading.deadlines).await?;
    work.tx.insert_all::<assignment::Entity>(reading.assignments).await?;
    work.audit(list_id(id), &["issuer", "year", "title", "sections", "tasks"]);
    work.tell("task_list.created", serde_json::json!({ "taskList": id }));
    imported.list = Some(id);
    Ok(imported)
}

/// The rows a document comes to.
struct Reading {
    list: Uuid,
    sections: Vec<section::Model>,
    closure: Vec<section_closure::Model>,
    tasks: Vec<task::Model>,
    deadlines: Vec<deadline::Model>,
    assignments: Vec<assignment::Model>,
    questions: Vec<Question>,
}

impl Reading {
    fn new(work: &Work, directory: &Directory, document: &ListDocument) -> Result<Self, Stop> {
        let mut reading = Self {
            list: work.id(),
            sections: Vec::new(),
            closure: Vec::new(),
            tasks: Vec::new(),
            deadlines: Vec::new(),
            assignments: Vec::new(),
            questions: Vec::new(),
        };
        let paths = reading.sections(work, document);
        let printed: HashSet<&str> = document.tasks.iter().filter_map(|item| item.number.as_deref()).collect();
        let mut unnumbered = (1..).map(|n: usize| format!("未编号{n}")).filter(|n| !printed.contains(n.as_str()));
        for (position, item) in (0..).zip(&document.tasks) {
            let mut notes = Vec::new();
            let number = item.number.clone().unwrap_or_else(|| {
                let number = unnumbered.next().unwrap_or_default();
                notes.push(format!("原文没有编号，暂编为“{number}”"));
                number
            });
            let section = paths.get(item.section_path.as_slice()).copied();
            reading.task(work, directory, item, number, position, section, notes)?;
        }
        Ok(reading)
    }

    fn sections<'a>(&mut self, work: &Work, document: &'a ListDocument) -> HashMap<&'a [String], Uuid> {
        let mut paths: HashMap<&[String], Uuid> = HashMap::new();
        for (position, item) in (0..).zip(&document.sections) {
            let Some((label, above)) = item.path.split_last() else { continue };
            let id = work.id();
            self.sections.push(section::Model {
                id,
                task_list_id: self.list,
                parent_id: paths.get(above).copied(),
                position,
                label: label.clone(),
                title: item.title.clone(),
                version: 1,
                created_at: work.now,
                updated_at: work.now,
            });
            paths.insert(&item.path, id);
        }
        self.closure = sections::closure(&self.sections.iter().map(|row| (row.id, row.parent_id)).collect());
        paths
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one row")]
    fn task(
        &mut self,
        work: &Work,
        directory: &Directory,
        item: &TaskItem,
        number: String,
        position: i32,
        section_id: Option<Uuid>,
        mut notes: Vec<String>,
    ) -> Result<(), Stop> {
        let id = work.id();
        if item.needs_review {
            notes.push(match item.inherited {
                true => "责任单位沿用上一行（合并或空白单元格），请核对".to_owned(),
                false => "原文有歧义，请核对任务内容和责任单位".to_owned(),
            });
        }
        self.named(work, directory, id, &item.assignments, &mut notes);
        self.times(work, id, item)?;
        let review_note = (!notes.is_empty()).then(|| notes.join("；"));
        if let Some(note) = &review_note {
            self.questions.push(Question { number: number.clone(), note: note.clone() });
        }
        self.tasks.push(task::Model {
            id,
            task_list_id: self.list,
            section_id,
            position,
            number,
            title: item.title.clone(),
            requirement: item.requirement.clone(),
            lead_text: item.lead_text.clone(),
            unit_text: item.unit_text.clone(),
            inherited: item.inherited,
            incentive: item.incentive,
            needs_review: review_note.is_some(),
            review_note,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        });
        Ok(())
    }

    fn named(
        &mut self,
        work: &Work,
        directory: &Directory,
        task: Uuid,
        items: &[AssignmentItem],
        notes: &mut Vec<String>,
    ) {
        let start = self.assignments.len();
        for (position, item) in (0..).zip(items) {
            let (target, unit_id, unit_group_id) = meaning(directory, item, notes);
            self.assignments.push(assignment::Model {
                id: work.id(),
                task_id: task,
                position,
                role: item.role,
                target,
                name: item.name.clone(),
                unit_id,
                unit_group_id,
                source_assignment_id: None,
                scope_note: item.scope_note.clone(),
                status: AssignmentStatus::Active,
                version: 1,
                created_at: work.now,
                updated_at: work.now,
            });
        }
        let rows = &mut self.assignments[start..];
        for index in 0..rows.len() {
            let me = &rows[index];
            // Of two equal ones the first stays.
            let rank = |at: usize, row: &assignment::Model| (strength(row.role), std::cmp::Reverse(at));
            let stronger = rows.iter().enumerate().find(|(at, row)| {
                me.unit_id.is_some() && row.unit_id == me.unit_id && rank(*at, row) > rank(index, me)
            });
            let Some((_, stronger)) = stronger else { continue };
            if me.scope_note.is_some() && me.scope_note != stronger.scope_note {
                notes.push(format!("“{}”出现多次且职责范围不同，请核对", me.name));
            }
            rows[index].status = AssignmentStatus::Withdrawn;
        }
    }

    fn times(&mut self, work: &Work, task: Uuid, item: &TaskItem) -> Result<(), Stop> {
        let own = item.to_deadline();
        if own.kind != DeadlineKind::None || own.text.is_some() {
            self.deadlines.push(deadlines::row(work.id(), task, 0, &own, item.deadline.source)?);
        }
        for (position, other) in (1..).zip(&item.other_times) {
            let other = other.to_deadline();
            self.deadlines.push(deadlines::row(work.id(), task, position, &other, Some(DeadlineSource::Text))?);
        }
        Ok(())
    }
}

/// What a printed name means. Where the document calls a group a unit, or the reverse, the directory knows better.
fn meaning(
    directory: &Directory,
    item: &AssignmentItem,
    notes: &mut Vec<String>,
) -> (AssignmentTarget, Option<Uuid>, Option<Uuid>) {
    if item.target == AssignmentTarget::Open {
        return (AssignmentTarget::Open, None, None);
    }
    let fits = |named: &Named| matches!(named, Named::Unit(_)) == (item.target == AssignmentTarget::Unit);
    let found = match directory.find(&item.name) {
        // The document says which kind of name it is; that settles it if only one thing of the kind is called so.
        Found::Several(all) => match all.iter().filter(|named| fits(named)).copied().collect::<Vec<_>>().as_slice() {
            [one] => Found::One(*one),
            _ => Found::Several(all),
        },
        found => found,
    };
    match found {
        Found::One(Named::Unit(unit)) => {
            if directory.units.get(&unit).is_some_and(|row| !row.active) {
                notes.push(format!("“{}”已停用，请指定现用单位", item.name));
            }
            (AssignmentTarget::Unit, Some(unit), None)
        }
        Found::One(Named::Group(group)) => (AssignmentTarget::Group, None, Some(group)),
        Found::Nothing => {
            notes.push(format!("“{}”不在单位名录中，请指定单位或登记别名", item.name));
            (item.target, None, None)
        }
        Found::Several(_) => {
            notes.push(format!("“{}”对应多个单位或单位组，请指定其一", item.name));
            (item.target, None, None)
        }
    }
}
