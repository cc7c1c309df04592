//! Bar charts over the cells of the same sheet.

use rust_xlsxwriter::{
    Chart as XlsxChart, ChartAxisCrossing, ChartFont, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType,
    Worksheet,
};

use super::super::error::WriteError;
use super::super::model::{Chart, Row, Sheet, Slot, Value};
use super::{col, fault, row_of};

/// Colours that stay apart in grey print.
const COLOURS: [&str; 4] = ["#1F4E79", "#70AD47", "#C00000", "#FFC000"];
/// Pixels of a row of an empty sheet.
const ROW: u32 = 20;

/// Puts a chart below the table; tells how many rows it takes.
pub(super) fn put(
    out: &mut Worksheet,
    sheet: &Sheet,
    name: &str,
    chart: &Chart,
    row: usize,
) -> Result<usize, WriteError> {
    if chart.to < chart.from || chart.series.is_empty() {
        return Ok(0);
    }
    let first = sheet.first_body_row();
    let (from, to) = (row_of(first + chart.from)?, row_of(first + chart.to)?);
    let head = row_of(sheet.rows_above())?;
    let mut font = ChartFont::new();
    font.set_name("宋体");
    let mut it = XlsxChart::new(ChartType::Bar);
    it.title().set_name(&chart.title).set_font(font.clone().set_size(14));
    for (i, column) in chart.series.iter().enumerate() {
        let c = col(*column)?;
        let names = col(chart.names)?;
        it.add_series()
            .set_name((name, head, c))
            .set_categories((name, from, names, to, names))
            .set_values((name, from, c, to, c))
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(COLOURS[i % COLOURS.len()])))
            .set_gap(60);
    }
    // In a bar chart the names stand along y. The first one stands on top, the numbers below.
    it.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max).set_font(&font);
    it.x_axis().set_min(0).set_num_format("0").set_font(&font);
    if let Some(unit) = unit(sheet, chart) {
        it.x_axis().set_major_unit(unit);
    }
    it.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    let bars = u32::try_from((chart.to - chart.from + 1) * chart.series.len()).unwrap_or(100).min(600);
    let height = (130 + bars * 13).max(260);
    it.set_width(900).set_height(height);
    out.insert_chart(row_of(row)?, 0, &it).map_err(fault)?;
    Ok(usize::try_from(height / ROW).unwrap_or(20) + 2)
}

/// The step between two lines of the axis: 1, 2, 5, 10, …, at most ten steps.
fn unit(sheet: &Sheet, chart: &Chart) -> Option<u32> {
    let mut most = 0.0_f64;
    for row in sheet.rows.get(chart.from..=chart.to)? {
        let Row::Cells { slots, .. } = row else { continue };
        for column in &chart.series {
            if let Some(Slot::Cell { value: Value::Number(n) | Value::Formula { result: n, .. }, .. }) =
                slots.get(*column)
            {
                most = most.max(*n);
            }
        }
    }
    (0..9_u32).flat_map(|power| [1, 2, 5].map(|n| n * 10_u32.pow(power))).find(|unit| f64::from(*unit) * 10.0 >= most)
}
