//! Sections in a table: rows of their own, merged cells, labels beside their titles.

use std::collections::HashSet;

use super::clean::{joined, key};
use super::columns::{Columns, is_units};
use super::grid::Grid;
use super::labels::{self, Label, UNLABELLED};
use super::question::{QuestionKind, Questions};
use super::remarks::is_remark;
use super::walk::Walk;
use crate::documents::list_json::{ColumnRole, SectionItem};

impl Walk {
    /// A row with one text: a section, a note, or a task whose other cells come from above. True when it is done with.
    pub(super) fn lone_cell(
        &mut self,
        grid: &Grid<'_>,
        columns: &Columns,
        row: usize,
        (column, span, text): (usize, usize, &str),
        questions: &mut Questions,
    ) -> bool {
        let role = columns.roles.get(column).copied().unwrap_or(ColumnRole::Other);
        let found = labels::sections(text);
        let covered =
            (0..grid.columns).any(|c| c != column && grid.comes_from_above(row, c) && !grid.text(row, c).is_empty());
        let wide = span > 1 && span * 2 > grid.columns;
        if !found.is_empty() && (!covered || wide || role == ColumnRole::Section) {
            for label in found {
                self.push_section(label, questions, &grid.place(row, column));
            }
            return true;
        }
        if labels::numbered(text, None).is_some() || labels::number_cell(text).is_some() || covered {
            return false;
        }
        if role == ColumnRole::Section && span == 1 {
            self.section_cell(text, column, questions, &grid.place(row, column));
            return true;
        }
        let plain = key(text);
        let short = plain.chars().count() <= 40 && !is_remark(text);
        let labelled = self.stack.iter().any(|(rank, _)| *rank < 10);
        let whose = self.is_of_units(text);
        // Elsewhere a lone text is a task of which the rest is blank.
        if (wide || role == ColumnRole::Number) && short && !labelled && (whose.is_some() || !is_units(text)) {
            let label: String = joined(text);
            let short: String = label.chars().take(50).collect();
            let known = self.sections.len();
            let place = grid.place(row, column);
            self.push_section(Label { rank: UNLABELLED, label: short, title: label }, questions, &place);
            // Printed again it is the one it was.
            if self.sections.len() > known {
                self.unlabelled.push(known);
            }
            self.units_above = whose;
            return true;
        }
        if wide || matches!(role, ColumnRole::Number | ColumnRole::Other | ColumnRole::Section | ColumnRole::Progress) {
            questions.ask(QuestionKind::Row, format!("rows[{row}]")).at(&grid.place(row, column)).printed(text);
            return true;
        }
        false
    }

