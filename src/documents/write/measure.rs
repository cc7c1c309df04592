//! How wide the columns are: what stands in them decides.

use super::model::{Align, Paper, Row, Sheet, Slot, Value};
use super::text::width;

/// A cell over more rows than this may lie over two pages: its text begins at the top.
pub(super) const HIGH: usize = 3;

/// The text of a value as a document shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Share(share) => percent(*share),
        Value::Date(day) => day.to_string(),
        Value::Formula { formula: super::model::Formula::Share { .. }, result } => percent(*result),
        Value::Formula { result, .. } => result.to_string(),
    }
}

/// What stands where there is nothing to divide by.
pub(super) const NO_SHARE: &str = "—";

/// One decimal.
fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1}%", share * 100.0) } else { NO_SHARE.into() }
}

impl Sheet {
    /// The columns in half-width characters of a printed line, together a whole line.
    pub(super) fn widths(&self) -> Vec<f64> {
        let line = match self.paper {
            Paper::Landscape => 132.0,
            Paper::Portrait => 88.0,
        };
        let wishes: Vec<(f64, f64)> = (0..self.columns.len()).map(|c| self.wish(c)).collect();
        let least: f64 = wishes.iter().map(|(least, _)| least).sum();
        let more: f64 = wishes.iter().map(|(_, more)| more).sum();
        // Room that nobody asks for is shared by what is there already.
        let free = (line - least).max(0.0);
        let scale = if least > line || more == 0.0 { line / least.max(1.0) } else { 1.0 };
        let part = |(l, m): (f64, f64)| if more > 0.0 { l * scale + free * m / more } else { l * scale };
        wishes.into_iter().map(part).collect()
    }

    /// What a column needs, and how much it would like beyond: long texts get more, but not in proportion.
    fn wish(&self, column: usize) -> (f64, f64) {
        let it = &self.columns[column];
        if let Some(width) = it.width {
            return (width.max(2.0), 0.0);
        }
        let (mut cells, mut total, mut longest) = (0_usize, 0_usize, 0_usize);
        for row in &self.rows {
            let Row::Cells { slots, .. } = row else { continue };
            let Some(Slot::Cell { value, rows }) = slots.get(column) else { continue };
            let text = shown(value);
            if text.is_empty() {
                continue;
            }
            cells += 1;
            // A cell over many rows has room below.
            total += width(&text).div_ceil((*rows).min(2));
            longest = longest.max(text.lines().map(width).max().unwrap_or(0));
        }
        let heading = width(&it.heading);
        let heading = if heading > 12 { heading.div_ceil(2) } else { heading };
        // Short words stay on one line, sentences may wrap.
        let unbroken = if it.align == Align::Center { 16 } else { 10 };
        let least = heading.max(longest.min(unbroken)).max(4) as f64 + 2.0;
        let mean = total as f64 / cells.max(1) as f64;
        (least, (mean - least).max(0.0).powf(0.6))
    }

    /// Rows above the headings in a workbook or text file.
    pub(super) fn rows_above(&self) -> usize {
        usize::from(self.title.is_some()) + self.lines.len()
    }

    /// Whether any column has a heading.
    pub(super) fn has_headings(&self) -> bool {
        self.columns.iter().any(|c| !c.heading.is_empty())
    }

    /// Rows above the first row of the table's body in a workbook or text file.
    pub(super) fn first_body_row(&self) -> usize {
        self.rows_above() + usize::from(self.has_headings())
    }

    /// The headings: first column, columns covered, text.
    pub(super) fn headings(&self) -> Vec<(usize, usize, &str)> {
        let mut out = Vec::new();
        let mut column = 0;
        while column < self.columns.len() {
            let joined = self.columns[column..].iter().take_while(|c| c.joined && c.heading.is_empty()).count();
            let last = (column + joined).min(self.columns.len() - 1);
            out.push((column, last - column + 1, self.columns[last].heading.as_str()));
            column = last + 1;
        }
        out
    }
}
