//! What each column holds: by its heading, and by what stands in it.

use std::collections::HashSet;

use entity::vocabulary::DeadlineKind;

use super::clean::{key, unit_cell};
use super::grid::Grid;
use super::header::{Header, Word, is_header_row};
use super::labels;
use super::rivals::{only_deadline, section_number, settle_texts, weak_units};
use crate::documents::list_json::ColumnRole;
use crate::domain::deadline_text::{TimeDoubt, read_cell};
use crate::domain::text::half_width;
use crate::domain::unit_expression::{looks_like_a_unit, parse};

/// Rows that are looked at.
const SAMPLE: usize = 300;
/// Texts of a column that are read to tell what it holds; more tell the same, and reading them all took a fifth of the
/// time of an import.
const READ: usize = 32;

/// What stands in a column, as shares of its cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// Cells that begin here and say something.
    pub(super) cells: usize,
    pub(super) numeric: f64,
    pub(super) label: f64,
    pub(super) numbered: f64,
    pub(super) units: f64,
    pub(super) times: f64,
    pub(super) length: f64,
    pub(super) distinct: f64,
    /// Short, each another one, and with a figure in it: what the numbers of a file keeper look like, whatever their form.
    pub(super) coded: bool,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// The role of each column of the grid.
    pub(super) roles: Vec<ColumnRole>,
    /// The printed heading of each.
    pub(super) headers: Vec<Option<String>>,
    /// Columns whose role is a guess, or of which nothing is taken.
    pub(super) doubtful: Vec<usize>,
    /// Columns of what is planned until the time in their heading.
    pub(super) periods: Vec<usize>,
    /// A number column that numbers the sections.
    pub(super) section_number: Option<usize>,
    /// What stands in the number column counts as it is printed, whatever its form.
    pub(super) coded: bool,
}

impl Columns {
    pub(super) fn of(&self, role: ColumnRole) -> impl Iterator<Item = usize> + '_ {
        self.roles.iter().enumerate().filter(move |(_, r)| **r == role).map(|(i, _)| i)
    }

    pub(super) fn first(&self, role: ColumnRole) -> Option<usize> {
        self.of(role).next()
    }
}

/// Rows that are neither headings nor spread over the table.
fn sample_rows(grid: &Grid<'_>, from: usize) -> Vec<usize> {
    let alone = |row: usize| (0..grid.columns).all(|c| !grid.comes_from_above(row, c) || grid.text(row, c).is_empty());
    let wide = |row: usize| {
        let own = grid.own(row);
        match own.as_slice() {
            // Where cells cannot be merged, a row over the table is its first cell.
            [(0, 1, _)] if grid.columns > 2 && alone(row) => true,
            [(column, span, text)] => {
                *span * 2 > grid.columns
                    || labels::section(text).is_some()
                        && (0..grid.columns).all(|c| c == *column || !grid.comes_from_above(row, c))
            }
            [] => true,
            [(_, _, text), ..] => super::title::is_note(text),
        }
    };
    (from..grid.rows).filter(|&row| !wide(row) && !is_header_row(grid, row)).take(SAMPLE).collect()
}

fn profile(grid: &Grid<'_>, rows: &[usize], column: usize, year: i32) -> Profile {
    let texts: Vec<&str> = rows
        .iter()
        .filter(|&&row| grid.cell(row, column).is_some_and(|c| c.row == row && c.column == column))
        .map(|&row| grid.text(row, column))
        .filter(|text| !text.is_empty())
        .collect();
    let n = texts.len();
    if n == 0 {
        return Profile::default();
    }
    // From all over the column: the end of a list may look different from its beginning.
    let read: Vec<&str> = texts.iter().copied().step_by(n.div_ceil(READ)).collect();
    let share = |test: &dyn Fn(&str) -> bool| read.iter().filter(|t| test(t)).count() as f64 / read.len() as f64;
    let distinct = texts.iter().map(|t| key(t)).collect::<HashSet<_>>().len();
    Profile {
        cells: n,
        coded: distinct == n && texts.iter().all(|t| is_code(t)),
        numeric: share(&|t| labels::number_cell(t).is_some()),
        label: share(&|t| labels::section(t).is_some()),
        numbered: share(&|t| labels::numbered(t, None).is_some()),
        units: share(&is_units),
        times: share(&|t| is_time(t, year)),
        length: texts.iter().map(|t| t.chars().count()).sum::<usize>() as f64 / n as f64,
        distinct: distinct as f64 / n as f64,
    }
}

