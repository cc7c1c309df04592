//! Headings: which rows they are, and what each says.

use super::clean::key;
use super::grid::Grid;
use super::labels;
pub(super) use super::words::{Word, names_a_column, word};

/// The headings of a table.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Its first row.
    pub(super) first: usize,
    /// The row behind its last.
    pub(super) end: usize,
    /// The headings from left to right: first column, columns covered, printed text, what it says.
    pub(super) cells: Vec<Heading>,
}

/// One heading.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) column: usize,
    pub(super) span: usize,
    pub(super) text: String,
    pub(super) word: Option<Word>,
}

impl Header {
    /// Whether a row further down says these headings again, perhaps not all of them; or others that mean the same in
    /// the same columns, right below the rows of the list.
    pub(super) fn repeats(&self, grid: &Grid<'_>, row: usize) -> bool {
        let own = grid.own(row);
        let said = |text: &str| {
            let key = key(text);
            (self.first..self.end).any(|r| grid.own(r).iter().any(|(_, _, t)| super::clean::key(t) == key))
        };
        let titled = || {
            let above = (self.end..row).rev().map(|r| grid.own(r)).find(|own| !own.is_empty());
            above.is_none_or(|own| own.len() == 1)
        };
        let same = |column: usize, text: &str| {
            let here = self.cells.iter().find(|c| (c.column..c.column + c.span).contains(&column));
            here.is_some_and(|c| c.word.is_some() && c.word == word(text))
        };
        own.iter().all(|(_, _, text)| said(text)) || !titled() && own.iter().all(|(c, _, text)| same(*c, text))
    }
}

/// Rows in which the headings may stand.
pub(super) const SEARCH: usize = 40;
/// Rows of headings at most.
pub(super) const DEPTH: usize = 3;

/// Finds the headings.
pub(super) fn find(grid: &Grid<'_>) -> Option<Header> {
    let first = (0..grid.rows.min(SEARCH)).find(|&row| is_header_row(grid, row))?;
    let mut end = first + 1;
    while end < grid.rows && end < first + DEPTH && continues(grid, first, end) {
        end += 1;
    }
    Some(Header { first, end, cells: headings(grid, first, end) })
}

/// Whether a row is made of headings.
pub(super) fn is_header_row(grid: &Grid<'_>, row: usize) -> bool {
    let own = grid.own(row);
    let words: Vec<Word> = own.iter().filter_map(|(_, _, text)| word(text)).collect();
    let telling = words.iter().filter(|w| !matches!(w, Word::Other | Word::Number | Word::Period)).count();
    let text =
        words.iter().any(|w| matches!(w, Word::Task | Word::Requirement | Word::Goal | Word::Problem | Word::Section));
    let who =
        words.iter().any(|w| matches!(w, Word::Units | Word::Lead | Word::Parent | Word::Deadline | Word::Progress));
    let numbered = words.contains(&Word::Number);
    words.len() >= 2
        && words.len() * 2 >= own.len()
        && telling >= 1
        && (text && (who || numbered || telling >= 2) || who && numbered)
        && !own.iter().any(|(_, _, text)| labels::numbered(text, None).is_some())
}

/// A second row of headings stands below a first one that covers several columns or leaves places blank.
fn continues(grid: &Grid<'_>, first: usize, row: usize) -> bool {
    let own = grid.own(row);
    if own.is_empty() {
        // Every place is covered from the first row.
        return grid.comes_from_above(row, 0) && (0..grid.columns).all(|c| grid.comes_from_above(row, c));
    }
    // A row that only counts the columns: 1 2 3 4, 甲 乙 丙.
    let counts = own.len() >= 3
        && own.iter().enumerate().all(|(i, (_, _, text))| {
            let key = key(text);
            key == (i + 1).to_string()
                || key == format!("({})", i + 1)
                || "甲乙丙丁戊己庚辛".chars().nth(i).is_some_and(|c| key == c.to_string())
        });
    if counts {
        return true;
    }
    own.iter().all(|(column, span, text)| {
        let above = grid.cell(row - 1, *column).filter(|c| c.row >= first);
        let under_parent = above.is_some_and(|c| c.column_span > *span || grid.text(row - 1, *column).is_empty());
        let blank_above = above.is_none() || grid.text(row - 1, *column).is_empty();
        let parent = word(grid.text(row - 1, *column));
        // 责任单位 over 县直部门, 乡镇（街道）, 驻县单位: what stands below it only says which of them.
        let divides = above.is_some_and(|c| c.column_span > *span) && parent.is_some_and(is_divided);
        key(text).chars().count() <= 12
            && (word(text).is_some() || divides)
            && (under_parent || blank_above || parent == Some(Word::Parent))
    })
}

/// Whether a heading below another one only says which of its units are meant: 县直部门 below 责任单位.
fn divides(parent: Word, said: Option<Word>, text: &str) -> bool {
    let whose = ["责任", "承办", "落实", "主管", "实施"].iter().any(|w| text.contains(w));
    match said {
        None => is_divided(parent),
        Some(Word::Units) => is_divided(parent) && parent != Word::Parent && !whose,
        Some(_) => false,
    }
}

/// Headings that may stand over several columns of the same kind.
const fn is_divided(word: Word) -> bool {
    matches!(word, Word::Parent | Word::Units | Word::Lead | Word::Support)
}

/// The deepest heading of each column.
fn headings(grid: &Grid<'_>, first: usize, end: usize) -> Vec<Heading> {
    let mut out: Vec<Heading> = Vec::new();
    let mut column = 0;
    while column < grid.columns {
        let mut found: Option<Heading> = None;
        for row in first..end {
            let text = grid.text(row, column);
            let Some(cell) = grid.cell(row, column).filter(|c| c.row >= first && !text.is_empty()) else { continue };
            if key(text).chars().all(|c| c.is_ascii_digit() || "甲乙丙丁戊己庚辛()".contains(c)) && found.is_some()
            {
                continue;
            }
            let said = word(text);
            // A part of its parent's columns is called by both.
            if let Some(parent) = found.as_mut().filter(|p| p.word.is_some_and(|word| divides(word, said, text)))
                && cell.row > first
                && cell.column_span < parent.span
            {
                parent.text = format!("{}（{text}）", parent.text);
                continue;
            }
            // A parent that says nothing more does not hide its child, and an unknown child not its parent.
            if said.is_some() || found.is_none() {
                found = Some(Heading {
                    column: cell.column,
                    span: cell.column_span.max(1),
                    text: text.to_owned(),
                    word: said,
                });
            }
        }
        match found {
            Some(heading) => {
                let next = (heading.column + heading.span).max(column + 1);
                let span = next - column;
                // Under a parent with children every column has its own heading.
                let split = (column + 1..next).find(|&c| {
                    (first..end).any(|r| {
                        grid.cell(r, c).is_some_and(|x| x.column == c && x.row >= first && !grid.text(r, c).is_empty())
                    })
                });
                let next = split.unwrap_or(next);
                out.push(Heading { column, span: span.min(next - column), ..heading });
                column = next;
            }
            None => column += 1,
        }
    }
    out
}
