//! `.xls`: the library reads the records; what it stumbles over is a damaged file, never a crash.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataType, Reader, SheetVisible, Xls, XlsError};
use chrono::{Datelike, NaiveDate, Timelike};

use super::number_format::plain;
use super::sheet::{self, Filled, Hidden, Merged};
use super::{Budget, ReadError, limits};
use crate::documents::table::Pages;

/// Reads the workbook.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Pages, ReadError> {
    catch_unwind(AssertUnwindSafe(|| sheets(bytes, budget))).unwrap_or(Err(ReadError::Damaged))
}

fn sheets(bytes: &[u8], budget: &mut Budget) -> Result<Pages, ReadError> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|fault| match fault {
        XlsError::Password => ReadError::Encrypted,
        _ => ReadError::Damaged,
    })?;
    let mut pages = Pages::default();
    for meta in workbook.sheets_metadata().to_vec() {
        let range = workbook.worksheet_range(&meta.name).map_err(|_| ReadError::Damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut filled = Vec::new();
        for (row, column, data) in range.used_cells() {
            let (text, date) = value(data);
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            budget.cell()?;
            budget.text(text.len())?;
            filled.push(Filled {
                row: row + top as usize,
                column: column + left as usize,
                text: text.to_owned(),
                date,
            });
        }
        let merged = workbook.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        let merged: Vec<_> = merged
            .iter()
            .take(limits::MAX_CELLS)
            .map(|range| Merged {
                top: range.start.0 as usize,
                left: range.start.1 as usize,
                bottom: range.end.0 as usize,
                right: range.end.1 as usize,
            })
            .collect();
        // The library does not tell which rows and columns are hidden.
        let hidden = Hidden { sheet: meta.visible != SheetVisible::Visible, ..Hidden::default() };
        pages.tables.extend(sheet::table(&meta.name, &hidden, filled, &merged, budget)?);
    }
    Ok(pages)
}

fn value(data: &Data) -> (String, Option<NaiveDate>) {
    match data {
        Data::Empty => Default::default(),
        Data::String(text) => (text.replace("\r\n", "\n").replace('\r', "\n"), None),
        Data::Float(number) => (plain(*number), None),
        Data::Int(number) => (number.to_string(), None),
        Data::Bool(true) => ("TRUE".to_owned(), None),
        Data::Bool(false) => ("FALSE".to_owned(), None),
        Data::Error(fault) => (fault.to_string(), None),
        Data::DateTimeIso(text) | Data::DurationIso(text) => (text.clone(), None),
        // The library keeps the fact that it is a date, not how it is shown.
        Data::DateTime(serial) => match data.as_datetime().filter(|_| serial.is_datetime() && serial.as_f64() >= 1.0) {
            Some(moment) => {
                let day = moment.date();
                let mut text = format!("{}年{}月{}日", day.year(), day.month(), day.day());
                if moment.num_seconds_from_midnight() > 0 {
                    text.push_str(&format!(" {}:{:02}", moment.hour(), moment.minute()));
                }
                (text, Some(day))
            }
            None => (plain(serial.as_f64()), None),
        },
    }
}
