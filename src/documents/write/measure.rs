//! How wide the columns are: a share of the sheet for each, by what stands in them.

use super::model::{Row, Sheet, Slot, Value};
use super::text::width;

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

/// One decimal; nothing to divide by shows nothing.
fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1}%", share * 100.0) } else { String::new() }
}

impl Sheet {
    /// The share of each column, together 1.
    pub(super) fn shares(&self) -> Vec<f64> {
        let weights: Vec<f64> = (0..self.columns.len()).map(|c| self.weight(c)).collect();
        let all: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / all.max(1.0)).collect()
    }

    /// Long texts get more room, but not in proportion: that keeps the rows low.
    fn weight(&self, column: usize) -> f64 {
        let it = &self.columns[column];
        if let Some(weight) = it.weight {
            return weight.max(1.0);
        }
        let (mut cells, mut total, mut longest_line) = (0_usize, 0_usize, 0_usize);
        for row in &self.rows {
            let Row::Cells { slots, .. } = row else { continue };
            let Some(Slot::Cell { value, rows }) = slots.get(column) else { continue };
            let text = shown(value);
            if text.is_empty() {
                continue;
            }
            cells += 1;
            // A cell over many rows has room below.
            total += width(&text).div_ceil((*rows).min(4));
            longest_line = longest_line.max(text.lines().map(width).max().unwrap_or(0));
        }
        let mean = total as f64 / cells.max(1) as f64;
        let heading = width(&it.heading) as f64;
        let least = (heading / 2.0).max(longest_line.min(8) as f64 * 0.75).max(3.0);
        (1.6 * mean.powf(0.6)).max(least) + 2.0
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
