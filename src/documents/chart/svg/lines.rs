//! A line for each series over periods, told apart by colour, dashes and the shape of the points.

use std::fmt::Write;

use super::super::number::coordinate;
use super::super::text::width;
use super::super::tone::{Mark, Tone};
use super::sheet::{Anchor, Sheet, Type};
use super::standing::plot;

const VALUE: f64 = 12.0;

pub(super) fn draw(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    let plot = plot(sheet, width(&chart.largest().to_string(), VALUE) + 10.0);
    let at = |series: usize, category: usize| {
        (plot.middle(category), plot.y(f64::from(chart.series[series].values[category])))
    };
    for (number, series) in chart.series.iter().enumerate() {
        let mut path = String::new();
        for category in 0..chart.categories.len() {
            let (x, y) = at(number, category);
            let step = if category == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{step}{},{} ", coordinate(x), coordinate(y));
        }
        sheet.raw(&format!(r#"<path d="{}" {}/>"#, path.trim_end(), stroke(series.tone)));
    }
    for (number, series) in chart.series.iter().enumerate() {
        for category in 0..chart.categories.len() {
            let (x, y) = at(number, category);
            sheet.point(&mark(series.tone, x, y), number, category);
        }
    }
    for category in 0..chart.categories.len() {
        let heights: Vec<f64> = (0..chart.series.len()).map(|number| at(number, category).1).collect();
        let mut taken: Vec<f64> = Vec::new();
        let mut said: Vec<u32> = Vec::new();
        for (number, series) in chart.series.iter().enumerate() {
            let (x, y) = at(number, category);
            let value = series.values[category];
            if said.contains(&value) {
                continue;
            }
            let free = |base: &f64| {
                let middle = *base - VALUE * 0.36;
                *base < plot.bottom - 2.0
                    && taken.iter().all(|other| (other - base).abs() >= VALUE)
                    && heights.iter().all(|other| (other - middle).abs() >= VALUE * 0.8)
            };
            // Where lines meet, the number stands once; the legend and the mouse tell the rest.
            if let Some(base) = [y - 9.0, y + 18.0].iter().find(|base| free(base)) {
                taken.push(*base);
                said.push(value);
                let look = Type { rim: true, ..Type::plain(VALUE) };
                sheet.text((x, *base), Anchor::Middle, look, &value.to_string(), None);
            }
        }
    }
}

/// How the line of a tone is drawn.
pub(super) fn stroke(tone: Tone) -> String {
    let dashes = tone.dashes().map(|dashes| format!(r#" stroke-dasharray="{dashes}""#)).unwrap_or_default();
    format!(r#"fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round"{dashes}"#, tone.edge())
}

/// The outline of a point.
pub(super) fn mark(tone: Tone, x: f64, y: f64) -> String {
    let (x, y, r) = (coordinate(x), coordinate(y), 4.5);
    match tone.mark() {
        Mark::Circle => format!("M{x},{y} m-{r},0 a{r},{r} 0 1,0 9,0 a{r},{r} 0 1,0 -9,0 z"),
        Mark::Square => format!("M{x},{y} m-4,-4 h8 v8 h-8 z"),
        Mark::Diamond => format!("M{x},{y} m0,-5.5 l5.5,5.5 l-5.5,5.5 l-5.5,-5.5 z"),
        Mark::Triangle => format!("M{x},{y} m0,-5 l5,8.5 h-10 z"),
    }
}
