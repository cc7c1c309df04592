//! The rows of a list.

use super::super::model::{Row, Slot, Value};
use super::outline::{Step, steps};
use super::{sections, units};
use crate::documents::list_json::{Column, ColumnRole, ListDocument, TaskItem};
use crate::documents::understand::echo;

/// Whether a mark is nowhere in the texts of the task.
pub(super) fn lacks_mark(task: &TaskItem) -> bool {
    let words = ["激励性指标", "激励指标", "激励性考核", "加分指标"];
    let said = [task.title.as_deref(), task.requirement.as_deref()];
    let said: String = said.into_iter().flatten().flat_map(|t| t.chars().filter(|c| !c.is_whitespace())).collect();
    task.incentive && !words.iter().any(|w| said.contains(w))
}

/// Whether every number can be printed in front of its text and is read from there again.
pub(super) fn numbers_fit_in_texts(list: &ListDocument, columns: &[Column]) -> bool {
    let numbers = Numbers::new(list);
    let mut last = None;
    list.tasks.iter().enumerate().all(|(i, task)| {
        let Some(number) = numbers.printed(list, i) else { return true };
        let fits = numbers_text(columns, task, &number, next(last)).is_some();
        last = number.parse().ok().or(last);
        fits
    })
}

fn next(last: Option<u32>) -> Option<u32> {
    Some(last.map_or(1, |n: u32| n.saturating_add(1)))
}

/// The text that a number stands in front of, with the number.
fn numbers_text(columns: &[Column], task: &TaskItem, number: &str, expected: Option<u32>) -> Option<String> {
    let titled = task.title.is_some() && columns.iter().any(|c| c.role == ColumnRole::Title);
    let text = if titled { task.title.as_deref() } else { task.requirement.as_deref() }?;
    let ways = [
        format!("{number}.{text}"),
        format!("{number}. {text}"),
        format!("{number}、{text}"),
        format!("（{number}）{text}"),
    ];
    let plain = echo::one_text(text);
    ways.into_iter()
        .find(|way| echo::number_in_text(way, expected, !titled).is_some_and(|(n, rest)| n == number && rest == plain))
}

/// The numbers as they were printed.
struct Numbers {
    /// Each number begins with the labels of its section, because they begin again in each.
    local: bool,
}

impl Numbers {
    fn new(list: &ListDocument) -> Self {
        let local = |t: &TaskItem| {
            let start = format!("{}-", t.section_path.concat());
            !t.section_path.is_empty() && t.number.as_deref().is_some_and(|n| n.starts_with(&start))
        };
        Self { local: !list.tasks.is_empty() && list.tasks.iter().all(local) }
    }

    fn printed(&self, list: &ListDocument, task: usize) -> Option<String> {
        let task = list.tasks.get(task)?;
        let number = task.number.as_deref()?;
        let start = task.section_path.concat().len() + 1;
        Some(if self.local { number.get(start..).unwrap_or(number).to_owned() } else { number.to_owned() })
    }
}

