//! The questions of an import, answered by the office: the answer goes into the draft, and an answered name is
//! remembered as another name of the unit or group, so that it is asked once in the life of a place.
//!
//! A question that is only kept leaves the draft as it stands. A list with open questions can't be issued.

mod effect;
mod names;
mod whole;

use entity::vocabulary::ImportQuestionStatus;
use entity::{import_question, task, task_list};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::{list_for, touch};
use super::names::Directory;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::documents::list_json::MAX_TEXT;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// What a person says to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Choice {
    /// The draft stays as it stands.
    Keep,
    /// The value that was proposed.
    Proposal,
    /// This value, or the thing of this name.
    Value(String),
    /// This unit.
    Unit(Uuid),
    /// This group.
    Group(Uuid),
}

/// An answer to a question.
#[derive(Clone, Debug, Serialize)]
pub struct Answering {
    /// The version of the question that was read.
    pub expected_version: i32,
    /// The answer.
    pub choice: Choice,
    /// An answered name becomes another name of the unit or group.
    pub remember: bool,
}

/// What came of one of several answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The question.
    pub question: Uuid,
    /// Whether it is answered now.
    pub answered: bool,
}

/// A question and what it is about, under lock.
struct Asked {
    list: task_list::Model,
    task: Option<task::Model>,
    question: import_question::Model,
    directory: Directory,
}

impl Service {
    /// Answers a question of an import.
    pub async fn import_question_answer(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Answering,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("importQuestionAnswer", key, &(id, &input))?);
        let result = answer(&mut work, id, input).await;
        work.end(result).await
    }

    /// Lets the draft stand as it is for several questions of a list; those about names without a unit stay open.
    pub async fn import_questions_keep(
        &self,
        caller: &Caller,
        key: Option<String>,
        list: Uuid,
        questions: Vec<Uuid>,
    ) -> Answer<Vec<Kept>> {
        let mut work = begin!(self, caller, Call::new("importQuestionKeep", key, &(list, &questions))?);
        let result = keep(&mut work, list, &questions).await;
        work.end(result).await
    }
}

async fn answer(work: &mut Work, id: Uuid, input: Answering) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<import_question::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    // A name that is to be remembered is locked before the list, as an import does; everything else only reads names.
    let learns = input.remember && names::are_asked_for(&seen);
    let locked = if learns { Some(Directory::lock(work).await?) } else { None };
    let list = list_for(work, seen.task_list_id, Action::ListEdit).await?;
    let directory = match locked {
        Some(directory) => directory,
        None => Directory::read(work).await?,
    };
    let Some(question) = work.tx.locked::<import_question::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let question = question.into_inner();
    expect_version(question.version, input.expected_version)?;
    if question.status == ImportQuestionStatus::Answered {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::QuestionAnswered).into());
    }
    let task = match question.task_id {
        Some(task) => work.tx.locked::<task::Entity>(&work.actor, task).await?.map(crate::store::Visible::into_inner),
        None => None,
    };
    let mut asked = Asked { list, task, question, directory };
    let choice = chosen(input.choice, &asked.question)?;
    let answered = effect::apply(work, &mut asked, choice, input.remember).await?;
    let changed: &[&'static str] = if answered.value.is_some() { &["status", "answer", "draft"] } else { &["status"] };
    settle(work, &asked, &answered).await?;
    work.audit(GlobalId::new(Kind::ImportQuestion, id), changed);
    let list = asked.list;
    touch(work, list).await?;
    Ok(id)
}

/// The proposal as the value it stands for.
fn chosen(choice: Choice, question: &import_question::Model) -> Result<Choice, Stop> {
    match choice {
        Choice::Proposal => match &question.proposal {
            Some(proposal) => Ok(Choice::Value(proposal.clone())),
            None => Err(UserError::at(UserErrorCode::Required, Message::NoProposal, "input.acceptProposal").into()),
        },
        Choice::Value(value) => {
            let mut checks = Checks::default();
            let value = checks.text(&value, MAX_TEXT, "input.value");
            checks.done()?;
            Ok(Choice::Value(value))
        }
        other => Ok(other),
    }
}

