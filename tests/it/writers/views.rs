//! The sheets beside the list, and the form that comes back.

use chrono::NaiveDate;
use entity::vocabulary::Completion;
use taizhang::documents::read::read_here;
use taizhang::documents::write::views::{
    MissingRow, MissingView, ReportRow, ReportSheetView, SummaryView, Tally, completion_word, row_key,
};
use taizhang::documents::write::{self, FilledForm, Form, FormProblemKind, read_report_sheet};
use taizhang::domain::lang::Lang;
use taizhang::domain::roll_up::RollUp;
use uuid::Uuid;

use super::package::{part, parts};

const FILES: [Form; 3] = [Form::Docx, Form::Xlsx, Form::Csv];

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

pub fn report_view() -> ReportSheetView {
    let row = |n: u128, section: &[&str], requirement: &str| ReportRow {
        key: row_key(Uuid::from_u128(n * 7_777_777_777)),
        sections: section.iter().map(|s| (*s).to_owned()).collect(),
        number: Some(n.to_string()),
        title: Some(format!("公开虚构事项之{n}")),
        requirement: Some(requirement.into()),
        units: Some("云汀市甲山局牵头；云汀市乙水局配合".into()),
        deadline: Some("2026年12月底前".into()),
        ..ReportRow::default()
    };
    let mut rows = vec![
        row(
            1,
            &["一、公开规划", "（一）空间规划"],
            "在门户网站设立专题，公布湖岸线规划的全文和图件，同步发布解读材料。",
        ),
        row(2, &["一、公开规划", "（一）空间规划"], "归集历史规划。"),
        row(3, &["一、公开规划", "（二）专项规划"], "公布河道清淤计划。"),
        row(4, &["二、公开服务", "（一）窗口"], "设立公开专区。"),
    ];
    let completions = [Completion::Substantial, Completion::Completed, Completion::NothingToReport];
    for (row, completion) in rows.iter_mut().zip(completions) {
        row.completion = Some(completion);
        row.narrative = Some("已在门户网站发布规划文本3份；\n=SUM(A1)不是公式。".into());
        row.evidence = vec!["https://yunting.example/ghxx/1".into(), "云甲发〔2026〕7号".into()];
    }
    rows[0].percent = Some(80);
    ReportSheetView {
        list_title: Some("2026年云汀市政务公开重点工作任务清单".into()),
        year: 2026,
        period: "1–6月".into(),
        unit: "云汀市甲山局".into(),
        reporter: Some("（虚构）甲乙".into()),
        phone: Some("13800001234".into()),
        reported_on: Some(day(2026, 7, 3)),
        rows,
    }
}

fn filled(bytes: &[u8], form: Form) -> FilledForm {
    read_report_sheet(&read_here(bytes, &format!("form.{}", form.extension())).unwrap())
}

/// A list may be called after a period itself; the form says its own, and nothing else, or it would be refused when it comes
/// back.
#[test]
fn the_period_on_a_form_is_its_own_whatever_the_list_is_called() {
    for title in [
        "2025年云汀市主要任务落实情况表（1-X月）",
        "2025年云汀市主要任务落实情况表（1-X月）（虚构）",
        "2025年云汀市主要任务落实情况表 [ 1-X月 ] 征求意见稿",
        "2025年云汀市主要任务清单（征求意见稿）",
    ] {
        let view =
            ReportSheetView { list_title: Some(title.to_owned()), period: "1–6月".to_owned(), ..report_view() };
        for form in FILES {
            let read = filled(&write::book(&write::report_sheet(&view, true), form).unwrap(), form);
            assert_eq!(read.period.as_deref(), Some("1–6月"), "{title}");
        }
    }
}

#[test]
fn a_filled_sheet_is_read_back() {
    let view = report_view();
    for form in FILES {
        let read = filled(&write::book(&write::report_sheet(&view, false), form).unwrap(), form);
        assert_eq!(read.problems, [], "{form:?}");
        assert_eq!(read.title.as_deref(), Some("2026年云汀市政务公开重点工作任务落实情况表（1–6月）"));
        assert_eq!(read.period.as_deref(), Some("1–6月"));
        assert_eq!(read.unit.as_deref(), Some("云汀市甲山局"));
        assert_eq!(read.reporter.as_deref(), Some("（虚构）甲乙"));
        assert_eq!(read.phone.as_deref(), Some("13800001234"));
        assert_eq!(read.reported_on, view.reported_on);
        assert_eq!(read.rows.len(), view.rows.len());
        for (back, row) in read.rows.iter().zip(&view.rows) {
            assert_eq!((&back.key, &back.number), (&row.key, &row.number), "{form:?}");
            assert_eq!((back.completion, back.percent), (row.completion, row.percent));
            assert_eq!((&back.narrative, &back.evidence), (&row.narrative, &row.evidence), "{form:?}");
            assert!(!back.place.is_empty());
        }
        assert!(read.rows[3].is_blank() && !read.rows[2].is_blank());
    }
}

