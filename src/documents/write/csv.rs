//! `.csv`: UTF-8 with its mark, lines as Excel ends them, every row as long as the table is wide, nothing that runs.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::error::WriteError;
use super::measure::shown;
use super::model::{Below, Book, Row, Sheet, Slot, Value};
use super::text::{clean, defuse};

/// Writes the sheets below each other, a blank line between them.
pub fn csv(book: &Book) -> Result<Vec<u8>, WriteError> {
    let mut out = b"\xEF\xBB\xBF".to_vec();
    for (i, sheet) in book.sheets.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b"\r\n");
        }
        out.extend(one(sheet)?);
    }
    Ok(out)
}

fn one(sheet: &Sheet) -> Result<Vec<u8>, WriteError> {
    let fault = |e: &dyn std::fmt::Display| WriteError::Internal(e.to_string());
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows(sheet) {
        writer.write_record(row.iter().map(|field| field.as_bytes())).map_err(|e| fault(&e))?;
    }
    writer.into_inner().map_err(|e| fault(&e))
}

fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let columns = sheet.columns.len().max(1);
    let text = |text: &str| defuse(&clean(text)).into_owned();
    let wide = |fields: &[String]| {
        let mut row = vec![String::new(); columns.max(fields.len())];
        // Fields of a line share the columns as they share the sheet.
        let step = (columns / fields.len().max(1)).max(1);
        fields.iter().enumerate().for_each(|(i, field)| row[i * step] = text(field));
        row
    };
    let mut out: Vec<Vec<String>> = Vec::new();
    out.extend(sheet.title.iter().map(|t| wide(std::slice::from_ref(t))));
    out.extend(sheet.lines.iter().map(|line| wide(line)));
    if sheet.has_headings() {
        let mut row = vec![String::new(); columns];
        sheet.headings().into_iter().for_each(|(column, _, heading)| row[column] = text(heading));
        out.push(row);
    }
    for row in &sheet.rows {
        out.push(match row {
            Row::Section { text, .. } => wide(std::slice::from_ref(text)),
            Row::Cells { slots, .. } => {
                let above = out.last().cloned().unwrap_or_default();
                (0..columns).map(|c| field(sheet, c, slots.get(c), &above)).collect()
            }
        });
    }
    out.extend(sheet.notes.iter().map(|note| wide(std::slice::from_ref(note))));
    out
}

fn field(sheet: &Sheet, column: usize, slot: Option<&Slot>, above: &[String]) -> String {
    match slot {
        Some(Slot::Cell { value: Value::Text(text), .. }) => defuse(&clean(text)).into_owned(),
        Some(Slot::Cell { value, .. }) => shown(value),
        Some(Slot::Covered) if sheet.columns[column].below == Below::Same => "同上".to_owned(),
        Some(Slot::Covered) if sheet.columns[column].below == Below::Again => {
            above.get(column).cloned().unwrap_or_default()
        }
        _ => String::new(),
    }
}
