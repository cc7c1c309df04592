//! A list from whatever file the office has, and what is said about it on the way.

use std::path::Path;

use chrono::Datelike;

use super::data::{of_document, read};
use super::house::reader;
use super::{Failure, Import, output};
use crate::clock::{Clock, SystemClock, day_of};
use crate::config::Limits;
use crate::documents::list_json::{self, ListDocument};
use crate::documents::sandbox;
use crate::documents::understand::{Options, understand};
use crate::domain::lang::Lang;
use crate::service::import::Question;

/// What a file holds, without any database: for `--dry-run`.
pub(super) async fn document(limits: &Limits, asked: &Import) -> Result<(ListDocument, Vec<Question>), Failure> {
    let bytes = read(&asked.file)?;
    if asked.list_json {
        let document = list_json::read(bytes).map_err(|problems| of_document(&asked.file, &problems))?;
        return Ok((document, Vec::new()));
    }
    let pages = sandbox::read(&bytes, &name(&asked.file), &reader(limits)).await.map_err(|error| {
        let path = asked.file.display();
        Failure::new(format!("{path}：{}", error.text(Lang::Zh)), format!("{path}: {}", error.text(Lang::En)))
    })?;
    let year = day_of(SystemClock.now()).year();
    let mut understood = understand(&pages, Options { registry: None, year, year_is_known: false });
    for (index, task) in understood.list.tasks.iter_mut().enumerate() {
        task.needs_review |= understood.questions.iter().any(|question| question.task_index() == Some(index));
    }
    let questions = understood.questions.into_iter().map(Question::from).collect();
    // What goes on from here has passed the same checks as a list that came as JSON.
    let document = list_json::read(list_json::write(&understood.list));
    Ok((document.map_err(|problems| of_document(&asked.file, &problems))?, questions))
}

/// The name of a file without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Says a question where it does not mix with the result.
pub(super) fn ask(question: &Question) {
    let place = question.place.as_deref().unwrap_or("-");
    let number = question.number.as_deref().map(|number| format!("[{number}] ")).unwrap_or_default();
    let printed = question.printed.as_deref().map(|printed| format!("“{printed}” ")).unwrap_or_default();
    output::aside(&format!("?  {place}  {number}{printed}{} · {}", question.zh, question.en));
    if let Some(proposal) = &question.proposal {
        output::aside(&format!("   建议 · proposed: {proposal}"));
    }
}

/// Prints what would be imported, and imports nothing.
pub(super) fn show(file: &Path, document: &ListDocument, json: bool) {
    if json {
        output::line(&list_json::write(document));
        return;
    }
    let title = document.title.as_deref().unwrap_or("-");
    let asking = document.tasks.iter().filter(|task| task.needs_review).count();
    output::line(&format!("{}  {title}", file.display()));
    output::line(&format!(
        "章节 {}，任务 {}，待确认 {} · {} sections, {} tasks, {} ask a person",
        document.sections.len(),
        document.tasks.len(),
        asking,
        document.sections.len(),
        document.tasks.len(),
        asking
    ));
}
