//! The walk down the rows of a table: sections, tasks, and what is neither.

use super::clean::{joined, key, unit_cell};
use super::columns::Columns;
use super::draft::{Draft, Printed};
use super::grid::Grid;
use super::header::{Header, Word, is_header_row};
use super::labels::{self, Rank};
use super::question::{QuestionKind, Questions};
use super::remarks::Remark;
use super::several::{numbers_points, within};
use super::title::is_note;
use crate::documents::list_json::{ColumnRole, SectionItem};

/// What was read so far; goes on from table to table.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) sections: Vec<SectionItem>,
    pub(super) stack: Vec<(Rank, String)>,
    pub(super) drafts: Vec<Draft>,
    last_units: Option<(Vec<String>, String)>,
    pub(super) has_lead_column: bool,
    pub(super) has_units_column: bool,
    pub(super) has_number_column: bool,
    /// A table of something else began within this one.
    foreign: bool,
    /// Where each section stands.
    pub(super) places: Vec<String>,
    /// Sections whose rows had no label, by their place among the sections.
    pub(super) unlabelled: Vec<usize>,
    /// How many sections there were when the last task was read.
    used_sections: usize,
    /// Notes among the rows.
    pub(super) notes: Vec<Remark>,
    /// The units of the row or sheet that stands over the tasks, where no column says them.
    pub(super) units_above: Option<String>,
    /// The unit whose name the sheet bears.
    pub(super) sheet_unit: Option<String>,
    /// The numbers before the texts are those of points.
    pub(super) numbers_points: bool,
}

/// Texts that mean the text above.
const SAME: &[&str] = &["同上", "〃", "″", "\"", "同前", "同"];
/// Texts that mean nothing.
const NOTHING: &[&str] = &["/", "-", "--", "—", "——", "无", "\\", "×", "…", "……"];

impl Walk {
    /// Reads the rows of a table behind its headings.
    pub(super) fn table(
        &mut self,
        grid: &Grid<'_>,
        header: Option<&Header>,
        columns: &Columns,
        title: Option<&str>,
        questions: &mut Questions,
    ) {
        self.has_lead_column |= columns.first(ColumnRole::LeadUnits).is_some();
        self.has_units_column |= columns.first(ColumnRole::Units).is_some();
        self.has_number_column |= columns.first(ColumnRole::Number).is_some();
        self.numbers_points = numbers_points(grid);
        let start = header.map_or(0, |h| h.end);
        let depth = header.map_or(1, |h| h.end - h.first);
        let mut row = start;
        self.foreign = false;
        while row < grid.rows {
            if is_header_row(grid, row) {
                if header.is_some_and(|h| !h.repeats(grid, row)) {
                    // Other headings: another list, or the second row of those of one.
                    if !(self.foreign && row > start && is_header_row(grid, row - 1)) {
                        self.another_table(grid, row, questions);
                    }
                    row += 1;
                    continue;
                }
                self.foreign = false;
                // A repeated header is as deep as the first one, when its rows repeat too.
                let deeper =
                    (1..depth).take_while(|n| header.is_some_and(|h| grid.same_row(h.first + n, row + n))).count();
                row += 1 + deeper;
                continue;
            }
            if !self.foreign && begins_another_table(grid, row) {
                self.another_table(grid, row, questions);
            }
            if !self.foreign {
                self.row(grid, columns, row, start, title, questions);
            }
            row += 1;
        }
    }

    /// From this row on the rows belong to something else, until the headings of the list come again.
    fn another_table(&mut self, grid: &Grid<'_>, row: usize, questions: &mut Questions) {
        self.foreign = true;
        self.drop_bare_sections();
        let own = grid.own(row);
        let Some((column, _, _)) = own.first() else { return };
        let headings: Vec<&str> = own.iter().map(|(_, _, text)| *text).collect();
        let question = questions.ask(QuestionKind::OtherTable, format!("rows[{row}]"));
        question.at(&grid.place(row, *column)).printed(&headings.join(" ")).propose("OMIT");
    }

    /// Sections behind the last task: they hold none.
    fn drop_bare_sections(&mut self) {
        let kept = self.used_sections.min(self.sections.len());
        if kept == self.sections.len() {
            return;
        }
        self.sections.truncate(kept);
        self.places.truncate(kept);
        self.unlabelled.retain(|at| *at < kept);
        // What is left of the way down to here is that of the last task.
        let last = self.drafts.last().map_or(&[][..], |d| &d.section);
        let common = self.stack.iter().zip(last).take_while(|((_, label), known)| label == *known).count();
        self.stack.truncate(common);
    }

    /// A task below the sections that were read so far.
    pub(super) fn put(&mut self, draft: Draft) {
        self.used_sections = self.sections.len();
        self.drafts.push(draft);
    }

