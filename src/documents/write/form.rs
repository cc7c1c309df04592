//! The form that comes back: what a unit filled in, found by the visible key of each row.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::vocabulary::Completion;

use super::completion::completion;
use super::report_sheet::KEY;
use crate::documents::read::limits;
use crate::documents::table::{Cell, Pages, Table};
use crate::documents::understand::echo;
use crate::domain::lang::Lang;
use crate::domain::text::{half_width, match_key, parse_phone};

/// What a filled form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledForm {
    /// The title above the table.
    pub title: Option<String>,
    /// The period in the title: 1–6月.
    pub period: Option<String>,
    /// 填报单位.
    pub unit: Option<String>,
    /// 填报人.
    pub reporter: Option<String>,
    /// 手机号码 in its stored form.
    pub phone: Option<String>,
    /// 填报时间.
    pub reported_on: Option<NaiveDate>,
    /// The rows in the order of the file, blank ones too.
    pub rows: Vec<FilledRow>,
    /// Filled rows without a key, for whoever can tell by the number; each is a problem too.
    pub keyless: Vec<FilledRow>,
    /// What a person must look at; rows with a problem are not in `rows` where they cannot be told apart.
    pub problems: Vec<FormProblem>,
    /// A table of the form was found.
    found: bool,
}

/// A row of a filled form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledRow {
    /// The key that was printed into the form.
    pub key: String,
    /// The printed number.
    pub number: Option<String>,
    /// 完成情况.
    pub completion: Option<Completion>,
    /// 完成比例.
    pub percent: Option<u8>,
    /// 完成次数, where the task recurs.
    pub done_count: Option<i32>,
    /// 落实情况.
    pub narrative: Option<String>,
    /// 佐证材料, one line each.
    pub evidence: Vec<String>,
    /// Where the row stands.
    pub place: String,
}

impl FilledRow {
    /// Nobody wrote anything into it.
    pub fn is_blank(&self) -> bool {
        self.completion.is_none() && self.percent.is_none() && self.narrative.is_none() && self.evidence.is_empty()
    }
}

/// Something in a form that is not understood, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormProblem {
    /// Where, as a person would say it; empty when it is about the whole file.
    pub place: String,
    /// What was printed there.
    pub printed: String,
    /// What is wrong.
    pub kind: FormProblemKind,
}

/// What is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormProblemKind {
    /// There is no table with the columns of the form.
    NoForm,
    /// A filled row has no key.
    NoKey,
    /// Two rows have the same key.
    KeyTwice,
    /// No word of 完成情况.
    Completion,
    /// No day.
    Date,
    /// No telephone number.
    Phone,
    /// 填报单位 is blank.
    NoUnit,
}

impl FormProblemKind {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoForm => "NO_FORM",
            Self::NoKey => "NO_KEY",
            Self::KeyTwice => "KEY_TWICE",
            Self::Completion => "COMPLETION",
            Self::Date => "DATE",
            Self::Phone => "PHONE",
            Self::NoUnit => "NO_UNIT",
        }
    }

    /// One plain sentence.
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NoForm => {
                lang.pick("没有找到带“编号”和“落实情况”两列的表格。", "There is no table with the columns of the form.")
            }
            Self::NoKey => lang.pick("此行已填写，但没有编号。", "The row is filled in but has no key."),
            Self::KeyTwice => {
                lang.pick("编号重复，只读取第一行。", "The key stands there twice; the first row counts.")
            }
            Self::Completion => lang.pick("完成情况不是规定的用语。", "This is no word for how far the work is."),
            Self::Date => lang.pick("填报时间不是日期。", "The date of the report is no date."),
            Self::Phone => lang.pick("手机号码无法识别。", "The telephone number is not understood."),
            Self::NoUnit => lang.pick("没有填写填报单位。", "The form does not say which unit reports."),
        }
    }
}

/// Reads a filled form out of the tables of a file; a form that goes on in a second table is one form.
pub fn read_report_sheet(pages: &Pages) -> FilledForm {
    let mut form = FilledForm::default();
    let mut seen = HashSet::new();
    for table in pages.tables.iter().filter(|t| !t.hidden) {
        let Some(columns) = Columns::find(table) else { continue };
        if !form.found {
            form.found = true;
            form.head(table, columns.row);
        }
        form.body(table, &columns, &mut seen);
    }
    if !form.found {
        form.say(FormProblemKind::NoForm, "", "");
    }
    form
}

