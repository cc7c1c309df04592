//! The chart as an option of ECharts: data and settings only, no functions, no templates, no HTML.

use serde_json::{Map, Value, json};

use super::model::{Chart, ChartKind};
use super::number::shares;
use super::ticks::{MAX_TICKS, ticks};
use super::tone::{Mark, Tone};

/// The option to hand to `setOption` as it is.
///
/// Rows are tied to the axis by number, not by name, because two units may have the same name. The tooltip is drawn as
/// text on the canvas, so that a name never becomes HTML.
pub fn echarts(chart: &Chart) -> Value {
    let (category, value) = axes(chart);
    let (x, y) = if chart.kind.is_lying() { (value, category) } else { (category, value) };
    let mut option = json!({
        "backgroundColor": "#FFFFFF",
        "title": { "text": chart.title, "subtext": chart.subtitle, "left": "center" },
        "aria": { "enabled": true, "decal": { "show": true }, "label": { "description": chart.description() } },
        "legend": { "type": "scroll", "top": 60, "data": names(chart) },
        "tooltip": {
            "trigger": "axis",
            "axisPointer": { "type": if chart.kind == ChartKind::Lines { "line" } else { "shadow" } },
            "renderMode": "richText",
            "confine": true,
        },
        "grid": { "top": 100, "left": 16, "right": 48, "bottom": 48, "containLabel": true },
        "dataset": { "dimensions": dimensions(chart), "source": source(chart) },
        "xAxis": x,
        "yAxis": y,
        "series": (0..chart.series.len()).map(|at| series(chart, at)).collect::<Vec<_>>(),
    });
    if !chart.source.is_empty() {
        option["graphic"] = json!([{
            "type": "text",
            "left": 16,
            "bottom": 12,
            "silent": true,
            "style": { "text": chart.source, "fill": "#4A5260", "fontSize": 12 },
        }]);
    }
    option
}

fn names(chart: &Chart) -> Vec<&str> {
    chart.series.iter().map(|s| s.name.as_str()).collect()
}

/// The axis of the names and the axis of the numbers.
fn axes(chart: &Chart) -> (Value, Value) {
    let category = json!({
        "type": "category",
        "data": chart.categories,
        // The first row stands on top, as on paper.
        "inverse": chart.kind.is_lying(),
        "axisLabel": { "width": if chart.kind.is_lying() { 238 } else { 72 }, "overflow": "break", "interval": 0 },
        "axisTick": { "alignWithLabel": true },
    });
    let value = match chart.kind {
        ChartKind::Shares => json!({ "type": "value", "name": "%", "min": 0, "max": 100, "minInterval": 1 }),
        // A page of a chart has the axis of the whole.
        _ if chart.reach > 0 => {
            let max = ticks(chart.largest(), MAX_TICKS).pop();
            json!({ "type": "value", "name": chart.unit, "min": 0, "max": max, "minInterval": 1 })
        }
        _ => json!({ "type": "value", "name": chart.unit, "min": 0, "minInterval": 1 }),
    };
    (category, value)
}

/// The columns of the data: the number of the category, the counts, and for shares the hundredths of them.
fn dimensions(chart: &Chart) -> Vec<Value> {
    let mut out = vec![json!({ "name": "category", "type": "ordinal" })];
    for (at, series) in chart.series.iter().enumerate() {
        out.push(json!({ "name": format!("count{at}"), "type": "int", "displayName": series.name }));
    }
    if chart.kind == ChartKind::Shares {
        for (at, series) in chart.series.iter().enumerate() {
            out.push(
                json!({ "name": format!("share{at}"), "type": "number", "displayName": format!("{} %", series.name) }),
            );
        }
    }
    out
}

fn source(chart: &Chart) -> Vec<Value> {
    let row = |at: usize| {
        let counts = chart.column(at);
        let mut row = vec![json!(at)];
        row.extend(counts.iter().map(|count| json!(count)));
        if chart.kind == ChartKind::Shares {
            row.extend(shares(&counts).into_iter().map(|share| json!(f64::from(share) / 100.0)));
        }
        Value::Array(row)
    };
    (0..chart.categories.len()).map(row).collect()
}

fn series(chart: &Chart, at: usize) -> Value {
    let one = &chart.series[at];
    let count = format!("count{at}");
    let drawn = if chart.kind == ChartKind::Shares { format!("share{at}") } else { count.clone() };
    let (names, numbers) = if chart.kind.is_lying() { ("y", "x") } else { ("x", "y") };
    let mut encode = Map::new();
    encode.insert(names.to_owned(), json!("category"));
    encode.insert(numbers.to_owned(), json!(drawn));
    encode.insert("tooltip".to_owned(), if drawn == count { json!([count]) } else { json!([count, drawn]) });
    let mut series = json!({
        "type": if chart.kind == ChartKind::Lines { "line" } else { "bar" },
        "name": one.name,
        "encode": encode,
        "itemStyle": { "color": one.tone.fill(), "borderColor": one.tone.edge(), "borderWidth": 1 },
        "emphasis": { "focus": "series" },
    });
    if chart.kind == ChartKind::Lines {
        series["symbol"] = json!(symbol(one.tone));
        series["symbolSize"] = json!(9);
        series["lineStyle"] = json!({
            "color": one.tone.edge(),
            "width": 2,
            "type": if one.tone.dashes().is_some() { "dashed" } else { "solid" },
        });
    } else {
        series["barMaxWidth"] = json!(if chart.kind.is_lying() { 20 } else { 56 });
    }
    if chart.kind.is_stacked() {
        series["stack"] = json!("all");
    }
    series
}

const fn symbol(tone: Tone) -> &'static str {
    match tone.mark() {
        Mark::Circle => "circle",
        Mark::Square => "rect",
        Mark::Diamond => "diamond",
        Mark::Triangle => "triangle",
    }
}
