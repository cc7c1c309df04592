//! What stands around the bars: title, legend, unit, small print.

use crate::domain::lang::Lang;

use super::super::model::ChartKind;
use super::super::text::{width, wrap};
use super::sheet::{Anchor, Area, MARGIN, PALE, Sheet, Type};

const LEGEND: f64 = 13.0;
const SWATCH: f64 = 14.0;

/// Title, line below it, legend and unit; `sheet.y` is then where the plot begins.
pub(super) fn head(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    let middle = sheet.width / 2.0;
    let room = sheet.width - 2.0 * MARGIN;
    for (text, look, lines) in [(&chart.title, Type::bold(21.0), 3), (&chart.subtitle, Type::pale(14.0), 2)] {
        let wrapped = wrap(text, look.size, room, lines);
        if wrapped.is_empty() {
            continue;
        }
        sheet.lines((middle, sheet.y + look.size * 0.85), Anchor::Middle, look, &wrapped, text);
        sheet.y += wrapped.len() as f64 * look.size * 1.25 + 6.0;
    }
    if !chart.is_empty() {
        legend(sheet);
        unit(sheet);
    }
}

/// A row of the legend: the series, their names as shown, and how much room each takes.
struct Entries {
    width: f64,
    names: Vec<(usize, String, f64)>,
}

/// Swatches and names, centred, in as many rows as needed; a single series needs none.
fn legend(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    if chart.series.len() < 2 {
        sheet.y += 4.0;
        return;
    }
    let room = sheet.width - 2.0 * MARGIN;
    let mut rows: Vec<Entries> = Vec::new();
    for (at, series) in chart.series.iter().enumerate() {
        let name = wrap(&series.name, LEGEND, 200.0, 1).pop().unwrap_or_default();
        let wide = SWATCH + 6.0 + width(&name, LEGEND) + 20.0;
        match rows.last_mut() {
            Some(row) if row.width + wide <= room => {
                row.width += wide;
                row.names.push((at, name, wide));
            }
            _ => rows.push(Entries { width: wide, names: vec![(at, name, wide)] }),
        }
    }
    sheet.y += 6.0;
    for row in rows {
        let mut x = (sheet.width - row.width + 20.0) / 2.0;
        for (at, name, wide) in row.names {
            swatch(sheet, at, x);
            let full = chart.series[at].name.as_str();
            sheet.text((x + SWATCH + 6.0, sheet.y + 11.5), Anchor::Start, Type::plain(LEGEND), &name, Some(full));
            x += wide;
        }
        sheet.y += 22.0;
    }
}

/// The sign of a series in the legend.
fn swatch(sheet: &mut Sheet<'_>, series: usize, x: f64) {
    let tone = sheet.chart.series[series].tone;
    if sheet.chart.kind == ChartKind::Lines {
        let y = sheet.y + 6.5;
        let look = super::lines::stroke(tone);
        sheet.raw(&format!(
            r#"<path d="M{x:.2},{y:.2} h{SWATCH}" {look}/><path d="{}" fill="{}" stroke="{}" stroke-width="1.2"/>"#,
            super::lines::mark(tone, x + SWATCH / 2.0, y),
            tone.fill(),
            tone.edge()
        ));
    } else {
        sheet.surface(Area { x, y: sheet.y, width: SWATCH, height: 12.0 }, tone);
    }
}

/// What the numbers on the axis are.
fn unit(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    let text = match (chart.kind, chart.lang) {
        (ChartKind::Shares, Lang::Zh) if chart.unit.is_empty() => "单位：%".to_owned(),
        (ChartKind::Shares, Lang::En) if chart.unit.is_empty() => "Unit: %".to_owned(),
        (ChartKind::Shares, Lang::Zh) => format!("占比单位：%；条内数字单位：{}", chart.unit),
        (ChartKind::Shares, Lang::En) => format!("Share in %; numbers in the bars: {}", chart.unit),
        _ if chart.unit.is_empty() => return,
        (_, Lang::Zh) => format!("单位：{}", chart.unit),
        (_, Lang::En) => format!("Unit: {}", chart.unit),
    };
    let room = sheet.width - 2.0 * MARGIN;
    let line = wrap(&text, 12.0, room, 1).pop().unwrap_or_default();
    sheet.text((sheet.width - MARGIN, sheet.y + 10.0), Anchor::End, Type::pale(12.0), &line, Some(&text));
    sheet.y += 20.0;
}

/// A picture of nothing, which says so.
pub(super) fn empty(sheet: &mut Sheet<'_>) {
    head(sheet);
    let area = Area { x: MARGIN, y: sheet.y + 8.0, width: sheet.width - 2.0 * MARGIN, height: 120.0 };
    sheet.raw(&format!(
        r##"<rect x="{}" y="{:.2}" width="{}" height="{}" fill="none" stroke="#C5CAD2"/>"##,
        area.x, area.y, area.width, area.height
    ));
    let words = sheet.chart.lang.pick("暂无数据", "No data yet");
    sheet.text((sheet.width / 2.0, area.y + 66.0), Anchor::Middle, Type::pale(16.0), words, None);
    sheet.y = area.y + area.height;
}

/// The day and the source of the numbers.
pub(super) fn small_print(sheet: &mut Sheet<'_>) {
    let chart = sheet.chart;
    if chart.source.is_empty() {
        return;
    }
    let look = Type { ink: PALE, ..Type::plain(12.0) };
    let lines = wrap(&chart.source, look.size, sheet.width - 2.0 * MARGIN, 3);
    sheet.lines((MARGIN, sheet.y + 22.0), Anchor::Start, look, &lines, &chart.source);
    sheet.y += 14.0 + lines.len() as f64 * look.size * 1.25;
}
