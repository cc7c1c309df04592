//! The functions of the fuzz targets over files that were changed at random: a bounded run without a fuzzer.

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use taizhang::documents::table::{Cell, Pages, Table};

use crate::readers::make::{self, Value};

/// Changed files per target; more by `TAIZHANG_FUZZ_ROUNDS=100000 cargo test fuzzed::`.
fn rounds() -> u32 {
    option_env!("TAIZHANG_FUZZ_ROUNDS").and_then(|n| n.parse().ok()).unwrap_or(250)
}

/// A small generator of numbers, so that every run is the same.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    /// Some bytes out, some in: single bytes, words of the format, pieces of the file itself.
    fn change(&mut self, seed: &[u8], words: &[&str]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.next(6) {
            let at = self.next(bytes.len() + 1);
            let until = (at + self.next(9)).min(bytes.len());
            let put: Vec<u8> = match self.next(5) {
                0 => vec![u8::try_from(self.next(256)).unwrap()],
                1 | 2 if !words.is_empty() => words[self.next(words.len())].into(),
                3 => {
                    let from = self.next(seed.len());
                    seed[from..(from + self.next(200)).min(seed.len())].to_vec()
                }
                _ => Vec::new(),
            };
            bytes.splice(at..until, put);
        }
        bytes
    }
}

const NUMBERS: &[&str] =
    &["0", "-1", "99999999999999999999", "4294967296", "1048576", "\u{0}", "\u{FEFF}", "１２", "〇"];

fn run(target: fn(&[u8]), seeds: &[Vec<u8>], words: &[&str], wrap: impl Fn(&[u8]) -> Vec<u8>) {
    let words: Vec<&str> = words.iter().chain(NUMBERS).copied().collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for seed in seeds {
        target(&wrap(seed));
    }
    for round in 0..rounds() {
        let seed = &seeds[usize::try_from(round).unwrap() % seeds.len()];
        target(&wrap(&dice.change(seed, &words)));
    }
}