fn is_code(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).nth(16).is_none()
        && text.chars().map(half_width).any(|c| c.is_ascii_digit())
        && !text.contains(['，', '。', '；', '、', '\n'])
}

/// Whether a text is a unit expression through and through.
pub(super) fn is_units(text: &str) -> bool {
    // Two sentences are no expression; most texts of a list are told by that alone.
    if text.trim_end().trim_end_matches(['。', '.']).contains('。') {
        return false;
    }
    let text = unit_cell(text);
    if text.chars().count() > 600 || labels::numbered(&text, None).is_some() || labels::section(&text).is_some() {
        return false;
    }
    let trimmed = text.trim_end_matches(['。', '.']);
    if trimmed.contains('。') {
        return false;
    }
    let expression = parse(trimmed);
    let members: Vec<_> = expression.blocks.iter().flat_map(|b| &b.segments).flat_map(|s| &s.members).collect();
    let good = members.iter().filter(|m| m.open || looks_like_a_unit(&m.name)).count();
    let sane = members.iter().all(|m| m.name.chars().count() <= 30);
    sane && !members.is_empty() && good * 4 >= members.len() * 3
}

/// Whether a text is a deadline through and through.
pub(super) fn is_time(text: &str, year: i32) -> bool {
    // No office prints a longer one, and most cells of a list are.
    if text.chars().count() > 100 {
        return false;
    }
    let reading = read_cell(text, year);
    reading.deadline.kind != DeadlineKind::None
        && !reading.doubts.iter().any(|d| matches!(d, TimeDoubt::Rest | TimeDoubt::NotUnderstood))
}

/// How well a heading fits what stands below it.
fn fit(word: Option<Word>, p: &Profile) -> f64 {
    if p.cells == 0 {
        return match word {
            Some(Word::Task | Word::Requirement) => -2.0,
            _ => 0.0,
        };
    }
    let numeric = if p.times > p.numeric { 0.0 } else { p.numeric };
    match word {
        Some(Word::Number) if p.coded && p.times < 0.5 => 2.0,
        Some(Word::Number) => 4.0 * numeric - 2.0,
        Some(Word::Units | Word::Lead | Word::Support | Word::Parent) => 4.0 * p.units - 2.0,
        Some(Word::Deadline) => 4.0 * p.times - 1.5,
        Some(Word::Requirement) => (p.length / 20.0).min(1.0) - 3.0 * numeric - 2.0 * p.times - p.units,
        Some(Word::Task | Word::Section) => p.label - 3.0 * numeric - p.times - 0.5 * p.units,
        Some(Word::Progress | Word::Other | Word::Goal | Word::Problem | Word::Period) | None => 0.0,
    }
}

