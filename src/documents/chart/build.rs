//! Charts out of the sums of reporting periods; the order is the caller's, which is the registry's or the list's.

use chrono::{Datelike, NaiveDate};
use entity::vocabulary::Completion;

use crate::domain::lang::Lang;
use crate::domain::roll_up::RollUp;

use super::model::{Chart, ChartError, ChartKind, Series};
use super::tone::Tone;

/// What stands around the numbers.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// The title.
    pub title: &'a str,
    /// The line below it, usually the period; empty for none.
    pub subtitle: &'a str,
    /// Who says so, usually the office; empty for none.
    pub source: &'a str,
    /// The day of the numbers.
    pub as_of: NaiveDate,
    /// The language of legend and small print.
    pub lang: Lang,
}

/// The sums of one unit, one section or one period.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its sums.
    pub sums: RollUp,
}

/// A series of a roll-up: the names in both languages, the look, and where the count comes from.
type Count = (&'static str, &'static str, Tone, fn(&RollUp) -> u32);

/// Together the expected ones.
const RECEIPT: &[Count] = &[
    ("已通过", "Accepted", Tone::Done, |s| s.accepted),
    ("待审核", "Waiting for review", Tone::Partly, |s| s.submitted),
    ("已退回", "Returned", Tone::Behind, |s| s.returned),
    ("未报送", "Not handed in", Tone::Open, |s| s.missing),
];

/// Together the expected ones.
const PROGRESS: &[Count] = &[
    ("已完成", "Completed", Tone::Done, |s| of(s, Completion::Completed)),
    ("基本完成", "Substantial", Tone::Nearly, |s| of(s, Completion::Substantial)),
    ("有限进展", "Limited", Tone::Partly, |s| of(s, Completion::Limited)),
    ("未启动", "Not started", Tone::Behind, |s| of(s, Completion::NotStarted)),
    ("本期无新增情况", "Nothing to report", Tone::Quiet, |s| of(s, Completion::NothingToReport)),
    ("不适用", "Not applicable", Tone::Aside, |s| of(s, Completion::NotApplicable)),
    ("未报送或已退回", "Not handed in or returned", Tone::Open, |s| {
        s.expected.saturating_sub(s.completion.values().sum())
    }),
];

/// Together the expected ones, of which only the accepted ones count as anything.
const ACCEPTED: &[Count] = &[
    PROGRESS[0],
    PROGRESS[1],
    PROGRESS[2],
    PROGRESS[3],
    PROGRESS[4],
    PROGRESS[5],
    ("尚无通过审核的报告", "Nothing accepted yet", Tone::Open, |s| s.expected.saturating_sub(s.accepted)),
];

/// Each is a part of the one before.
const COURSE: &[Count] = &[
    ("应报", "Expected", Tone::Base, |s| s.expected),
    ("已报", "Received", Tone::Nearly, |s| s.received),
    ("已通过", "Accepted", Tone::Done, |s| s.accepted),
];

fn of(sums: &RollUp, completion: Completion) -> u32 {
    sums.completion.get(&completion).copied().unwrap_or_default()
}

impl Chart {
    /// What came of what was expected, per unit or section: accepted, waiting, returned, missing.
    ///
    /// # Errors
    /// When there are more rows than a picture can show.
    pub fn receipt(caption: Caption<'_>, rows: &[Row]) -> Result<Self, ChartError> {
        build(caption, rows, RECEIPT, ChartKind::Stacked)
    }

    /// How far the work is, per unit or section, as counts.
    ///
    /// # Errors
    /// When there are more rows than a picture can show.
    pub fn progress(caption: Caption<'_>, rows: &[Row]) -> Result<Self, ChartError> {
        build(caption, rows, PROGRESS, ChartKind::Stacked)
    }

    /// How far the work is by accepted reports alone, as counts.
    ///
    /// # Errors
    /// When there are more rows than a picture can show.
    pub fn accepted(caption: Caption<'_>, rows: &[Row]) -> Result<Self, ChartError> {
        build(caption, rows, ACCEPTED, ChartKind::Stacked)
    }

    /// How far the work is, per section, as shares of what was expected.
    ///
    /// # Errors
    /// When there are more rows than a picture can show.
    pub fn overview(caption: Caption<'_>, rows: &[Row]) -> Result<Self, ChartError> {
        build(caption, rows, PROGRESS, ChartKind::Shares)
    }

    /// Expected, received and accepted over periods; `drawn_as(ChartKind::Lines)` makes lines of the columns.
    ///
    /// # Errors
    /// When there are more periods than a picture can show.
    pub fn periods(caption: Caption<'_>, rows: &[Row]) -> Result<Self, ChartError> {
        build(caption, rows, COURSE, ChartKind::GroupedColumns)
    }
}

fn build(caption: Caption<'_>, rows: &[Row], counts: &[Count], kind: ChartKind) -> Result<Chart, ChartError> {
    let lang = caption.lang;
    let series = counts
        .iter()
        .map(|(zh, en, tone, count)| {
            Series::new(lang.pick(zh, en), *tone, rows.iter().map(|row| count(&row.sums)).collect())
        })
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let chart = Chart::new(caption.title, kind, &names, series, lang.pick("项", "items"), lang)?;
    Ok(chart.with_subtitle(caption.subtitle).with_source(&source(caption)))
}

/// 数据截至 and whose numbers they are.
fn source(caption: Caption<'_>) -> String {
    let day = caption.as_of;
    match (caption.lang, caption.source.is_empty()) {
        (Lang::Zh, none) => {
            let of = format!("数据截至{}年{}月{}日", day.year(), day.month(), day.day());
            if none { format!("{of}。") } else { format!("{of}。来源：{}。", caption.source) }
        }
        (Lang::En, true) => format!("As of {day}."),
        (Lang::En, false) => format!("As of {day}. Source: {}.", caption.source),
    }
}
