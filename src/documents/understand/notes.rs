//! What the reader of the file noticed and a person has to know: words that are not there, or not as they were written.

use super::question::{QuestionKind, Questions};
use crate::documents::read::Note;
use crate::documents::table::Table;

/// Places named in one question.
const PLACES: usize = 12;

/// Asks about what is missing in the tables that were read; where nothing is missing, nothing is asked.
pub(super) fn ask(notes: &[Note], tables: &[Table], questions: &mut Questions) {
    let read = |place: &str| {
        tables.iter().any(|table| place.strip_prefix(&table.place).is_some_and(|rest| rest.starts_with('!')))
    };
    let blank: Vec<&str> = notes
        .iter()
        .filter_map(|note| match note {
            Note::NoValue { place } if read(place) => Some(place.as_str()),
            _ => None,
        })
        .collect();
    if let Some(first) = blank.first() {
        let question = questions.ask(QuestionKind::NoValue, "tasks").at(first);
        question.printed(&blank.iter().take(PLACES).copied().collect::<Vec<_>>().join(" ")).propose("OK");
    }
    struck(notes, tables, questions);
    if notes.contains(&Note::BadBytes) {
        questions.ask(QuestionKind::BadBytes, "tasks").propose("OK");
    }
    for note in notes {
        let Note::HiddenRows { place, rows, text } = note else { continue };
        if tables.iter().any(|table| table.place == *place) {
            let question = questions.ask(QuestionKind::Row, "rows").at(place).printed(text);
            question.zh = super::hidden::zh(*rows, "行");
            question.en = super::hidden::en(*rows, "rows");
            question.propose("OMIT");
        }
    }
}

/// What is struck through may be meant as deleted: nobody but a person can say.
fn struck(notes: &[Note], tables: &[Table], questions: &mut Questions) {
    let within = |place: &str| tables.iter().any(|table| table.cells.iter().any(|cell| cell.place == place));
    let found = notes.iter().filter_map(|note| match note {
        Note::Struck { place, text } => Some((place.as_str(), text.as_str())),
        _ => None,
    });
    let found: Vec<(&str, &str)> = found.take(PLACES).filter(|(place, _)| within(place)).collect();
    let Some((first, _)) = found.first() else { return };
    let text = found.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("；");
    let question = questions.ask(QuestionKind::Review, "tasks").at(first).printed(&text);
    question.zh = format!("文件中有 {} 处文字加了删除线，仍按原文读入，请核对。", found.len());
    question.en =
        format!("Text is struck through in the file ({}); it was read all the same. Is that right?", found.len());
    question.propose("OK");
}
