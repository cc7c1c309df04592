//! Text that fell out of a PDF without column borders: lines and spaces, put together to a table again.
//!
//! The numbers of the tasks are the anchors. Between two of them stand the cells of a row, one after the other; where one
//! ends and the next begins is told by what a cell of each column may hold.

use super::clean::key;
use super::columns::{is_time, is_units};
use super::header::{self, Word};
use super::labels;
use crate::documents::table::{Cell, Table};
use crate::domain::numbering::{Piece as Numeral, natural_key};

/// Lines of a text at most.
const MOST_LINES: usize = 20_000;
/// Pieces of one row at most; more is no row.
const MOST_PIECES: usize = 60;

/// What stands before a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Space,
    Line,
    Blank,
}

#[derive(Clone, Debug)]
struct Piece {
    text: String,
    gap: Gap,
    line: usize,
}

/// A table that was put together, and the rows of it that a person should look at.
pub(super) struct Rebuilt {
    pub(super) table: Table,
    pub(super) doubtful: Vec<usize>,
}

/// Puts the table together again, if the lines hold one.
pub(super) fn rebuild(lines: &[String], year: i32) -> Option<Rebuilt> {
    let lines = &lines[..lines.len().min(MOST_LINES)];
    let (head, words) = lines.iter().enumerate().find_map(|(i, line)| headings(line).map(|w| (i, w)))?;
    let before: Vec<String> = lines[..head].to_vec();
    let pieces = pieces(lines, head, &before);
    let plan = Plan::new(&words)?;
    let anchors = anchors(&pieces, plan.number_column.is_some());
    if anchors.is_empty() {
        return None;
    }
    let mut table = Table { place: "文本".into(), before, rows: 1, columns: words.len(), ..Table::default() };
    for (column, (text, _)) in words.iter().enumerate() {
        table.cells.push(cell(0, column, text.clone(), head));
    }
    let mut doubtful = Vec::new();
    let mut waiting: Option<String> = None;
    let mut current = 0;
    // What stands before the first number is its section.
    if let Some(first) = anchors.first() {
        let mut lead: Vec<Piece> = pieces[..first.at].to_vec();
        waiting = plan.section.and_then(|_| trailing_section(&mut lead, &mut current));
    }
    for (n, anchor) in anchors.iter().enumerate() {
        let end = anchors.get(n + 1).map_or(pieces.len(), |a| a.at);
        let mut body: Vec<Piece> = pieces[anchor.at..end].to_vec();
        match &anchor.rest {
            Some(rest) => body[0].text.clone_from(rest),
            None => {
                body.remove(0);
            }
        }
        let row = table.rows;
        table.rows += 1;
        let line = pieces[anchor.at].line;
        let mut section = waiting.take();
        if plan.section.is_some() {
            if plan.number_column.is_some()
                && let Some(text) = leading_section(&mut body, &mut current)
            {
                section = Some(text);
            }
            waiting = trailing_section(&mut body, &mut current);
        }
        if let (Some(column), Some(text)) = (plan.section, section) {
            table.cells.push(cell(row, column, text, line));
        }
        if let Some(column) = plan.number_column {
            table.cells.push(cell(row, column, anchor.value.to_string(), line));
        }
        let (texts, sure) = plan.divide(&body, year);
        for (i, (column, text)) in plan.columns.iter().zip(texts).enumerate() {
            // The number goes back to where it was printed.
            let text = match (&anchor.prefix, i) {
                (Some(prefix), 0) => format!("{prefix}{text}"),
                _ => text,
            };
            if !text.is_empty() {
                table.cells.push(cell(row, column.0, text, line));
            }
        }
        if !sure {
            doubtful.push(row);
        }
    }
    Some(Rebuilt { table, doubtful })
}

fn cell(row: usize, column: usize, text: String, line: usize) -> Cell {
    Cell { row, column, row_span: 1, column_span: 1, text, date: None, place: format!("第 {} 行", line + 1) }
}

/// A line of headings: nothing else in it, and at least two of them say what a task list says.
fn headings(line: &str) -> Option<Vec<(String, Option<Word>)>> {
    let words: Vec<(String, Option<Word>)> =
        line.split_whitespace().map(|token| (token.to_owned(), header::word(token))).collect();
    let known = words.iter().filter(|(_, w)| w.is_some()).count();
    let text = words.iter().any(|(_, w)| matches!(w, Some(Word::Task | Word::Requirement)));
    let who = words.iter().any(|(_, w)| matches!(w, Some(Word::Units | Word::Lead | Word::Deadline)));
    (words.len() >= 2 && words.len() <= 12 && known == words.len() && text && who).then_some(words)
}