#[test]
fn the_blank_form_says_whose_it_is_and_nothing_that_was_filled_in() {
    let view = report_view();
    for form in FILES {
        let bytes = write::book(&write::report_sheet(&view, true), form).unwrap();
        let read = filled(&bytes, form);
        assert_eq!(read.problems, [], "{form:?}");
        assert_eq!(read.unit.as_deref(), Some("云汀市甲山局"));
        assert_eq!((read.reporter, read.phone, read.reported_on), (None, None, None));
        assert_eq!(
            read.rows.iter().map(|r| r.key.clone()).collect::<Vec<_>>(),
            view.rows.iter().map(|r| r.key.clone()).collect::<Vec<_>>()
        );
        assert!(read.rows.iter().all(taizhang::documents::write::FilledRow::is_blank));
    }
}

#[test]
fn what_a_unit_wrote_badly_is_a_problem_with_its_place() {
    let key = row_key(Uuid::from_u128(9));
    let text = format!(
        "某表（一季度）\n填报单位：,,填报人及手机号码：某甲 12345,,填报时间：下周\n序号,完成情况,落实情况,佐证材料,编号\n\
         1,差不多,写了,,{key}\n2,完成,写了,,{}\n3,,没有编号,,\n4,,,,\n5,基本完成（101%）,写了,,X1\n6,已完成（100%）,,a；b,x2\n",
        key.to_lowercase()
    );
    let read = filled(text.as_bytes(), Form::Csv);
    let kinds: Vec<FormProblemKind> = read.problems.iter().map(|p| p.kind).collect();
    use FormProblemKind as K;
    assert_eq!(kinds, [K::Phone, K::Date, K::NoUnit, K::Completion, K::KeyTwice, K::NoKey, K::Completion]);
    assert!(read.problems.iter().all(|p| !p.place.is_empty()), "{:?}", read.problems);
    assert_eq!(read.rows.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), [key.as_str(), "X1", "X2"]);
    assert_eq!(read.rows[2].completion, Some(Completion::Completed));
    assert_eq!(read.rows[2].percent, Some(100));
    assert_eq!(read.period.as_deref(), Some("一季度"));
    for problem in &read.problems {
        assert!(problem.kind.text(Lang::Zh).ends_with('。') && problem.kind.text(Lang::En).is_ascii());
    }
    // A row that ends too early is not passed over; a merged cell is said of every row it covers.
    let mut pages = read_here("序号,落实情况,编号\n1,写了,X1\n2,也写了\n3,,X3\n".as_bytes(), "form.csv").unwrap();
    let merged = pages.tables[0].cells.iter().position(|c| (c.row, c.column) == (2, 1)).unwrap();
    pages.tables[0].cells.retain(|c| (c.row, c.column) != (3, 1));
    pages.tables[0].cells[merged].row_span = 2;
    let read = read_report_sheet(&pages);
    assert_eq!(read.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [K::NoUnit, K::NoKey]);
    assert_eq!(read.rows[1].narrative.as_deref(), Some("也写了"));
    // Goes on in a second table with headings of its own.
    let mut pages = read_here(text.as_bytes(), "form.csv").unwrap();
    let mut more = pages.tables[0].clone();
    more.cells.iter_mut().filter(|c| c.text == "X1").for_each(|c| c.text = "X9".into());
    pages.tables.push(more);
    let keys: Vec<String> = read_report_sheet(&pages).rows.into_iter().map(|r| r.key).collect();
    assert_eq!(keys, [key.as_str(), "X1", "X2", "X9"]);
    let none = filled("序号,落实情况\n1,写了\n".as_bytes(), Form::Csv);
    assert_eq!(none.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [K::NoForm]);
}

#[test]
fn keys_of_rows_are_short_and_tell_rows_apart() {
    let keys: std::collections::HashSet<String> = (0..2_000_u128).map(|n| row_key(Uuid::from_u128(n << 3))).collect();
    assert_eq!(keys.len(), 2_000);
    assert!(keys.iter().all(|k| k.len() == 8 && k.starts_with('K')));
    let words: std::collections::HashSet<_> = Completion::ALL.iter().map(|c| completion_word(*c)).collect();
    assert_eq!(words.len(), Completion::ALL.len());
}

pub fn summary_view() -> SummaryView {
    let tally = |unit: &str, section: &str, accepted: u32, submitted: u32, returned: u32, missing: u32| Tally {
        unit: unit.into(),
        section: section.into(),
        counts: RollUp {
            expected: accepted + submitted + returned + missing,
            received: accepted + submitted,
            submitted,
            accepted,
            returned,
            missing,
            ..RollUp::default()
        },
        late: submitted.min(1),
    };
    SummaryView {
        list_title: Some("2026年云汀市政务公开重点工作任务清单".into()),
        period: "1–6月".into(),
        as_of: Some(day(2026, 7, 10)),
        tallies: vec![
            tally("云汀市甲山局", "一、公开规划", 3, 1, 0, 0),
            tally("云汀市甲山局", "二、公开服务", 2, 0, 1, 0),
            tally("云汀市乙水局", "一、公开规划", 0, 2, 0, 3),
            tally("云汀市丙林局", "二、公开服务", 0, 0, 0, 0),
            tally("=1+1街道", "二、公开服务", 1, 1, 1, 1),
        ],
    }
}