    fn row(
        &mut self,
        grid: &Grid<'_>,
        columns: &Columns,
        row: usize,
        start: usize,
        title: Option<&str>,
        questions: &mut Questions,
    ) {
        let own = grid.own(row);
        let Some((first_column, first_span, first_text)) = own.first().copied() else { return };
        let fields = own.iter().filter(|(_, _, t)| is_field(t)).count();
        if is_note(first_text) && (own.len() <= 2 || grid.columns <= 2 || fields * 2 >= own.len() || are_fields(&own)) {
            let text = own.iter().map(|(_, _, text)| *text).collect::<Vec<_>>().join(" ");
            self.notes.push(Remark { text, place: grid.place(row, first_column) });
            return;
        }
        if title.is_some_and(|t| key(t) == key(first_text)) {
            return;
        }
        let single = own.iter().all(|(_, _, text)| *text == first_text);
        if single && self.lone_cell(grid, columns, row, (first_column, first_span, first_text), questions) {
            return;
        }
        if self.label_beside_title(grid, columns, row, &own, questions) {
            return;
        }
        for column in columns.of(ColumnRole::Section).collect::<Vec<_>>() {
            let begins = grid.cell(row, column).is_some_and(|c| c.row == row && c.column == column);
            let text = grid.text(row, column);
            if begins && !text.is_empty() {
                let number = columns.section_number.map_or("", |c| grid.text(row, c));
                let text = if number.is_empty() { text.to_owned() } else { format!("{number}、{text}") };
                self.section_cell(&text, column, questions, &grid.place(row, column));
            }
        }
        self.task(grid, columns, row, start, questions);
    }

    fn task(&mut self, grid: &Grid<'_>, columns: &Columns, row: usize, start: usize, questions: &mut Questions) {
        let texts = |role: ColumnRole| -> Vec<(String, bool, usize)> {
            columns
                .of(role)
                .map(|c| (grid.text(row, c).to_owned(), grid.comes_from_above(row, c), c))
                .filter(|(text, _, c)| {
                    !text.is_empty()
                        && grid.cell(row, *c).is_some_and(|x| x.row >= start && (x.column == *c || x.row < row))
                })
                .collect()
        };
        let requirements = texts(ColumnRole::Requirement);
        let titles = texts(ColumnRole::Title);
        let numbers = texts(ColumnRole::Number);
        let own_text = requirements.iter().chain(&titles).any(|(_, above, _)| !above);
        let place = requirements.first().or(titles.first()).map(|(_, _, c)| grid.place(row, *c));
        let number_origin =
            numbers.first().and_then(|(_, _, c)| grid.cell(row, *c)).map(|c| c.row.saturating_mul(1_000_000) + start);
        let mut draft = Draft {
            section: self.stack.iter().map(|(_, label)| label.clone()).collect(),
            place: place.unwrap_or_default(),
            row,
            number_origin,
            units_above: self.units_above.clone().or_else(|| self.sheet_unit.clone()),
            ..Draft::default()
        };
        draft.lead = printed(grid, columns, ColumnRole::LeadUnits, row, start);
        draft.units = printed(grid, columns, ColumnRole::Units, row, start);
        draft.support = printed(grid, columns, ColumnRole::SupportUnits, row, start);
        draft.deadline = printed(grid, columns, ColumnRole::Deadline, row, start);
        draft.plans = columns
            .periods
            .iter()
            .filter_map(|&c| {
                let text = joined(grid.text(row, c));
                let heading = columns.headers.get(c).cloned().flatten().unwrap_or_default();
                (!text.is_empty() && !NOTHING.contains(&key(&text).as_str())).then_some((heading, text))
            })
            .collect();
        draft.other = columns.of(ColumnRole::Other).map(|c| grid.text(row, c)).collect::<Vec<_>>().join("\n");
        if requirements.is_empty() && titles.is_empty() || !own_text {
            self.more_of_the_last(draft, grid, row, questions);
            return;
        }
        let raw_requirement = requirements.iter().map(|(t, _, _)| t.as_str()).collect::<Vec<_>>().join("\n");
        let raw_title = titles.last().map(|(t, _, _)| t.clone());
        if let Some((text, above, _)) = numbers.first() {
            match labels::number_cell(text) {
                // 1.1 and 1.2 under a merged 1 are the numbers of the tasks.
                Some((number, _)) if within(&raw_requirement, &number) => {}
                Some((number, value)) if !above => (draft.number, draft.value) = (Some(number), value),
                Some((number, value)) => {
                    // Another row under the same number.
                    if self.under_same_number(&draft, &raw_requirement) {
                        return;
                    }
                    (draft.number, draft.value) = (Some(number), value);
                }
                None if columns.coded && !above => draft.number = Some(joined(text)),
                None => {}
            }
        }
        self.finish(draft, raw_title, raw_requirement, grid, row);
    }

    /// A row without a text of its own: more units or times of the task above.
    fn more_of_the_last(&mut self, draft: Draft, grid: &Grid<'_>, row: usize, questions: &mut Questions) {
        let new = |p: &Option<Printed>| p.as_ref().is_some_and(|p| !p.merged && !p.text.is_empty());
        let more = new(&draft.units) || new(&draft.lead) || new(&draft.support) || new(&draft.deadline);
        match self.drafts.last_mut() {
            Some(last) if more => last.add(draft),
            _ => {
                let own = grid.own(row);
                let roles_say_nothing = own.iter().all(|(_, _, text)| text.chars().count() <= 2 || is_note(text));
                if let Some((column, _, text)) = own.first().filter(|_| !roles_say_nothing) {
                    questions
                        .ask(QuestionKind::Row, format!("rows[{row}]"))
                        .at(&grid.place(row, *column))
                        .printed(text);
                }
            }
        }
    }