/// The lines behind the headings as pieces; repeated headings and titles are left out.
fn pieces(lines: &[String], head: usize, before: &[String]) -> Vec<Piece> {
    let heading = key(&lines[head]);
    let titles: Vec<String> = before.iter().map(|l| key(l)).filter(|k| k.chars().count() >= 6).collect();
    let mut out = Vec::new();
    let mut blank = true;
    for (i, line) in lines.iter().enumerate().skip(head + 1) {
        let plain = key(line);
        let page =
            plain.starts_with('-') && plain.ends_with('-') && plain.chars().all(|c| c == '-' || c.is_ascii_digit());
        if plain.is_empty() || plain == heading || titles.contains(&plain) || page {
            blank = true;
            continue;
        }
        for (n, token) in line.split_whitespace().enumerate() {
            let gap = match (n, blank) {
                (0, true) => Gap::Blank,
                (0, false) => Gap::Line,
                _ => Gap::Space,
            };
            out.push(Piece { text: token.to_owned(), gap, line: i });
        }
        blank = false;
    }
    out
}

struct Anchor {
    at: usize,
    value: u32,
    /// The number with its mark, as it was printed before the text.
    prefix: Option<String>,
    /// The text behind a number that shares its piece.
    rest: Option<String>,
}

/// The numbers of the tasks, in their order.
fn anchors(pieces: &[Piece], column: bool) -> Vec<Anchor> {
    let mut candidates: Vec<Anchor> = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, p)| p.gap != Gap::Space) {
        if column {
            let digits = piece.text.trim_end_matches(['.', '、']);
            if digits.len() <= 4
                && digits.bytes().all(|b| b.is_ascii_digit())
                && let Ok(value) = digits.parse()
            {
                candidates.push(Anchor { at, value, prefix: None, rest: None });
            }
        } else if piece.text.chars().next().is_some_and(|c| c.is_ascii_digit()) {
            // Whatever its value, it is asked below whether it comes next.
            let value: Option<u32> =
                piece.text.chars().take_while(char::is_ascii_digit).take(4).collect::<String>().parse().ok();
            if let Some(n) = labels::numbered(&piece.text, value)
                && let Some(value) = n.value
            {
                let length = piece.text.len() - n.rest.len();
                let prefix = Some(piece.text[..length].to_owned());
                candidates.push(Anchor { at, value, prefix, rest: Some(n.rest) });
            }
        }
    }
    let mut expected = 1;
    let mut out: Vec<Anchor> = Vec::new();
    let values: Vec<u32> = candidates.iter().map(|a| a.value).collect();
    for (i, anchor) in candidates.into_iter().enumerate() {
        // A gap is believed only when the number that is missing never comes.
        let skipped = anchor.value > expected && anchor.value <= expected + 3 && !values[i + 1..].contains(&expected);
        if anchor.value == expected || skipped {
            expected = anchor.value + 1;
            out.push(anchor);
        }
    }
    out
}

/// Which columns stand between number and number.
struct Plan {
    number_column: Option<usize>,
    section: Option<usize>,
    /// The others, in order.
    columns: Vec<(usize, Kind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Units,
    Time,
    Other,
}

impl Plan {
    fn new(words: &[(String, Option<Word>)]) -> Option<Self> {
        let number_column = words.iter().position(|(_, w)| *w == Some(Word::Number));
        let texts: Vec<usize> = words
            .iter()
            .enumerate()
            .filter(|(_, (_, w))| matches!(w, Some(Word::Task | Word::Requirement | Word::Section)))
            .map(|(i, _)| i)
            .collect();
        // Of several texts the first is the section, the last the requirement.
        let section = (texts.len() >= 2).then(|| texts[0]);
        let columns = words
            .iter()
            .enumerate()
            .filter(|(i, _)| Some(*i) != number_column && Some(*i) != section)
            .map(|(i, (_, word))| {
                let kind = match word {
                    Some(Word::Task | Word::Requirement | Word::Section) => Kind::Text,
                    Some(Word::Units | Word::Lead | Word::Support | Word::Parent) => Kind::Units,
                    Some(Word::Deadline) => Kind::Time,
                    _ => Kind::Other,
                };
                (i, kind)
            })
            .collect::<Vec<_>>();
        columns.iter().any(|(_, k)| *k == Kind::Text).then_some(Self { number_column, section, columns })
    }