    /// 县教育局（2项） over its tasks, in a list without a column for units: whose tasks stand below.
    fn is_of_units(&self, text: &str) -> Option<String> {
        let plain = key(text);
        let counted = plain.strip_suffix("项)").or_else(|| plain.strip_suffix("件)")).and_then(|p| {
            let (name, count) = p.rsplit_once('(')?;
            let digits = count.trim_start_matches('共');
            (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)))
                .then(|| name.chars().count())
        });
        let raw: String = text.split_whitespace().collect();
        let name: String = counted.map_or(raw.clone(), |n| raw.chars().take(n).collect());
        (!self.has_units_column && !self.has_lead_column && is_units(&name)).then_some(name)
    }

    /// "一 | 加强主动公开": the label stands in the number column, the title beside it.
    pub(super) fn label_beside_title(
        &mut self,
        grid: &Grid<'_>,
        columns: &Columns,
        row: usize,
        own: &[(usize, usize, &str)],
        questions: &mut Questions,
    ) -> bool {
        let Some(number) = columns.first(ColumnRole::Number) else { return false };
        let [(first, _, label), (_, _, title)] = own else { return false };
        if *first != number
            || columns.roles.iter().enumerate().any(|(c, role)| {
                matches!(role, ColumnRole::Units | ColumnRole::LeadUnits | ColumnRole::Deadline)
                    && !grid.text(row, c).is_empty()
                    && c > number
                    && grid.cell(row, c).is_some_and(|x| x.column == c)
            })
        {
            return false;
        }
        let Some(label) = labels::section(&format!("{}、{title}", label.trim_end_matches(['、', '.', '．'])))
            .or_else(|| labels::section(&format!("{label}{title}")))
        else {
            return false;
        };
        let label = Label { title: joined(&label.title), ..label };
        self.push_section(label, questions, &grid.place(row, *first));
        true
    }

    pub(super) fn section_cell(&mut self, text: &str, column: usize, questions: &mut Questions, place: &str) {
        let found = labels::sections(text);
        if found.is_empty() {
            let title = joined(text);
            let rank = UNLABELLED + u8::try_from(column).unwrap_or(200).min(200);
            // A number before the title is its label: "1.教育".
            let label = match labels::numbered(text, None) {
                Some(n) => Label { rank, label: n.number, title: joined(&n.rest) },
                None => Label { rank, label: title.chars().take(50).collect(), title },
            };
            self.push_section(label, questions, place);
        } else {
            for label in found {
                self.push_section(label, questions, place);
            }
        }
    }

    pub(super) fn push_section(&mut self, label: Label, questions: &mut Questions, place: &str) {
        let mut title = joined(&label.title).replace('\n', "");
        super::clean::cut(&mut title, 500);
        while self.stack.last().is_some_and(|(rank, _)| *rank >= label.rank) || self.stack.len() >= 6 {
            self.stack.pop();
        }
        let mut name = label.label.clone();
        super::clean::cut(&mut name, 45);
        let parent: Vec<String> = self.stack.iter().map(|(_, label)| label.clone()).collect();
        let mut path = parent.clone();
        path.push(name.clone());
        let mut again = 1;
        while let Some(known) = self.sections.iter_mut().find(|s| s.path == path) {
            let (a, b) = (bare(&known.title), bare(&title));
            // Printed again on the next page, perhaps not in full.
            if a.starts_with(&b) || b.starts_with(&a) {
                if b.chars().count() > a.chars().count() {
                    known.title = title;
                }
                self.stack.push((label.rank, name));
                return;
            }
            again += 1;
            name = format!("{}（{again}）", label.label.chars().take(40).collect::<String>());
            path.pop();
            path.push(name.clone());
        }
        if again > 1 {
            let at = format!("sections[{}].path", self.sections.len());
            questions.ask(QuestionKind::SectionTwice, at).at(place).printed(&title).propose(name.clone());
        }
        self.units_above = None;
        self.places.push(place.to_owned());
        self.sections.push(SectionItem { path, title });
        self.stack.push((label.rank, name));
    }

    /// A row that was taken for a section and has no task below it is none: a person is told.
    pub(super) fn drop_empty_sections(&mut self, questions: &mut Questions) {
        let mut used: HashSet<&[String]> = HashSet::new();
        for draft in &self.drafts {
            (1..=draft.section.len()).for_each(|n| {
                used.insert(&draft.section[..n]);
            });
        }
        let unlabelled: HashSet<usize> = std::mem::take(&mut self.unlabelled).into_iter().collect();
        let (sections, places) = (std::mem::take(&mut self.sections), std::mem::take(&mut self.places));
        let mut gone: HashSet<Vec<String>> = HashSet::new();
        for (at, (section, place)) in sections.into_iter().zip(places).enumerate() {
            if unlabelled.contains(&at) && !used.contains(section.path.as_slice()) {
                questions.ask(QuestionKind::Row, "rows").at(&place).printed(&section.title);
                gone.insert(section.path);
            } else if !(1..section.path.len()).any(|n| gone.contains(&section.path[..n])) {
                self.sections.push(section);
                self.places.push(place);
            }
        }
    }
}

fn bare(title: &str) -> String {
    key(title).trim_end_matches(['。', '.', ';']).to_owned()
}
