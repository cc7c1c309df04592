//! A whole list from a document: names looked up in the directory, questions noted, everything or nothing.
//!
//! What the document says stands in the rows as printed. A name that means nothing, or several things, keeps its row
//! without a unit, and becomes a question to a person, like everything else that was not understood for certain. A unit
//! that a task prints twice is in force once, with the strongest role; its other rows are kept as WITHDRAWN, so that
//! nothing printed is lost.

mod file;
mod names;
mod rows;

use entity::{assignment, deadline, import_question, section, section_closure, task, task_list};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::{issuer, list_id};
use super::files::digest;
use super::lists::draft;
use super::names::Directory;
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work, lists};
use crate::documents::list_json::{self, ListDocument, MAX_NAME};
use crate::documents::understand::{ImportQuestion, QuestionKind};
use crate::error::{Fault, Message, UserError, UserErrorCode};
use rows::Rows;

pub use file::ImportFile;
pub(super) use names::meaning;

/// A list to be imported.
#[derive(Clone, Debug, Serialize)]
pub struct TaskListImport {
    /// The unit that issues it.
    pub issuer: Uuid,
    /// What it says, and what the reader could not know.
    pub read: ReadList,
    /// The title, where the document has none or another is wanted.
    pub title: Option<String>,
    /// Whether supporting units owe reports too.
    pub support_reports: bool,
    /// Only say what would come of it. An idempotency key is not spent on this.
    pub dry_run: bool,
}

/// A list as it was read.
#[derive(Clone, Debug, Serialize)]
pub struct ReadList {
    /// The draft.
    #[serde(skip)]
    pub document: ListDocument,
    /// What the reader asks a person.
    #[serde(skip)]
    pub questions: Vec<ImportQuestion>,
    /// By what it is known again, also when the same call is sent twice: the digest of the file, or of the document in its
    /// canonical form. What was understood may differ meanwhile, because names were learnt.
    pub digest: String,
}

impl From<ListDocument> for ReadList {
    fn from(document: ListDocument) -> Self {
        Self { questions: Vec::new(), digest: digest(list_json::write(&document).as_bytes()), document }
    }
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
    /// What a person is asked, in printed order.
    pub questions: Vec<Question>,
}

/// What a person is asked about a list that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The number of the task; none when it is about the list as a whole.
    pub number: Option<String>,
    /// The code of its kind.
    pub kind: String,
    /// Where the words stand.
    pub place: Option<String>,
    /// The words.
    pub printed: Option<String>,
    /// The question in Chinese.
    pub zh: String,
    /// The question in English.
    pub en: String,
    /// Values it could be.
    pub candidates: Vec<String>,
    /// The value that is proposed.
    pub proposal: Option<String>,
}

impl From<ImportQuestion> for Question {
    fn from(question: ImportQuestion) -> Self {
        Self {
            number: question.task,
            kind: question.kind.code().to_owned(),
            place: question.place,
            printed: question.printed,
            zh: question.zh,
            en: question.en,
            candidates: question.candidates,
            proposal: question.proposal,
        }
    }
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
    let document = &input.read.document;
    let mut checks = Checks::default();
    let title = checks.optional(input.title.as_deref(), MAX_NAME, "input.title");
    lists::check_year(&mut checks, document.year, "input.year");
    if document.tasks.is_empty() {
        checks.fail(UserErrorCode::Required, Message::ListEmpty, "input.content");
    }
    checks.done()?;

    let digest = input.read.digest.clone();
    let rows = Rows::new(work, &directory, &input.read)?;
    let mut imported = Imported {
        list: None,
        before: false,
        sections: document.sections.len(),
        tasks: document.tasks.len(),
        questions: rows.asked(),
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

    let id = rows.list;
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
    work.tx.insert_all::<section::Entity>(rows.sections).await?;
    work.tx.insert_all::<section_closure::Entity>(rows.closure).await?;
    work.tx.insert_all::<task::Entity>(rows.tasks).await?;
    work.tx.insert_all::<deadline::Entity>(rows.deadlines).await?;
    work.tx.insert_all::<assignment::Entity>(rows.assignments).await?;
    work.tx.insert_all::<import_question::Entity>(rows.questions).await?;
    work.audit(list_id(id), &["issuer", "year", "title", "sections", "tasks"]);
    work.tell("task_list.created", serde_json::json!({ "taskList": id }));
    imported.list = Some(id);
    Ok(imported)
}
