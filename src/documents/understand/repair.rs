//! Rows that lost their merged cells, as in texts with borders: the rest of the row slid to the left.

use super::labels;
use crate::documents::table::{Cell, Table};

/// Slides rows back to the right that begin with a task where other rows begin with a section.
pub(super) fn slide(table: Table) -> Table {
    let spans = table.cells.iter().any(|c| c.row_span > 1);
    let first = |cell: &&Cell| cell.column == 0 && !cell.text.trim().is_empty();
    let sections = table.cells.iter().filter(first).filter(|c| labels::section(&c.text).is_some()).count();
    let tasks: Vec<usize> = table
        .cells
        .iter()
        .filter(first)
        .filter(|c| labels::numbered(&c.text, None).is_some_and(|n| n.mark != '('))
        .map(|c| c.row)
        .collect();
    // With spans nothing was lost; without sections in the first column nothing slid.
    if spans || sections < 2 || tasks.is_empty() {
        return table;
    }
    // Where a section and its first task share a row, the task stands in the second column.
    let second = table.cells.iter().filter(|c| c.column == 1 && labels::numbered(&c.text, None).is_some()).count();
    if second == 0 {
        return table;
    }
    let columns = table.columns;
    let mut out = table;
    out.cells.retain(|c| !c.text.trim().is_empty() || !tasks.contains(&c.row));
    for cell in out.cells.iter_mut().filter(|c| tasks.contains(&c.row)) {
        if cell.column + 1 < columns {
            cell.column += 1;
        }
    }
    out
}