fn as_is(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

fn rows() -> Vec<[&'static str; 5]> {
    vec![
        ["序号", "工作任务", "具体要求", "责任单位", "完成时限"],
        ["一、主动公开", "", "", "", ""],
        ["1", "公开目录", "1.1公开甲。\n1.2公开乙。", "市甲局牵头；各乡镇（街道）按职责分别落实", "6月底前"],
        ["2", "政策解读", "每季度至少解读1次。", "市乙局等相关部门", "收到申请后20个工作日内"],
        ["注：略", "", "", "", ""],
    ]
}

#[test]
fn word_files() {
    let drawn: Vec<Vec<String>> =
        rows().iter().map(|row| row.iter().map(|text| make::tc("<w:vMerge/>", text)).collect()).collect();
    let body = make::p("2026年清单") + &make::tbl(&drawn.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let words =
        ["<w:tbl>", "</w:tc>", "<w:gridSpan w:val=\"", "<w:vMerge w:val=\"restart\"/>", "<w:p>", "&#x1F600;", "\"/>"];
    run(targets::docx, &[body.clone().into_bytes()], &words, |b| make::docx(&String::from_utf8_lossy(b)));
    run(targets::docx, &[make::docx(&body)], &[], as_is);
}

#[test]
fn workbooks() {
    let mut sheet = String::from("<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData>");
    for (r, row) in rows().iter().enumerate() {
        let cells =
            row.iter().enumerate().map(|(c, t)| make::inline(&format!("{}{}", ["A", "B", "C", "D", "E"][c], r + 1), t));
        sheet += &format!("<row r=\"{}\">{}</row>", r + 1, cells.collect::<String>());
    }
    sheet += "</sheetData><mergeCells><mergeCell ref=\"A2:E2\"/><mergeCell ref=\"D3:D4\"/></mergeCells>";
    let words =
        ["<mergeCell ref=\"A1:", "XFD1048576", "hidden=\"1\"", "<v>46387</v>", "<f>1</f>", "t=\"s\"", "\"/>", "</row>"];
    let wrap = |b: &[u8]| make::xlsx(&[("清单", "visible", &String::from_utf8_lossy(b))]);
    run(targets::xlsx, &[sheet.clone().into_bytes()], &words, wrap);
    run(targets::xlsx, &[wrap(sheet.as_bytes())], &[], as_is);
    let cells: Vec<(u16, u16, Value)> = rows()
        .into_iter()
        .enumerate()
        .flat_map(|(r, row)| row.into_iter().enumerate().map(move |(c, t)| (r, c, t)))
        .map(|(r, c, t)| (u16::try_from(r).unwrap(), u16::try_from(c).unwrap(), Value::Text(t)))
        .chain([(9, 1, Value::Number(1.5)), (9, 2, Value::Day(46387.0))])
        .collect();
    run(targets::xls, &[make::xls(&cells, &[[1, 1, 0, 4]], false)], &[], as_is);
}

#[test]
fn pages_and_texts() {
    let row =
        |row: &[&str; 5], start: &str, end: &str| row.iter().map(|t| format!("{start}{t}{end}")).collect::<String>();
    let body: String = rows().iter().map(|r| format!("<tr>{}</tr>", row(r, "<td rowspan=2>", "</td>"))).collect();
    let page = format!("<html><meta charset=gbk><body><p>2026年清单</p><table>{body}</table></body></html>");
    let words = [
        "<table>",
        "</td>",
        "rowspan=",
        "colspan=\"9999\"",
        "<!--[if",
        "<style>",
        "display:none",
        "&nbsp;",
        "<ol start=",
    ];
    let gbk = encoding_rs::GBK.encode(&page).0.into_owned();
    run(targets::html, &[page.into_bytes(), gbk], &words, as_is);
    let lines = |sign: &str| rows().iter().map(|r| r.join(sign) + "\n").collect::<String>();
    let prose = "一、公开\n1.公开目录。（市甲局负责，6月底前）\n2.解读政策。\n责任单位：市乙局；完成时限：全年\n";
    let seeds = [lines(","), lines("\t"), lines(" | "), lines("    "), lines(" "), prose.to_owned()];
    let seeds: Vec<Vec<u8>> =
        seeds.iter().flat_map(|s| [s.clone().into_bytes(), encoding_rs::GB18030.encode(s).0.into_owned()]).collect();
    run(targets::text, &seeds, &["\"", ",", "\t", "|---|", "\n\n", "  ", "\u{c}", "责任单位：", "（"], as_is);
}

#[test]
fn filled_forms() {
    let rows = [
        ["序号", "工作任务", "完成情况", "落实情况", "佐证材料", "编号"],
        ["1", "公开甲。", "基本完成（80%）", "已发布3份。", "a；b", "T-1A2B"],
        ["2", "公开乙。", "已完成", "", "", "T-3C4D"],
        ["3", "公开丙。", "正在推进", "写了", "", ""],
        ["填表说明：略", "", "", "", "", ""],
    ];
    let cells = |row: &[&str; 6]| row.iter().map(|t| format!("<td rowspan=1>{t}</td>")).collect::<String>();
    let body: String = rows.iter().map(|row| format!("<tr>{}</tr>", cells(row))).collect();
    let page = format!(
        "<html><meta charset=utf-8><body><p>2026年清单落实情况表（1-6月）</p><p>填报单位（盖章）：云汀市甲局　填报人及手机号码：甲 \
         13800001234　填报时间：2026年7月3日</p><table>{body}</table></body></html>"
    );
    let pages = taizhang::documents::read::read_here(page.as_bytes(), "a.html").unwrap();
    let words = ["rowspan=\"3\"", "colspan=9", "编号", "落实情况", "填报单位：", "<tr>", "</td>", "T-1A2B", "（101%）"];
    run(targets::report_sheet, &[page.into_bytes()], &words, as_is);
    let words =
        ["\"row\":9", "\"column\":7", "\"row_span\":0", "18446744073709551615", "\"rows\":1", "\"columns\":0", "编号"];
    run(targets::report_sheet, &[serde_json::to_vec(&pages).unwrap()], &words, as_is);
}

#[test]
fn forms_in_json() {
    let cell = |row: usize, column: usize, text: &str| Cell {
        row,
        column,
        row_span: 1,
        column_span: 1,
        text: text.into(),
        date: None,
        place: format!("{row}-{column}"),
    };
    let cells = rows()
        .iter()
        .enumerate()
        .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, t)| cell(r, c, t)).collect::<Vec<_>>())
        .collect();
    let table = Table { place: "表".into(), rows: 5, columns: 5, hidden_rows: vec![1], cells, ..Table::default() };
    let pages = Pages { tables: vec![table], ..Pages::default() };
    let words =
        ["\"row_span\":", "\"hidden\":true", "null", "[]", "\"", "18446744073709551615", "\"hidden_rows\":[3,1,"];
    run(targets::understand, &[serde_json::to_vec(&pages).unwrap()], &words, as_is);
    let list = taizhang::documents::understand::understand(
        &pages,
        taizhang::documents::understand::Options { registry: None, year: 2026, year_is_known: false },
    );
    let words =
        ["\"kind\":\"RELATIVE\"", "\"rule\":{}", "\"date\":\"2026-02-30\"", "null", "[[", "\"sectionPath\":[\"一\"]"];
    let written = taizhang::documents::list_json::write(&list.list).into_bytes();
    run(targets::list_json, std::slice::from_ref(&written), &words, as_is);
    let units = r#"{"format":"taizhang-units/1","places":[{"name":"云汀市","units":[{"name":"市甲局","aliases":["甲局"]}],"groups":[]}]}"#;
    run(targets::units_json, &[units.into(), written], &["\"members\":[", "\"code\":", "null", "{}"], as_is);
}

#[test]
fn expressions_times_and_queries() {
    let expressions: Vec<Vec<u8>> = rows().iter().map(|r| r[3].as_bytes().to_vec()).collect();
    run(
        targets::unit_expression,
        &expressions,
        &["牵头", "配合", "等", "（", "）", "各", "、", "；", "按职责", "责任单位："],
        as_is,
    );
    let times: Vec<Vec<u8>> =
        rows().iter().flat_map(|r| [r[4].as_bytes().to_vec(), r[2].as_bytes().to_vec()]).collect();
    run(
        targets::deadline,
        &times,
        &["年", "月", "日", "底前", "每", "至少", "次", "个工作日", "内", "后", "自", "-", "季度"],
        as_is,
    );
    let query = br#"query A($x: Int = 3) { node(id: "a") { ...F @include(if: true) ... on Task { id(a: [1, {b: "\u00e9"}]) } } }"#;
    run(targets::lexer_guard, &[query.to_vec()], &["[[[[", "\"\"\"", "#", "{", "}", "\\u", "...", "@"], as_is);
}
