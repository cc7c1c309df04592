//! SUMMARY: what was expected and what came, per unit and per section, with sums that a clerk can follow cell by cell.

use super::model::{Align, Book, Chart, Column, Formula, Row, Sheet, Slot, Value};
use super::titles::with_period;
use super::views::{SummaryView, Tally};

/// The counts, in the order of their columns.
const COUNTS: [&str; 6] = ["应报", "已报", "已通过", "退回待重报", "逾期报送", "未报"];
/// The sheet with the counts as they were taken; all others add it up.
const DETAILS: usize = 2;

fn counts(tally: &Tally) -> [u32; 6] {
    let c = &tally.counts;
    [c.expected, c.received, c.accepted, c.returned, tally.late, c.missing]
}

/// Lays the sums out: by unit, by section, and the counts they come from.
pub fn summary(view: &SummaryView) -> Book {
    let title = |by: &str| Some(with_period(view.list_title.as_deref(), &format!("落实情况汇总表{by}"), &view.period));
    let as_of = view.as_of.map(|d| d.format("截至%Y年%-m月%-d日").to_string());
    let lines = |by: &str| vec![std::iter::once(by.to_owned()).chain(as_of.clone()).collect::<Vec<_>>()];
    let one = |name: &str, heading: &str, key: usize, of: fn(&Tally) -> &str| {
        let rows = sums(view, key, of);
        let count = rows.len().saturating_sub(1);
        let chart = Chart {
            title: format!("{name}（应报、已报、未报）"),
            names: 0,
            series: vec![1, 2, 6],
            from: 0,
            to: count.saturating_sub(1),
        };
        Sheet {
            name: name.to_owned(),
            title: title(""),
            lines: lines(name),
            columns: columns(vec![Column::new(heading, Align::Left)]),
            rows,
            notes: vec![NOTE.to_owned()],
            charts: if count > 0 { vec![chart] } else { Vec::new() },
            ..Sheet::default()
        }
    };
    let details = Sheet {
        name: "明细".into(),
        title: title("明细"),
        lines: lines("按责任单位和工作任务分类统计"),
        columns: columns(vec![Column::new("责任单位", Align::Left), Column::new("工作任务", Align::Left)]),
        rows: details(view),
        notes: vec![NOTE.to_owned()],
        ..Sheet::default()
    };
    Book {
        sheets: vec![
            one("按责任单位统计", "责任单位", 0, |t| t.unit.as_str()),
            one("按工作任务分类统计", "工作任务", 1, |t| t.section.as_str()),
            details,
        ],
        made_on: view.as_of,
    }
}

const NOTE: &str =
    "注：应报＝已报＋退回待重报＋未报；报送率＝已报÷应报；通过率＝已通过÷已报。逾期报送为已报中超过截止日期的项数。";

fn columns(mut names: Vec<Column>) -> Vec<Column> {
    names.extend(COUNTS.iter().map(|c| Column::new(*c, Align::Center).width(11.0)));
    names.extend(["报送率", "通过率"].map(|c| Column::new(c, Align::Center).width(10.0)));
    names
}

/// The two rates of a row; `first` is the column of what was expected.
fn rates(first: usize, counts: &[f64]) -> [Slot; 2] {
    let rate = |of: usize, by: usize| {
        let result = if counts[by] > 0.0 { counts[of] / counts[by] } else { f64::NAN };
        Slot::one(Value::Formula { formula: Formula::Share { of: first + of, by: first + by }, result })
    };
    [rate(1, 0), rate(2, 1)]
}

fn details(view: &SummaryView) -> Vec<Row> {
    let mut total = [0.0; 6];
    let mut rows = Vec::new();
    for tally in &view.tallies {
        let counts = counts(tally).map(f64::from);
        total.iter_mut().zip(counts).for_each(|(t, c)| *t += c);
        let mut slots = vec![Slot::text(tally.unit.clone()), Slot::text(tally.section.clone())];
        slots.extend(counts.map(|c| Slot::one(Value::Number(c))));
        slots.extend(rates(2, &counts));
        rows.push(Row::cells(slots));
    }
    rows.extend(total_row(vec![Slot::text("合计"), Slot::one(Value::Empty)], view.tallies.len(), &total));
    rows
}

/// The rows of one key, added up from the details.
fn sums(view: &SummaryView, key: usize, of: fn(&Tally) -> &str) -> Vec<Row> {
    let mut groups: Vec<(&str, [f64; 6])> = Vec::new();
    let mut total = [0.0; 6];
    for tally in &view.tallies {
        let counts = counts(tally).map(f64::from);
        total.iter_mut().zip(counts).for_each(|(t, c)| *t += c);
        match groups.iter_mut().find(|(name, _)| *name == of(tally)) {
            Some((_, sum)) => sum.iter_mut().zip(counts).for_each(|(s, c)| *s += c),
            None => groups.push((of(tally), counts)),
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for (name, counts) in &groups {
        let mut slots = vec![Slot::text(*name)];
        slots.extend(counts.iter().enumerate().map(|(i, result)| {
            let formula = Formula::Matching { sheet: DETAILS, key, column: 2 + i, rows: view.tallies.len() };
            Slot::one(Value::Formula { formula, result: *result })
        }));
        slots.extend(rates(1, counts));
        rows.push(Row::cells(slots));
    }
    rows.extend(total_row(vec![Slot::text("合计")], groups.len(), &total));
    rows
}

/// The row of sums over so many rows; none when there are none.
fn total_row(mut slots: Vec<Slot>, rows: usize, total: &[f64; 6]) -> Option<Row> {
    let to = rows.checked_sub(1)?;
    let first = slots.len();
    slots.extend(
        total.iter().map(|result| Slot::one(Value::Formula { formula: Formula::Sum { from: 0, to }, result: *result })),
    );
    slots.extend(rates(first, total));
    Some(Row::Cells { slots, strong: true })
}
