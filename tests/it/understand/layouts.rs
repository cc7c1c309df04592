//! Invented lists in many layouts, each with the reading and the questions that a careful clerk would have.

use std::path::PathBuf;

use serde_json::{Value, json};
use taizhang::documents::list_json;
use taizhang::documents::read::{Note, read_here};
use taizhang::documents::table::Pages;
use taizhang::documents::understand::{Options, QuestionKind, Understood, understand};
use taizhang::domain::lang::Lang;

use crate::readers::make;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/understand/lists")
}

/// All lists with their names.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let lists = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e != "json"));
    let named = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    lists.map(|path| (named(path.clone()), std::fs::read(path).unwrap())).collect()
}

/// Reads a file as it would be imported in 2026.
pub fn read(bytes: &[u8], name: &str) -> Understood {
    let pages = read_here(bytes, name).unwrap();
    understand(&pages, Options { registry: None, year: 2026, year_is_known: false })
}

/// The list and the kinds and places of its questions.
fn reading(understood: &Understood) -> Value {
    let list: Value = serde_json::from_str(&list_json::write(&understood.list)).unwrap();
    let questions: Vec<String> = understood.questions.iter().map(|q| format!("{} {}", q.kind.code(), q.path)).collect();
    json!({"questions": questions, "list": list})
}