    /// Rows under one merged number: one task, when units are the same or the text is shared. True when it was added.
    fn under_same_number(&mut self, draft: &Draft, requirement: &str) -> bool {
        let Some(last) = self.drafts.last_mut().filter(|l| l.number_origin == draft.number_origin) else {
            return false;
        };
        let new = |p: &Option<Printed>| p.as_ref().is_some_and(|p| !p.merged && !p.text.is_empty());
        if [&draft.units, &draft.lead, &draft.support, &draft.deadline].into_iter().any(new) {
            return false;
        }
        let text = joined(requirement);
        match &mut last.requirement {
            Some(first) => {
                first.push('\n');
                first.push_str(&text);
            }
            none => *none = Some(text),
        }
        last.merged_rows = true;
        true
    }

    /// Blank unit cells take the cell above within the section.
    pub(super) fn inherit(&mut self, draft: &mut Draft) {
        let says_same = |p: &Option<Printed>| p.as_ref().is_some_and(|p| SAME.contains(&key(&p.text).as_str()));
        let above = self.drafts.last();
        if says_same(&draft.deadline) {
            draft.deadline = above.and_then(|d| d.deadline.clone()).map(|p| Printed { merged: true, ..p });
        }
        if says_same(&draft.lead) {
            draft.lead = above.and_then(|d| d.lead.clone()).map(|p| Printed { merged: true, ..p });
        }
        if says_same(&draft.units) {
            draft.units = above.and_then(|d| d.units.clone()).map(|p| Printed { merged: true, ..p });
        }
        match &draft.units {
            Some(units) if !units.text.is_empty() => {
                self.last_units = Some((draft.section.clone(), units.text.clone()));
            }
            Some(units)
                if !units.nothing && self.has_units_column && draft.lead.as_ref().is_none_or(|l| l.text.is_empty()) =>
            {
                if let Some((section, text)) = &self.last_units
                    && *section == draft.section
                {
                    let place = draft.units.as_ref().map(|u| u.place.clone()).unwrap_or_default();
                    draft.units = Some(Printed { text: text.clone(), guessed: true, place, ..Printed::default() });
                }
            }
            _ => {}
        }
    }
}

/// A row of nothing but headings that are none of a list: 单位 | 联系人 | 电话.
fn begins_another_table(grid: &Grid<'_>, row: usize) -> bool {
    let own = grid.own(row);
    own.len() >= 2
        && own.iter().all(|(_, span, text)| *span == 1 && super::header::names_a_column(text))
        && own.iter().any(|(_, _, text)| super::header::word(text) == Some(Word::Other))
}

/// What a role's columns say in a row; nothing when there is no such column.
fn printed(grid: &Grid<'_>, columns: &Columns, role: ColumnRole, row: usize, start: usize) -> Option<Printed> {
    let mut out: Option<Printed> = None;
    for column in columns.of(role) {
        let Some(cell) = grid.cell(row, column).filter(|c| c.row >= start && c.column == column) else {
            out.get_or_insert_default();
            continue;
        };
        let merged = cell.row < row;
        let raw = grid.text(row, column);
        let text = if role == ColumnRole::Deadline { joined(raw) } else { unit_cell(raw) };
        let nothing = NOTHING.contains(&key(&text).as_str());
        let text = if nothing { String::new() } else { text };
        let one = Printed { text, merged, guessed: false, nothing, place: cell.place.clone(), date: cell.date };
        out = Some(match out {
            Some(first) if !first.text.is_empty() && one.text.is_empty() => first,
            Some(first) if !first.text.is_empty() => {
                Printed { text: format!("{}；{}", first.text, one.text), merged: first.merged && merged, ..first }
            }
            _ => one,
        });
    }
    out
}

/// 填报单位：, 联系电话：123.
fn is_field(text: &str) -> bool {
    is_note(text) && key(text).contains(':')
}

/// 联系人 | 张某 | 电话 | 0591-…: names of fields with their values beside them.
fn are_fields(own: &[(usize, usize, &str)]) -> bool {
    const FIELDS: &[&str] = &[
        "联系人",
        "联系电话",
        "电话",
        "手机",
        "填报人",
        "填表人",
        "制表人",
        "审核人",
        "签发人",
        "经办人",
        "负责人",
        "单位负责人",
        "分管领导",
        "主要领导",
        "填报单位",
        "填报时间",
        "填表时间",
        "报送时间",
        "日期",
        "传真",
        "邮箱",
    ];
    let named = |at: usize| own.get(at).is_none_or(|(_, _, text)| FIELDS.contains(&key(text).trim_end_matches(':')));
    named(0) && named(2) && own.len() <= 6
}
