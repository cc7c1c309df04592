//! `answer` and `issue`: what stands between an imported draft and a list in force, in the name of the office of its
//! place.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use entity::{import_question, task, task_list};
use uuid::Uuid;

use super::data::read;
use super::house::{House, Older};
use super::{Answer, Failure, Issue, draft, output};
use crate::config::Settings;
use crate::documents::list_json;
use crate::domain::text::match_key;
use crate::id::{GlobalId, Kind};
use crate::service::files::digest;
use crate::service::import::{Question, ReadList};
use crate::service::questions::{Answering, Choice};
use crate::service::{Caller, Service, issue};
use crate::store::{Reader, StoreError, Visible};

/// Answers questions, and shows those that are left.
pub(super) async fn answer(settings: &Settings, asked: &Answer) -> Result<(), Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    let service = &house.service;
    let (list, office) = named(service, &asked.list).await?;
    let reader = service.store().reader_for(Arc::clone(&office.actor));
    for (what, value) in &asked.answers {
        let mut answered = 0;
        let by_words = about_words(&reader.open_questions(list.id).await?, what).is_some();
        // Read again each time: one answer about a name is an answer wherever the list prints it.
        while let Some(question) = about(&reader.open_questions(list.id).await?, what, by_words) {
            let choice = Choice::Value(value.clone());
            let input = Answering { expected_version: question.version, choice, remember: true };
            let done = service.import_question_answer(&office, None, question.id, input).await?;
            done.map_err(|errors| Failure::refused(&errors).about(what))?;
            answered += 1;
            if !by_words {
                break;
            }
        }
        if answered == 0 {
            return Err(Failure::new(
                format!("没有关于“{what}”的未答复问题；不带答复运行 taizhang answer 可列出全部问题。"),
                format!("No open question is about “{what}”: taizhang answer without answers shows them all."),
            ));
        }
        output::line(&format!("{what} = {value}"));
    }
    let open = reader.open_questions(list.id).await?;
    if asked.keep {
        let ids: Vec<Uuid> = open.iter().map(|question| question.id).collect();
        for portion in ids.chunks(service.limits().bulk_items.max(1)) {
            let kept = service.import_questions_keep(&office, None, list.id, portion.to_vec()).await?;
            kept.map_err(|errors| Failure::refused(&errors))?;
        }
    }
    show(&reader, &list, reader.open_questions(list.id).await?).await?;
    house.close().await;
    Ok(())
}

/// Puts a list in force.
pub(super) async fn issue(settings: &Settings, asked: &Issue) -> Result<(), Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    let (list, office) = named(&house.service, &asked.list).await?;
    let input = issue::Issue {
        expected_version: list.version,
        issued_on: asked.issued_on,
        document_number: asked.document_number.clone(),
    };
    let issued = house.service.task_list_issue(&office, None, list.id, input).await?;
    issued.map_err(|errors| Failure::refused(&errors))?;
    let list = house.service.store().list_by_key(list.id).await?.unwrap_or(list);
    let day = list.issued_on.map(|day| day.to_string()).unwrap_or_default();
    output::line(&format!("{}  {day} 已印发 · issued · {}", id(&list), list.title));
    house.close().await;
    Ok(())
}

fn id(list: &task_list::Model) -> GlobalId {
    GlobalId::new(Kind::TaskList, list.id)
}

/// The list that is meant, by its identifier or its file, and the office of its place.
pub(super) async fn named(service: &Service, said: &str) -> Result<(task_list::Model, Caller), Failure> {
    let mut found: Vec<task_list::Model> = match said.parse::<GlobalId>() {
        Ok(id) if id.kind == Kind::TaskList => service.store().list_by_key(id.uuid).await?.into_iter().collect(),
        _ => service.store().lists_by_digest(&digests(&read(Path::new(said))?)).await?,
    };
    let list = match (found.pop(), found.is_empty()) {
        (Some(list), true) => list,
        (Some(last), false) => {
            let ids: Vec<String> = found.iter().chain([&last]).map(|list| id(list).to_string()).collect();
            let ids = ids.join(", ");
            return Err(Failure::new(
                format!("“{said}”导入为多份清单（{ids}），请指明标识。"),
                format!("“{said}” was imported as several lists ({ids}): name one by its id."),
            ));
        }
        (None, _) => {
            return Err(Failure::new(
                format!("没有清单“{said}”，请先用 taizhang import 导入。"),
                format!("There is no list “{said}”: bring it in with taizhang import."),
            ));
        }
    };
    let roots = service.store().roots().await?;
    let root = roots.iter().find(|root| root.id == list.root_id);
    let office = service.operator_caller(root.ok_or(StoreError::Misuse("a list without a root"))?).await?;
    Ok((list, office))
}

/// By what an import knows a file again: its bytes, or what it says when it is a `taizhang-list/1`.
fn digests(bytes: &[u8]) -> Vec<String> {
    let document = list_json::read(bytes).ok().map(|document| ReadList::from(document).digest);
    std::iter::once(digest(bytes)).chain(document).collect()
}

/// The first open question about these words, or the one with this number.
fn about(
    open: &[Visible<import_question::Model>],
    what: &str,
    by_words: bool,
) -> Option<Visible<import_question::Model>> {
    if by_words { about_words(open, what) } else { open.iter().find(|row| number(row).to_string() == what).cloned() }
}

fn about_words(open: &[Visible<import_question::Model>], what: &str) -> Option<Visible<import_question::Model>> {
    let key = match_key(what);
    let words = |question: &&Visible<import_question::Model>| {
        question.printed.as_deref().is_some_and(|printed| printed == what || match_key(printed) == key)
    };
    open.iter().find(words).cloned()
}

/// The number of a question, from 1, the same from the import to the last answer.
fn number(question: &import_question::Model) -> i64 {
    i64::from(question.position) + 1
}

/// Shows what is still open.
async fn show(
    reader: &Reader,
    list: &task_list::Model,
    open: Vec<Visible<import_question::Model>>,
) -> Result<(), Failure> {
    let tasks: Vec<Uuid> = open.iter().filter_map(|question| question.task_id).collect();
    let tasks: HashMap<_, _> = reader.by_keys::<task::Entity>(&tasks).await?;
    output::line(&format!("{}  待确认 {} 项 · {} questions are open", id(list), open.len(), open.len()));
    for question in open.into_iter().map(Visible::into_inner) {
        let task = question.task_id.and_then(|task| tasks.get(&task));
        let number = number(&question);
        draft::ask(
            number,
            &Question {
                number: task.map(|task| task.number.clone()),
                kind: question.kind,
                place: question.place,
                printed: question.printed,
                zh: question.text_zh,
                en: question.text_en,
                candidates: serde_json::from_value(question.candidates).unwrap_or_default(),
                proposal: question.proposal,
            },
        );
    }
    Ok(())
}
