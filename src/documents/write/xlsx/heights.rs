//! How high rows are: the library does not fit them, and no program fits merged ones.

use super::super::model::{Row, Sheet, Slot};
use super::super::text::lines;
use super::slot_text;

/// Points of a line of text, and of what stands above and below it.
const LINE: f64 = 15.0;
const ROOM: f64 = 5.0;
/// Points of a row at most.
const MOST: f64 = 409.0;

pub(super) fn line(text: &str, width: f64) -> f64 {
    (lines(text, width) as f64 * LINE + ROOM).min(MOST)
}

pub(super) fn title(text: &str, width: f64) -> f64 {
    // The title is twice as large as the text.
    (lines(text, width / 2.1) as f64 * 30.0 + 8.0).min(MOST)
}

pub(super) fn headings(sheet: &Sheet, widths: &[f64]) -> f64 {
    let one =
        |(column, span, text): (usize, usize, &str)| line(text, widths[column..column + span].iter().sum::<f64>());
    sheet.headings().into_iter().map(one).fold(24.0, f64::max)
}

/// The height of each row; a cell over several rows makes its last row higher when it needs more.
pub(super) fn body(sheet: &Sheet, widths: &[f64]) -> Vec<f64> {
    let all: f64 = widths.iter().sum();
    let mut out: Vec<f64> = sheet
        .rows
        .iter()
        .map(|row| match row {
            Row::Section { text, .. } => line(text, all).max(22.0),
            Row::Cells { slots, .. } => slots
                .iter()
                .zip(widths)
                .filter(|(slot, _)| matches!(slot, Slot::Cell { rows: 1, .. }))
                .map(|(slot, width)| line(&slot_text(Some(slot)), *width))
                .fold(20.0, f64::max),
        })
        .collect();
    for (i, row) in sheet.rows.iter().enumerate() {
        let Row::Cells { slots, .. } = row else { continue };
        for (slot, width) in slots.iter().zip(widths) {
            let Slot::Cell { rows, .. } = slot else { continue };
            let end = (i + rows).min(out.len());
            if *rows < 2 || end <= i {
                continue;
            }
            let needed = lines(&slot_text(Some(slot)), *width) as f64 * LINE + ROOM;
            let missing = needed - out[i..end].iter().sum::<f64>();
            if missing > 0.0 {
                let each = missing / (end - i) as f64;
                out[i..end].iter_mut().for_each(|h| *h = (*h + each).min(MOST));
            }
        }
    }
    out
}
