//! From scattered cells and merged ranges of a worksheet to a table.

use chrono::NaiveDate;

use super::{Budget, ReadError};
use crate::documents::table::{Cell, Table};

/// A cell with something in it.
pub(super) struct Filled {
    /// Row in the sheet, from 0.
    pub(super) row: usize,
    /// Column in the sheet, from 0.
    pub(super) column: usize,
    /// Its text.
    pub(super) text: String,
    /// Its day.
    pub(super) date: Option<NaiveDate>,
}

/// A merged range, both corners within.
#[derive(Clone, Copy)]
pub(super) struct Merged {
    /// First row.
    pub(super) top: usize,
    /// First column.
    pub(super) left: usize,
    /// Last row.
    pub(super) bottom: usize,
    /// Last column.
    pub(super) right: usize,
}

/// Whether anybody sees a sheet, its rows and its columns.
#[derive(Default)]
pub(super) struct Hidden {
    /// The whole sheet.
    pub(super) sheet: bool,
    /// Rows of the sheet.
    pub(super) rows: Vec<usize>,
    /// Ranges of columns, both ends within.
    pub(super) columns: Vec<(usize, usize)>,
}

/// "A1" in a sheet.
pub(super) fn address(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// The table from the first to the last filled cell; none when nothing is filled. Merged ranges are cut to it.
pub(super) fn table(
    name: &str,
    hidden: &Hidden,
    mut filled: Vec<Filled>,
    merged: &[Merged],
    budget: &mut Budget,
) -> Result<Option<Table>, ReadError> {
    // Of two cells at one place the later one counts.
    filled.sort_by_key(|cell| (cell.row, cell.column));
    filled.reverse();
    filled.dedup_by_key(|cell| (cell.row, cell.column));
    filled.reverse();
    let top = filled.iter().map(|c| c.row).min();
    let left = filled.iter().map(|c| c.column).min();
    let (Some(top), Some(left)) = (top, left) else { return Ok(None) };
    let bottom = filled.iter().map(|c| c.row).max().unwrap_or(top);
    let right = filled.iter().map(|c| c.column).max().unwrap_or(left);
    let (rows, columns) = (bottom - top + 1, right - left + 1);
    let area = rows.saturating_mul(columns);
    if area > budget.limits.cells {
        return Err(too_large(name, &filled, area));
    }
    budget.cells(area.saturating_sub(filled.len()))?;
    let mut places: Vec<Place> = vec![Place::Free; area];
    let mut work = 0_usize;
    for range in merged {
        let range = Merged {
            top: range.top.max(top),
            left: range.left.max(left),
            bottom: range.bottom.min(bottom),
            right: range.right.min(right),
        };
        if range.top > range.bottom || range.left > range.right {
            continue;
        }
        let all = || {
            (range.top..=range.bottom).flat_map(move |row| {
                (range.left..=range.right).map(move |column| (row - top) * columns + column - left)
            })
        };
        // Ranges that overlap, which only a forger makes, would be work without end.
        work += all().count() + 1;
        if work > 4 * budget.limits.cells {
            return Err(ReadError::Damaged);
        }
        if all().any(|at| places[at] != Place::Free) {
            continue;
        }
        all().for_each(|at| places[at] = Place::Covered);
        places[(range.top - top) * columns + range.left - left] =
            Place::Merged { rows: range.bottom - range.top + 1, columns: range.right - range.left + 1 };
    }
    let mut cells = Vec::with_capacity(area);
    let mut filled = filled.into_iter().peekable();
    for (at, place) in places.into_iter().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let found = filled.next_if(|cell| (cell.row - top, cell.column - left) == (row, column));
        let (row_span, column_span) = match place {
            Place::Covered => continue,
            Place::Free => (1, 1),
            Place::Merged { rows, columns } => (rows, columns),
        };
        let (text, date) = found.map(|cell| (cell.text, cell.date)).unwrap_or_default();
        let place = format!("{name}!{}", address(row + top, column + left));
        cells.push(Cell { row, column, row_span, column_span, text, date, place });
    }
    let mut hidden_rows: Vec<usize> =
        hidden.rows.iter().filter(|r| (top..=bottom).contains(r)).map(|r| r - top).collect();
    hidden_rows.sort_unstable();
    hidden_rows.dedup();
    let hidden_columns =
        (0..columns).filter(|c| hidden.columns.iter().any(|(from, to)| (*from..=*to).contains(&(c + left)))).collect();
    Ok(Some(Table {
        place: name.to_owned(),
        hidden: hidden.sheet,
        before: Vec::new(),
        rows,
        columns,
        hidden_rows,
        hidden_columns,
        cells,
    }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Free,
    Covered,
    Merged { rows: usize, columns: usize },
}

/// A few cells in a wide field: one of them was put there by mistake, the last one most likely.
fn too_large(name: &str, filled: &[Filled], area: usize) -> ReadError {
    let far = filled.iter().max_by_key(|cell| cell.row.saturating_add(cell.column.saturating_mul(64)));
    match far {
        Some(far) if area / 10 > filled.len() => {
            ReadError::FarCell { place: format!("{name}!{}", address(far.row, far.column)) }
        }
        _ => ReadError::TooManyCells,
    }
}