/// The body of the table while it grows.
pub(super) struct Body<'a> {
    list: &'a ListDocument,
    columns: &'a [Column],
    merged_cells: bool,
    numbers: Numbers,
    rows: Vec<Row>,
    /// Where the open cell of each column of sections begins.
    open: Vec<Option<usize>>,
    /// Where the open cell of the units begins.
    units_at: Option<usize>,
    /// Section and units of the task above.
    above: Option<&'a TaskItem>,
    /// Sections that are announced and not yet printed.
    waiting: Vec<usize>,
    last_number: Option<u32>,
    expected_in_text: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(list: &'a ListDocument, columns: &'a [Column], merged_cells: bool) -> Self {
        Self {
            list,
            columns,
            merged_cells,
            numbers: Numbers::new(list),
            rows: Vec::new(),
            open: vec![None; columns.len()],
            units_at: None,
            above: None,
            waiting: Vec::new(),
            last_number: None,
            expected_in_text: !columns.iter().any(|c| c.role == ColumnRole::Number),
        }
    }

    /// All rows.
    pub(super) fn rows(mut self) -> Vec<Row> {
        for step in steps(self.list) {
            match step {
                Step::Section(at) => self.waiting.push(at),
                Step::Task(at) => self.task(at),
            }
        }
        for at in std::mem::take(&mut self.waiting) {
            self.lone_section(at);
        }
        self.rows
    }

    fn section_columns(&self) -> Vec<usize> {
        self.columns.iter().enumerate().filter(|(_, c)| c.role == ColumnRole::Section).map(|(i, _)| i).collect()
    }

    fn close(&mut self) {
        self.open.fill(None);
        self.units_at = None;
    }

    /// A section over the whole width, or alone in its column.
    fn lone_section(&mut self, at: usize) {
        let section = &self.list.sections[at];
        let text = sections::printed(self.list, section);
        let depth = section.path.len().max(1) - 1;
        let columns = self.section_columns();
        self.close();
        // A label that is not seen in a wide row is seen in its column.
        if let Some(column) =
            columns.get(depth.min(columns.len().max(1) - 1)).filter(|_| echo::sections(&text).is_empty())
        {
            let mut slots = vec![Slot::one(Value::Empty); self.columns.len()];
            slots[*column] = Slot::text(text);
            self.rows.push(Row::cells(slots));
        } else {
            self.rows.push(Row::Section { level: u8::try_from(depth).unwrap_or(u8::MAX), text });
        }
    }

    /// The texts of the columns of sections that begin with this task.
    fn begin_sections(&mut self, task: &TaskItem) -> Vec<(usize, String)> {
        let columns = self.section_columns();
        let waiting = std::mem::take(&mut self.waiting);
        // From behind: the section of the task, the one around it, and so on; all others are empty.
        let mut chain = 0;
        for (n, at) in waiting.iter().rev().enumerate() {
            let path = &self.list.sections[*at].path;
            if path.len() + n != task.section_path.len() || !task.section_path.starts_with(path) {
                break;
            }
            chain += 1;
        }
        let (empty, mut own) = waiting.split_at(waiting.len() - chain);
        let split = if columns.is_empty() { waiting.len() } else { empty.len() };
        for at in &waiting[..split] {
            self.lone_section(*at);
        }
        if columns.is_empty() {
            return Vec::new();
        }
        // Several in one cell are lines that the reader takes apart by their labels; where it cannot, rows say them.
        let text = |at: usize| sections::printed(self.list, &self.list.sections[at]);
        let together = |own: &[usize]| own.iter().map(|at| text(*at)).collect::<Vec<_>>().join("\n");
        while columns.len() == 1 && own.len() > 1 && echo::sections(&together(own)).len() != own.len() {
            self.lone_section(own[0]);
            own = &own[1..];
        }
        let mut out: Vec<(usize, String)> = Vec::new();
        for at in own {
            let depth = self.list.sections[*at].path.len().max(1) - 1;
            let column = columns[depth.min(columns.len() - 1)];
            match out.iter_mut().find(|(c, _)| *c == column) {
                Some((_, text)) => {
                    text.push('\n');
                    text.push_str(&sections::printed(self.list, &self.list.sections[*at]));
                }
                None => out.push((column, sections::printed(self.list, &self.list.sections[*at]))),
            }
        }
        // What stands further in ends where something further out begins.
        if let Some(first) = out.iter().map(|(c, _)| *c).min() {
            columns.iter().filter(|c| **c >= first).for_each(|c| self.open[*c] = None);
        }
        out
    }

    fn task(&mut self, at: usize) {
        let task = &self.list.tasks[at];
        let begins = self.begin_sections(task);
        let number = self.numbers.printed(self.list, at);
        let texts = self.texts(task, number.as_deref());
        let parts = self.parts(&texts);
        let first = self.rows.len();
        let merge = self.units_at.filter(|_| {
            task.inherited
                && self.above.is_some_and(|above| above.unit_text == task.unit_text && task.unit_text.is_some())
        });
        for (n, part) in parts.iter().enumerate() {
            let mut slots = Vec::with_capacity(self.columns.len());
            for (c, column) in self.columns.iter().enumerate() {
                let slot = match column.role {
                    ColumnRole::Section => match begins.iter().find(|(column, _)| *column == c).filter(|_| n == 0) {
                        Some((_, text)) => {
                            self.open[c] = Some(first);
                            Slot::text(text.clone())
                        }
                        None => self.below(self.open[c], c),
                    },
                    ColumnRole::Units if n == 0 && merge.is_some() && self.first_of(c) => self.below(merge, c),
                    ColumnRole::Requirement if self.first_of(c) => Slot::text(part.clone()),
                    _ if n == 0 => Slot::one(texts[c].clone()),
                    ColumnRole::Units if merge.is_some() && self.first_of(c) => self.below(merge, c),
                    _ => self.below(Some(first), c),
                };
                slots.push(slot);
            }
            self.rows.push(Row::cells(slots));
        }
        self.units_at = merge.or(Some(first));
        self.above = Some(task);
        self.last_number = number.and_then(|n| n.parse().ok()).or(self.last_number);
    }

    fn first_of(&self, column: usize) -> bool {
        let role = self.columns[column].role;
        self.columns.iter().position(|c| c.role == role) == Some(column)
    }

    /// A place below an open cell, which grows; an empty cell where nothing is open.
    fn below(&mut self, open: Option<usize>, column: usize) -> Slot {
        if let Some(Row::Cells { slots, .. }) = open.and_then(|row| self.rows.get_mut(row))
            && let Some(Slot::Cell { rows, .. }) = slots.get_mut(column)
        {
            *rows += 1;
            return Slot::Covered;
        }
        Slot::one(Value::Empty)
    }

    /// What stands in each column.
    fn texts(&self, task: &TaskItem, number: Option<&str>) -> Vec<Value> {
        let has = |role| self.columns.iter().any(|c| c.role == role);
        let numbered = number
            .filter(|_| self.expected_in_text)
            .and_then(|number| numbers_text(self.columns, task, number, next(self.last_number)));
        let titled = task.title.is_some() && has(ColumnRole::Title);
        let text = |own: bool, plain: &Option<String>| {
            let printed = numbered.clone().filter(|_| own).or_else(|| plain.clone());
            Value::text(printed.unwrap_or_default())
        };
        let one = |(c, column): (usize, &Column)| {
            if !self.first_of(c) {
                return Value::Empty;
            }
            match column.role {
                ColumnRole::Number => number_value(number.unwrap_or_default()),
                ColumnRole::Title => text(true, &task.title),
                ColumnRole::Requirement => text(!titled, &task.requirement),
                ColumnRole::LeadUnits => Value::text(units::lead(task)),
                ColumnRole::Units => self.units(task, has(ColumnRole::LeadUnits), has(ColumnRole::SupportUnits)),
                ColumnRole::SupportUnits => Value::text(units::support(task, has(ColumnRole::Units))),
                ColumnRole::Deadline => Value::text(task.deadline_text.clone().unwrap_or_default()),
                ColumnRole::Other if lacks_mark(task) => Value::text("激励性指标"),
                ColumnRole::Section | ColumnRole::Progress | ColumnRole::Other => Value::Empty,
            }
        };
        self.columns.iter().enumerate().map(one).collect()
    }

    /// A blank cell would be taken for the one above; where nobody is named a dash says so.
    fn units(&self, task: &TaskItem, has_lead: bool, has_support: bool) -> Value {
        let text = units::units(task, has_lead, has_support);
        let above = self.above.is_some_and(|a| a.section_path == task.section_path && a.unit_text.is_some());
        if text.is_empty() && above && units::lead(task).is_empty() {
            Value::text(echo::NOBODY)
        } else {
            Value::text(text)
        }
    }

    /// A requirement that was printed in several rows under one number.
    fn parts(&self, texts: &[Value]) -> Vec<String> {
        let at = self.columns.iter().position(|c| c.role == ColumnRole::Requirement);
        let Some(Value::Text(text)) = at.and_then(|at| texts.get(at)) else { return vec![String::new()] };
        let numbered = self.columns.iter().any(|c| c.role == ColumnRole::Number);
        if !self.merged_cells || !numbered || echo::one_text(text) == *text {
            return vec![text.clone()];
        }
        let mut out: Vec<String> = Vec::new();
        for line in text.lines() {
            let goes_on = out.last().map(|last| format!("{last}\n{line}")).filter(|both| echo::one_text(both) == *both);
            match (goes_on, out.last_mut()) {
                (Some(both), Some(last)) => *last = both,
                _ => out.push(line.to_owned()),
            }
        }
        let back: Vec<String> = out.iter().map(|part| echo::one_text(part)).collect();
        if back.join("\n") == *text { out } else { vec![text.clone()] }
    }
}

/// A plain number as a number, anything else as text.
fn number_value(number: &str) -> Value {
    match number.parse::<u32>() {
        Ok(n) if n.to_string() == number => Value::count(n),
        _ => Value::text(number),
    }
}
