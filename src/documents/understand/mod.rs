//! From the tables of a file to a task list, the way a careful clerk reads: nothing is guessed silently.

mod aligned;
mod broken;
mod clean;
mod columns;
mod draft;
pub(in crate::documents) mod echo;
mod finish;
mod grid;
mod header;
mod hidden;
mod labels;
mod notes;
mod numbers;
mod overlap;
mod prose;
mod question;
mod registry;
mod remarks;
mod repair;
mod rivals;
mod sections;
mod several;
mod times;
mod title;
mod units;
mod walk;
mod words;

use std::collections::HashMap;

use chrono::NaiveDate;

pub use question::{ImportQuestion, QuestionKind};
pub use registry::{Known, Registry};

use super::list_json::{Column, ColumnRole, ListDocument, MAX_NAME};
use super::table::{Pages, Table};
use columns::Columns;
use grid::Grid;
use header::Header;
use question::Questions;
use remarks::Remark;
use walk::Walk;

/// What the reader may be told beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The units and groups that are known; names are checked against them.
    pub registry: Option<&'a Registry>,
    /// The year of a list that does not say its year.
    pub year: i32,
    /// The year is known, whatever the list says.
    pub year_is_known: bool,
}

/// A list that was read, and what a person has to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// The draft.
    pub list: ListDocument,
    /// The questions, in the order of the file.
    pub questions: Vec<ImportQuestion>,
}

/// Reads the list out of a file.
pub fn understand(pages: &Pages, options: Options<'_>) -> Understood {
    let mut questions = Questions::default();
    let mut doubtful_rows = Vec::new();
    let mut rebuilt = false;
    let mut tables = choose(pages, &mut questions);
    notes::ask(&pages.notes, &tables, &mut questions);
    if tables.is_empty() {
        let lines: Vec<String> = pages
            .tables
            .iter()
            .filter(|t| t.cells.is_empty() || t.columns <= 1)
            .flat_map(|t| {
                t.before
                    .iter()
                    .cloned()
                    .chain(t.cells.iter().flat_map(|c| c.text.lines().map(str::to_owned).collect::<Vec<_>>()))
            })
            .chain(pages.tail.iter().cloned())
            .collect();
        if let Some(table) = aligned::rebuild(&lines) {
            rebuilt = true;
            questions.ask(QuestionKind::BrokenText, "tasks").at(&table.place).propose("OK");
            tables = vec![table];
        } else if let Some(broken) = broken::rebuild(&lines, options.year) {
            doubtful_rows = broken.doubtful;
            rebuilt = true;
            questions.ask(QuestionKind::BrokenText, "tasks").at(&broken.table.place).propose("OK");
            tables = vec![broken.table];
        } else if let Some((table, left)) = prose::table(&lines) {
            rebuilt = true;
            questions.ask(QuestionKind::Prose, "tasks").at(&table.place).propose("OK");
            for (line, text) in left {
                questions.ask(QuestionKind::Row, "rows").at(&format!("第 {} 行", line + 1)).printed(&text);
            }
            tables = vec![table];
        }
    }
    if tables.is_empty() {
        questions.ask(QuestionKind::NoList, "tasks");
        return Understood { list: ListDocument::empty(options.year), questions: questions.list };
    }
    // A signature stands behind a table; behind lines there are only more lines of the list.
    let tail: &[String] = if rebuilt { &[] } else { &pages.tail };
    let remarks = &pages.tail;
    // The title may stand above tables of something else.
    let first = pages.tables.iter().position(|t| t.place == tables[0].place).filter(|_| !rebuilt).unwrap_or(0);
    let before: Vec<String> = pages.tables[..first.min(pages.tables.len())]
        .iter()
        .filter(|t| !t.hidden)
        .flat_map(|t| t.before.iter().map(|l| clean::raw(l)))
        .collect();
    let mut reading = Reading::new(&tables, &before, tail, options, questions);
    reading.tail.clone_from(remarks);
    reading.tables(&tables);
    reading.done(&doubtful_rows)
}

/// The tables that hold the list: the one that looks most like a list, and those that go on with it.
fn choose(pages: &Pages, questions: &mut Questions) -> Vec<Table> {
    let slid: Vec<Table> = pages.tables.iter().map(|t| repair::slide(hidden::take_out(t))).collect();
    let scored: Vec<(i64, Option<Header>)> = slid.iter().map(score).collect();
    let visible = |i: &usize| !slid[*i].hidden;
    let best = (0..slid.len()).filter(visible).max_by_key(|&i| (scored[i].0, std::cmp::Reverse(i)));
    let Some(best) = best.filter(|&i| scored[i].0 > 0) else { return Vec::new() };
    let words =
        |i: usize| scored[i].1.as_ref().map(|h| h.cells.iter().map(|c| clean::key(&c.text)).collect::<Vec<_>>());
    let mut chosen = Vec::new();
    for i in (0..slid.len()).filter(visible) {
        let same_header = words(i).is_some() && words(i) == words(best);
        // A table without headings right behind goes on with the one before it.
        let goes_on = i > 0
            && chosen.last() == Some(&(i - 1))
            && scored[i].1.is_none()
            && slid[i].columns == slid[best].columns
            && slid[i].rows > 0
            && slid[i].before.iter().all(|l| l.trim().is_empty());
        if i == best || same_header || goes_on {
            chosen.push(i);
        } else if scored[i].0 > 0 {
            questions.ask(QuestionKind::OtherTable, "tasks").at(&slid[i].place).propose("OMIT");
        }
    }
    chosen.iter().for_each(|&i| hidden::ask(&pages.tables[i], questions));
    slid.into_iter().enumerate().filter(|(i, _)| chosen.contains(i)).map(|(_, table)| table).collect()
}

