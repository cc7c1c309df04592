//! What holds for every table: the same answer twice, printed words only, questions with a place, hidden rows left out.

use std::cmp::Ordering;

use proptest::prelude::*;
use taizhang::documents::table::{Cell, Pages, Table};
use taizhang::documents::understand::{Options, QuestionKind, Understood, understand};
use taizhang::domain::numbering::{compare, compare_paths, natural_key};

use super::layouts::read;
use super::poison::cell_text;
use crate::readers::make;

const HEADINGS: [&str; 14] = [
    "序号",
    "类别",
    "工作任务",
    "项目名称",
    "具体举措",
    "年度目标",
    "存在问题",
    "牵头单位",
    "责任单位",
    "配合单位",
    "完成时限",
    "一季度",
    "备注",
    "说不清的表头",
];

/// A table of headings in any order, with texts of any kind below, merged at random.
fn list() -> impl Strategy<Value = Table> {
    let cells = prop::collection::vec(prop::collection::vec((cell_text(), 1..3_usize), 8), 1..9);
    (prop::sample::subsequence(HEADINGS.to_vec(), 2..8).prop_shuffle(), cells).prop_map(|(headings, rows)| {
        let columns = headings.len();
        let at = |row: usize, column: usize, row_span: usize, text: &str| Cell {
            row,
            column,
            row_span,
            column_span: 1,
            text: text.to_owned(),
            date: None,
            place: format!("表 1 第 {} 行第 {} 列", row + 1, column + 1),
        };
        let mut cells: Vec<Cell> = headings.iter().enumerate().map(|(c, h)| at(0, c, 1, h)).collect();
        let mut free = vec![1; columns];
        for (r, row) in rows.iter().enumerate() {
            for (c, (text, span)) in row.iter().take(columns).enumerate() {
                if free[c] > r + 1 {
                    continue;
                }
                let span = (*span).min(rows.len() - r);
                free[c] = r + 1 + span;
                cells.push(at(r + 1, c, span, text));
            }
        }
        Table { place: "表 1".into(), rows: rows.len() + 1, columns, cells, ..Table::default() }
    })
}

/// What falls out of web pages into texts, in whatever letters it is written.
const TAGS: [&str; 11] = ["p", "br", "div", "span", "strong", "b", "u", "em", "td", "tr", "font"];

