//! A table as a full grid: every place knows the cell that covers it.

use crate::documents::table::{Cell, Table};

/// Places of a grid at most; a reader of files allows fewer.
const MOST: usize = 4_000_000;

/// A table as a grid.
pub(super) struct Grid<'a> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    places: Vec<Option<u32>>,
    cells: &'a [Cell],
    texts: Vec<String>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        let (mut rows, mut columns) = (table.rows, table.columns);
        for cell in &table.cells {
            rows = rows.max(cell.row.saturating_add(1));
            columns = columns.max(cell.column.saturating_add(1));
        }
        if rows.saturating_mul(columns) > MOST {
            (rows, columns) = (0, 0);
        }
        let mut places = vec![None; rows * columns];
        for (i, cell) in table.cells.iter().enumerate().filter(|(_, c)| c.row < rows && c.column < columns) {
            for row in cell.row..cell.row.saturating_add(cell.row_span.max(1)).min(rows) {
                for column in cell.column..cell.column.saturating_add(cell.column_span.max(1)).min(columns) {
                    let place = &mut places[row * columns + column];
                    // A cell of its own is stronger than a span that covers it.
                    if place.is_none() || (row, column) == (cell.row, cell.column) {
                        *place = u32::try_from(i).ok();
                    }
                }
            }
        }
        let texts = table.cells.iter().map(|c| super::clean::raw(&c.text)).collect();
        Self { rows, columns, places, cells: &table.cells, texts }
    }

    fn index(&self, row: usize, column: usize) -> Option<usize> {
        if row >= self.rows || column >= self.columns {
            return None;
        }
        self.places[row * self.columns + column].map(|i| i as usize)
    }

    /// Whether two rows say the same.
    pub(super) fn same_row(&self, a: usize, b: usize) -> bool {
        let key = |row, column| super::clean::key(self.text(row, column));
        (0..self.columns).all(|column| key(a, column) == key(b, column))
    }

    /// The cell that covers a place.
    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&'a Cell> {
        self.index(row, column).map(|i| &self.cells[i])
    }

    /// The text of the cell that covers a place.
    pub(super) fn text(&self, row: usize, column: usize) -> &str {
        self.index(row, column).map_or("", |i| self.texts[i].as_str())
    }

    /// Whether a place is covered by a cell that begins above.
    pub(super) fn comes_from_above(&self, row: usize, column: usize) -> bool {
        self.cell(row, column).is_some_and(|c| c.row < row)
    }

    /// The cells that begin in a row and say something: column, columns covered, text.
    pub(super) fn own(&self, row: usize) -> Vec<(usize, usize, &str)> {
        let mut out = Vec::new();
        let mut column = 0;
        while column < self.columns {
            match self.cell(row, column) {
                Some(cell) if cell.row == row && cell.column == column => {
                    let text = self.text(row, column);
                    if !text.is_empty() {
                        out.push((column, cell.column_span.max(1), text));
                    }
                }
                _ => {}
            }
            column += 1;
        }
        out
    }

    /// How a person would say where a place is.
    pub(super) fn place(&self, row: usize, column: usize) -> String {
        self.cell(row, column).map(|c| c.place.clone()).unwrap_or_default()
    }
}
