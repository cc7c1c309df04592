//! `.xlsx`: ready to print, numbers as numbers, texts as texts, sums as formulas.

mod chart;
mod formats;
mod heights;

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula as XlsxFormula, Workbook, Worksheet, XlsxError,
};

use super::error::WriteError;
use super::measure::{HIGH, NO_SHARE, shown};
use super::model::{Align, Book, Formula, Paper, Row, Sheet, Slot, Value};
use super::text::clean;
use formats::{Formats, Look};

/// Characters of a cell at most, as Excel counts them.
pub const MAX_CELL: usize = 32_767;
const A4: u8 = 9;

/// Writes a workbook.
pub fn xlsx(book: &Book) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = book.made_on.map_or((2000, 1, 1), |d| {
        use chrono::Datelike;
        (u16::try_from(d.year()).unwrap_or(2000).max(1900), d.month() as u8, d.day() as u8)
    });
    let made = ExcelDateTime::from_ymd(year, month, day).map_err(fault)?;
    let title = book.sheets.iter().find_map(|s| s.title.as_deref()).unwrap_or_default();
    workbook.set_properties(&DocProperties::new().set_title(clean(title)).set_creation_datetime(&made));
    let names = names(&book.sheets);
    let formats = Formats::default();
    for (i, sheet) in book.sheets.iter().enumerate() {
        let writer = Writer { book, sheet, names: &names, name: &names[i], formats: &formats };
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&names[i]).map_err(fault)?;
        writer.put(worksheet)?;
    }
    workbook.save_to_buffer().map_err(fault)
}

fn fault(error: XlsxError) -> WriteError {
    match error {
        XlsxError::RowColumnLimitError => WriteError::TooLarge,
        XlsxError::MaxStringLengthExceeded => WriteError::CellTooLong { place: String::new(), max: MAX_CELL },
        other => WriteError::Internal(other.to_string()),
    }
}

/// Names of tabs as Excel takes them: short, without its signs, each once.
fn names(sheets: &[Sheet]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (i, sheet) in sheets.iter().enumerate() {
        let plain: String = clean(&sheet.name)
            .chars()
            .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' | '\n' | '\t'))
            // Excel counts in units of UTF-16.
            .filter(|c| c.len_utf16() == 1)
            .take(26)
            .collect();
        let plain = plain.trim();
        let name = if plain.is_empty() { format!("表{}", i + 1) } else { plain.to_owned() };
        let taken = out.iter().any(|n| n.to_lowercase() == name.to_lowercase());
        out.push(if taken { format!("{name}-{}", i + 1) } else { name });
    }
    out
}

struct Writer<'a> {
    book: &'a Book,
    sheet: &'a Sheet,
    names: &'a [String],
    name: &'a str,
    formats: &'a Formats,
}

