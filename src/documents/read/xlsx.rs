//! `.xlsx`: all sheets, hidden ones marked, numbers and dates as they are shown.

use chrono::{NaiveDate, NaiveDateTime};

use super::number_format::{self, Look};
use super::package::Package;
use super::sheet::{self, Filled, Hidden, Merged, address};
use super::xlsx_parts::{FormatsPart, SharedTexts, WorkbookPart, unescaped};
use super::xml::{Element, Handler};
use super::{Budget, Note, ReadError, limits};
use crate::documents::table::Pages;

/// Reads the workbook.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Pages, ReadError> {
    let mut package = Package::open(bytes, budget.limits)?;
    let main = package.main_part("xl/workbook.xml")?;
    let mut workbook = WorkbookPart::default();
    if !package.drive(&main, &mut workbook)? {
        return Err(ReadError::Damaged);
    }
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let mut texts = SharedTexts::default();
    if let Some(name) = part("sharedStrings") {
        package.drive(&name, &mut texts)?;
    }
    let mut formats = FormatsPart::default();
    if let Some(name) = part("styles") {
        package.drive(&name, &mut formats)?;
    }
    let mut pages = Pages::default();
    for named in workbook.sheets {
        let Some(relation) = relations.iter().find(|r| r.id == named.relation) else { continue };
        if relation.kind != "worksheet" {
            continue;
        }
        let mut sheet = Sheet {
            name: &named.name,
            texts: &texts.all,
            looks: &formats.looks,
            from_1904: workbook.from_1904,
            budget,
            notes: &mut pages.notes,
            filled: Vec::new(),
            merged: Vec::new(),
            hidden: Hidden { sheet: named.hidden, ..Hidden::default() },
            next: (0, 0),
            cell: None,
            in_value: false,
            in_text: false,
        };
        if !package.drive(&relation.target, &mut sheet)? {
            return Err(ReadError::Damaged);
        }
        let Sheet { filled, merged, hidden, .. } = sheet;
        pages.tables.extend(sheet::table(&named.name, &hidden, filled, &merged, budget)?);
    }
    Ok(pages)
}

struct OpenCell {
    row: usize,
    column: usize,
    kind: String,
    look: usize,
    formula: bool,
    value: String,
}

struct Sheet<'a> {
    name: &'a str,
    texts: &'a [String],
    looks: &'a [Look],
    from_1904: bool,
    budget: &'a mut Budget,
    notes: &'a mut Vec<Note>,
    filled: Vec<Filled>,
    merged: Vec<Merged>,
    hidden: Hidden,
    /// Where the next cell stands when it does not say.
    next: (usize, usize),
    cell: Option<OpenCell>,
    in_value: bool,
    in_text: bool,
}

impl Sheet<'_> {
    fn end_cell(&mut self) -> Result<(), ReadError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let (row, column) = (cell.row, cell.column);
        if cell.formula && cell.value.is_empty() {
            if self.notes.len() < limits::MAX_NOTES {
                self.notes.push(Note::NoValue { place: format!("{}!{}", self.name, address(row, column)) });
            }
            self.budget.cell()?;
            self.filled.push(Filled { row, column, text: String::new(), date: None });
            return Ok(());
        }
        let (text, date) = self.value(&cell);
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.budget.cell()?;
        self.budget.text(text.len())?;
        self.filled.push(Filled { row, column, text: text.to_owned(), date });
        Ok(())
    }

    fn value(&self, cell: &OpenCell) -> (String, Option<NaiveDate>) {
        let value = cell.value.as_str();
        match cell.kind.as_str() {
            "s" => {
                let text = value.trim().parse::<usize>().ok().and_then(|index| self.texts.get(index));
                (text.cloned().unwrap_or_default(), None)
            }
            "inlineStr" | "str" => (unescaped(value), None),
            "b" => (if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(), None),
            "e" => (value.to_owned(), None),
            "d" => {
                let day = value.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
                let shown = value.parse::<NaiveDateTime>().map_or_else(|_| value.to_owned(), |m| m.to_string());
                (day.map_or(shown, |day| day.to_string()), day)
            }
            _ => match value.trim().parse::<f64>() {
                Ok(number) => {
                    let look = self.looks.get(cell.look).unwrap_or(&Look::General);
                    number_format::show(number, look, self.from_1904)
                }
                Err(_) => (value.to_owned(), None),
            },
        }
    }
}

impl Handler for Sheet<'_> {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        match element.name() {
            "row" => {
                let said = element.attribute("r").and_then(|r| r.parse::<usize>().ok()).filter(|r| *r > 0);
                self.next = (said.map_or(self.next.0, |r| r - 1).min(MAX_ROW), 0);
                if is_hidden(element) && self.hidden.rows.len() < limits::MAX_CELLS {
                    self.hidden.rows.push(self.next.0);
                }
            }
            "col" if is_hidden(element) && self.hidden.columns.len() < MAX_COLUMN => {
                let at = |name: &str| element.attribute(name).and_then(|n| n.parse::<usize>().ok());
                if let (Some(from @ 1..), Some(to @ 1..)) = (at("min"), at("max")) {
                    self.hidden.columns.push((from - 1, (to - 1).min(MAX_COLUMN)));
                }
            }
            "c" => {
                let said = element.attribute("r").and_then(|r| parse_address(&r));
                let (row, column) = said.unwrap_or(self.next);
                self.next = (row, (column + 1).min(MAX_COLUMN));
                self.cell = Some(OpenCell {
                    row,
                    column,
                    kind: element.attribute("t").unwrap_or_default(),
                    look: element.attribute("s").and_then(|s| s.parse().ok()).unwrap_or_default(),
                    formula: false,
                    value: String::new(),
                });
            }
            "f" => {
                if let Some(cell) = &mut self.cell {
                    cell.formula = true;
                }
            }
            "v" => self.in_value = true,
            "t" => self.in_text = true,
            "rPh" => self.in_text = false,
            "mergeCell" if self.merged.len() < limits::MAX_CELLS => {
                let range = element.attribute("ref").unwrap_or_default();
                if let Some((from, to)) = range.split_once(':')
                    && let (Some(a), Some(b)) = (parse_address(from), parse_address(to))
                {
                    self.merged.push(Merged { top: a.0, left: a.1, bottom: b.0, right: b.1 });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "row" => self.next = ((self.next.0 + 1).min(MAX_ROW), 0),
            "c" => self.end_cell()?,
            "v" => self.in_value = false,
            "t" => self.in_text = false,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if (self.in_value || self.in_text)
            && let Some(cell) = &mut self.cell
        {
            if cell.value.len() + text.len() > limits::MAX_TEXT {
                return Err(ReadError::TooMuchText);
            }
            cell.value.push_str(text);
        }
        Ok(())
    }
}

fn is_hidden(element: &Element<'_>) -> bool {
    element.attribute("hidden").is_some_and(|h| matches!(h.trim(), "1" | "true" | "on"))
}

const MAX_ROW: usize = 1_048_575;
const MAX_COLUMN: usize = 16_383;

/// "B7" or "$B$7" as row and column from 0, within what Excel has.
fn parse_address(text: &str) -> Option<(usize, usize)> {
    let text = text.replace('$', "");
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    if letters.is_empty() || letters.len() > 3 || digits.len() > 7 {
        return None;
    }
    let mut column = 0;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + usize::from(letter - b'A') + 1;
    }
    let row = digits.parse::<usize>().ok().filter(|row| *row > 0)?;
    (row - 1 <= MAX_ROW && column - 1 <= MAX_COLUMN).then_some((row - 1, column - 1))
}
