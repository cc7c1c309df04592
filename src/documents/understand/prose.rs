//! A list without any table: sections, numbered paragraphs, and who is responsible in brackets or on lines of their own.

use super::clean::key;
use super::columns::is_units;
use super::labels;
use super::title::is_note;
use crate::documents::table::{Cell, Table};
use crate::domain::text::half_width;

/// Lines of a text at most.
const MOST_LINES: usize = 20_000;
const UNIT_WORDS: &[&str] = &[
    "牵头单位",
    "责任单位",
    "配合单位",
    "主办单位",
    "协办单位",
    "承办单位",
    "责任部门",
    "牵头部门",
    "牵头",
    "责任",
    "落实单位",
];
const TIME_WORDS: &[&str] = &["完成时限", "时限要求", "完成时间", "完成期限", "时限", "办理时限"];

#[derive(Default)]
struct Row {
    section: Vec<String>,
    text: String,
    units: String,
    time: String,
    line: usize,
}

/// Makes a table of numbered paragraphs, when at least two of them say who is responsible.
pub(super) fn table(lines: &[String]) -> Option<Table> {
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    let mut expected = 1;
    for (i, line) in lines.iter().take(MOST_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || is_note(line) && field(line).is_none() {
            continue;
        }
        if let Some((units, time)) = field(line) {
            if let Some(row) = rows.last_mut().filter(|_| waiting.is_empty()) {
                row.add(&units, &time);
            }
            continue;
        }
        let (text, units, time) = brackets(line);
        if labels::section(line).is_some() && units.is_empty() && line.chars().count() <= 60 {
            waiting.push(line.to_owned());
            continue;
        }
        let numbered = labels::numbered(&text, Some(expected))
            .filter(|n| n.mark != '(' || rows.is_empty() || n.value == Some(expected));
        match numbered {
            Some(n) => {
                expected = n.value.unwrap_or(expected).saturating_add(1);
                let mut row = Row { section: std::mem::take(&mut waiting), text, line: i, ..Row::default() };
                row.add(&units, &time);
                rows.push(row);
            }
            None if rows.is_empty() && waiting.is_empty() => before.push(line.to_owned()),
            None => {
                if let Some(row) = rows.last_mut().filter(|r| waiting.is_empty() && r.units.is_empty()) {
                    row.text.push('\n');
                    row.text.push_str(&text);
                    row.add(&units, &time);
                }
            }
        }
    }
    let named = rows.iter().filter(|r| !r.units.is_empty()).count();
    if rows.len() < 2 || named * 2 < rows.len() {
        return None;
    }
    Some(draw(before, rows))
}

impl Row {
    fn add(&mut self, units: &str, time: &str) {
        for (mine, new) in [(&mut self.units, units), (&mut self.time, time)] {
            if !new.is_empty() {
                if !mine.is_empty() {
                    mine.push('；');
                }
                mine.push_str(new);
            }
        }
    }
}

/// 责任单位：市甲局；完成时限：6月底前 as units and time.
fn field(text: &str) -> Option<(String, String)> {
    let (mut units, mut time) = (String::new(), String::new());
    let parts = text.trim_end_matches(['。', '.']).split(['；', ';']);
    for part in parts.map(str::trim).filter(|p| !p.is_empty()) {
        let plain = key(part);
        let (word, value) = plain.split_once(':').unwrap_or(("", plain.as_str()));
        if TIME_WORDS.contains(&word) {
            time.push_str(value);
        } else if UNIT_WORDS.contains(&word) || word.is_empty() && !units.is_empty() && is_units(part) {
            if !units.is_empty() {
                units.push('；');
            }
            units.push_str(part);
        } else {
            return None;
        }
    }
    (!units.is_empty() || !time.is_empty()).then_some((units, time))
}

/// Takes the last bracket off a paragraph when it says who or when.
fn brackets(line: &str) -> (String, String, String) {
    let trimmed = line.trim_end_matches(['。', '.', '；', ' ']);
    let whole = || (line.to_owned(), String::new(), String::new());
    if !trimmed.chars().last().is_some_and(|c| matches!(half_width(c), ')' | ']')) {
        return whole();
    }
    let mut depth = 0_usize;
    for (at, c) in trimmed.char_indices().rev() {
        match half_width(c) {
            ')' | ']' => depth += 1,
            '(' | '[' => {
                depth -= 1;
                if depth == 0 {
                    let inside =
                        &trimmed[at + c.len_utf8()..trimmed.len() - trimmed.chars().last().map_or(0, char::len_utf8)];
                    let text = trimmed[..at].trim_end().to_owned();
                    return match field(inside) {
                        Some((units, time)) => (text, units, time),
                        None if is_units(inside) && inside.chars().count() >= 3 => {
                            (text, inside.to_owned(), String::new())
                        }
                        None => whole(),
                    };
                }
            }
            _ => {}
        }
    }
    whole()
}

fn draw(before: Vec<String>, rows: Vec<Row>) -> Table {
    let mut table = Table { place: "正文".into(), before, rows: 1, columns: 4, ..Table::default() };
    let cell = |row: usize, column: usize, column_span: usize, text: &str, line: usize| Cell {
        row,
        column,
        row_span: 1,
        column_span,
        text: text.to_owned(),
        date: None,
        place: format!("第 {} 行", line + 1),
    };
    let timed = rows.iter().any(|r| !r.time.is_empty());
    table.columns = if timed { 3 } else { 2 };
    for (column, text) in ["工作任务", "责任单位", "完成时限"].into_iter().take(table.columns).enumerate() {
        table.cells.push(cell(0, column, 1, text, 0));
    }
    for row in rows {
        for section in &row.section {
            table.cells.push(cell(table.rows, 0, table.columns, section, row.line));
            table.rows += 1;
        }
        for (column, text) in [&row.text, &row.units, &row.time].into_iter().enumerate().filter(|(_, t)| !t.is_empty())
        {
            table.cells.push(cell(table.rows, column, 1, text, row.line));
        }
        table.rows += 1;
    }
    table
}
