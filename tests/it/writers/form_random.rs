//! Filled forms with their columns in any order, keys written in any way: each row is read once, as it was written.

use proptest::prelude::*;
use taizhang::documents::table::{Cell, Pages, Table};
use taizhang::documents::write::{FormProblemKind, read_report_sheet};

/// A row as somebody filled it in: its key, what was done, how far it is.
type Filled = (String, String, &'static str);

fn row() -> impl Strategy<Value = Filled> {
    let key = prop_oneof![Just(String::new()), "[a-fA-F0-9]{1,2}", "[Ａ-Ｄ]{1,2}", " [a-c]{1,2} "];
    let narrative = prop_oneof![Just(String::new()), "[甲乙丙0-9，。]{1,12}", any::<String>()];
    (key, narrative, prop::sample::select(vec!["", "已完成", "基本完成（80%）", "差不多"]))
}

/// What a key is compared by.
fn plain(key: &str) -> String {
    let half = |c: char| if ('Ａ'..='Ｚ').contains(&c) { char::from_u32(u32::from(c) - 0xFEE0).unwrap() } else { c };
    key.trim().chars().map(half).collect::<String>().to_uppercase()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn each_row_is_read_once(
        order in Just(vec!["序号", "编号", "落实情况", "完成情况"]).prop_shuffle(),
        above in 0..3_usize,
        rows in prop::collection::vec(row(), 0..8),
    ) {
        let cell = |row: usize, column: usize, text: String| Cell {
            row, column, row_span: 1, column_span: 1, text, place: format!("{row}-{column}"), ..Cell::default()
        };
        let mut cells: Vec<Cell> = order.iter().enumerate().map(|(c, h)| cell(above, c, (*h).to_owned())).collect();
        for (r, (key, narrative, completion)) in rows.iter().enumerate() {
            for (c, heading) in order.iter().enumerate() {
                let text = match *heading {
                    "序号" => (r + 1).to_string(),
                    "编号" => key.clone(),
                    "落实情况" => narrative.clone(),
                    _ => (*completion).to_owned(),
                };
                cells.push(cell(above + 1 + r, c, text));
            }
        }
        let table = Table { place: "表".into(), rows: above + 1 + rows.len(), columns: 4, cells, ..Table::default() };
        let form = read_report_sheet(&Pages { tables: vec![table], ..Pages::default() });
        prop_assert!(form.problems.iter().all(|p| p.kind != FormProblemKind::NoForm));
        let mut seen = Vec::new();
        let mut written: Vec<(String, Option<String>)> = Vec::new();
        let (mut twice, mut keyless) = (0, 0);
        // Headings that are written into the place of a key, or a note at the start of a row, are none of its rows.
        for (key, narrative, completion) in rows.iter() {
            let key = plain(key);
            let said = Some(narrative.trim().to_owned()).filter(|text| !text.is_empty());
            if key.is_empty() {
                keyless += usize::from(said.is_some() || ["已完成", "基本完成（80%）"].contains(completion));
            } else if seen.contains(&key) {
                twice += 1;
            } else {
                seen.push(key.clone());
                written.push((key, said));
            }
        }
        let read: Vec<(String, Option<String>)> = form.rows.iter().map(|r| (r.key.clone(), r.narrative.clone())).collect();
        prop_assert_eq!(read, written);
        prop_assert_eq!(form.keyless.len(), keyless);
        let count = |kind: FormProblemKind| form.problems.iter().filter(|p| p.kind == kind).count();
        prop_assert_eq!(count(FormProblemKind::KeyTwice), twice);
        prop_assert_eq!(count(FormProblemKind::NoKey), keyless);
        prop_assert_eq!(count(FormProblemKind::Completion), rows.iter().filter(|(_, _, c)| *c == "差不多").count());
    }

    /// Places and spans of any size, as no reader makes them.
    #[test]
    fn no_table_is_too_strange(
        places in prop::collection::vec((0..9_usize, 0..9_usize, any::<usize>(), any::<usize>(), 0..6_usize), 0..24),
        rows in prop_oneof![0..9_usize, any::<usize>()],
        columns in prop_oneof![0..9_usize, any::<usize>()],
    ) {
        let words = ["编号", "落实情况", "完成情况", "X1", "写了", ""];
        let cell = |(row, column, row_span, column_span, word): (usize, usize, usize, usize, usize)| Cell {
            row, column, row_span, column_span, text: words[word].into(), ..Cell::default()
        };
        // A reader counts its rows; a form of a million rows is none.
        let rows = rows.min(1_000);
        let table = Table { rows, columns, cells: places.into_iter().map(cell).collect(), ..Table::default() };
        let form = read_report_sheet(&Pages { tables: vec![table], ..Pages::default() });
        prop_assert!(form.rows.len() + form.keyless.len() <= rows);
    }
}