/// What an answer did.
struct Answered {
    /// The answer as it is remembered; none when the draft was kept.
    value: Option<String>,
    /// Other questions that this answers too.
    also: Vec<import_question::Model>,
}

/// Writes the answer to its question and to those it answers too, and takes the mark off tasks that ask nothing more.
async fn settle(work: &Work, asked: &Asked, answered: &Answered) -> Result<(), Stop> {
    let list = asked.list.id;
    for row in std::iter::once(&asked.question).chain(&answered.also) {
        close(work, row.clone(), answered.value.clone()).await?;
    }
    let tasks: Vec<Uuid> =
        std::iter::once(&asked.question).chain(&answered.also).filter_map(|row| row.task_id).collect();
    unmark(work, list, &tasks).await
}

/// Writes an answer.
async fn close(work: &Work, mut row: import_question::Model, answer: Option<String>) -> Result<(), Stop> {
    row.status = ImportQuestionStatus::Answered;
    row.answer = answer;
    row.answered_by = Some(work.actor.user_id);
    row.answered_at = Some(work.now);
    row.version += 1;
    row.updated_at = work.now;
    Ok(work.tx.update::<import_question::Entity>(row).await?)
}

/// Takes the mark off those of the tasks about which nothing is open any more.
async fn unmark(work: &Work, list: Uuid, tasks: &[Uuid]) -> Result<(), Stop> {
    let open = open_of_list(work, list).await?;
    let quiet: Vec<Uuid> =
        tasks.iter().copied().filter(|task| !open.iter().any(|row| row.task_id == Some(*task))).collect();
    for mut row in work.tx.all_where::<task::Entity>(task::Column::Id, &quiet).await? {
        if row.needs_review {
            row.needs_review = false;
            row.review_note = None;
            super::tasks::save(work, row).await?;
        }
    }
    Ok(())
}

/// The open questions of a list, in the order of the file.
pub(super) async fn open_of_list(work: &Work, list: Uuid) -> Result<Vec<import_question::Model>, Stop> {
    let mut rows = work.tx.all_where::<import_question::Entity>(import_question::Column::TaskListId, &[list]).await?;
    rows.retain(|row| row.status == ImportQuestionStatus::Open);
    rows.sort_by_key(|row| (row.position, row.id));
    Ok(rows)
}

/// Closes what is open about a task: a person has looked at it as a whole.
pub(super) async fn close_of_task(work: &Work, task: Uuid) -> Result<bool, Stop> {
    let mut rows = work.tx.all_where::<import_question::Entity>(import_question::Column::TaskId, &[task]).await?;
    rows.retain(|row| row.status == ImportQuestionStatus::Open);
    let any = !rows.is_empty();
    for row in rows {
        close(work, row, None).await?;
    }
    Ok(any)
}

async fn keep(work: &mut Work, list: Uuid, questions: &[Uuid]) -> Result<Vec<Kept>, Stop> {
    let list = list_for(work, list, Action::ListEdit).await?;
    let most = work.service().limits().bulk_items;
    if questions.len() > most {
        return Err(UserError::at(UserErrorCode::Limit, Message::TooMany(most), "input.questions").into());
    }
    let open = open_of_list(work, list.id).await?;
    let mut outcome = Vec::new();
    let mut tasks = Vec::new();
    for id in questions {
        let row = open.iter().find(|row| row.id == *id);
        let answered = match row {
            Some(row) if !outcome.iter().any(|kept: &Kept| kept.question == *id) => {
                let may = !names::is_unsettled(work, row).await?;
                if may {
                    close(work, row.clone(), None).await?;
                    tasks.extend(row.task_id);
                }
                may
            }
            _ => false,
        };
        outcome.push(Kept { question: *id, answered });
    }
    unmark(work, list.id, &tasks).await?;
    work.audit(super::drafts::list_id(list.id), &["importQuestions"]);
    touch(work, list).await?;
    Ok(outcome)
}
