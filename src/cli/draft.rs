//! A list from whatever file the office has, and what is said about it on the way.

use std::path::Path;

use chrono::Datelike;

use super::data::{of_document, read, read_units};
use super::house::reader;
use super::{Failure, Import, output};
use crate::clock::{Clock, SystemClock, day_of};
use crate::config::Limits;
use crate::documents::list_json::{self, ListDocument};
use crate::documents::sandbox;
use crate::documents::table::Pages;
use crate::documents::understand::{Options, Registry, understand};
use crate::documents::units_json::{Jurisdiction, UnitsDocument};
use crate::domain::lang::Lang;
use crate::domain::text::match_key;
use crate::service::import::Question;

/// Candidates shown at most.
const CANDIDATES: usize = 5;

/// What a file holds, without any database: for `--dry-run`.
pub(super) async fn document(limits: &Limits, asked: &Import) -> Result<(ListDocument, Vec<Question>), Failure> {
    let units = asked.units.as_deref().map(read_units).transpose()?;
    let bytes = read(&asked.file)?;
    if asked.list_json {
        let document = list_json::read(bytes).map_err(|problems| of_document(&asked.file, &problems))?;
        return Ok((document, Vec::new()));
    }
    let pages = sandbox::read(&bytes, &name(&asked.file), &reader(limits)).await.map_err(|error| {
        let path = asked.file.display();
        Failure::new(format!("{path}：{}", error.text(Lang::Zh)), format!("{path}: {}", error.text(Lang::En)))
    })?;
    let registry = units.as_ref().and_then(|units| registry(units, asked, &pages));
    let mut understood = understand(&pages, options(registry.as_ref()));
    for (index, task) in understood.list.tasks.iter_mut().enumerate() {
        task.needs_review |= understood.questions.iter().any(|question| question.task_index() == Some(index));
    }
    let questions = understood.questions.into_iter().map(Question::from).collect();
    // What goes on from here has passed the same checks as a list that came as JSON.
    let document = list_json::checked(&understood.list);
    Ok((document.map_err(|problems| of_document(&asked.file, &problems))?, questions))
}

fn options(registry: Option<&Registry>) -> Options<'_> {
    Options { registry, year: day_of(SystemClock.now()).year(), year_is_known: false }
}

/// The names of the place whose list this is: as asked, as the units file says of this file, or as the list itself says.
fn registry(units: &UnitsDocument, asked: &Import, pages: &Pages) -> Option<Registry> {
    let office = |said: &str| {
        let bears = |place: &&Jurisdiction| {
            place.units.iter().any(|unit| unit.id == said || match_key(&unit.name) == match_key(said))
        };
        units.jurisdictions.iter().find(bears)
    };
    let place = match (&asked.issuer, &units.jurisdictions[..]) {
        (Some(said), _) => office(said),
        (None, [one]) => Some(one),
        (None, _) => place_of_file(units, &asked.file)
            .or_else(|| office(understand(pages, options(None)).list.issuer.as_deref()?)),
    };
    if place.is_none() {
        output::aside(
            "未能确定发文单位，名称未与单位库核对，请用 --issuer 指明 · Who issues the list is not known, so names were not \
             looked up: say it with --issuer",
        );
    }
    place.map(Registry::of_place)
}

/// The place to which a units file gives a list, by the start of its file name.
pub(super) fn place_of_file<'a>(units: &'a UnitsDocument, file: &Path) -> Option<&'a Jurisdiction> {
    let name = name(file);
    let stem = name.split('.').next().unwrap_or_default();
    units.jurisdictions.iter().find(|place| place.list.iter().any(|list| list == stem))
}

/// The name of a file without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Says questions where they do not mix with the result, each with its number.
pub(super) fn ask_all(questions: &[Question]) {
    (1..).zip(questions).for_each(|(number, question)| ask(number, question));
}

/// Says a question, and what it could be.
pub(super) fn ask(number: i64, question: &Question) {
    let place = question.place.as_deref().unwrap_or("-");
    let task = question.number.as_deref().map(|task| format!("[{task}] ")).unwrap_or_default();
    let printed = question.printed.as_deref().map(|printed| format!("“{printed}” ")).unwrap_or_default();
    output::aside(&format!("{number}?  {place}  {task}{printed}{} · {}", question.zh, question.en));
    if let Some(proposal) = &question.proposal {
        output::aside(&format!("    建议 · proposed: {proposal}"));
    }
    let others = question.candidates.iter().filter(|value| question.proposal.as_ref() != Some(value));
    let others: Vec<&str> = others.take(CANDIDATES).map(String::as_str).collect();
    if !others.is_empty() {
        output::aside(&format!("    候选 · candidates: {}", others.join("、")));
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