/// How much a table looks like a task list; 0 when it does not.
fn score(table: &Table) -> (i64, Option<Header>) {
    let grid = Grid::new(table);
    match header::find(&grid) {
        Some(header) => {
            let rows = i64::try_from(grid.rows.saturating_sub(header.end)).unwrap_or(0);
            let words = header.cells.iter().filter(|h| h.word.is_some()).count();
            (if rows > 0 { 1_000 + 100 * i64::try_from(words).unwrap_or(0) + rows.min(999) } else { 0 }, Some(header))
        }
        None => {
            // Without headings: numbers or labels down a column, and a column of units.
            if grid.columns < 2 || grid.rows < 2 {
                return (0, None);
            }
            let columns = columns::columns(&grid, None, 2000);
            let units = columns.first(ColumnRole::Units).is_some();
            let numbered = columns.first(ColumnRole::Number).is_some()
                || (0..grid.rows).any(|r| grid.own(r).iter().any(|(_, _, t)| labels::numbered(t, Some(1)).is_some()));
            (if units && numbered { i64::try_from(grid.rows.min(999)).unwrap_or(0) } else { 0 }, None)
        }
    }
}

struct Reading<'a> {
    options: Options<'a>,
    questions: Questions,
    walk: Walk,
    list: ListDocument,
    has_deadlines: bool,
    /// The year was told by the content.
    year: i32,
    /// The headings say that the first unit leads, and a person was asked.
    first_leads: bool,
    /// The lines behind the list.
    tail: Vec<String>,
    /// When those tasks are due that print no deadline, and the note that says so.
    due: Option<(Remark, NaiveDate)>,
    /// How many those are.
    undated: usize,
}

impl<'a> Reading<'a> {
    fn new(tables: &[Table], before: &[String], tail: &[String], options: Options<'a>, questions: Questions) -> Self {
        let mut reading = Self {
            options,
            questions,
            walk: Walk::default(),
            list: ListDocument::empty(options.year),
            has_deadlines: false,
            year: options.year,
            first_leads: false,
            tail: Vec::new(),
            due: None,
            undated: 0,
        };
        let lines: Vec<String> = before.iter().cloned().chain(above(&tables[0])).collect();
        reading.list.title = title::title(&lines).map(|mut t| {
            clean::cut(&mut t, MAX_NAME);
            t
        });
        reading.list.reporting_period = reading.list.title.as_deref().and_then(title::period);
        let signature: Vec<String> = lines.iter().chain(tail.iter().take(20)).cloned().collect();
        reading.list.issuer = match title::stated_issuer(&lines)
            .map(title::Issuer::Printed)
            .or_else(|| title::issuer(&signature, reading.list.title.as_deref()))
        {
            Some(title::Issuer::Printed(issuer)) => Some(issuer),
            Some(title::Issuer::Guessed(issuer)) => {
                let title = reading.list.title.clone().unwrap_or_default();
                reading.questions.ask(QuestionKind::Issuer, "issuer").printed(&title).propose(issuer.clone());
                Some(issuer)
            }
            None => None,
        };
        reading.find_year(tables, &lines);
        reading.list.year = reading.year;
        reading
    }

    /// The year of the title; else the one the file speaks of most.
    fn find_year(&mut self, tables: &[Table], lines: &[String]) {
        if self.options.year_is_known {
            return;
        }
        if let Some(year) = title::stated_year(lines).or_else(|| self.list.title.as_deref().and_then(title::year_in)) {
            self.year = year;
            return;
        }
        let mut counts: HashMap<i32, usize> = HashMap::new();
        for line in lines {
            title::years_in(line).into_iter().for_each(|y| *counts.entry(y).or_default() += 3);
        }
        for cell in tables.iter().flat_map(|t| &t.cells) {
            title::years_in(&cell.text).into_iter().for_each(|y| *counts.entry(y).or_default() += 1);
        }
        let mut years: Vec<(usize, i32)> = counts.into_iter().map(|(y, n)| (n, y)).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        self.year = years.first().map_or(self.options.year, |(_, y)| *y);
        let question = self.questions.ask(QuestionKind::Year, "year");
        question.propose(self.year.to_string()).or(years.into_iter().take(5).map(|(_, y)| y.to_string()));
    }

