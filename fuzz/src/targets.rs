//! The targets themselves; the tests of the program run the same functions over changed files.

use entity::vocabulary::AssignmentRole;
use taizhang::config::Limits;
use taizhang::documents::read::{limits, read_here};
use taizhang::documents::table::Pages;
use taizhang::documents::understand::{Options, understand as understood};
use taizhang::documents::write::read_report_sheet;
use taizhang::documents::{list_json as lists, units_json as units};
use taizhang::domain::deadline_text::{find, read_cell};
use taizhang::domain::numbering::natural_key;
use taizhang::domain::unit_expression::{parse, tokens};
use taizhang::web::guard;

fn file(bytes: &[u8], name: &str) {
    let answer = read_here(bytes, name);
    assert_eq!(answer, read_here(bytes, name), "the same bytes, another answer");
    let Ok(pages) = answer else { return };
    let cells: usize = pages.tables.iter().map(|t| t.cells.len()).sum();
    assert!(cells <= limits::MAX_CELLS && pages.notes.len() <= limits::MAX_NOTES);
    for table in &pages.tables {
        assert!(table.rows.saturating_mul(table.columns) <= limits::MAX_PLACES);
        for cell in &table.cells {
            assert!(cell.row_span >= 1 && cell.row + cell.row_span <= table.rows, "{cell:?}");
            assert!(cell.column_span >= 1 && cell.column + cell.column_span <= table.columns, "{cell:?}");
        }
    }
    list(&pages);
}

/// What is understood can be written and read again.
fn list(pages: &Pages) {
    let understood = understood(pages, Options { registry: None, year: 2026, year_is_known: false });
    if !understood.list.tasks.is_empty() {
        let written = lists::write(&understood.list);
        assert_eq!(lists::read(&written).expect("a draft that is no list"), understood.list);
    }
}

/// `.docx`.
pub fn docx(bytes: &[u8]) {
    file(bytes, "a.docx");
}

/// `.xlsx`.
pub fn xlsx(bytes: &[u8]) {
    file(bytes, "a.xlsx");
}

/// `.xls`.
pub fn xls(bytes: &[u8]) {
    file(bytes, "a.xls");
}

/// Web pages.
pub fn html(bytes: &[u8]) {
    file(bytes, "a.html");
}

/// `.csv` and `.txt`.
pub fn text(bytes: &[u8]) {
    file(bytes, "a.csv");
    file(bytes, "a.txt");
}

/// `taizhang-list/1`.
pub fn list_json(bytes: &[u8]) {
    if let Ok(list) = lists::read(bytes) {
        assert_eq!(lists::read(lists::write(&list)).expect("what was written is read"), list);
    }
}

/// Units and groups.
pub fn units_json(bytes: &[u8]) {
    let _ = units::read(bytes);
}

/// Expressions of units: every character is part of one token, and what was parsed can be printed and parsed.
pub fn unit_expression(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut at = 0;
    for token in tokens(&text) {
        assert!(token.start == at && token.end > at, "a gap in {text:?}");
        at = token.end;
    }
    assert_eq!(at, text.chars().count());
    let expression = parse(&text);
    let _ = (expression.assignments(AssignmentRole::Responsible), expression.doubts(), parse(&expression.to_string()));
}

/// Deadlines in cells and in running text, and printed numbers.
pub fn deadline(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let reading = read_cell(&text, 2026);
    for time in find(&text, 2026).into_iter().map(|f| f.time).chain(reading.others).chain([reading.deadline]) {
        assert!(time.from.zip(time.to).is_none_or(|(from, to)| from <= to), "{time:?}");
    }
    let _ = natural_key(&text);
}

/// A table given as JSON, so that spans and places can be anything.
pub fn understand(bytes: &[u8]) {
    if let Ok(mut pages) = serde_json::from_slice::<Pages>(bytes) {
        pages.tables.truncate(8);
        list(&pages);
    }
}

/// The guard before the parser of GraphQL.
pub fn lexer_guard(bytes: &[u8]) {
    let limits = Limits::default();
    let text = String::from_utf8_lossy(bytes);
    if let Ok(lexed) = guard::check(&text, &limits) {
        assert!(lexed.tokens <= limits.document_tokens && lexed.depth <= limits.bracket_depth);
        assert!(lexed.characters <= limits.document_chars);
    }
    let _ = guard::json_depth(bytes);
}

/// The filled form of a unit, as a page or as tables in JSON.
pub fn report_sheet(bytes: &[u8]) {
    let pages = serde_json::from_slice::<Pages>(bytes).or_else(|_| read_here(bytes, "a.html"));
    let Ok(mut pages) = pages else { return };
    pages.tables.truncate(8);
    let form = read_report_sheet(&pages);
    assert_eq!(form, read_report_sheet(&pages), "the same form, another answer");
    let rows: usize = pages.tables.iter().map(|t| t.rows.min(t.cells.len())).sum();
    assert!(form.rows.len() + form.keyless.len() <= rows, "more rows than the form has");
    assert!(form.rows.iter().all(|row| !row.key.is_empty()) && form.keyless.iter().all(|row| row.key.is_empty()));
    assert!(form.problems.iter().all(|problem| problem.printed.chars().count() <= 200));
}
