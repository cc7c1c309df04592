//! A list without any table: sections, numbered paragraphs, and who is responsible in brackets or on lines of their own.

use super::columns::{is_time, is_units};
use super::header::{self, Word};
use super::labels;
use super::title::is_note;
use crate::documents::table::{Cell, Table};
use crate::domain::text::half_width;

/// Lines of a text at most.
const MOST_LINES: usize = 20_000;

/// Sentences beside the tasks that are asked about at most.
const MOST_LEFT: usize = 50;

/// A paragraph with a number of its own.
struct Row {
    section: Vec<String>,
    text: String,
    said: Said,
    line: usize,
}

/// What is said about a task beside its text.
#[derive(Default)]
struct Said {
    requirement: String,
    lead: String,
    units: String,
    support: String,
    time: String,
}

impl Said {
    fn put(&mut self, word: Word, value: &str) {
        let slot = match word {
            Word::Lead => &mut self.lead,
            Word::Units => &mut self.units,
            Word::Support => &mut self.support,
            Word::Deadline => &mut self.time,
            Word::Requirement | Word::Goal => &mut self.requirement,
            _ => return,
        };
        if !slot.is_empty() && !value.is_empty() {
            slot.push('；');
        }
        slot.push_str(value);
    }

    fn add(&mut self, more: Self) {
        self.put(Word::Requirement, &more.requirement);
        self.put(Word::Lead, &more.lead);
        self.put(Word::Units, &more.units);
        self.put(Word::Support, &more.support);
        self.put(Word::Deadline, &more.time);
    }

    fn is_empty(&self) -> bool {
        !self.names_somebody() && self.requirement.is_empty() && self.time.is_empty()
    }

    fn names_somebody(&self) -> bool {
        !(self.lead.is_empty() && self.units.is_empty() && self.support.is_empty())
    }
}

/// Makes a table of numbered paragraphs, when at least two of them say who is responsible. Sentences that belong to none
/// of them come beside it, with their lines.
pub(super) fn table(lines: &[String]) -> Option<(Table, Vec<(usize, String)>)> {
    let mut left: Vec<(usize, String)> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    let mut expected = 1;
    for (i, line) in lines.iter().take(MOST_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || is_note(line) && field(line).is_none() {
            continue;
        }
        if let Some(said) = field(line) {
            if let Some(row) = rows.last_mut().filter(|_| waiting.is_empty()) {
                row.said.add(said);
            } else if left.len() < MOST_LEFT && !said.is_empty() && !waiting.is_empty() {
                // 牵头单位： right below the title of a section.
                left.push((i, line.to_owned()));
            }
            continue;
        }
        let (text, said) = match brackets(line) {
            (text, said) if said.is_empty() => behind_sentence(&text).unwrap_or((text, said)),
            bracketed => bracketed,
        };
        if labels::section(line).is_some() && !said.names_somebody() && line.chars().count() <= 60 {
            waiting.push(line.to_owned());
            continue;
        }
        let numbered = labels::numbered(&text, Some(expected))
            .filter(|n| n.mark != '(' || rows.is_empty() || n.value == Some(expected));
        match numbered {
            Some(n) => {
                expected = n.value.unwrap_or(expected).saturating_add(1);
                rows.push(Row { section: std::mem::take(&mut waiting), text, said, line: i });
            }
            None if rows.is_empty() && waiting.is_empty() => before.push(line.to_owned()),
            None => {
                if let Some(row) = rows.last_mut().filter(|r| waiting.is_empty() && !r.said.names_somebody()) {
                    // Lines behind a labelled one go on with that one.
                    let goes_on =
                        if row.said.requirement.is_empty() { &mut row.text } else { &mut row.said.requirement };
                    goes_on.push('\n');
                    goes_on.push_str(&text);
                    row.said.add(said);
                } else if is_sentence(line) && left.len() < MOST_LEFT {
                    left.push((i, line.to_owned()));
                }
            }
        }
    }
    let named = rows.iter().filter(|r| r.said.names_somebody()).count();
    if rows.len() < 2 || named * 2 < rows.len() {
        return None;
    }
    Some((draw(before, rows), left))
}

/// A line that says something, and is no heading, date or signature.
fn is_sentence(line: &str) -> bool {
    line.contains(['，', '。', '；']) && line.chars().count() > 10
}

/// 责任单位：市甲局；完成时限：6月底前 with its heading first.
fn field(text: &str) -> Option<Said> {
    labelled(text)?;
    parts(text)
}

