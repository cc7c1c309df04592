//! The table of a document: repeated headings, rows in one piece, sections with what follows them.

use super::super::measure::{HIGH, shown};
use super::super::model::{Align, Row, Sheet, Slot, Value};
use super::{run, text_width};

/// A row with more text than this may break: it would not fit on a page.
const LONGEST_ROW: usize = 1_200;

/// Writes the table of a sheet.
pub(super) fn put(out: &mut String, sheet: &Sheet) {
    if sheet.columns.is_empty() {
        return;
    }
    let widths = widths(sheet);
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"Biaoge\"/><w:tblW w:w=\"");
    out.push_str(&widths.iter().sum::<u32>().to_string());
    out.push_str("\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for width in &widths {
        out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
    if sheet.has_headings() {
        out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, span, heading) in sheet.headings() {
            let width = widths[column..column + span].iter().sum();
            let cell = Cell { width, span, style: "Biaotou", ..Cell::default() };
            cell.put(out, Align::Center, heading);
        }
        out.push_str("</w:tr>");
    }
    // Rows that the open cell of each column still covers.
    let mut open = vec![0_usize; widths.len()];
    for row in &sheet.rows {
        match row {
            Row::Section { level, text } => {
                out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
                let style = if *level == 0 { "Dalei" } else { "Xiaolei" };
                let cell = Cell { width: widths.iter().sum(), span: widths.len(), style, ..Cell::default() };
                cell.put(out, Align::Left, text);
                out.push_str("</w:tr>");
            }
            Row::Cells { slots, strong } => put_row(out, sheet, slots, *strong, &widths, &mut open),
        }
    }
    out.push_str("</w:tbl>");
}

fn put_row(out: &mut String, sheet: &Sheet, slots: &[Slot], strong: bool, widths: &[u32], open: &mut [usize]) {
    let longest = slots.iter().map(|s| if let Slot::Cell { value, .. } = s { shown(value).chars().count() } else { 0 });
    let breaks = longest.max().unwrap_or(0) > LONGEST_ROW;
    out.push_str(if breaks { "<w:tr>" } else { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" });
    let style = if strong { "Heji" } else { "Biaowen" };
    for (column, width) in widths.iter().copied().enumerate() {
        let slot = slots.get(column);
        let merge = match slot {
            Some(Slot::Cell { rows, .. }) if *rows > 1 => {
                open[column] = *rows;
                "<w:vMerge w:val=\"restart\"/>"
            }
            Some(Slot::Covered) if open[column] > 0 => "<w:vMerge/>",
            _ => "",
        };
        open[column] = open[column].saturating_sub(1);
        let (text, align) = match slot {
            Some(Slot::Cell { value, .. }) => (shown(value), align(sheet, column, value, strong)),
            _ => (String::new(), Align::Left),
        };
        // The text of a very high cell begins at its top, where the eye looks for it.
        let top = matches!(slot, Some(Slot::Cell { rows, .. }) if *rows > HIGH);
        Cell { width, span: 1, merge, style, top }.put(out, align, &text);
    }
    out.push_str("</w:tr>");
}

fn align(sheet: &Sheet, column: usize, value: &Value, strong: bool) -> Align {
    match value {
        Value::Text(_) | Value::Empty if !strong => sheet.columns[column].align,
        _ => Align::Center,
    }
}

#[derive(Default)]
struct Cell<'a> {
    width: u32,
    span: usize,
    merge: &'a str,
    style: &'a str,
    top: bool,
}

impl Cell<'_> {
    fn put(&self, out: &mut String, align: Align, text: &str) {
        let span = if self.span > 1 { format!("<w:gridSpan w:val=\"{}\"/>", self.span) } else { String::new() };
        let align = match align {
            Align::Center => "<w:jc w:val=\"center\"/>",
            Align::Left => "",
        };
        let at = if self.top { "top" } else { "center" };
        out.push_str(&format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{span}{}<w:vAlign w:val=\"{at}\"/></w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"{}\"/>{align}</w:pPr>{}</w:p></w:tc>",
            self.width,
            self.merge,
            self.style,
            run(text)
        ));
    }
}

/// The columns in twentieths of a point, together as wide as the text.
fn widths(sheet: &Sheet) -> Vec<u32> {
    let all = text_width(sheet.paper);
    let widths = sheet.widths();
    let line: f64 = widths.iter().sum();
    let mut out: Vec<u32> = widths.iter().map(|w| (w / line.max(1.0) * f64::from(all)).round() as u32).collect();
    let sum: u32 = out.iter().sum();
    if let Some(widest) = out.iter_mut().max() {
        *widest = (*widest + all).saturating_sub(sum).max(1);
    }
    out
}