/// Gives every column its role.
pub(super) fn columns(grid: &Grid<'_>, header: Option<&Header>, year: i32) -> Columns {
    let rows = sample_rows(grid, header.map_or(0, |h| h.end));
    let profiles: Vec<Profile> = (0..grid.columns).map(|c| profile(grid, &rows, c, year)).collect();
    let mut words: Vec<Option<Word>> = vec![None; grid.columns];
    let mut headers: Vec<Option<String>> = vec![None; grid.columns];
    if let Some(header) = header {
        for (heading, column) in header.cells.iter().zip(align(header, &profiles)) {
            if let Some(column) = column {
                words[column] = heading.word;
                headers[column] = Some(heading.text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    let mut doubtful = Vec::new();
    by_content(&mut words, &headers, &profiles, &mut doubtful);
    weak_units(&mut words, &headers, &mut doubtful);
    let mut roles = roles(&mut words, &profiles, &mut doubtful);
    let section_number = section_number(grid, &rows, &roles);
    if let Some(column) = section_number {
        roles[column] = ColumnRole::Other;
    }
    doubtful.sort_unstable();
    doubtful.dedup();
    let number = roles.iter().position(|r| *r == ColumnRole::Number);
    let coded = number.is_some_and(|c| profiles[c].coded && headers[c].is_some());
    let periods = (0..words.len()).filter(|&c| words[c] == Some(Word::Period)).collect();
    Columns { roles, headers, doubtful, periods, section_number, coded }
}

/// Puts the headings over the columns, in order, so that they fit best: a heading may cover two columns, or stand one off.
fn align(header: &Header, profiles: &[Profile]) -> Vec<Option<usize>> {
    let (n, m) = (header.cells.len(), profiles.len());
    let score = |i: usize, j: usize| {
        let heading = &header.cells[i];
        let inside = (heading.column..heading.column + heading.span).contains(&j);
        let away =
            if j < heading.column { heading.column - j } else { (j + 1).saturating_sub(heading.column + heading.span) };
        fit(heading.word, &profiles[j]) + if inside { 2.0 } else { -0.8 * away as f64 }
    };
    const DROPPED: f64 = -6.0;
    let mut best = vec![vec![0.0_f64; m + 1]; n + 1];
    for i in 1..=n {
        best[i][0] = best[i - 1][0] + DROPPED;
        for j in 1..=m {
            best[i][j] = best[i][j - 1].max(best[i - 1][j - 1] + score(i - 1, j - 1)).max(best[i - 1][j] + DROPPED);
        }
    }
    let mut out = vec![None; n];
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        if best[i][j] == best[i - 1][j - 1] + score(i - 1, j - 1) {
            out[i - 1] = Some(j - 1);
            (i, j) = (i - 1, j - 1);
        } else if best[i][j] == best[i][j - 1] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    out
}

/// Columns without a heading, and headings that say too little.
fn by_content(words: &mut [Option<Word>], headers: &[Option<String>], profiles: &[Profile], doubtful: &mut Vec<usize>) {
    let has = |words: &[Option<Word>], wanted: &[Word]| words.iter().flatten().any(|w| wanted.contains(w));
    let rows = profiles.iter().map(|p| p.cells).max().unwrap_or(0);
    for (c, p) in profiles.iter().enumerate() {
        let silent = words[c].is_none() || words[c] == Some(Word::Parent);
        if !silent || p.cells == 0 {
            if words[c] == Some(Word::Parent) {
                words[c] = Some(Word::Other);
            }
            continue;
        }
        let parent = words[c] == Some(Word::Parent);
        let printed = headers[c].is_some() && !parent;
        // Before a column of texts, a short text that stands for several rows groups them.
        let text_behind = words[c + 1..].iter().flatten().any(|w| matches!(w, Word::Task | Word::Requirement));
        let word = if p.numeric >= 0.7 && p.times < p.numeric && !has(words, &[Word::Number]) && !printed {
            Word::Number
        } else if p.units >= 0.6 && (parent || !has(words, &[Word::Units, Word::Lead])) {
            Word::Units
        } else if p.times >= 0.6 && !has(words, &[Word::Deadline]) {
            Word::Deadline
        } else if p.label >= 0.6
            || printed && text_behind && p.cells * 4 <= rows * 3 && p.length <= 20.0 && p.numeric < 0.5
        {
            Word::Section
        } else if printed && text_behind && p.length <= 20.0 && p.numeric < 0.5 && !has(words, &[Word::Task]) {
            Word::Task
        } else {
            Word::Other
        };
        if headers[c].is_none() && word != Word::Number || printed {
            doubtful.push(c);
        }
        words[c] = Some(word);
    }
    if !has(words, &[Word::Task, Word::Requirement, Word::Goal, Word::Problem]) {
        let longest = (0..words.len())
            .filter(|&c| matches!(words[c], Some(Word::Other) | None) && profiles[c].cells > 0)
            .max_by(|a, b| profiles[*a].length.total_cmp(&profiles[*b].length));
        if let Some(c) = longest {
            words[c] = Some(Word::Requirement);
        } else if let Some(c) = words.iter().position(|w| *w == Some(Word::Section)) {
            words[c] = Some(Word::Requirement);
        }
    }
}

fn roles(words: &mut [Option<Word>], profiles: &[Profile], doubtful: &mut Vec<usize>) -> Vec<ColumnRole> {
    settle_texts(words, profiles, doubtful);
    only_deadline(words, profiles, doubtful);
    // As many rows as the fullest column of texts or numbers has cells: notes and signatures are no tasks.
    let counted = |w: &Option<Word>| matches!(w, Some(Word::Task | Word::Requirement | Word::Number));
    let rows = words.iter().zip(profiles).filter(|(w, _)| counted(w)).map(|(_, p)| p.cells).max().unwrap_or(0);
    let mut roles: Vec<ColumnRole> = words
        .iter()
        .map(|word| match word {
            Some(Word::Number) => ColumnRole::Number,
            Some(Word::Section) => ColumnRole::Section,
            Some(Word::Task) => ColumnRole::Title,
            Some(Word::Requirement) => ColumnRole::Requirement,
            Some(Word::Lead) => ColumnRole::LeadUnits,
            Some(Word::Units) => ColumnRole::Units,
            Some(Word::Support) => ColumnRole::SupportUnits,
            Some(Word::Deadline) => ColumnRole::Deadline,
            Some(Word::Progress) => ColumnRole::Progress,
            Some(Word::Parent | Word::Other | Word::Goal | Word::Problem | Word::Period) | None => ColumnRole::Other,
        })
        .collect();
    let texts: Vec<usize> =
        (0..roles.len()).filter(|&c| matches!(roles[c], ColumnRole::Title | ColumnRole::Requirement)).collect();
    // A second number column (大项序号) says no more than the section does.
    let numbers: Vec<usize> = (0..roles.len()).filter(|&c| roles[c] == ColumnRole::Number).collect();
    if let Some((_, more)) = numbers.split_first() {
        more.iter().for_each(|&c| roles[c] = ColumnRole::Other);
    }
    let number_cells = numbers.first().map(|&c| profiles[c].cells);
    // 一、… in a text column makes it the column of sections, when another one holds the tasks.
    for &c in &texts {
        let others = texts.iter().filter(|&&o| o != c && roles[o] != ColumnRole::Section && profiles[o].cells > 0);
        if profiles[c].label >= 0.5
            && others.count() > 0
            && (roles[c] == ColumnRole::Title || profiles[c].cells * 4 < rows * 3)
        {
            roles[c] = ColumnRole::Section;
        }
    }
    let texts: Vec<usize> = texts.into_iter().filter(|&c| roles[c] != ColumnRole::Section).collect();
    // The requirement is what is called so, else the longest text.
    if !texts.iter().any(|&c| roles[c] == ColumnRole::Requirement) {
        let longest = texts.iter().copied().max_by(|a, b| profiles[*a].length.total_cmp(&profiles[*b].length));
        if let Some(c) = longest {
            roles[c] = ColumnRole::Requirement;
        }
    }
    // A text that stands for several rows groups them, unless the number stands for the same rows.
    let titles: Vec<usize> = texts.iter().copied().filter(|&c| roles[c] == ColumnRole::Title).collect();
    for &c in &titles {
        let p = &profiles[c];
        let grouped = p.cells > 0 && p.cells * 4 <= rows * 3 && p.numbered < 0.5;
        let with_number = number_cells.is_some_and(|n| n <= p.cells);
        let repeated = p.distinct <= 0.6 && p.cells >= 4 && p.numbered < 0.5;
        if (grouped && !with_number) || repeated {
            roles[c] = ColumnRole::Section;
        }
    }
    // Of several titles the nearest to the requirement is the title.
    let titles: Vec<usize> = titles.into_iter().filter(|&c| roles[c] == ColumnRole::Title).collect();
    if let Some((_, more)) = titles.split_last() {
        more.iter().for_each(|&c| roles[c] = ColumnRole::Section);
    }
    roles
}
