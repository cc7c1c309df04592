//! The numbers and texts of a row: numbers are taken off, and a cell with several tasks is taken apart.

use super::clean::joined;
use super::draft::Draft;
use super::grid::Grid;
use super::labels;
use super::walk::Walk;
use crate::domain::numbering::{Piece, natural_key};
use crate::domain::text::half_width;

impl Walk {
    fn next_value(&self) -> Option<u32> {
        Some(self.drafts.iter().rev().find_map(|d| d.value).map_or(1, |v| v.saturating_add(1)))
    }

    /// Takes numbers off the texts, and cells with several tasks apart.
    pub(super) fn finish(
        &mut self,
        mut draft: Draft,
        title: Option<String>,
        requirement: String,
        grid: &Grid<'_>,
        row: usize,
    ) {
        let expected = self.next_value();
        let in_column = draft.number.clone();
        let points = self.numbers_points;
        let take = |text: &str| labels::numbered(text, expected).filter(|n| n.mark != '①' && !points);
        let mut title = title;
        let mut requirement = requirement;
        let mut several = Vec::new();
        match &in_column {
            // The same number again before the text.
            Some(number) => {
                if let Some(n) = take(&requirement).filter(|n| n.number == *number && n.mark != '(') {
                    requirement = n.rest;
                }
                if let Some(n) = title.as_deref().and_then(take).filter(|n| n.number == *number) {
                    title = Some(n.rest);
                }
            }
            None => {
                if let Some(n) = title.as_deref().and_then(take) {
                    (draft.number, draft.value, title) = (Some(n.number), n.value, Some(n.rest));
                } else if let Some(n) = take(&requirement) {
                    several = self.several(&requirement, &n, grid, row);
                    (draft.number, draft.value, requirement) = (Some(n.number), n.value, n.rest);
                } else if let Some(label) = labels::section(&requirement).filter(|l| matches!(l.rank, 1 | 2))
                    && title.is_none()
                    && !self.has_number_column
                {
                    // Tasks that are numbered 一、二、三、 themselves.
                    draft.value = match natural_key(&label.label).first() {
                        Some(Piece::Number(n)) => u32::try_from(*n).ok(),
                        _ => None,
                    };
                    (draft.number, requirement) = (Some(label.label), label.title);
                }
            }
        }
        let text = |t: String| Some(joined(&t)).filter(|t| !t.is_empty());
        draft.title = title.and_then(text);
        draft.requirement = Some(requirement).and_then(text);
        self.inherit(&mut draft);
        if several.len() < 2 {
            self.put(draft);
            return;
        }
        for (i, (number, value, rest)) in several.into_iter().enumerate() {
            let mut one = Draft { number: Some(number), value, requirement: text(rest), split: true, ..draft.clone() };
            if i > 0 {
                for printed in
                    [&mut one.lead, &mut one.units, &mut one.support, &mut one.deadline].into_iter().flatten()
                {
                    printed.merged = true;
                }
            }
            self.put(one);
        }
    }

    /// The tasks in one cell: numbers that go on from the last task, and with which the next row goes on.
    fn several(
        &self,
        text: &str,
        first: &labels::Numbered,
        grid: &Grid<'_>,
        row: usize,
    ) -> Vec<(String, Option<u32>, String)> {
        let (Some(start), mark) = (first.value, first.mark) else { return Vec::new() };
        let mut parts: Vec<(String, Option<u32>, String)> = Vec::new();
        let mut expected = start;
        for line in text.lines() {
            match labels::numbered(line, Some(expected)).filter(|n| n.value == Some(expected) && n.mark == mark) {
                Some(n) => {
                    parts.push((n.number, n.value, n.rest));
                    expected = expected.saturating_add(1);
                }
                None => match parts.last_mut() {
                    Some(last) => {
                        last.2.push('\n');
                        last.2.push_str(line);
                    }
                    None => return Vec::new(),
                },
            }
        }
        if parts.len() < 2 {
            return Vec::new();
        }
        // The next number of the table decides: 3. … 4. … then 5. means tasks, then 4. means points of one task.
        let next = (row + 1..grid.rows)
            .flat_map(|r| grid.own(r).into_iter().map(|(_, _, t)| t))
            .find_map(|t| labels::numbered(t, None).filter(|n| n.mark == mark).and_then(|n| n.value));
        match next {
            Some(next) if next == expected => parts,
            Some(_) => Vec::new(),
            None if self.drafts.last().is_none_or(|d| d.value.is_some_and(|v| v + 1 == start)) => parts,
            None => Vec::new(),
        }
    }
}

/// Points of one task in one line: `1.网站改版；2.新媒体整合`.
fn is_points(text: &str) -> bool {
    let Some(n) = labels::numbered(text, None).filter(|n| n.value == Some(1)) else { return false };
    let rest: Vec<char> = n.rest.lines().next().unwrap_or_default().chars().map(half_width).collect();
    let second = |at: usize| match n.mark {
        '(' => rest[at..].starts_with(&['(', '2', ')']),
        mark => {
            rest[at..].starts_with(&['2', half_width(mark)])
                && !rest.get(at + 2).is_some_and(char::is_ascii_digit)
                && at.checked_sub(1).is_some_and(|before| ";。,".contains(rest[before]))
        }
    };
    (0..rest.len()).any(second)
}

/// Whether all numbers before texts of a table are those of points, so that none of them is the number of a task.
pub(super) fn numbers_points(grid: &Grid<'_>) -> bool {
    let mut found = false;
    for row in 0..grid.rows {
        for (_, _, text) in grid.own(row) {
            if labels::numbered(text, None).is_some_and(|n| n.mark != '①') {
                if !is_points(text) {
                    return false;
                }
                found = true;
            }
        }
    }
    found
}

/// Whether a text begins with a number below this one: 1.2 below 1.
pub(super) fn within(text: &str, number: &str) -> bool {
    labels::numbered(text, None)
        .is_some_and(|n| n.number.strip_prefix(number).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1))
}
