//! Bars from left to right, the categories below each other in the order given.

use crate::domain::lang::Lang;

use super::super::model::{Chart, ChartKind};
use super::super::number::shares;
use super::super::text::{width, wrap};
use super::super::ticks::{MAX_TICKS, ticks};
use super::frame;
use super::sheet::{Anchor, Area, MARGIN, PALE, Sheet, Type};

const LABEL: f64 = 14.0;
const LABEL_ROOM: f64 = 238.0;
const VALUE: f64 = 12.0;
const BAR: f64 = 20.0;
const THIN: f64 = 15.0;
/// From so many rows on the axis is written at the top as well.
const LONG: usize = 20;

/// The axis of a lying chart.
struct Axis {
    left: f64,
    right: f64,
    top: u64,
    marks: Vec<u64>,
}

impl Axis {
    fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * value / self.top as f64
    }
}

pub(super) fn draw(sheet: &mut Sheet<'_>) {
    frame::head(sheet);
    let chart = sheet.chart;
    let labels: Vec<Vec<String>> = chart.categories.iter().map(|name| wrap(name, LABEL, LABEL_ROOM, 2)).collect();
    let axis = axis(chart, &labels);
    let pitch = if chart.kind == ChartKind::Grouped { chart.series.len() as f64 * THIN + 16.0 } else { 34.0 };
    let pitch = if labels.iter().any(|lines| lines.len() > 1) { pitch.max(43.0) } else { pitch };
    let rows = chart.categories.len();
    if rows >= LONG {
        sheet.y += 8.0;
        marks(sheet, &axis, sheet.y);
        sheet.y += 6.0;
    }
    let bottom = sheet.y + pitch * rows as f64 + 4.0;
    for mark in &axis.marks {
        let ink = if *mark == 0 { "#5F6875" } else { "#DDE1E7" };
        sheet.line((axis.x(*mark as f64), sheet.y), (axis.x(*mark as f64), bottom), ink, 1.0);
    }
    for (at, lines) in labels.iter().enumerate() {
        let middle = sheet.y + pitch * at as f64 + pitch / 2.0 + 2.0;
        let first = middle + LABEL * 0.36 - (lines.len() as f64 - 1.0) * LABEL * 0.625;
        let full = chart.categories[at].as_str();
        sheet.lines((axis.left - 10.0, first), Anchor::End, Type::plain(LABEL), lines, full);
        match chart.kind {
            ChartKind::Grouped => grouped(sheet, &axis, at, middle),
            _ => stacked(sheet, &axis, at, middle),
        }
    }
    marks(sheet, &axis, bottom + 17.0);
    sheet.y = bottom + 22.0;
}

/// The axis between the longest name and the longest number at the end of a bar.
fn axis(chart: &Chart, labels: &[Vec<String>]) -> Axis {
    let widest = labels.iter().flatten().map(|line| width(line, LABEL)).fold(0.0, f64::max);
    let ends = (0..chart.categories.len()).map(|at| width(&end(chart, at), VALUE + 1.0)).fold(0.0, f64::max);
    let marks = match chart.kind {
        ChartKind::Shares => vec![0, 20, 40, 60, 80, 100],
        _ => ticks(chart.largest(), MAX_TICKS),
    };
    Axis {
        left: MARGIN + widest.min(LABEL_ROOM) + 10.0,
        right: super::sheet::WIDTH - MARGIN - ends - 10.0,
        top: marks.last().copied().unwrap_or(1),
        marks,
    }
}

/// What stands at the end of a stacked bar.
fn end(chart: &Chart, at: usize) -> String {
    match chart.kind {
        ChartKind::Shares if chart.lang == Lang::En => format!("of {}", chart.total(at)),
        ChartKind::Shares => format!("共{}", chart.total(at)),
        ChartKind::Grouped => chart.series.iter().map(|s| s.values[at]).max().unwrap_or_default().to_string(),
        _ => chart.total(at).to_string(),
    }
}

fn marks(sheet: &mut Sheet<'_>, axis: &Axis, y: f64) {
    let look = Type { ink: PALE, ..Type::plain(VALUE) };
    for mark in &axis.marks {
        sheet.text((axis.x(*mark as f64), y), Anchor::Middle, look, &mark.to_string(), None);
    }
}

fn stacked(sheet: &mut Sheet<'_>, axis: &Axis, at: usize, middle: f64) {
    let chart = sheet.chart;
    let y = middle - BAR / 2.0;
    // The lengths are the numbers themselves, or their shares in per cent.
    let lengths: Vec<f64> = match chart.kind {
        ChartKind::Shares => shares(&chart.column(at)).into_iter().map(|share| f64::from(share) / 100.0).collect(),
        _ => chart.column(at).into_iter().map(f64::from).collect(),
    };
    let mut done = 0.0;
    for (number, length) in lengths.iter().enumerate() {
        let (from, to) = (axis.x(done), axis.x(done + length));
        done += length;
        sheet.count(Area { x: from, y, width: to - from, height: BAR }, number, at);
        let series = &chart.series[number];
        let text = series.values[at].to_string();
        if chart.series.len() > 1 && series.values[at] > 0 && width(&text, VALUE) + 6.0 <= to - from {
            let look = Type { ink: series.tone.ink(), rim: series.tone.hatch().is_some(), ..Type::plain(VALUE) };
            sheet.text(((from + to) / 2.0, middle + VALUE * 0.36), Anchor::Middle, look, &text, None);
        }
    }
    let x = axis.x(done) + 7.0;
    sheet.text((x, middle + VALUE * 0.36), Anchor::Start, Type::bold(VALUE + 1.0), &end(chart, at), None);
}

fn grouped(sheet: &mut Sheet<'_>, axis: &Axis, at: usize, middle: f64) {
    let chart = sheet.chart;
    let top = middle - chart.series.len() as f64 * THIN / 2.0;
    for (number, series) in chart.series.iter().enumerate() {
        let y = top + number as f64 * THIN;
        let value = series.values[at];
        let to = axis.x(f64::from(value));
        sheet.count(Area { x: axis.left, y, width: to - axis.left, height: THIN - 2.0 }, number, at);
        sheet.text((to + 5.0, y + 11.0), Anchor::Start, Type::plain(VALUE), &value.to_string(), None);
    }
}