impl Writer<'_> {
    fn put(&self, out: &mut Worksheet) -> Result<(), WriteError> {
        let sheet = self.sheet;
        let widths = self.widths();
        for (column, width) in widths.iter().enumerate() {
            out.set_column_width(col(column)?, *width).map_err(fault)?;
        }
        self.put_above(out, &widths)?;
        for (column, span, heading) in sheet.headings().into_iter().filter(|_| sheet.has_headings()) {
            let row = sheet.rows_above();
            self.merged(out, (row, column), (row, column + span - 1), heading, Look::Heading)?;
        }
        if sheet.has_headings() {
            let row = row_of(sheet.rows_above())?;
            out.set_row_height(row, heights::headings(sheet, &widths)).map_err(fault)?;
            out.set_repeat_rows(row, row).map_err(fault)?;
            out.set_freeze_panes(row + 1, 0).map_err(fault)?;
        }
        let first = sheet.first_body_row();
        for (i, height) in heights::body(sheet, &widths).into_iter().enumerate() {
            out.set_row_height(row_of(first + i)?, height).map_err(fault)?;
        }
        for (i, row) in sheet.rows.iter().enumerate() {
            match row {
                Row::Section { level, text } => {
                    let look = if *level == 0 { Look::Section } else { Look::Subsection };
                    self.merged(out, (first + i, 0), (first + i, self.last_column()), text, look)?;
                }
                Row::Cells { slots, strong } => self.put_row(out, i, slots, *strong)?,
            }
        }
        self.offer_choices(out)?;
        let mut row = first + sheet.rows.len();
        for note in &sheet.notes {
            self.merged(out, (row, 0), (row, self.last_column()), note, Look::Note)?;
            let all: f64 = widths.iter().sum();
            out.set_row_height(row_of(row)?, heights::line(note, all)).map_err(fault)?;
            row += 1;
        }
        for chart in &sheet.charts {
            row += chart::put(out, sheet, self.name, chart, row + 1)?;
        }
        self.page(out)
    }

    fn offer_choices(&self, out: &mut Worksheet) -> Result<(), WriteError> {
        let first = row_of(self.sheet.first_body_row())?;
        let last = row_of(self.sheet.first_body_row() + self.sheet.rows.len().max(1) - 1)?;
        for (i, column) in self.sheet.columns.iter().enumerate().filter(|(_, c)| !c.choices.is_empty()) {
            let choices = DataValidation::new().allow_list_strings(&column.choices).map_err(fault)?;
            let choices = choices.show_error_message(false);
            out.add_data_validation(first, col(i)?, last, col(i)?, &choices).map_err(fault)?;
        }
        Ok(())
    }

    fn last_column(&self) -> usize {
        self.sheet.columns.len().max(1) - 1
    }

    fn widths(&self) -> Vec<f64> {
        self.sheet.widths().into_iter().map(|w| w.clamp(4.0, 200.0)).collect()
    }

    fn page(&self, out: &mut Worksheet) -> Result<(), WriteError> {
        out.set_paper_size(A4);
        match self.sheet.paper {
            Paper::Landscape => out.set_landscape(),
            Paper::Portrait => out.set_portrait(),
        };
        out.set_print_fit_to_pages(1, 0)
            .set_margins(0.6, 0.6, 0.7, 0.7, 0.3, 0.35)
            .set_print_center_horizontally(true)
            .set_screen_gridlines(false)
            .set_footer("&C— &P —");
        Ok(())
    }

    fn put_above(&self, out: &mut Worksheet, widths: &[f64]) -> Result<(), WriteError> {
        let all: f64 = widths.iter().sum();
        let mut row = 0;
        if let Some(title) = &self.sheet.title {
            self.merged(out, (row, 0), (row, self.last_column()), title, Look::Title)?;
            out.set_row_height(row_of(row)?, heights::title(title, all)).map_err(fault)?;
            row += 1;
        }
        for line in &self.sheet.lines {
            let columns = self.last_column() + 1;
            let step = (columns / line.len().max(1)).max(1);
            for (i, field) in line.iter().enumerate() {
                let last = if i + 1 == line.len() { self.last_column() } else { (i + 1) * step - 1 };
                self.merged(out, (row, i * step), (row, last.max(i * step)), field, Look::Field)?;
            }
            out.set_row_height(row_of(row)?, 20.0).map_err(fault)?;
            row += 1;
        }
        Ok(())
    }

    fn put_row(&self, out: &mut Worksheet, index: usize, slots: &[Slot], strong: bool) -> Result<(), WriteError> {
        let first = self.sheet.first_body_row();
        let row = first + index;
        for (column, it) in self.sheet.columns.iter().enumerate() {
            let left = it.align == Align::Left;
            let look = match (strong, left) {
                (true, _) => Look::Sum,
                (false, true) => Look::Text,
                (false, false) => Look::Short,
            };
            match slots.get(column) {
                Some(Slot::Cell { value, rows }) if *rows > 1 => {
                    let last = row + rows - 1;
                    // A merged cell holds its text, or the number that is written over it afterwards.
                    let text = if let Value::Text(text) = value { text.as_str() } else { "" };
                    let merged = if *rows > HIGH && look == Look::Text { Look::Top } else { look };
                    self.merged(out, (row, column), (last, column), text, merged)?;
                    if !matches!(value, Value::Text(_) | Value::Empty) {
                        self.value(out, (row, column), index, value, look)?;
                    }
                }
                Some(Slot::Cell { value, .. }) => self.value(out, (row, column), index, value, look)?,
                Some(Slot::Covered) => {}
                None => self.value(out, (row, column), index, &Value::Empty, look)?,
            }
        }
        Ok(())
    }

    fn value(
        &self,
        out: &mut Worksheet,
        (row, column): (usize, usize),
        index: usize,
        value: &Value,
        look: Look,
    ) -> Result<(), WriteError> {
        let (r, c) = (row_of(row)?, col(column)?);
        match value {
            Value::Empty => out.write_blank(r, c, self.formats.of(look)).map_err(fault)?,
            Value::Text(text) => return self.text(out, (row, column), text, self.formats.of(look)),
            Value::Number(number) => {
                out.write_number_with_format(r, c, *number, self.formats.of(look.centered())).map_err(fault)?
            }
            Value::Share(share) if share.is_finite() => {
                out.write_number_with_format(r, c, *share, self.formats.of(look.share())).map_err(fault)?
            }
            Value::Share(_) => out.write_blank(r, c, self.formats.of(look)).map_err(fault)?,
            Value::Date(day) => out
                .write_date_with_format(
                    r,
                    c,
                    ExcelDateTime::parse_from_str(&day.to_string()).map_err(fault)?,
                    self.formats.of(look.day()),
                )
                .map_err(fault)?,
            Value::Formula { formula, .. } => {
                let share = matches!(formula, Formula::Share { .. });
                let format = self.formats.of(if share { look.share() } else { look.centered() });
                let result = match value {
                    Value::Formula { result, .. } if result.is_finite() => result.to_string(),
                    _ => NO_SHARE.to_owned(),
                };
                let text = self.formula(formula, row, column, index)?;
                out.write_formula_with_format(r, c, XlsxFormula::new(text).set_result(result), format).map_err(fault)?
            }
        };
        Ok(())
    }

    /// The formula in the words of Excel.
    fn formula(&self, formula: &Formula, row: usize, column: usize, index: usize) -> Result<String, WriteError> {
        let cell = |row: usize, column: usize| rust_xlsxwriter::utility::row_col_to_cell(row as u32, column as u16);
        let first = self.sheet.first_body_row();
        Ok(match formula {
            Formula::Sum { from, to } => {
                format!("=SUM({}:{})", cell(first + from, column), cell(first + to, column))
            }
            Formula::Share { of, by } => {
                let (of, by) = (cell(row, *of), cell(row, *by));
                format!("=IF({by}=0,\"{NO_SHARE}\",{of}/{by})")
            }
            Formula::Matching { sheet, key, column, rows } => {
                let other = self.book.sheets.get(*sheet).ok_or_else(|| WriteError::Internal("no such sheet".into()))?;
                let name = &self.names[*sheet];
                let top = other.first_body_row();
                let end = top + (*rows).max(1) - 1;
                let range = |column: usize| {
                    let at = |row: usize| rust_xlsxwriter::utility::row_col_to_cell_absolute(row as u32, column as u16);
                    format!("'{name}'!{}:{}", at(top), at(end))
                };
                let own = cell(first + index, 0);
                format!("=SUMPRODUCT(({}={own})*{})", range(*key), range(*column))
            }
        })
    }

    fn text(&self, out: &mut Worksheet, at: (usize, usize), text: &str, format: &Format) -> Result<(), WriteError> {
        let text = self.checked(at, text)?;
        out.write_string_with_format(row_of(at.0)?, col(at.1)?, text, format).map_err(fault)?;
        Ok(())
    }

    /// The text as a cell takes it; asked before merging, because a failed merge has already written.
    fn checked(&self, (row, column): (usize, usize), text: &str) -> Result<String, WriteError> {
        let text = clean(text).into_owned();
        if text.encode_utf16().count() > MAX_CELL {
            let cell = rust_xlsxwriter::utility::row_col_to_cell(row_of(row)?, col(column)?);
            return Err(WriteError::CellTooLong { place: format!("{}!{cell}", self.name), max: MAX_CELL });
        }
        Ok(text)
    }

    fn merged(
        &self,
        out: &mut Worksheet,
        from: (usize, usize),
        to: (usize, usize),
        text: &str,
        look: Look,
    ) -> Result<(), WriteError> {
        let format = self.formats.of(look);
        if from == to {
            return self.value(out, from, 0, &Value::text(text), look);
        }
        let text = self.checked(from, text)?;
        out.merge_range(row_of(from.0)?, col(from.1)?, row_of(to.0)?, col(to.1)?, &text, format).map_err(fault)?;
        Ok(())
    }
}

fn row_of(row: usize) -> Result<u32, WriteError> {
    u32::try_from(row).map_err(|_| WriteError::TooLarge)
}

fn col(column: usize) -> Result<u16, WriteError> {
    u16::try_from(column).map_err(|_| WriteError::TooLarge)
}

/// The text of a slot, for measuring.
fn slot_text(slot: Option<&Slot>) -> String {
    match slot {
        Some(Slot::Cell { value, .. }) => shown(value),
        _ => String::new(),
    }
}