/// Who and when, in parts between ； and ，; nothing when a part says neither.
fn parts(text: &str) -> Option<Said> {
    let mut said = Said::default();
    let mut last = None;
    for part in text.split(['；', ';']).map(str::trim).filter(|p| !p.is_empty()) {
        // What is to be done keeps its sentences.
        let what = |word: Word| matches!(word, Word::Requirement | Word::Goal);
        match labelled(part) {
            Some((word, value)) if what(word) => {
                said.put(word, value);
                last = Some(word);
                continue;
            }
            None if last.is_some_and(what) => {
                said.put(Word::Requirement, part);
                continue;
            }
            _ => {}
        }
        // A time or a new heading behind a comma is a part of its own.
        let mut rest = part.trim_end_matches(['。', '.']);
        let mut pieces: Vec<&str> = Vec::new();
        while let Some(at) = rest.rfind(['，', ',']) {
            let tail = rest[at..].trim_start_matches(['，', ',']).trim();
            if labelled(tail).is_none() && (!is_time(tail, 2000) || is_units(tail)) {
                break;
            }
            pieces.push(tail);
            rest = rest[..at].trim_end();
        }
        pieces.push(rest);
        for piece in pieces.into_iter().rev() {
            match labelled(piece) {
                Some((word, value)) => {
                    said.put(word, value);
                    last = Some(word);
                }
                None if is_time(piece, 2000) && !is_units(piece) => said.put(Word::Deadline, piece),
                None if is_units(piece) => said.put(last.unwrap_or(Word::Units), piece),
                None => return None,
            }
        }
    }
    Some(said)
}

/// 牵头单位：市甲局 as what its heading says and what stands behind it.
fn labelled(text: &str) -> Option<(Word, &str)> {
    let at = text.find(['：', ':'])?;
    let word = header::word(&text[..at])?;
    Some((word, text[at..].trim_start_matches(['：', ':']).trim()))
}

/// Takes the last bracket off a paragraph when it says who or when.
fn brackets(line: &str) -> (String, Said) {
    let trimmed = line.trim_end_matches(['。', '.', '；', ' ']);
    let whole = || (line.to_owned(), Said::default());
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
                    return match parts(inside).filter(|_| inside.chars().count() >= 3) {
                        Some(said) => (trimmed[..at].trim_end().to_owned(), said),
                        None => whole(),
                    };
                }
            }
            _ => {}
        }
    }
    whole()
}

/// 4.强化考核。责任单位：市甲局；时限：12月15日前。: who and when without brackets, behind a sentence.
fn behind_sentence(line: &str) -> Option<(String, Said)> {
    // Only what begins with a number is a task.
    labels::numbered(line, None)?;
    let ends = line.match_indices(['。', '；', ' ', '\u{3000}']).map(|(at, sign)| (at, at + sign.len())).take(40);
    ends.into_iter().find_map(|(at, behind)| {
        let said = field(line[behind..].trim())?;
        let fits = said.requirement.is_empty() && (said.names_somebody() || !said.time.is_empty());
        fits.then(|| (line[..if line[at..].starts_with('。') { behind } else { at }].trim_end().to_owned(), said))
    })
}

fn draw(before: Vec<String>, rows: Vec<Row>) -> Table {
    const HEADINGS: [&str; 6] = ["任务名称", "工作内容", "牵头单位", "责任单位", "配合单位", "完成时限"];
    let texts = |row: &Row| {
        let said = &row.said;
        [&row.text, &said.requirement, &said.lead, &said.units, &said.support, &said.time].map(String::clone)
    };
    // The columns that anybody needs.
    let used: Vec<usize> = (0..HEADINGS.len()).filter(|&c| rows.iter().any(|r| !texts(r)[c].is_empty())).collect();
    let mut table = Table { place: "正文".into(), before, rows: 1, columns: used.len(), ..Table::default() };
    let cell = |row: usize, column: usize, column_span: usize, text: &str, line: usize| Cell {
        row,
        column,
        row_span: 1,
        column_span,
        text: text.to_owned(),
        date: None,
        place: format!("第 {} 行", line + 1),
    };
    let named = used.contains(&1);
    for (column, &c) in used.iter().enumerate() {
        let heading = if c == 0 && !named { "工作任务" } else { HEADINGS[c] };
        table.cells.push(cell(0, column, 1, heading, 0));
    }
    for row in rows {
        for section in &row.section {
            table.cells.push(cell(table.rows, 0, used.len(), section, row.line));
            table.rows += 1;
        }
        let texts = texts(&row);
        for (column, &c) in used.iter().enumerate().filter(|(_, c)| !texts[**c].is_empty()) {
            table.cells.push(cell(table.rows, column, 1, &texts[c], row.line));
        }
        table.rows += 1;
    }
    table
}
