//! What a file hides: rows and columns that nobody sees on the page become no tasks, and a person is told.

use super::question::{QuestionKind, Questions};
use crate::documents::table::{Cell, Table};

/// The table without its hidden rows and columns.
pub(super) fn take_out(table: &Table) -> Table {
    if table.hidden_rows.is_empty() && table.hidden_columns.is_empty() {
        return table.clone();
    }
    let rows = Shown::new(table.rows, &table.hidden_rows);
    let columns = Shown::new(table.columns, &table.hidden_columns);
    let cells = table.cells.iter().filter_map(|cell| {
        let (row, row_span) = rows.place(cell.row, cell.row_span)?;
        let (column, column_span) = columns.place(cell.column, cell.column_span)?;
        Some(Cell { row, row_span, column, column_span, ..cell.clone() })
    });
    Table {
        cells: cells.collect(),
        rows: rows.count,
        columns: columns.count,
        hidden_rows: Vec::new(),
        hidden_columns: Vec::new(),
        ..table.clone()
    }
}

/// Asks about what was hidden and says something.
pub(super) fn ask(table: &Table, questions: &mut Questions) {
    let rows = Shown::new(table.rows, &table.hidden_rows);
    let columns = Shown::new(table.columns, &table.hidden_columns);
    let said = table.cells.iter().filter(|c| !c.text.trim().is_empty());
    let (gone, rest): (Vec<&Cell>, Vec<&Cell>) = said.partition(|c| rows.place(c.row, c.row_span).is_none());
    let aside = rest.into_iter().filter(|c| columns.place(c.column, c.column_span).is_none()).collect();
    let kinds = [(QuestionKind::Row, "行", "rows", gone), (QuestionKind::Column, "列", "columns", aside)];
    for (kind, zh, en, cells) in kinds {
        let Some(first) = cells.first() else { continue };
        let mut places: Vec<usize> = cells.iter().map(|c| if zh == "行" { c.row } else { c.column }).collect();
        places.sort_unstable();
        places.dedup();
        let text = cells.iter().take(12).map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
        let question = questions.ask(kind, en).at(&first.place).printed(&text);
        question.zh = self::zh(places.len(), zh);
        question.en = self::en(places.len(), en);
        question.propose("OMIT");
    }
}

/// What is asked about so many hidden rows or columns, in Chinese.
pub(super) fn zh(count: usize, what: &str) -> String {
    format!("文件中有 {count} 个隐藏的{what}，内容未读入，请确认。")
}

/// The same in English.
pub(super) fn en(count: usize, what: &str) -> String {
    format!("The file hides {count} {what}; what stands in them was not read. Is that right?")
}

/// Where rows or columns stand when the hidden ones are gone.
struct Shown {
    /// How many are shown before each.
    before: Vec<usize>,
    count: usize,
}

impl Shown {
    fn new(length: usize, hidden: &[usize]) -> Self {
        let mut before = Vec::with_capacity(length + 1);
        let mut count = 0;
        for at in 0..length {
            before.push(count);
            count += usize::from(hidden.binary_search(&at).is_err());
        }
        before.push(count);
        Self { before, count }
    }

    /// The new start and span; nothing when all of it is hidden.
    fn place(&self, start: usize, span: usize) -> Option<(usize, usize)> {
        let from = *self.before.get(start)?;
        let end = start.saturating_add(span.max(1)).min(self.before.len() - 1);
        let to = *self.before.get(end)?;
        (to > from).then(|| (from, to - from))
    }
}