#[test]
fn the_sums_of_a_workbook_are_formulas_with_their_results() {
    let book = write::summary(&summary_view());
    let bytes = write::xlsx(&book).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    // Title, line, headings, four units: the sums stand in row 8.
    assert!(sheet.contains("<f>SUM(B4:B7)</f><v>16</v>"), "{sheet}");
    assert!(sheet.contains("<f>SUMPRODUCT(('明细'!$A$4:$A$8=A4)*'明细'!$C$4:$C$8)</f><v>7</v>"), "{sheet}");
    assert!(sheet.contains("<f>IF(B8=0,\"—\",C8/B8)</f><v>0.625</v>"), "{sheet}");
    // Nothing was expected from the third unit: no rate, and no error.
    assert!(sheet.contains("<f>IF(B6=0,\"—\",C6/B6)</f><v>—</v>"), "{sheet}");
    let chart = part(&bytes, "xl/charts/chart1.xml");
    for range in ["'按责任单位统计'!$A$4:$A$7", "$B$4:$B$7", "$G$4:$G$7"] {
        assert!(chart.contains(range) || chart.contains(&range.replace('\'', "")), "{range}: {chart}");
    }
    assert_eq!(parts(&bytes).iter().filter(|(name, _)| name.starts_with("xl/charts/chart")).count(), 2);
    // What was written is what is read: the same numbers, not the formulas.
    let word = read_here(&write::docx(&book).unwrap(), "s.docx").unwrap();
    let excel = read_here(&bytes, "s.xlsx").unwrap();
    let last = |t: &taizhang::documents::table::Table| {
        t.cells
            .iter()
            .filter(|c| c.row + 2 == t.rows || c.row + 1 == t.rows)
            .map(|c| c.text.clone())
            .collect::<Vec<_>>()
    };
    let sums = ["合计", "16", "10", "6", "2", "3", "4", "62.5%", "60.0%"].map(str::to_owned);
    assert!(last(&word.tables[0]).ends_with(&sums), "{:?}", last(&word.tables[0]));
    assert!(last(&excel.tables[0]).windows(9).any(|w| w == sums), "{:?}", last(&excel.tables[0]));
}

#[test]
fn the_sums_are_the_same_from_every_side() {
    let book = write::summary(&summary_view());
    let csv = String::from_utf8(write::csv(&book).unwrap()).unwrap();
    let totals: Vec<&str> = csv.lines().filter(|l| l.starts_with("\"合计\"")).collect();
    let numbers = |line: &str| line.split(',').filter_map(|f| f.parse::<u32>().ok()).collect::<Vec<_>>();
    assert_eq!(totals.len(), 3);
    assert!(totals.iter().all(|line| numbers(line) == [16, 10, 6, 2, 3, 4]), "{totals:?}");
    // A unit whose name would run is only a name.
    assert!(csv.contains("\"'=1+1街道\""), "{csv}");
    // An empty period has no sums, and is no error.
    let nothing = write::summary(&SummaryView { tallies: Vec::new(), ..summary_view() });
    for form in FILES {
        write::book(&nothing, form).unwrap();
    }
}

pub fn missing_view() -> MissingView {
    let row = |unit: &str, n: u32, overdue: u32| MissingRow {
        unit: unit.into(),
        number: Some(n.to_string()),
        task: format!("公开虚构事项之{n}，附说明材料。"),
        state: "未报".into(),
        due_on: Some(day(2026, 7, 5)),
        days_overdue: overdue,
        contact: Some("（虚构）甲 138****1234".into()),
    };
    MissingView {
        list_title: Some("2026年云汀市政务公开工作台账".into()),
        period: "一季度".into(),
        as_of: Some(day(2026, 7, 10)),
        rows: vec![row("云汀市甲山局", 1, 5), row("云汀市甲山局", 2, 5), row("云汀市乙水局", 1, 0)],
    }
}

#[test]
fn who_owes_what_since_when() {
    let book = write::missing(&missing_view());
    let excel = read_here(&write::xlsx(&book).unwrap(), "m.xlsx").unwrap();
    let cell = |row: usize, column: usize| excel.tables[0].cells.iter().find(|c| (c.row, c.column) == (row, column));
    assert_eq!(cell(0, 0).unwrap().text, "2026年云汀市政务公开工作未报情况表（一季度）");
    assert!(cell(1, 0).unwrap().text.contains("2个单位、3项"));
    assert_eq!((cell(3, 0).unwrap().row_span, cell(5, 0).unwrap().row_span), (2, 1));
    assert_eq!(cell(3, 4).unwrap().date, Some(day(2026, 7, 5)));
    assert_eq!(cell(3, 5).unwrap().text, "5");
    let csv = String::from_utf8(write::csv(&book).unwrap()).unwrap();
    assert_eq!(csv.matches("\"云汀市甲山局\"").count(), 2, "a text file repeats what a table merges: {csv}");
}