fn is_note(text: &str) -> bool {
    ["填表说明", "注：", "注:", "备注："].iter().any(|w| text.trim_start().starts_with(w))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

/// The columns of the form.
struct Columns {
    row: usize,
    key: usize,
    narrative: usize,
    number: Option<usize>,
    completion: Option<usize>,
    evidence: Option<usize>,
}

impl Columns {
    fn find(table: &Table) -> Option<Self> {
        (0..table.rows.min(40)).find_map(|row| {
            let of = |words: &[&str]| {
                let is = |c: &&Cell| c.row == row && words.contains(&match_key(&c.text).as_str());
                table.cells.iter().find(is).map(|c| c.column)
            };
            Some(Self {
                row,
                key: of(&[KEY])?,
                narrative: of(&["落实情况", "工作落实情况", "进展情况"])?,
                number: of(&["序号"]),
                completion: of(&["完成情况"]),
                evidence: of(&["佐证材料", "佐证"]),
            })
        })
    }
}

/// For each place, the cell that covers it.
fn grid(table: &Table) -> Vec<Option<usize>> {
    // A reader of files allows fewer places.
    let places = table.rows.checked_mul(table.columns).filter(|places| *places <= limits::MAX_PLACES);
    let mut out = vec![None; places.unwrap_or_default()];
    for (i, cell) in table.cells.iter().enumerate().filter(|_| places.is_some()) {
        for row in cell.row..cell.row.saturating_add(cell.row_span.max(1)).min(table.rows) {
            for column in cell.column..cell.column.saturating_add(cell.column_span.max(1)).min(table.columns) {
                out[row * table.columns + column] = Some(i);
            }
        }
    }
    out
}

impl FilledForm {
    /// The rows below the headings.
    fn body(&mut self, table: &Table, columns: &Columns, seen: &mut HashSet<String>) {
        let grid = grid(table);
        for row in columns.row + 1..table.rows {
            let at = |column: usize| {
                let place = row.saturating_mul(table.columns).saturating_add(column);
                grid.get(place).copied().flatten().filter(|_| column < table.columns).map(|i| &table.cells[i])
            };
            let own = |column: usize| at(column).filter(|c| c.row == row && c.column == column);
            // A cell that was merged over several rows is said of each of them.
            let of = |column: usize| at(column).filter(|c| c.row > columns.row && c.column == column);
            let said = |column: Option<usize>| column.and_then(of).map(|c| c.text.trim()).filter(|t| !t.is_empty());
            let first = at(0).map(|c| c.text.as_str()).unwrap_or_default();
            let (key, place) = match own(columns.key) {
                // A section or a note lies over the columns; headings are repeated on the next page.
                Some(cell) if match_key(&cell.text) == KEY || is_note(first) => continue,
                Some(cell) => (cell.text.as_str(), &cell.place),
                // A row that ends before the key, though something was written into it.
                None if at(columns.key).is_none() => {
                    let written = of(columns.narrative).filter(|c| c.row == row && !c.text.trim().is_empty());
                    let Some(cell) = written else { continue };
                    ("", &cell.place)
                }
                None => continue,
            };
            let mut filled = FilledRow { place: place.clone(), ..FilledRow::default() };
            filled.number = said(columns.number).map(str::to_owned);
            filled.narrative = said(Some(columns.narrative)).map(str::to_owned);
            filled.evidence = said(columns.evidence).map(lines).unwrap_or_default();
            if let Some(cell) = columns.completion.and_then(of).filter(|c| !c.text.trim().is_empty()) {
                match completion(&cell.text) {
                    Some((word, percent, count)) => {
                        (filled.completion, filled.percent, filled.done_count) = (Some(word), percent, count);
                    }
                    None => self.say(FormProblemKind::Completion, &cell.place, &cell.text),
                }
            }
            filled.key = key.trim().chars().map(half_width).collect::<String>().to_uppercase();
            if filled.key.is_empty() {
                if !filled.is_blank() {
                    self.say(FormProblemKind::NoKey, place, filled.number.as_deref().unwrap_or_default());
                    self.keyless.push(filled);
                }
            } else if seen.insert(filled.key.clone()) {
                self.rows.push(filled);
            } else {
                self.say(FormProblemKind::KeyTwice, place, &filled.key);
            }
        }
    }

    fn say(&mut self, kind: FormProblemKind, place: &str, printed: &str) {
        let printed = printed.chars().take(200).collect();
        self.problems.push(FormProblem { place: place.to_owned(), printed, kind });
    }

    /// Title and fields above the headings.
    fn head(&mut self, table: &Table, headings: usize) {
        let mut above: Vec<(String, String)> = table.before.iter().map(|l| (l.clone(), String::new())).collect();
        for row in 0..headings {
            let cells = || table.cells.iter().filter(|c| c.row == row && !c.text.trim().is_empty());
            let place = cells().next().map(|c| c.place.clone()).unwrap_or_default();
            above.push((cells().map(|c| c.text.trim()).collect::<Vec<_>>().join("\t"), place));
        }
        let mut unit_place = String::new();
        for (line, place) in above {
            let fields = fields(&line);
            if fields.is_empty() {
                if self.title.is_none() && !line.trim().is_empty() && line.chars().count() > 4 {
                    self.period = echo::period(&line);
                    self.title = Some(echo::one_text(&line));
                }
                continue;
            }
            for (label, value) in fields {
                match label {
                    Label::Unit => {
                        unit_place.clone_from(&place);
                        self.unit = Some(value).filter(|v| !v.is_empty());
                    }
                    Label::Reporter => self.reporter(&value, &place),
                    Label::Phone => self.phone(&value, &place),
                    Label::Date => self.date(&value, &place),
                }
            }
        }
        if self.unit.is_none() {
            self.say(FormProblemKind::NoUnit, &unit_place, "");
        }
    }

    /// "甲 13812341234": a name and a number.
    fn reporter(&mut self, value: &str, place: &str) {
        let at = value.char_indices().find(|(_, c)| half_width(*c).is_ascii_digit() || matches!(c, '+' | '*'));
        let (name, phone) = value.split_at(at.map_or(value.len(), |(at, _)| at));
        let name = name.trim_end_matches(|c: char| c.is_whitespace() || "(（,，、;；:：/".contains(c)).trim();
        self.reporter = Some(name.to_owned()).filter(|n| !n.is_empty());
        self.phone(phone.trim_end_matches([')', '）']), place);
    }

    fn phone(&mut self, value: &str, place: &str) {
        // A masked number says nothing new.
        if value.trim().is_empty() || value.contains('*') {
            return;
        }
        match parse_phone(value) {
            Some(phone) => self.phone = Some(phone),
            None => self.say(FormProblemKind::Phone, place, value),
        }
    }

    fn date(&mut self, value: &str, place: &str) {
        // Only the words 年月日 are a form that nobody filled in.
        if value.chars().all(|c| c.is_whitespace() || "年月日_".contains(c)) {
            return;
        }
        match day(value) {
            Some(day) => self.reported_on = Some(day),
            None => self.say(FormProblemKind::Date, place, value),
        }
    }
}

/// 2026年7月3日, 2026-07-03, 2026/7/3, 2026.7.3.
fn day(text: &str) -> Option<NaiveDate> {
    let plain: String = text.chars().map(half_width).collect();
    let numbers: Vec<u32> = plain
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [year, month, day, ..] = numbers.as_slice() else { return None };
    NaiveDate::from_ymd_opt(i32::try_from(*year).ok().filter(|y| (2000..=2100).contains(y))?, *month, *day)
}

#[derive(Clone, Copy)]
enum Label {
    Unit,
    Reporter,
    Phone,
    Date,
}

/// The fields on a line: each value goes to the next label.
fn fields(line: &str) -> Vec<(Label, String)> {
    const LABELS: &[(&str, Label)] = &[
        ("填报人及手机号码", Label::Reporter),
        ("填报人及联系电话", Label::Reporter),
        ("填报单位", Label::Unit),
        ("填报人", Label::Reporter),
        ("填报时间", Label::Date),
        ("填报日期", Label::Date),
        ("手机号码", Label::Phone),
        ("联系电话", Label::Phone),
    ];
    let mut found: Vec<(usize, usize, Label)> = Vec::new();
    for (word, label) in LABELS {
        for (at, _) in line.match_indices(word) {
            let behind = &line[at + word.len()..];
            let bracket = behind.trim_start();
            // 填报单位（盖章）：
            let skipped =
                bracket.strip_prefix("（盖章）").or_else(|| bracket.strip_prefix("(盖章)")).unwrap_or(bracket);
            let value = skipped.trim_start();
            if let Some(value) = value.strip_prefix(['：', ':'])
                && !found.iter().any(|(a, b, _)| (*a..*b).contains(&at))
            {
                found.push((at, line.len() - value.len(), *label));
            }
        }
    }
    found.sort_by_key(|(at, _, _)| *at);
    let ends: Vec<usize> = found.iter().skip(1).map(|(at, _, _)| *at).chain([line.len()]).collect();
    found
        .iter()
        .zip(ends)
        .map(|((_, from, label), end)| (*label, line[*from..end.max(*from)].trim().to_owned()))
        .collect()
}