#[test]
fn every_layout_is_read_as_a_clerk_reads_it() {
    let mut layouts = 0;
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for path in names.into_iter().filter(|p| p.extension().is_some_and(|e| e != "json")) {
        let expected = path.with_extension("expected.json");
        let expected: Value = serde_json::from_slice(&std::fs::read(&expected).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let understood = read(&std::fs::read(&path).unwrap(), &name);
        let actual = reading(&understood);
        assert_eq!(actual["questions"], expected["questions"], "{name}");
        assert_eq!(actual["list"]["sections"], expected["list"]["sections"], "{name}");
        let (a, e) = (actual["list"]["tasks"].as_array().unwrap(), expected["list"]["tasks"].as_array().unwrap());
        for (a, e) in a.iter().zip(e) {
            assert_eq!(a, e, "{name}, task {}", e["number"]);
        }
        assert_eq!(actual, expected, "{name}");
        list_json::read(list_json::write(&understood.list)).unwrap_or_else(|p| panic!("{name}: {p:?}"));
        layouts += 1;
    }
    assert!(layouts >= 12, "only {layouts} layouts were found");
}

#[test]
fn every_kind_of_question_speaks_both_languages() {
    for kind in QuestionKind::ALL {
        let (zh, en) = kind.texts();
        assert!(zh.ends_with(['。', '？']) && en.ends_with(['.', '?']), "{}", kind.code());
        assert!(en.is_ascii(), "{}", kind.code());
    }
    let understood = read("1\n2\n".as_bytes(), "nothing.txt");
    assert_eq!(understood.questions[0].kind, QuestionKind::NoList);
    assert_ne!(understood.questions[0].text(Lang::Zh), understood.questions[0].text(Lang::En));
    assert!(understood.list.tasks.is_empty());
}

#[test]
fn a_hidden_sheet_is_not_read_and_a_second_list_is_asked_about() {
    let rows = |unit: &str| {
        format!(
            "<table><tr><td>序号</td><td>工作任务</td><td>责任单位</td></tr><tr><td>1</td><td>公开甲。</td><td>{unit}</td></tr></table>"
        )
    };
    let other = "<table><tr><td>序号</td><td>任务内容</td><td>责任部门</td><td>完成时限</td></tr><tr><td>1</td><td>公开乙。</td><td>市乙局</td><td>6月底前</td></tr><tr><td>2</td><td>公开丙。</td><td>市丙局</td><td>7月底前</td></tr></table>";
    let mut pages = read_here(format!("<body>{}{other}</body>", rows("市甲局")).as_bytes(), "two.html").unwrap();
    let options = Options { registry: None, year: 2026, year_is_known: false };
    let understood = understand(&pages, options);
    assert_eq!(understood.list.tasks.len(), 2);
    assert!(understood.questions.iter().any(|q| q.kind == QuestionKind::OtherTable));
    pages.tables[1].hidden = true;
    let understood = understand(&pages, options);
    assert_eq!(understood.list.tasks[0].unit_text.as_deref(), Some("市甲局"));
    assert!(!understood.questions.iter().any(|q| q.kind == QuestionKind::OtherTable));
}

#[test]
fn what_is_missing_in_the_file_is_asked_about() {
    let page = "<table><tr><td>序号</td><td>工作任务</td><td>责任单位</td></tr><tr><td>1</td><td>公开甲。</td><td>市甲局</td></tr>\
        <tr style='display:none'><td>2</td><td>公开乙。</td><td>市乙局</td></tr></table>";
    let mut pages = read_here(page.as_bytes(), "a.html").unwrap();
    let options = Options { registry: None, year: 2026, year_is_known: true };
    let kinds = |pages: &Pages| {
        let understood = understand(pages, options);
        let asked = |kinds: &[QuestionKind]| {
            let found = understood.questions.iter().filter(|q| kinds.contains(&q.kind));
            found.map(|q| (q.kind, q.printed.clone().unwrap_or_default())).collect::<Vec<_>>()
        };
        asked(&[QuestionKind::Row, QuestionKind::NoValue, QuestionKind::BadBytes])
    };
    assert_eq!(kinds(&pages), [(QuestionKind::Row, "2 公开乙。 市乙局".to_owned())]);
    let place = |cell: &str| Note::NoValue { place: format!("{}!{cell}", pages.tables[0].place) };
    let notes = [place("B7"), place("C8"), Note::NoValue { place: "别的表!A1".to_owned() }, Note::BadBytes];
    pages.notes = notes.to_vec();
    let table = pages.tables[0].place.clone();
    assert_eq!(
        kinds(&pages),
        [(QuestionKind::NoValue, format!("{table}!B7 {table}!C8")), (QuestionKind::BadBytes, String::new())]
    );
}

/// What is struck through may be meant as deleted; the sheet of a unit says whose its tasks are.
#[test]
fn struck_text_and_sheets_of_units_are_asked_about() {
    let struck = "<w:tc><w:p><w:r><w:t>市甲局</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>、市乙局</w:t></w:r>\
        <w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t>等</w:t></w:r></w:p></w:tc>";
    let cells = |texts: [&str; 2]| texts.map(|text| make::tc("", text)).to_vec();
    let mut rows = [cells(["序号", "工作任务"]), cells(["1", "公开甲。"])];
    rows[0].push(make::tc("", "责任单位"));
    rows[1].push(struck.to_owned());
    let understood = read(&make::docx(&make::tbl(&[&rows[0], &rows[1]])), "a.docx");
    assert_eq!(understood.list.tasks[0].unit_text.as_deref(), Some("市甲局、市乙局等"));
    let asked: Vec<_> = understood.questions.iter().filter(|q| q.zh.contains("删除线")).collect();
    assert_eq!((asked.len(), asked[0].printed.as_deref()), (1, Some("、市乙局")));
    assert_eq!(asked[0].place.as_deref(), Some("表 1 第 2 行第 3 列"));

    let sheet = |task: &str| {
        let row = |n: usize, texts: [&str; 3]| {
            let cells = ["A", "B", "C"].iter().zip(texts).map(|(c, text)| make::inline(&format!("{c}{n}"), text));
            format!("<row r=\"{n}\">{}</row>", cells.collect::<String>())
        };
        format!("<sheetData>{}{}</sheetData>", row(1, ["编号", "事项", "时限"]), row(2, ["1", task, "5月"]))
    };
    let (first, second) = (sheet("招生公开。"), sheet("低保公开。"));
    let book = make::xlsx(&[("县教育局", "visible", &first), ("县民政局", "visible", &second)]);
    let understood = read(&book, "units.xlsx");
    let asked: Vec<_> = understood.questions.iter().filter(|q| q.kind == QuestionKind::NoUnit).collect();
    let proposals: Vec<_> = asked.iter().map(|q| q.proposal.as_deref().unwrap()).collect();
    assert_eq!(proposals, ["县教育局", "县民政局"]);
}
