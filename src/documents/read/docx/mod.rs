//! `.docx`: tables with their merges, automatic numbers, tracked changes as if accepted.

mod handler;

use std::collections::HashMap;

use super::numbering::{Numbering, NumberingPart, StylesPart};
use super::package::Package;
use super::xml::{Element, Handler};
use super::{Budget, Note, ReadError, limits};
use crate::documents::table::{Cell, Pages, Table};

/// Reads the document; headers, footers, notes, comments and text boxes are no part of its text.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Pages, ReadError> {
    let mut package = Package::open(bytes, budget.limits)?;
    let main = package.main_part("word/document.xml")?;
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let lists = Lists {
        package: package.clone(),
        numbering: part("numbering"),
        styles: part("styles"),
        read: Numbering::default(),
    };
    let mut document = Document::new(lists, budget);
    if !package.drive(&main, &mut document)? {
        return Err(ReadError::Damaged);
    }
    let Document { mut pages, around, .. } = document;
    pages.tail = around;
    Ok(pages)
}

/// What stands inside these is no text of the document: deletions, text boxes, pictures, codes of fields.
const SKIPPED: &[&str] = &[
    "del",
    "moveFrom",
    "drawing",
    "pict",
    "object",
    "txbxContent",
    "instrText",
    "delText",
    "delInstrText",
    "rt",
    "Fallback",
    "sectPr",
    "tblGrid",
    "tblPrEx",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "tcPrChange",
    "trPrChange",
    "sectPrChange",
    "numberingChange",
    "sdtPr",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    No,
    Begins,
    Goes,
}

struct OpenCell {
    column: usize,
    span: usize,
    down: Merge,
    /// Joined to the cell on its left, in the old way.
    across: bool,
    text: String,
    paragraphs: usize,
    /// What is struck through in it.
    struck: String,
}

#[derive(Default)]
struct OpenTable {
    table: Table,
    /// For each column, the cell that began there last.
    above: HashMap<usize, usize>,
    row: Vec<OpenCell>,
    column: usize,
    deleted: bool,
    cell: Option<OpenCell>,
    /// What is struck through, by the cells.
    struck: Vec<(usize, String)>,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    num: Option<String>,
    level: Option<usize>,
    mark_deleted: bool,
}

/// The automatic numbers, whose parts are read when the first paragraph needs them: the styles are often the largest
/// part of a document, and the tables of most lists use none.
struct Lists<'b> {
    package: Package<'b>,
    /// The parts that were not read yet.
    numbering: Option<String>,
    styles: Option<String>,
    read: Numbering,
}

impl Lists<'_> {
    /// What Word writes in front of a paragraph.
    fn number(&mut self, paragraph: &mut Paragraph) -> Result<Option<String>, ReadError> {
        if paragraph.num.is_none() && paragraph.style.is_none() {
            return Ok(None);
        }
        if let Some(name) = self.numbering.take() {
            let mut part = NumberingPart::default();
            self.package.drive(&name, &mut part)?;
            self.read = part.found;
        }
        if paragraph.num.is_none()
            && self.read.has_lists()
            && let Some(name) = self.styles.take()
        {
            self.package.drive(&name, &mut StylesPart::new(&mut self.read))?;
        }
        let place = self.read.of_paragraph(paragraph.num.take(), paragraph.level, paragraph.style.as_deref());
        Ok(place.and_then(|(num, level)| self.read.next(&num, level)))
    }
}

struct Document<'b> {
    lists: Lists<'b>,
    budget: &'b mut Budget,
    pages: Pages,
    around: Vec<String>,
    tables: Vec<OpenTable>,
    paragraph: Option<Paragraph>,
    /// Text of paragraphs whose end was deleted: it goes on in the next one.
    carried: String,
    /// Names of the open elements; skipped ones are only counted.
    open: Vec<Name>,
    skipping: usize,
    hidden_run: bool,
    struck_run: bool,
    /// Of each open field, whether its result has begun.
    fields: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    ParagraphProperties,
    RunProperties,
    RowProperties,
    Text,
    Other,
}

