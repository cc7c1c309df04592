//! Progress pictures: the same numbers three times, whatever stands in the names.

mod build;
mod gallery;
mod hostile;
mod numbers;
mod pictures;
mod ticks;

use chrono::NaiveDate;
use entity::vocabulary::{Completion, ReportStatus};
use taizhang::documents::chart::{Caption, Chart, ChartKind, Row, Series, Tone};
use taizhang::domain::lang::Lang;
use taizhang::domain::roll_up::{Line, RollUp};

/// What stands around the invented numbers.
pub(crate) fn caption(title: &str) -> Caption<'_> {
    Caption {
        title,
        subtitle: "2026年1–6月",
        source: "虚构的云州市政府办公室（演示数据）",
        as_of: NaiveDate::from_ymd_opt(2026, 7, 5).unwrap(),
        lang: Lang::Zh,
    }
}

/// A row out of so many lines of each kind: completions of accepted reports, then waiting, returned, missing.
pub(crate) fn row(name: &str, accepted: [u32; 6], [waiting, returned, missing]: [u32; 3]) -> Row {
    let mut lines = Vec::new();
    let mut add = |count: u32, status, completion| {
        lines.extend((0..count).map(|_| Line { status, completion }));
    };
    for (count, completion) in accepted.into_iter().zip(Completion::ALL) {
        add(count, Some(ReportStatus::Accepted), Some(*completion));
    }
    add(waiting, Some(ReportStatus::Submitted), Some(Completion::Limited));
    add(returned, Some(ReportStatus::Returned), Some(Completion::Limited));
    add(missing, None, None);
    Row { name: name.to_owned(), sums: RollUp::of(lines) }
}

/// Units of a town that does not exist.
pub(crate) fn units() -> Vec<Row> {
    vec![
        row("虚构市教育局", [1, 2, 3, 6, 1, 0], [2, 0, 0]),
        row("虚构市发展和改革局", [0, 1, 4, 9, 0, 1], [0, 1, 0]),
        row("虚构市人力资源和社会保障局（挂虚构市退役军人就业服务与权益保障中心牌子）", [2, 2, 1, 3, 2, 0], [1, 1, 2]),
        row("虚构市卫生健康局", [0, 0, 0, 0, 0, 0], [0, 0, 7]),
        row("甲乡人民政府", [0, 1, 1, 1, 0, 0], [0, 0, 0]),
        row("乙镇人民政府", [0, 0, 0, 0, 0, 0], [0, 0, 0]),
    ]
}

/// A chart of any kind over invented numbers.
pub(crate) fn chart(kind: ChartKind, names: &[&str], values: &[Vec<u32>]) -> Chart {
    let series = values
        .iter()
        .zip(Tone::ALL)
        .enumerate()
        .map(|(at, (values, tone))| Series::new(&format!("系列{at}"), *tone, values.clone()))
        .collect();
    Chart::new("演示图", kind, names, series, "项", Lang::Zh).unwrap()
}
