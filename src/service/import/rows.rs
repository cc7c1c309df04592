//! The rows a document comes to.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AssignmentStatus, DeadlineKind, DeadlineSource, ImportQuestionStatus, TaskStatus};
use entity::{assignment, deadline, import_question, section, section_closure, task};
use uuid::Uuid;

use super::names::meaning;
use super::{Question, QuestionKind, ReadList};
use crate::documents::list_json::{AssignmentItem, ListDocument, TaskItem};
use crate::documents::understand::ImportQuestion;
use crate::domain::expansion::strength;
use crate::domain::text::match_key;
use crate::error::Fault;
use crate::service::names::Directory;
use crate::service::{Stop, Work, deadlines, sections};

/// The rows a document comes to.
pub(super) struct Rows {
    pub(super) list: Uuid,
    pub(super) sections: Vec<section::Model>,
    pub(super) closure: Vec<section_closure::Model>,
    pub(super) tasks: Vec<task::Model>,
    pub(super) deadlines: Vec<deadline::Model>,
    pub(super) assignments: Vec<assignment::Model>,
    pub(super) questions: Vec<import_question::Model>,
}

impl Rows {
    pub(super) fn new(work: &Work, directory: &Directory, read: &ReadList) -> Result<Self, Stop> {
        let mut rows = Self {
            list: work.id(),
            sections: Vec::new(),
            closure: Vec::new(),
            tasks: Vec::new(),
            deadlines: Vec::new(),
            assignments: Vec::new(),
            questions: Vec::new(),
        };
        let document = &read.document;
        let mut asked: HashMap<Option<usize>, Vec<&ImportQuestion>> = HashMap::new();
        for question in &read.questions {
            let index = question.task_index().filter(|index| *index < document.tasks.len());
            asked.entry(index).or_default().push(question);
        }
        for question in asked.remove(&None).unwrap_or_default() {
            rows.ask(work, None, question)?;
        }
        let paths = rows.sections(work, document);
        let printed: HashSet<&str> = document.tasks.iter().filter_map(|item| item.number.as_deref()).collect();
        let mut unnumbered = (1..).map(|n: usize| format!("未编号{n}")).filter(|n| !printed.contains(n.as_str()));
        for (index, item) in document.tasks.iter().enumerate() {
            let mut questions: Vec<ImportQuestion> =
                asked.remove(&Some(index)).unwrap_or_default().into_iter().cloned().collect();
            let number = item.number.clone().unwrap_or_else(|| {
                let number = unnumbered.next().unwrap_or_default();
                let mut question = ImportQuestion::new(QuestionKind::NoNumbers, "tasks[].number");
                question.zh = format!("原文没有编号，暂编为“{number}”。");
                question.en = format!("The task has no number; it was called “{number}”.");
                question.proposal = Some(number.clone());
                questions.push(question);
                number
            });
            let section = paths.get(item.section_path.as_slice()).copied();
            rows.task(work, directory, item, number, section, questions)?;
        }
        Ok(rows)
    }

    /// The questions as whoever imports hears them.
    pub(super) fn asked(&self) -> Vec<Question> {
        let numbers: HashMap<Uuid, &str> = self.tasks.iter().map(|row| (row.id, row.number.as_str())).collect();
        let question = |row: &import_question::Model| Question {
            number: row.task_id.and_then(|task| numbers.get(&task)).map(|number| (*number).to_owned()),
            kind: row.kind.clone(),
            place: row.place.clone(),
            printed: row.printed.clone(),
            zh: row.text_zh.clone(),
            en: row.text_en.clone(),
            candidates: serde_json::from_value(row.candidates.clone()).unwrap_or_default(),
            proposal: row.proposal.clone(),
        };
        self.questions.iter().map(question).collect()
    }

    fn ask(&mut self, work: &Work, task: Option<Uuid>, question: &ImportQuestion) -> Result<(), Stop> {
        let candidates = serde_json::to_value(&question.candidates).map_err(|e| Fault::Internal(e.to_string()))?;
        self.questions.push(import_question::Model {
            id: work.id(),
            task_list_id: self.list,
            task_id: task,
            position: i32::try_from(self.questions.len()).unwrap_or(i32::MAX),
            kind: question.kind.code().to_owned(),
            subject: question.subject().to_owned(),
            place: question.place.clone(),
            printed: question.printed.clone(),
            text_zh: question.zh.clone(),
            text_en: question.en.clone(),
            candidates,
            proposal: question.proposal.clone(),
            status: ImportQuestionStatus::Open,
            answer: None,
            answered_by: None,
            answered_at: None,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        });
        Ok(())
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

    fn task(
        &mut self,
        work: &Work,
        directory: &Directory,
        item: &TaskItem,
        number: String,
        section_id: Option<Uuid>,
        mut questions: Vec<ImportQuestion>,
    ) -> Result<(), Stop> {
        let id = work.id();
        let position = i32::try_from(self.tasks.len()).unwrap_or(i32::MAX);
        // A document may mark a task without saying why.
        if item.needs_review && questions.is_empty() {
            let kind = if item.inherited { QuestionKind::Inherited } else { QuestionKind::Review };
            let mut question = ImportQuestion::new(kind, "tasks[].unitText");
            question.printed.clone_from(&item.unit_text);
            questions.push(question);
        }
        self.named(work, directory, id, &item.assignments, &mut questions);
        self.times(work, id, item)?;
        for question in &questions {
            self.ask(work, Some(id), question)?;
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
            needs_review: !questions.is_empty(),
            review_note: note(&questions),
            status: TaskStatus::Active,
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
        questions: &mut Vec<ImportQuestion>,
    ) {
        let start = self.assignments.len();
        for (position, item) in (0..).zip(items) {
            let (meaning, doubt) = meaning(directory, item.target, &item.name);
            if let Some(kind) = doubt {
                ask_about(directory, kind, &item.name, questions);
            }
            self.assignments.push(assignment::Model {
                id: work.id(),
                task_id: task,
                position,
                role: item.role,
                target: meaning.target,
                name: item.name.clone(),
                unit_id: meaning.unit,
                unit_group_id: meaning.group,
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
                let mut question = ImportQuestion::new(QuestionKind::UnitTwice, "tasks[].assignments");
                question.printed = Some(me.name.clone());
                questions.push(question);
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

/// The questions of a task in one line, for lists of tasks.
fn note(questions: &[ImportQuestion]) -> Option<String> {
    let one = |question: &ImportQuestion| match &question.printed {
        Some(printed) => format!("“{}”{}", printed.chars().take(40).collect::<String>(), question.zh),
        None => question.zh.clone(),
    };
    (!questions.is_empty()).then(|| questions.iter().map(one).collect())
}

/// Asks about a name, unless the reader did so already.
fn ask_about(directory: &Directory, kind: QuestionKind, name: &str, questions: &mut Vec<ImportQuestion>) {
    let about_names = |question: &ImportQuestion| {
        matches!(question.kind, QuestionKind::UnknownName | QuestionKind::AmbiguousName | QuestionKind::InactiveUnit)
    };
    let same = |question: &ImportQuestion| question.printed.as_deref().map(match_key) == Some(match_key(name));
    if questions.iter().any(|question| about_names(question) && same(question)) {
        return;
    }
    let mut question = ImportQuestion::new(kind, "tasks[].assignments");
    question.printed = Some(name.to_owned());
    question.candidates = directory.registry.nearest(name, 5);
    question.proposal = question.candidates.first().filter(|_| kind == QuestionKind::UnknownName).cloned();
    questions.push(question);
}
