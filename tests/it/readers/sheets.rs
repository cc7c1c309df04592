use chrono::NaiveDate;
use taizhang::documents::read::{FileType, Note, ReadError, read_here};

use super::make::{Value, inline, xls, xlsx, xlsx_with};
use super::{grid, read};

#[test]
fn merges_hidden_sheets_and_tables_away_from_the_corner() {
    let shown = format!(
        "<sheetData><row r=\"3\">{}{}{}<c r=\"XFD3\" s=\"1\"/></row><row r=\"4\">{}</row><row r=\"5\">{}</row>\
         <row r=\"1048576\"><c r=\"A1048576\" s=\"1\"/></row></sheetData><mergeCells><mergeCell ref=\"B3:C3\"/>\
         <mergeCell ref=\"B4:B5\"/><mergeCell ref=\"D1:D1048576\"/><mergeCell ref=\"F9:G9\"/></mergeCells>",
        inline("B3", "标题"),
        inline("D3", "单位"),
        inline("C9x", "坏地址"),
        inline("B4", "甲") + &inline("C4", "1_x000D_\n换行"),
        inline("C5", "2"),
    );
    let hidden = format!("<sheetData><row>{}<c t=\"str\"><v>乙</v></c></row></sheetData>", inline("A1", "底稿"));
    let pages = read(&xlsx(&[("清单", "visible", &shown), ("底稿", "veryHidden", &hidden), ("空", "", "")]), "a.xlsx");
    assert_eq!(grid(&pages.tables[0]), "0:标题×1,2 | 2:单位×3,1 | 3:坏地址\n0:甲×2,1 | 1:1⏎换行 | 3:\n1:2 | 3:");
    assert_eq!(pages.tables[0].cells[0].place, "清单!B3");
    assert_eq!((pages.tables[0].hidden, pages.tables[1].hidden), (false, true));
    assert_eq!(grid(&pages.tables[1]), "0:底稿 | 1:乙");
    assert_eq!(pages.tables.len(), 2);
}

#[test]
fn dates_numbers_and_formulas_as_they_are_shown() {
    let styles = "<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>\
        <numFmt numFmtId=\"177\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/>\
        </cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/><xf numFmtId=\"9\"/>\
        <xf numFmtId=\"58\"/></cellXfs>";
    let shared =
        "<si><t>共享</t></si><si><r><t>富</t></r><r><t xml:space=\"preserve\"> 文本</t></r><rPh><t>pin</t></rPh></si>";
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>46387</v></c><c r=\"B1\" s=\"2\"><v>46357</v></c>\
        <c r=\"C1\" s=\"3\"><v>0.35</v></c><c r=\"D1\"><v>1.0</v></c><c r=\"E1\" t=\"s\"><v>0</v></c>\
        <c r=\"F1\" t=\"s\"><v>1</v></c><c r=\"G1\"><f>A1+1</f></c><c r=\"H1\"><f>A1</f><v>7</v></c><c r=\"I1\" t=\"b\"><v>1</v></c>\
        <c r=\"J1\" t=\"e\"><v>#REF!</v></c><c r=\"K1\" s=\"4\"><v>46387</v></c><c r=\"L1\" t=\"s\"><v>99</v></c>\
        <c r=\"M1\" t=\"d\"><v>2026-03-31T00:00:00</v></c></row></sheetData>";
    let pages = read(&xlsx_with(&[("S", "", sheet)], shared, styles, &[]), "a.xlsx");
    let cells: Vec<&str> = pages.tables[0].cells.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(
        cells,
        [
            "2026年12月31日",
            "2026年12月",
            "35%",
            "1",
            "共享",
            "富 文本",
            "",
            "7",
            "TRUE",
            "#REF!",
            "12月31日",
            "",
            "2026-03-31"
        ]
    );
    let day = NaiveDate::from_ymd_opt(2026, 12, 31);
    let dates: Vec<_> = pages.tables[0].cells.iter().map(|cell| cell.date).collect();
    assert_eq!((dates[0], dates[1], dates[10]), (day, None, day));
    assert_eq!(pages.notes, [Note::NoValue { place: "S!G1".into() }]);
}

#[test]
fn a_far_cell_is_named() {
    let far = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        inline("A1", "任务"),
        inline("XFD1048576", "误")
    );
    let fault = read_here(&xlsx(&[("清单", "", &far)]), "a.xlsx").unwrap_err();
    assert_eq!(fault, ReadError::FarCell { place: "清单!XFD1048576".into() });
}

#[test]
fn excel_97() {
    let cells = [
        (1, 1, Value::Text("任务清单")),
        (2, 1, Value::Text("序号")),
        (2, 2, Value::Text("时限")),
        (3, 1, Value::Number(1.0)),
        (3, 2, Value::Day(46387.0)),
    ];
    let file = xls(&cells, &[[1, 1, 1, 2]], false);
    let pages = read(&file, "a.xls");
    assert_eq!(grid(&pages.tables[0]), "0:任务清单×1,2\n0:序号 | 1:时限\n0:1 | 1:2026年12月31日");
    assert_eq!(pages.tables[0].place, "清单");
    assert_eq!(pages.tables[0].cells[4].date, NaiveDate::from_ymd_opt(2026, 12, 31));
    assert_eq!(pages.tables[0].cells[4].place, "清单!C4");
    // Under another name it is read, and said.
    assert_eq!(read(&file, "a.xlsx").notes, [Note::OtherType { named: FileType::Xlsx, is: FileType::Xls }]);
    assert_eq!(read_here(&xls(&cells, &[], true), "a.xls").unwrap_err(), ReadError::Encrypted);
}
