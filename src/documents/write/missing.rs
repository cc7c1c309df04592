//! MISSING: who still owes which task, and since when.

use super::model::{Align, Below, Book, Column, Row, Sheet, Slot, Value};
use super::titles::with_period;
use super::views::MissingView;

/// Lays out what is owed, the rows of a unit under one cell.
pub fn missing(view: &MissingView) -> Book {
    let contacts = view.rows.iter().any(|r| r.contact.is_some());
    let mut columns = vec![
        Column { below: Below::Again, ..Column::new("责任单位", Align::Left).width(24.0) },
        Column::new("序号", Align::Center).width(7.0),
        Column::new("工作任务", Align::Left),
        Column::new("状态", Align::Center).width(13.0),
        Column::new("应报日期", Align::Center).width(14.0),
        Column::new("逾期天数", Align::Center).width(11.0),
    ];
    if contacts {
        columns.push(Column::new("联系人", Align::Left).width(22.0));
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut units = 0_usize;
    let mut first: Option<usize> = None;
    for (i, row) in view.rows.iter().enumerate() {
        let again = i > 0 && view.rows[i - 1].unit == row.unit;
        let unit = if again { Slot::Covered } else { Slot::text(row.unit.clone()) };
        if again {
            if let Some(Row::Cells { slots, .. }) = first.and_then(|at| rows.get_mut(at))
                && let Some(Slot::Cell { rows, .. }) = slots.first_mut()
            {
                *rows += 1;
            }
        } else {
            first = Some(i);
            units += 1;
        }
        let mut slots = vec![
            unit,
            Slot::text(row.number.clone().unwrap_or_default()),
            Slot::text(row.task.clone()),
            Slot::text(row.state.clone()),
            Slot::one(row.due_on.map_or(Value::Empty, Value::Date)),
            Slot::one(Value::count(row.days_overdue)),
        ];
        if contacts {
            slots.push(Slot::text(row.contact.clone().unwrap_or_default()));
        }
        rows.push(Row::cells(slots));
    }
    let as_of = view.as_of.map(|d| d.format("截至%Y年%-m月%-d日").to_string());
    let count = format!("共{}个单位、{}项未报", units, view.rows.len());
    let sheet = Sheet {
        name: "未报清单".into(),
        title: Some(with_period(view.list_title.as_deref(), "未报情况表", &view.period)),
        lines: vec![std::iter::once(count).chain(as_of).collect()],
        columns,
        rows,
        ..Sheet::default()
    };
    Book { sheets: vec![sheet], made_on: view.as_of }
}
