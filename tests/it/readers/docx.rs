use super::make::{docx, docx_with, p, tbl, tc};
use super::{read, shown};

#[test]
fn merged_cells_and_the_paragraphs_around() {
    let restart = r#"<w:vMerge w:val="restart"/>"#;
    let goes = "<w:vMerge/>";
    let two = r#"<w:gridSpan w:val="2"/>"#;
    let body = [
        p("某市清单"),
        p("  "),
        tbl(&[
            &[tc("", "任务"), tc(two, "单位")],
            &[tc(restart, "甲"), tc("", "1"), tc("", "x")],
            &[tc(goes, "不显示"), tc("", "2"), tc("", "")],
            &[tc(r#"<w:gridSpan w:val="3"/>"#, "乙")],
            &[tc(goes, "无起点"), tc("", "3"), tc("", "y")],
        ]),
        p("说明：其间"),
        tbl(&[&[tc("", "另一张表")]]),
        p("附注"),
    ]
    .concat();
    let pages = read(&docx(&body), "a.docx");
    assert_eq!(
        super::grid(&pages.tables[0]),
        "0:任务 | 1:单位×1,2\n0:甲×2,1 | 1:1 | 2:x\n1:2 | 2:\n0:乙×1,3\n0:无起点 | 1:3 | 2:y"
    );
    assert_eq!(pages.tables[0].before, ["某市清单"]);
    assert_eq!((pages.tables[0].rows, pages.tables[0].columns), (5, 3));
    assert_eq!(pages.tables[1].before, ["说明：其间"]);
    assert_eq!(pages.tables[1].place, "表 2");
    assert_eq!(pages.tables[0].cells[3].place, "表 1 第 2 行第 2 列");
    assert_eq!(pages.tail, ["附注"]);
}

#[test]
fn what_is_no_text_is_left_out() {
    let body = [
        "<w:p><w:r><w:t>留下</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>插入</w:t></w:r></w:ins>",
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>",
        "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>可见</w:t></w:r>",
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>",
        "<w:r><w:t>域码</w:t></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>域值</w:t></w:r>",
        "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>",
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>框</w:pict></mc:Fallback>",
        "</mc:AlternateContent></w:r>",
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>",
        "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:noBreakHyphen/><w:tab/><w:t>尾</w:t><w:br/><w:t>行&amp;&#25919;</w:t></w:r>",
        "<w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:p>",
        // The end of a paragraph was deleted: two become one.
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>",
    ]
    .concat()
        + &p("后半");
    assert_eq!(read(&docx(&body), "a.docx").tail, ["留下插入可见域值链接☑-\t尾\n行&政拼", "前半后半"]);
}

#[test]
fn deleted_rows_nested_tables_and_content_controls() {
    let nested = tbl(&[&[tc("", "a"), tc("", "b")], &[tc("", "c"), tc("", "d")]]);
    let body = format!(
        "<w:sdt><w:sdtPr><w:t>no</w:t></w:sdtPr><w:sdtContent><w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{}</w:tr>\
         <w:tr><w:trPr><w:del/></w:trPr>{}</w:tr><w:tr><w:trPr><w:ins/><w:gridBefore w:val=\"1\"/></w:trPr>\
         <w:tc>{}{nested}{}</w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>",
        tc("", "头") + &tc("", "二"),
        tc("", "删去的行"),
        p("一段"),
        p("又一段"),
    );
    assert_eq!(shown(&docx(&body), "a.docx"), ["0:头 | 1:二\n1:一段⏎a⇥b⏎c⇥d⏎又一段"]);
}

#[test]
fn automatic_numbers_are_written_out() {
    let level = |index: u8, start: u8, format: &str, text: &str, more: &str| {
        format!(
            "<w:lvl w:ilvl=\"{index}\"><w:start w:val=\"{start}\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/>{more}</w:lvl>"
        )
    };
    let glued = "<w:suff w:val=\"nothing\"/>";
    let numbering = [
        "<w:abstractNum w:abstractNumId=\"7\">".into(),
        level(0, 1, "chineseCounting", "%1、", glued),
        level(1, 1, "chineseCounting", "（%2）", glued),
        level(2, 1, "decimal", "%3.", "<w:lvlRestart w:val=\"0\"/>"),
        level(3, 1, "decimal", "%1.%4", "<w:isLgl/>"),
        "</w:abstractNum><w:abstractNum w:abstractNumId=\"8\">".into(),
        level(0, 5, "decimal", "%1", ""),
        "</w:abstractNum><w:abstractNum w:abstractNumId=\"9\">".into(),
        level(0, 1, "bullet", "\u{f06c}", ""),
        "</w:abstractNum>".into(),
        "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>".into(),
        "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num>".into(),
        "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"9\"/></w:num>".into(),
        "<w:num w:numId=\"4\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\">".into(),
        "<w:startOverride w:val=\"9\"/></w:lvlOverride></w:num>".into(),
    ]
    .concat();
    let styles = "<w:style w:styleId=\"S\"><w:basedOn w:val=\"T\"/></w:style>\
                  <w:style w:styleId=\"T\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>";
    let item = |num: u8, level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{num}\"/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        "<w:p><w:pPr><w:pStyle w:val=\"S\"/></w:pPr><w:r><w:t>样式</w:t></w:r></w:p>".into(),
        item(1, 1, "子"),
        item(1, 2, "条"),
        item(1, 0, "次"),
        item(1, 1, "子"),
        item(1, 2, "条"),
        item(1, 3, "款"),
        item(3, 0, "点"),
        item(4, 0, "重起"),
        item(0, 0, "无号"),
        item(99, 0, "无此"),
        tbl(&[&[format!("<w:tc>{}</w:tc>", item(2, 0, "")), tc("", "2026年")]]),
    ]
    .concat();
    let pages = read(&docx_with(&body, &numbering, styles), "a.docx");
    assert_eq!(
        pages.tables[0].before,
        ["一、样式", "（一）子", "1. 条", "二、次", "（一）子", "2. 条", "2.1 款", "点", "九、重起", "无号", "无此"]
    );
    assert_eq!(super::grid(&pages.tables[0]), "0:5 | 1:2026年");
}
