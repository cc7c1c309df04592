//! REPORT_SHEET: 落实情况表 of one unit, filled in or as the blank form that comes back.

use entity::vocabulary::Completion;

use super::model::{Align, Book, Column, Row, Sheet, Slot, Value};
use super::titles::with_period;
use super::views::{ReportRow, ReportSheetView, completion_word};

/// The heading of the column by which rows are found again. It is seen and printed: nothing in a file is hidden.
pub(super) const KEY: &str = "编号";
pub(super) const UNIT: &str = "填报单位：";
pub(super) const REPORTER: &str = "填报人及手机号码：";
pub(super) const DATE: &str = "填报时间：";

/// Lays the sheet out. With `blank` the columns that the unit fills in are empty.
pub fn report_sheet(view: &ReportSheetView, blank: bool) -> Book {
    let any = |test: fn(&ReportRow) -> bool| view.rows.iter().any(test);
    let (titles, deadlines) = (any(|r| r.title.is_some()), any(|r| r.deadline.is_some()));
    let requirements = any(|r| r.requirement.is_some()) || !titles;
    let words: Vec<String> = Completion::ALL.iter().map(|c| completion_word(*c).to_owned()).collect();
    let mut columns = vec![Column::new("序号", Align::Center).width(6.5)];
    if titles {
        columns.push(Column::new("工作任务", Align::Left));
    }
    if requirements {
        columns.push(Column::new("具体要求", Align::Left));
    }
    columns.push(Column::new("责任单位", Align::Left));
    if deadlines {
        columns.push(Column::new("完成时限", Align::Center));
    }
    columns.push(Column { choices: words.clone(), ..Column::new("完成情况", Align::Center).width(12.0) });
    columns.push(Column::new("落实情况", Align::Left).width(28.0));
    columns.push(Column::new("佐证材料", Align::Left).width(17.0));
    columns.push(Column::new(KEY, Align::Center).width(11.5));
    let mut rows = Vec::new();
    let mut above: &[String] = &[];
    for row in &view.rows {
        let same = above.iter().zip(&row.sections).take_while(|(a, b)| a == b).count();
        for (level, text) in row.sections.iter().enumerate().skip(same) {
            rows.push(Row::Section { level: u8::try_from(level).unwrap_or(u8::MAX), text: text.clone() });
        }
        above = &row.sections;
        rows.push(Row::cells(slots(row, blank, titles, requirements, deadlines)));
    }
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let date = view.reported_on.filter(|_| !blank).map(|d| d.format("%Y年%-m月%-d日").to_string());
    let person = if blank { String::new() } else { format!("{} {}", said(&view.reporter), said(&view.phone)) };
    let mut notes = Vec::new();
    if blank {
        notes.push(format!(
            "填表说明：1.请填写“完成情况”（{}，可在其后注明比例，有次数要求的任务并注明完成次数，如：基本完成80%，3次）、“落实情况”和“佐证材料”，佐证材料一行一项。\
             2.“编号”供导入时核对，请勿改动、调换或删除。",
            words.join("、")
        ));
    }
    Sheet {
        name: "落实情况表".into(),
        title: Some(with_period(view.list_title.as_deref(), "落实情况表", &view.period)),
        lines: vec![vec![
            format!("{UNIT}{}", view.unit),
            format!("{REPORTER}{}", person.trim()),
            format!("{DATE}{}", date.unwrap_or_default()),
        ]],
        columns,
        rows,
        notes,
        ..Sheet::default()
    }
    .into()
}

fn slots(row: &ReportRow, blank: bool, titles: bool, requirements: bool, deadlines: bool) -> Vec<Slot> {
    let text = |text: &Option<String>| Slot::text(text.clone().unwrap_or_default());
    let mut out = vec![text(&row.number)];
    if titles {
        out.push(text(&row.title));
    }
    if requirements {
        out.push(text(&row.requirement));
    }
    out.push(text(&row.units));
    if deadlines {
        out.push(text(&row.deadline));
    }
    if blank {
        out.extend([Slot::one(Value::Empty), Slot::one(Value::Empty), Slot::one(Value::Empty)]);
    } else {
        let share = row.percent.map(|p| format!("{p}%")).unwrap_or_default();
        let times = row.done_count.map(|n| format!("，{n}次")).unwrap_or_default();
        let word = |c| format!("{}{share}{times}", completion_word(c));
        out.push(Slot::text(row.completion.map(word).unwrap_or_default()));
        out.push(text(&row.narrative));
        out.push(Slot::text(row.evidence.join("\n")));
    }
    out.push(Slot::text(row.key.clone()));
    out
}