impl<'b> Document<'b> {
    fn new(lists: Lists<'b>, budget: &'b mut Budget) -> Self {
        Self {
            lists,
            budget,
            pages: Pages::default(),
            around: Vec::new(),
            tables: Vec::new(),
            paragraph: None,
            carried: String::new(),
            open: Vec::new(),
            skipping: 0,
            hidden_run: false,
            struck_run: false,
            fields: Vec::new(),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), ReadError> {
        if self.hidden_run || self.fields.contains(&false) {
            return Ok(());
        }
        if let Some(paragraph) = &mut self.paragraph {
            self.budget.text(text.len())?;
            paragraph.text.push_str(text);
            let cell = self.tables.last_mut().and_then(|table| table.cell.as_mut());
            if let Some(cell) = cell.filter(|c| self.struck_run && c.struck.len() < 200) {
                cell.struck.push_str(text);
            }
        }
        Ok(())
    }

    fn is_in(&self, name: Name) -> bool {
        self.open.last() == Some(&name)
    }

    fn end_paragraph(&mut self) -> Result<(), ReadError> {
        let Some(mut paragraph) = self.paragraph.take() else { return Ok(()) };
        let mut text = std::mem::take(&mut self.carried);
        if text.is_empty()
            && let Some(number) = self.lists.number(&mut paragraph)?
        {
            self.budget.text(number.len())?;
            text = number;
        }
        text.push_str(&paragraph.text);
        if paragraph.mark_deleted {
            self.carried = text;
        } else {
            self.put(text);
        }
        Ok(())
    }

    /// A finished paragraph goes into the open cell, else around the tables.
    fn put(&mut self, text: String) {
        match self.tables.last_mut() {
            Some(table) => {
                if let Some(cell) = &mut table.cell {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                    cell.text.push_str(text.trim_end());
                }
            }
            None if text.trim().is_empty() => {}
            None => self.around.push(text.trim_end().to_owned()),
        }
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        let Some(open) = self.tables.last_mut() else { return Ok(()) };
        let cells = std::mem::take(&mut open.row);
        open.column = 0;
        if std::mem::take(&mut open.deleted) || cells.is_empty() {
            return Ok(());
        }
        let row = open.table.rows;
        open.table.rows += 1;
        let mut last: Option<usize> = None;
        for cell in cells {
            let end = cell.column + cell.span;
            open.table.columns = open.table.columns.max(end);
            if open.table.rows.saturating_mul(open.table.columns) > limits::MAX_PLACES {
                return Err(ReadError::TooManyCells);
            }
            if cell.across
                && let Some(left) = last
            {
                open.table.cells[left].column_span += cell.span;
                continue;
            }
            let goes_on = open.above.get(&cell.column).copied().filter(|above| {
                let above = &open.table.cells[*above];
                cell.down == Merge::Goes && above.row + above.row_span == row
            });
            if let Some(above) = goes_on {
                open.table.cells[above].row_span += 1;
                last = None;
                continue;
            }
            last = Some(open.table.cells.len());
            if !cell.struck.trim().is_empty() && open.struck.len() < limits::MAX_NOTES {
                open.struck.push((open.table.cells.len(), cell.struck));
            }
            if cell.down == Merge::No {
                open.above.remove(&cell.column);
            } else {
                open.above.insert(cell.column, open.table.cells.len());
            }
            open.table.cells.push(Cell {
                row,
                column: cell.column,
                row_span: 1,
                column_span: cell.span,
                text: cell.text.trim().to_owned(),
                ..Cell::default()
            });
        }
        Ok(())
    }

    fn end_table(&mut self) {
        let Some(OpenTable { mut table, struck, .. }) = self.tables.pop() else { return };
        if !self.tables.is_empty() {
            let mut text = String::new();
            let mut row = 0;
            for (index, cell) in table.cells.iter().enumerate() {
                if index > 0 {
                    text.push(if cell.row > row { '\n' } else { '\t' });
                }
                row = cell.row;
                text.push_str(&cell.text);
            }
            self.put(text);
            return;
        }
        if table.cells.is_empty() {
            return;
        }
        table.place = format!("表 {}", self.pages.tables.len() + 1);
        for cell in &mut table.cells {
            cell.place = format!("{} 第 {} 行第 {} 列", table.place, cell.row + 1, cell.column + 1);
        }
        for (cell, text) in struck {
            self.pages.notes.push(Note::Struck { place: table.cells[cell].place.clone(), text });
        }
        table.before = std::mem::take(&mut self.around);
        self.pages.tables.push(table);
    }

    /// The properties of cells, rows, paragraphs and runs.
    fn property(&mut self, element: &Element<'_>) {
        let val = || element.attribute("val");
        let count = || element.number().and_then(|n| usize::try_from(n).ok());
        let in_row = self.is_in(Name::RowProperties);
        let in_run = self.is_in(Name::RunProperties);
        if let Some(table) = self.tables.last_mut() {
            match element.name() {
                "gridBefore" if in_row => table.column += count().unwrap_or_default().min(limits::MAX_SPAN),
                "del" if in_row => table.deleted = true,
                name => {
                    if let Some(cell) = table.cell.as_mut().filter(|_| self.paragraph.is_none()) {
                        let goes = || if val().is_some_and(|v| v == "restart") { Merge::Begins } else { Merge::Goes };
                        match name {
                            "gridSpan" => cell.span = count().unwrap_or(1).clamp(1, limits::MAX_SPAN),
                            "vMerge" => cell.down = goes(),
                            "hMerge" => cell.across = goes() == Merge::Goes,
                            _ => {}
                        }
                    }
                }
            }
        }
        let in_paragraph_properties = self.open.contains(&Name::ParagraphProperties);
        if let Some(paragraph) = &mut self.paragraph {
            match element.name() {
                "pStyle" if in_paragraph_properties => paragraph.style = val(),
                "numId" if in_paragraph_properties => paragraph.num = val(),
                "ilvl" if in_paragraph_properties => paragraph.level = count(),
                "del" | "moveFrom" if in_run && in_paragraph_properties => paragraph.mark_deleted = true,
                "vanish" if in_run && !in_paragraph_properties => self.hidden_run = element.is_on(),
                "strike" | "dstrike" if in_run && !in_paragraph_properties => self.struck_run = element.is_on(),
                _ => {}
            }
        }
    }
}
