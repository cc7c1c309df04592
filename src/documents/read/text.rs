//! Plain text: lines split by tabs or upright strokes (| ｜ │) are a table, all others stay lines as they are.

use super::delimited::{cell, trim_right};
use super::{Budget, ReadError};
use crate::documents::table::{Pages, Table};

/// What keeps cells apart: tabs, and strokes of several kinds.
const SIGNS: &[char] = &['\t', '|', '｜', '│', '┃'];

/// Reads the text. Without separators every line goes to `tail` untouched, blanks, indents and form feeds included:
/// whoever puts broken columns together again needs them.
pub(super) fn read(text: &str, budget: &mut Budget) -> Result<Pages, ReadError> {
    budget.text(text.len())?;
    let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
    // Every line has a place in the answer.
    budget.cells(lines.len() / 4)?;
    // Of two signs as frequent as each other the first counts.
    let signs = SIGNS.iter().map(|sign| (*sign, rows(&lines, *sign)));
    let (sign, ((first, last), count)) =
        signs.reduce(|best, next| if next.1.1 > best.1.1 { next } else { best }).unwrap_or(('\t', ((0, 0), 0)));
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    if count < 2 {
        return Ok(Pages { tail: owned(&lines), ..Pages::default() });
    }
    let mut table = Table { place: "表 1".to_owned(), before: owned(&lines[..first]), ..Table::default() };
    let within = &lines[first..=last];
    // A stroke at the start of all lines is a border, not an empty first column.
    let bordered = sign != '\t' && within.iter().filter(|l| l.contains(sign)).all(|l| l.trim_start().starts_with(sign));
    for (index, line) in within.iter().enumerate() {
        if line.trim().is_empty() || is_rule(line) {
            continue;
        }
        let line = if bordered { line.trim_start().trim_start_matches(sign) } else { line };
        let line = line.trim_start_matches('\u{c}');
        let row = table.rows;
        table.rows += 1;
        for (column, piece) in line.split(sign).enumerate() {
            budget.cell()?;
            table.cells.push(cell(row, column, piece, first + index + 1));
        }
    }
    trim_right(&mut table);
    let tail = owned(&lines[last + 1..]);
    Ok(Pages { tables: vec![table], tail, notes: Vec::new() })
}

/// The first and last line with this sign, and how many there are.
fn rows(lines: &[&str], sign: char) -> ((usize, usize), usize) {
    // A tab that only indents is none.
    let is_row = |line: &&str| match sign {
        '\t' => line.trim_end().contains('\t') && !line.trim().is_empty() || line.trim_start().contains('\t'),
        _ => line.contains(sign) && !is_rule(line),
    };
    let first = lines.iter().position(is_row).unwrap_or_default();
    let last = lines.iter().rposition(is_row).unwrap_or_default();
    ((first, last), lines.iter().filter(|line| is_row(line)).count())
}

/// A line that only rules off: `|---|:--|`, `+----+`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let drawn = !line.is_empty() && line.chars().all(|c| ('─'..='╿').contains(&c) && !matches!(c, '│' | '┃'));
    drawn || line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '｜' | '│'))
}
