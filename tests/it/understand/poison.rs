//! Tables that nobody would draw: nothing panics, and what comes out is a list.

use proptest::prelude::*;
use taizhang::documents::list_json;
use taizhang::documents::table::{Cell, Pages, Table};
use taizhang::documents::understand::{Options, understand};

pub fn cell_text() -> impl Strategy<Value = String> {
    let words = vec![
        "",
        "序号",
        "工作任务",
        "具体要求",
        "责任单位",
        "牵头单位",
        "完成时限",
        "一、主动公开",
        "（一）规划",
        "1",
        "2",
        "2.做好公开。\n3.做好解读。",
        "1.公开甲。",
        "市甲局牵头；各乡镇按职责分别落实",
        "市乙局",
        "6月底前",
        "全年",
        "同上",
        "/",
        "注：略",
        "合计",
        "公开乙的全部内容，并及时更新。",
        "12345",
        "<p>甲</p>",
    ];
    prop_oneof![4 => prop::sample::select(words).prop_map(str::to_owned), 1 => any::<String>()]
}

fn table() -> impl Strategy<Value = Table> {
    let cell = (0..8_usize, 0..6_usize, 0..4_usize, 0..7_usize, cell_text());
    (prop::collection::vec(cell, 0..40), 0..10_usize, 0..7_usize, prop::bool::weighted(0.1)).prop_map(
        |(cells, rows, columns, hidden)| {
            let cells = cells
                .into_iter()
                .map(|(row, column, row_span, column_span, text)| Cell {
                    row,
                    column,
                    row_span,
                    column_span,
                    text,
                    ..Cell::default()
                })
                .collect();
            Table { place: "表".into(), rows, columns, hidden, cells, ..Table::default() }
        },
    )
}

fn sound(pages: &Pages) {
    let understood = understand(pages, Options { registry: None, year: 2026, year_is_known: false });
    if understood.list.tasks.is_empty() {
        return;
    }
    if let Err(problems) = list_json::read(list_json::write(&understood.list)) {
        panic!("{problems:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_table_gives_a_list(tables in prop::collection::vec(table(), 0..3), tail in prop::collection::vec(cell_text(), 0..20)) {
        sound(&Pages { tables, tail, ..Pages::default() });
    }

    #[test]
    fn any_lines_give_a_list(lines in prop::collection::vec(cell_text(), 0..60)) {
        let mut tail = vec!["序号 工作任务 具体要求 责任单位 完成时限".to_owned()];
        tail.extend(lines.iter().flat_map(|l| l.lines().map(str::to_owned)));
        sound(&Pages { tail, ..Pages::default() });
    }
}

#[test]
fn spans_and_places_beyond_all_measure_are_no_harm() {
    let far = Cell { row: usize::MAX, column: 3, row_span: usize::MAX, column_span: usize::MAX, ..Cell::default() };
    let wide = Cell { row_span: usize::MAX, column_span: usize::MAX, text: "序号".into(), ..Cell::default() };
    sound(&Pages {
        tables: vec![Table { rows: usize::MAX, columns: 9, cells: vec![far, wide], ..Table::default() }],
        ..Pages::default()
    });
}

#[test]
fn long_cells_take_no_long_time() {
    let start = std::time::Instant::now();
    for text in ["（", "1", "每", "自起后", "、", "按职责", "牵头", "市甲局和", "2026年", " ", "，20个工作日内", "等"]
    {
        let long = text.repeat(20_000 / text.chars().count());
        let row = |row: usize, texts: [&str; 4]| {
            texts
                .into_iter()
                .enumerate()
                .map(move |(column, text)| Cell {
                    row,
                    column,
                    row_span: 1,
                    column_span: 1,
                    text: text.into(),
                    ..Cell::default()
                })
                .collect::<Vec<_>>()
        };
        let mut cells = row(0, ["序号", "工作任务", "责任单位", "完成时限"]);
        cells.extend(row(1, ["1", &long, &long, &long]));
        sound(&Pages { tables: vec![Table { rows: 2, columns: 4, cells, ..Table::default() }], ..Pages::default() });
    }
    assert!(start.elapsed().as_secs() < 40, "{:?}", start.elapsed());
}