/// Without tags, white space and control characters.
fn bare(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        let inside = after.split_once('>').filter(|(inside, _)| {
            let name = inside.trim_start_matches('/').split(|c: char| !c.is_ascii_alphabetic()).next().unwrap();
            inside.chars().count() < 79 && TAGS.contains(&name.to_ascii_lowercase().as_str())
        });
        kept.push_str(before);
        if inside.is_none() {
            kept.push('<');
        }
        rest = inside.map_or(after, |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// How many pieces of cells a printed text is made of; nothing when some of it stands in no cell.
fn pieces(text: &str, cells: &[String]) -> Option<usize> {
    let mut rest: Vec<char> = bare(text).chars().filter(|c| *c != '；').collect();
    let mut count = 0;
    while !rest.is_empty() {
        let found = (1..=rest.len()).rev().find(|&n| {
            let start: String = rest[..n].iter().collect();
            cells.iter().any(|cell| cell.contains(&start))
        })?;
        rest.drain(..found);
        count += 1;
    }
    Some(count)
}

fn sound(pages: &Pages) -> Understood {
    let options = Options { registry: None, year: 2026, year_is_known: false };
    let understood = understand(pages, options);
    assert_eq!(understood, understand(pages, options), "the same file, another answer");
    let cells: Vec<String> =
        pages.tables.iter().flat_map(|t| &t.cells).map(|c| bare(&c.text).replace('；', "")).collect();
    for task in &understood.list.tasks {
        let texts = [&task.title, &task.requirement, &task.lead_text, &task.unit_text, &task.deadline_text];
        for text in texts.into_iter().flatten() {
            let count = pieces(text, &cells);
            // Rows under one number and texts of two columns are put together, nothing is made up.
            assert!(count.is_some_and(|n| n <= 24), "{text:?} is not printed anywhere: {count:?}");
        }
        for name in task.assignments.iter().map(|a| &a.name).filter(|n| n.as_str() != "（等）") {
            assert!(cells.iter().any(|cell| cell.contains(&bare(name).replace('；', ""))), "{name:?}");
        }
    }
    for question in &understood.questions {
        assert!(!question.path.is_empty() && !question.zh.is_empty() && !question.en.is_empty());
        let about_a_task = question.task.is_some() && question.kind != QuestionKind::Cut;
        assert!(!about_a_task || question.place.is_some(), "{question:?}");
    }
    understood
}

/// A task without a cell for its deadline is asked about at its row.
#[test]
fn what_is_asked_about_a_task_has_a_place() {
    let table = |rows: usize, columns: usize, cells: &[(usize, usize, usize, &str)]| {
        let cell = |(row, column, row_span, text): &(usize, usize, usize, &str)| {
            let place = format!("表 1 第 {} 行第 {} 列", row + 1, column + 1);
            let (row, column, row_span, text) = (*row, *column, *row_span, (*text).to_owned());
            Cell { row, column, row_span, column_span: 1, text, place, ..Cell::default() }
        };
        Table { place: "表 1".into(), rows, columns, cells: cells.iter().map(cell).collect(), ..Table::default() }
    };
    let first = table(2, 2, &[(0, 0, 1, "项目名称"), (0, 1, 1, "备注"), (1, 0, 1, ""), (1, 1, 1, "")]);
    let heads = [(0, 0, 1, "配合单位"), (0, 1, 1, "一季度"), (0, 2, 1, "备注")];
    let again = [(2, 0, 2, "完成时限"), (2, 1, 1, ""), (2, 2, 1, "序号"), (3, 1, 1, "序号"), (3, 2, 1, "一、主动公开")];
    let last = [(4, 0, 1, "序号"), (4, 1, 1, "一、主动公开"), (4, 2, 1, "一、主动公开")];
    let blank = [(1, 0, 1, ""), (1, 1, 1, ""), (1, 2, 1, "")];
    let second = table(5, 3, &[&heads[..], &blank, &again, &last].concat());
    let understood = sound(&Pages { tables: vec![first, second], ..Pages::default() });
    assert!(understood.questions.iter().any(|question| question.kind == QuestionKind::NoDeadline));
}

/// A line that a page breaks is broken, in capitals too: two units are not one.
#[test]
fn tags_in_capitals_are_tags() {
    let names = |tag: &str| {
        let cells = [(0, 0, "工作任务"), (0, 1, "责任单位"), (1, 0, "公开虚构目录。")];
        let cells = cells.into_iter().map(|(row, column, text)| (row, column, text.to_owned()));
        let cells = cells.chain([(1, 1, format!("云汀市甲山局{tag}云汀市乙水局"))]);
        let cell = |(row, column, text): (usize, usize, String)| {
            let place = format!("表 1 第 {} 行第 {} 列", row + 1, column + 1);
            Cell { row, column, row_span: 1, column_span: 1, text, place, ..Cell::default() }
        };
        let table =
            Table { place: "表 1".into(), rows: 2, columns: 2, cells: cells.map(cell).collect(), ..Table::default() };
        let understood = sound(&Pages { tables: vec![table], ..Pages::default() });
        understood.list.tasks[0].assignments.iter().map(|a| a.name.clone()).collect::<Vec<_>>()
    };
    for tag in ["<br>", "<BR>", "</P><P>"] {
        assert_eq!(names(tag), ["云汀市甲山局", "云汀市乙水局"], "{tag}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn nothing_is_made_up(table in list(), more in prop::option::of(list())) {
        let tables = std::iter::once(table).chain(more).collect();
        sound(&Pages { tables, ..Pages::default() });
    }

    #[test]
    fn hidden_rows_and_columns_are_never_tasks(
        hidden in prop::collection::vec(any::<bool>(), 2..12),
        column in any::<bool>(),
    ) {
        let cells = |row: usize| {
            let text = format!("公开第{}号目录。", "甲乙丙丁戊己庚辛壬癸子丑".chars().nth(row).unwrap());
            make::inline(&format!("A{}", row + 2), &(row + 1).to_string())
                + &make::inline(&format!("B{}", row + 2), &text)
                + &make::inline(&format!("C{}", row + 2), "市甲局")
                + &make::inline(&format!("D{}", row + 2), "内部：保密")
        };
        let rows: String = hidden
            .iter()
            .enumerate()
            .map(|(r, h)| format!("<row r=\"{}\"{}>{}</row>", r + 2, if *h { " hidden=\"1\"" } else { "" }, cells(r)))
            .collect();
        let head: String = [("A1", "序号"), ("B1", "工作任务"), ("C1", "责任单位"), ("D1", "具体要求")]
            .into_iter()
            .map(|(at, text)| make::inline(at, text))
            .collect();
        let columns = if column { "<cols><col min=\"4\" max=\"4\" hidden=\"true\"/></cols>" } else { "" };
        let sheet = format!("{columns}<sheetData><row r=\"1\">{head}</row>{rows}</sheetData>");
        let understood = read(&make::xlsx(&[("清单", "visible", &sheet)]), "hidden.xlsx");
        let shown: Vec<String> =
            hidden.iter().enumerate().filter(|(_, h)| !**h).map(|(r, _)| (r + 1).to_string()).collect();
        if shown.is_empty() {
            prop_assert!(understood.list.tasks.is_empty());
        } else {
            let numbers: Vec<String> = understood.list.tasks.iter().filter_map(|t| t.number.clone()).collect();
            prop_assert_eq!(numbers, shown);
            let told = |kind: QuestionKind| {
                understood.questions.iter().any(|q| q.kind == kind && q.zh.contains("隐藏") && q.place.is_some())
            };
            prop_assert_eq!(told(QuestionKind::Row), hidden.contains(&true));
            prop_assert_eq!(told(QuestionKind::Column), column);
            let secret = format!("{:?}", understood.list).contains("保密");
            prop_assert_eq!(secret, !column);
        }
    }

    #[test]
    fn numbers_have_one_order(a in number(), b in number(), c in number()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        prop_assert_eq!(compare(&a, &a), Ordering::Equal);
        if compare(&a, &b) != Ordering::Greater && compare(&b, &c) != Ordering::Greater {
            prop_assert_ne!(compare(&a, &c), Ordering::Greater);
        }
        let (parent, child) = ([a.clone()], [a, b]);
        prop_assert_eq!(compare_paths(&parent, &child), Ordering::Less);
    }

    #[test]
    fn numbers_are_in_the_order_of_their_values(a in 1..200_u64, b in 1..200_u64, which in 0..4_usize, other in 0..4_usize) {
        let (x, y) = (script(a, which), script(b, other));
        prop_assert_eq!(natural_key(&x).cmp(&natural_key(&y)), a.cmp(&b), "{} {}", x, y);
    }
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9一二三十百〇（）().、 ①-⑳a-z-]{0,8}", any::<String>()]
}

/// A number in one of four scripts, written apart from the reader.
fn script(n: u64, which: usize) -> String {
    let digit = |d: u64| "〇一二三四五六七八九".chars().nth(usize::try_from(d).unwrap()).unwrap().to_string();
    match which {
        0 => n.to_string(),
        1 => format!("（{n}）"),
        2 => n.to_string().chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect(),
        _ => {
            let (hundreds, tens, ones) = (n / 100, n / 10 % 10, n % 10);
            let mut out = String::new();
            if hundreds > 0 {
                out += &format!("{}百", digit(hundreds));
            }
            match (hundreds, tens, ones) {
                (0, 1, _) => out += "十",
                (_, 0, 1..) if hundreds > 0 => out += "〇",
                (_, 0, _) => {}
                _ => out += &format!("{}十", digit(tens)),
            }
            if ones > 0 { out + &digit(ones) } else { out }
        }
    }
}
