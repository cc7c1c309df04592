//! Separated values: the separator is found, quotes and line ends within them are kept.

use csv::{ReaderBuilder, Terminator};

use super::{Budget, ReadError, limits};
use crate::documents::table::{Cell, Pages, Table};
use crate::documents::write::fuse;

/// Reads the text as one table. Rows keep the cells they have; short rows are not filled up.
pub(super) fn read(text: &str, budget: &mut Budget) -> Result<Pages, ReadError> {
    let (text, said) = match text.split_once('\n') {
        Some((first, rest)) if first.len() == 5 && first.starts_with("sep=") => {
            (rest, first.as_bytes().get(4).copied())
        }
        _ => (text, None),
    };
    let separator = said.unwrap_or_else(|| separator(text));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(text.as_bytes());
    let mut table = Table { place: "表 1".to_owned(), ..Table::default() };
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| ReadError::Damaged)? {
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let row = table.rows;
        table.rows += 1;
        let line = record.position().map_or(row + 1, |at| usize::try_from(at.line()).unwrap_or(row + 1));
        for (column, field) in record.iter().enumerate() {
            budget.cell()?;
            budget.text(field.len())?;
            // An apostrophe that keeps a spreadsheet from running a text is no part of it.
            table.cells.push(cell(row, column, fuse(field).trim(), line));
        }
        table.columns = table.columns.max(record.len());
        if table.rows.saturating_mul(table.columns) > limits::MAX_PLACES {
            return Err(ReadError::TooManyCells);
        }
    }
    trim_right(&mut table);
    let tables = if table.cells.is_empty() { Vec::new() } else { vec![table] };
    Ok(Pages { tables, ..Pages::default() })
}

/// A cell of one place.
pub(super) fn cell(row: usize, column: usize, text: &str, line: usize) -> Cell {
    Cell {
        row,
        column,
        row_span: 1,
        column_span: 1,
        text: text.trim().to_owned(),
        date: None,
        place: format!("第 {line} 行第 {} 列", column + 1),
    }
}

/// Takes off columns at the right that are empty in every row: separators at the ends of lines.
pub(super) fn trim_right(table: &mut Table) {
    let filled = table.cells.iter().filter(|cell| !cell.text.is_empty()).map(|cell| cell.column + 1).max();
    table.columns = filled.unwrap_or_default();
    table.cells.retain(|cell| cell.column < table.columns);
}

/// The sign that splits the first lines most often, quotes left out.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(65_536) {
        match byte {
            b'"' => quoted = !quoted,
            byte if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| *sign)
}