    fn tables(&mut self, tables: &[Table]) {
        let mut last: Option<(Columns, usize)> = None;
        for table in tables {
            let grid = Grid::new(table);
            let header = header::find(&grid);
            let columns = match (&header, &last) {
                (None, Some((columns, width))) if *width == grid.columns => columns.clone(),
                _ => columns::columns(&grid, header.as_ref(), self.year),
            };
            let lines = above(table);
            if last.is_none() {
                self.columns(&grid, header.as_ref(), &columns, &lines);
            }
            self.has_deadlines |= columns.first(ColumnRole::Deadline).is_some();
            let title = self.list.title.clone();
            for label in labels_above(&lines, title.as_deref()) {
                self.walk.push_section(label, &mut self.questions, "");
            }
            self.walk.sheet_unit = of_one_unit(&table.place);
            self.walk.table(&grid, header.as_ref(), &columns, title.as_deref(), &mut self.questions);
            last = Some((columns, grid.columns));
        }
    }

    fn columns(&mut self, grid: &Grid<'_>, header: Option<&Header>, columns: &Columns, above: &[String]) {
        let start = header.map_or(0, |h| h.end);
        for (c, (role, text)) in columns.roles.iter().zip(&columns.headers).enumerate() {
            let empty = (start..grid.rows).all(|r| grid.text(r, c).is_empty());
            if text.is_none() && empty {
                continue;
            }
            let mut text = text.clone();
            if let Some(text) = &mut text {
                clean::cut(text, MAX_NAME);
            }
            // 责任单位（县直部门）, 责任单位（乡镇）: what is written again stands in one column.
            let units = matches!(role, ColumnRole::Units | ColumnRole::LeadUnits | ColumnRole::SupportUnits);
            if let Some(last) = self.list.columns.last_mut().filter(|last| units && last.role == *role)
                && let Some(stem) = stem(&text).filter(|_| text != last.header)
                && (last.header.as_deref() == Some(stem) || self::stem(&last.header) == Some(stem))
            {
                last.header = Some(stem.to_owned());
                continue;
            }
            self.list.columns.push(Column { header: text, role: *role });
        }
        self.list.columns.truncate(50);
        let mut printed = above.iter().chain(columns.headers.iter().flatten());
        if let Some(line) = printed.find(|line| remarks::first_leads(line)) {
            self.first_leads = true;
            let question = self.questions.ask(QuestionKind::FirstLeads, "tasks").printed(line);
            question.propose("RESPONSIBLE").or(["LEAD".to_owned()]);
        }
        if header.is_none() {
            self.questions.ask(QuestionKind::NoHeader, "columns").at(&grid.place(0, 0)).propose("OK");
        }
        for &c in columns.doubtful.iter().filter(|_| header.is_some()) {
            let question = self.questions.ask(QuestionKind::Column, format!("columns[{c}]"));
            question.at(&grid.place(start, c)).printed(grid.text(start, c)).propose(columns.roles[c].as_str());
        }
    }
}

/// A heading without its bracket.
fn stem(heading: &Option<String>) -> Option<&str> {
    heading.as_deref()?.split_once('（').map(|(stem, _)| stem)
}

/// 县教育局 on the tab of a sheet: its tasks are those of one unit.
fn of_one_unit(place: &str) -> Option<String> {
    let fits = (3..=30).contains(&place.chars().count()) && columns::is_units(place);
    fits.then(|| place.trim().to_owned())
}

/// The lines above a list, with the merged rows above its headings.
fn above(table: &Table) -> Vec<String> {
    // Only the first rows are looked at, and a list may have thousands.
    let most = header::SEARCH + header::DEPTH;
    let cells = table.cells.iter().filter(|c| c.row < most).cloned().collect();
    let top = Table { cells, rows: table.rows.min(most), columns: table.columns, ..Table::default() };
    let grid = Grid::new(&top);
    let mut lines: Vec<String> = table.before.iter().map(|l| clean::raw(l)).collect();
    if let Some(header) = header::find(&grid) {
        for row in 0..header.first {
            for (_, _, text) in grid.own(row) {
                lines.extend(text.lines().map(str::to_owned));
            }
        }
    }
    lines
}

/// The labels right above a list, below its title: the sections it belongs to.
fn labels_above(lines: &[String], title: Option<&str>) -> Vec<labels::Label> {
    const LISTS: &[&str] = &["清单", "表", "台账", "分解", "名单", "成员", "分工", "要点"];
    let title = title.map(clean::key).unwrap_or_default();
    let said = lines.iter().rev().filter(|l| !clean::key(l).is_empty() && !title::is_note(l));
    let mut out: Vec<labels::Label> = said
        .map_while(|line| {
            let fine = line.chars().count() <= 40 && !line.contains('。') && !title.ends_with(&clean::key(line));
            labels::section(line).filter(|l| fine && !LISTS.iter().any(|w| clean::key(&l.title).ends_with(w)))
        })
        .collect();
    out.reverse();
    out
}
