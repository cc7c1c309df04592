//! The picture as SVG: a title, a legend, bars or lines over whole numbers, a line of small print.

mod frame;
mod lines;
mod lying;
mod sheet;
mod standing;

use super::model::{Chart, ChartKind};
use sheet::Sheet;

/// The chart as an SVG document; the same chart gives the same bytes everywhere.
pub fn svg(chart: &Chart) -> String {
    svg_showing(chart, &|c| c)
}

/// The SVG with some characters of the drawn text exchanged, for fonts that cannot show them.
pub(super) fn svg_showing(chart: &Chart, show: &dyn Fn(char) -> char) -> String {
    let mut sheet = Sheet::new(chart, show);
    if chart.is_empty() {
        frame::empty(&mut sheet);
    } else {
        match chart.kind {
            ChartKind::Stacked | ChartKind::Grouped | ChartKind::Shares => lying::draw(&mut sheet),
            ChartKind::StackedColumns | ChartKind::GroupedColumns => standing::draw(&mut sheet),
            ChartKind::Lines => lines::draw(&mut sheet),
        }
    }
    frame::small_print(&mut sheet);
    sheet.finish()
}
