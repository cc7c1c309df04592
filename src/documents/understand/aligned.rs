//! Text whose columns are kept apart by blanks: every piece stands below the heading of its column.

use super::clean::key;
use super::header::{self, Word};
use super::labels;
use crate::documents::table::{Cell, Table};

/// Lines of a text at most.
const MOST_LINES: usize = 20_000;
/// How far a piece may stand to the left of its heading.
const SLACK: usize = 2;

/// A run of text between wide gaps, by its place on the screen.
struct Piece {
    from: usize,
    to: usize,
    text: String,
}

/// Puts a table together when the pieces of nearly all lines stand below a line of headings.
pub(super) fn rebuild(lines: &[String]) -> Option<Table> {
    let lines = &lines[..lines.len().min(MOST_LINES)];
    let (head, headings) = lines.iter().enumerate().find_map(|(i, line)| headings(line).map(|h| (i, h)))?;
    let starts: Vec<usize> = headings.iter().map(|h| h.from).collect();
    let heading = key(&lines[head]);
    let mut table = Table {
        place: "文本".into(),
        before: lines[..head].to_vec(),
        rows: 1,
        columns: headings.len(),
        ..Table::default()
    };
    for (column, heading) in headings.iter().enumerate() {
        table.cells.push(cell(0, column, 1, &heading.text, head));
    }
    let (mut fitting, mut others) = (0_usize, 0_usize);
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let mut wide: Vec<(usize, usize, String)> = Vec::new();
    for (i, line) in lines.iter().enumerate().skip(head + 1) {
        if key(line).is_empty() || key(line) == heading {
            continue;
        }
        let pieces = pieces(line);
        if let [only] = pieces.as_slice()
            && (labels::section(&only.text).is_some() || super::title::is_note(&only.text))
        {
            wide.push((rows.len(), i, only.text.clone()));
            continue;
        }
        let columns: Option<Vec<usize>> = pieces.iter().map(|p| column(p, &starts)).collect();
        let Some(columns) = columns.filter(|c| c.windows(2).all(|pair| pair[0] < pair[1])) else {
            others += 1;
            continue;
        };
        fitting += 1;
        // A row begins where its first column says something.
        if columns.first() == Some(&0) || rows.is_empty() {
            rows.push((i, vec![String::new(); starts.len()]));
        }
        let (_, row) = rows.last_mut()?;
        for (piece, column) in pieces.into_iter().zip(columns) {
            if !row[column].is_empty() {
                row[column].push('\n');
            }
            row[column].push_str(&piece.text);
        }
    }
    let full = rows.iter().filter(|(_, row)| row.iter().filter(|c| !c.is_empty()).count() * 3 >= row.len() * 2).count();
    if rows.is_empty() || others * 10 > fitting || full * 4 < rows.len() * 3 {
        return None;
    }
    let mut wide = wide.into_iter().peekable();
    for (n, (line, row)) in rows.iter().enumerate() {
        while let Some((_, at, text)) = wide.next_if(|(before, _, _)| *before <= n) {
            table.cells.push(cell(table.rows, 0, starts.len(), &text, at));
            table.rows += 1;
        }
        for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            table.cells.push(cell(table.rows, column, 1, text, *line));
        }
        table.rows += 1;
    }
    for (_, at, text) in wide {
        table.cells.push(cell(table.rows, 0, starts.len(), &text, at));
        table.rows += 1;
    }
    Some(table)
}

fn cell(row: usize, column: usize, column_span: usize, text: &str, line: usize) -> Cell {
    let place = format!("第 {} 行", line + 1);
    Cell { row, column, row_span: 1, column_span, text: text.to_owned(), date: None, place }
}

/// How wide a character stands on the screen.
const fn width(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

/// The pieces of a line that wide gaps keep apart.
fn pieces(line: &str) -> Vec<Piece> {
    let (mut out, mut at, mut gap): (Vec<Piece>, usize, usize) = (Vec::new(), 0, 0);
    for c in line.chars() {
        if c.is_whitespace() {
            gap += width(c);
        } else {
            match out.last_mut() {
                Some(piece) if gap < 2 => {
                    if gap == 1 {
                        piece.text.push(' ');
                    }
                    piece.text.push(c);
                }
                _ => out.push(Piece { from: at, to: at, text: c.to_string() }),
            }
            gap = 0;
            if let Some(piece) = out.last_mut() {
                piece.to = at + width(c);
            }
        }
        at += width(c);
    }
    out
}

/// A line of nothing but headings with wide gaps between them.
fn headings(line: &str) -> Option<Vec<Piece>> {
    let pieces = pieces(line);
    if !(3..=20).contains(&pieces.len()) {
        return None;
    }
    let words: Vec<Word> = pieces.iter().map(|p| header::word(&p.text)).collect::<Option<_>>()?;
    let text = words.iter().any(|w| matches!(w, Word::Task | Word::Requirement | Word::Section));
    let who = words.iter().any(|w| matches!(w, Word::Units | Word::Lead | Word::Deadline));
    (text && who).then_some(pieces)
}

/// The column a piece stands in; nothing when it reaches far into the next.
fn column(piece: &Piece, starts: &[usize]) -> Option<usize> {
    let column = starts.iter().rposition(|&s| s <= piece.from + SLACK)?;
    let next = starts.get(column + 1).copied().unwrap_or(usize::MAX);
    (piece.to <= next.saturating_add(SLACK)).then_some(column)
}
