//! Columns from the bottom up, the categories beside each other in the order given.

use super::super::model::{Chart, ChartKind};
use super::super::text::{width, wrap};
use super::super::ticks::ticks;
use super::frame;
use super::sheet::{Anchor, Area, MARGIN, PALE, Sheet, Type, WIDTH};

const LABEL: f64 = 13.0;
const VALUE: f64 = 12.0;
const HEIGHT: f64 = 300.0;
/// Marks on the standing axis at most.
const MARKS: usize = 8;
/// A category is never narrower: four characters of its name fit side by side.
const SLOT: f64 = 60.0;

/// The plot of a chart with standing categories.
pub(super) struct Plot {
    pub left: f64,
    pub top: f64,
    pub bottom: f64,
    pub slot: f64,
    max: u64,
}

impl Plot {
    /// The height at which a number is drawn.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / self.max as f64
    }

    /// The middle of a category.
    pub(super) fn middle(&self, at: usize) -> f64 {
        self.left + self.slot * (at as f64 + 0.5)
    }
}

/// Draws the frame with its axes; a category is at least so wide.
pub(super) fn plot(sheet: &mut Sheet<'_>, least: f64) -> Plot {
    let chart = sheet.chart;
    let marks = ticks(chart.largest(), MARKS);
    let max = marks.last().copied().unwrap_or(1);
    let left = MARGIN + width(&max.to_string(), VALUE) + 10.0;
    let count = chart.categories.len() as f64;
    let slot = ((WIDTH - MARGIN - left) / count).max(least).max(SLOT);
    sheet.width = (left + slot * count + MARGIN).ceil().max(WIDTH);
    frame::head(sheet);
    let top = sheet.y + 12.0;
    let plot = Plot { left, top, bottom: top + HEIGHT, slot, max };
    let right = left + slot * count;
    for mark in marks {
        let y = plot.y(mark as f64);
        let ink = if mark == 0 { "#5F6875" } else { "#DDE1E7" };
        sheet.line((left, y), (right, y), ink, 1.0);
        let look = Type { ink: PALE, ..Type::plain(VALUE) };
        sheet.text((left - 8.0, y + VALUE * 0.36), Anchor::End, look, &mark.to_string(), None);
    }
    let mut most = 0;
    for (at, name) in chart.categories.iter().enumerate() {
        let lines = wrap(name, LABEL, slot - 8.0, 3);
        most = most.max(lines.len());
        sheet.lines((plot.middle(at), plot.bottom + 19.0), Anchor::Middle, Type::plain(LABEL), &lines, name);
    }
    sheet.y = plot.bottom + 8.0 + most as f64 * LABEL * 1.25;
    plot
}

pub(super) fn draw(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    let number = widest_number(chart) + 6.0;
    if chart.kind == ChartKind::GroupedColumns {
        let bars = chart.series.len() as f64;
        let plot = plot(sheet, (number.max(12.0) * bars) / 0.8);
        let bar = (plot.slot * 0.8 / bars).min(44.0);
        for at in 0..chart.categories.len() {
            grouped(sheet, &plot, at, bar);
        }
    } else {
        let plot = plot(sheet, number + 8.0);
        let bar = (plot.slot * 0.55).min(56.0);
        for at in 0..chart.categories.len() {
            stacked(sheet, &plot, at, bar);
        }
    }
}

fn widest_number(chart: &Chart) -> f64 {
    width(&chart.largest().to_string(), VALUE + 1.0)
}

fn grouped(sheet: &mut Sheet<'_>, plot: &Plot, at: usize, bar: f64) {
    let chart = sheet.chart;
    let left = plot.middle(at) - bar * chart.series.len() as f64 / 2.0;
    for (number, series) in chart.series.iter().enumerate() {
        let value = series.values[at];
        let (x, y) = (left + bar * number as f64, plot.y(f64::from(value)));
        let area = Area { x: x + 1.0, y, width: bar - 2.0, height: plot.bottom - y };
        sheet.count(area, number, at);
        sheet.text((x + bar / 2.0, y - 5.0), Anchor::Middle, Type::plain(VALUE), &value.to_string(), None);
    }
}

fn stacked(sheet: &mut Sheet<'_>, plot: &Plot, at: usize, bar: f64) {
    let chart = sheet.chart;
    let (middle, mut done) = (plot.middle(at), 0.0);
    for (number, series) in chart.series.iter().enumerate() {
        let value = f64::from(series.values[at]);
        let (from, to) = (plot.y(done), plot.y(done + value));
        done += value;
        sheet.count(Area { x: middle - bar / 2.0, y: to, width: bar, height: from - to }, number, at);
        let text = series.values[at].to_string();
        if chart.series.len() > 1 && from - to >= VALUE + 3.0 && width(&text, VALUE) <= bar {
            let look = Type { ink: series.tone.ink(), rim: series.tone.hatch().is_some(), ..Type::plain(VALUE) };
            sheet.text((middle, (from + to) / 2.0 + VALUE * 0.36), Anchor::Middle, look, &text, None);
        }
    }
    let total = chart.total(at).to_string();
    sheet.text((middle, plot.y(done) - 6.0), Anchor::Middle, Type::bold(VALUE + 1.0), &total, None);
}
