//! A list from whatever file the office has: the JSON form as it is, everything else read in a sandbox and understood.

use std::path::Path;

use chrono::Datelike;

use super::data::{of_document, read};
use super::{Failure, Import, output};
use crate::clock::{Clock, SystemClock, day_of};
use crate::config::Limits;
use crate::documents::list_json::{self, ListDocument};
use crate::documents::read::FileLimits;
use crate::documents::sandbox::{self, Program};
use crate::documents::understand::{ImportQuestion, Options, understand};
use crate::domain::lang::Lang;

/// The list of a file; a task that raises a question waits for a person.
pub(super) async fn document(limits: &Limits, asked: &Import) -> Result<ListDocument, Failure> {
    let bytes = read(&asked.file)?;
    if asked.list_json {
        return list_json::read(bytes).map_err(|problems| of_document(&asked.file, &problems));
    }
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let pages = sandbox::read(&bytes, &name, &Program::this().within(files(limits))).await.map_err(|error| {
        let path = asked.file.display();
        Failure::new(format!("{path}：{}", error.text(Lang::Zh)), format!("{path}: {}", error.text(Lang::En)))
    })?;
    let year = day_of(SystemClock.now()).year();
    let mut understood = understand(&pages, Options { registry: None, year });
    for task in &mut understood.list.tasks {
        let number = task.number.as_deref();
        task.needs_review |=
            understood.questions.iter().any(|question| question.task.is_some() && question.task.as_deref() == number);
    }
    understood.questions.iter().for_each(ask);
    // What goes on from here has passed the same checks as a list that came as JSON.
    list_json::read(list_json::write(&understood.list)).map_err(|problems| of_document(&asked.file, &problems))
}

/// What the settings say about office files.
const fn files(limits: &Limits) -> FileLimits {
    FileLimits {
        bytes: limits.file_bytes,
        unpacked: limits.file_unpacked,
        entries: limits.file_entries,
        cells: limits.file_cells,
        memory: limits.file_memory,
        cpu_seconds: limits.file_cpu_seconds,
    }
}

/// Says a question where it does not mix with the result.
fn ask(question: &ImportQuestion) {
    let place = question.place.as_deref().unwrap_or("-");
    output::aside(&format!("?  {place}  {} · {}", question.zh, question.en));
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