    /// The best way to divide the pieces of a row among the columns, and whether nothing in it is doubtful.
    fn divide(&self, body: &[Piece], year: i32) -> (Vec<String>, bool) {
        let (n, m) = (body.len(), self.columns.len());
        if n > MOST_PIECES || n == 0 {
            let mut texts = vec![String::new(); m];
            texts[0] = join(body);
            return (texts, false);
        }
        // best[c][i]: the first c columns hold the first i pieces.
        let mut best = vec![vec![(f64::NEG_INFINITY, 0_usize); n + 1]; m + 1];
        best[0][0].0 = 0.0;
        for c in 0..m {
            for from in 0..=n {
                let so_far = best[c][from].0;
                if so_far == f64::NEG_INFINITY {
                    continue;
                }
                for (to, cell) in best[c + 1].iter_mut().enumerate().skip(from) {
                    let Some(score) = worth(self.columns[c].1, body, from, to, year) else { continue };
                    if so_far + score > cell.0 {
                        *cell = (so_far + score, from);
                    }
                }
            }
        }
        let mut texts = vec![String::new(); m];
        let mut to = n;
        for c in (0..m).rev() {
            let from = best[c + 1][to].1;
            texts[c] = join(&body[from..to]);
            to = from;
        }
        let sure = self.columns.iter().zip(&texts).all(|((_, kind), text)| match kind {
            Kind::Text => text.ends_with(['。', '；', '.', '！']),
            // A blank one is asked about where it inherits.
            Kind::Units => text.is_empty() || is_units(text),
            Kind::Time => is_time(text, year),
            Kind::Other => true,
        });
        (texts, sure)
    }
}

fn join(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let gap = out.chars().last().zip(piece.text.chars().next());
        if gap.is_some_and(|(a, b)| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && piece.gap == Gap::Space) {
            out.push(' ');
        }
        out.push_str(&piece.text);
    }
    out
}

/// How well pieces fill a cell of a column; nothing when they cannot.
fn worth(kind: Kind, body: &[Piece], from: usize, to: usize, year: i32) -> Option<f64> {
    // Where a cell begins there is a blank line, or at least a finished sentence before it.
    let start = match body.get(from) {
        Some(_) if from == 0 => 0.0,
        Some(piece) if to > from => {
            let finished = body[from - 1].text.ends_with(['。', '；', '！', '.', ';']);
            match piece.gap {
                Gap::Blank => 1.5,
                Gap::Space => 0.8,
                Gap::Line => {
                    if finished {
                        0.3
                    } else {
                        -1.5
                    }
                }
            }
        }
        _ => 0.0,
    };
    if from == to {
        return Some(match kind {
            Kind::Text => -8.0,
            Kind::Units => -0.5,
            Kind::Time => -1.5,
            Kind::Other => 0.0,
        });
    }
    let length = body[from..to].iter().map(|p| p.text.chars().count()).sum::<usize>() as f64;
    match kind {
        Kind::Text => {
            Some(if body[to - 1].text.ends_with(['。', '；', '！', '.', ';', '）']) { 2.0 } else { -0.5 } + start)
        }
        Kind::Units => {
            if to - from > 14 || body[from..to - 1].iter().any(|p| p.text.contains('。')) {
                return None;
            }
            let text = join(&body[from..to]);
            let torn = text.starts_with(['、', '，', '；', '）', ')', '。']) || unbalanced(&text);
            (is_units(&text) && !torn).then_some(2.0 + 0.12 * length + start)
        }
        Kind::Time => {
            if to - from > 8 || length > 60.0 {
                return None;
            }
            is_time(&join(&body[from..to]), year).then_some(3.0 + 0.1 * length + start)
        }
        Kind::Other => Some(start - 0.2 * length),
    }
}

fn unbalanced(text: &str) -> bool {
    let open = text.chars().filter(|c| matches!(c, '（' | '(')).count();
    let close = text.chars().filter(|c| matches!(c, '）' | ')')).count();
    open != close
}

/// The value of a section label that comes now: the current one again, or the next.
fn label_value(text: &str, current: u64) -> Option<u64> {
    let label = labels::section(text).filter(|l| l.rank == 1)?;
    match natural_key(&label.label).first() {
        Some(Numeral::Number(n)) if *n == current || *n == current + 1 => Some(*n),
        _ => None,
    }
}

/// A section cell at the start of a row: narrow lines, all but the last one full.
fn leading_section(body: &mut Vec<Piece>, current: &mut u64) -> Option<String> {
    let first = body.first()?;
    let value = label_value(&first.text, *current)?;
    let width = first.text.chars().count();
    let mut end = 1;
    while end < body.len() {
        let full = body[end - 1].text.chars().count() + 1 >= width;
        let narrow = body[end].text.chars().count() <= width + 1;
        if !(full && narrow && body[end].gap != Gap::Space) {
            break;
        }
        end += 1;
    }
    *current = value;
    Some(body.drain(..end).map(|p| p.text).collect())
}

/// A section cell at the end of a row belongs to the next row.
fn trailing_section(body: &mut Vec<Piece>, current: &mut u64) -> Option<String> {
    let at =
        (0..body.len()).rev().find(|&i| body[i].gap != Gap::Space && label_value(&body[i].text, *current).is_some())?;
    *current = label_value(&body[at].text, *current)?;
    Some(body.drain(at..).map(|p| p.text).collect())
}
