use super::{read, shown};
use taizhang::documents::read::{FileType, Note};

#[test]
fn spans_as_a_browser_lays_them_out() {
    let page = "<html><body><h1>某市<br>清单</h1><table><caption>表题</caption><thead><tr><th rowspan=2>任务<th colspan=2>单位\
        <tr><td>牵头<td>配合</thead><tr><td rowspan=0>甲</td><td>1.<br/>内容</td><td><p>a</p><p>b</p></td></tr>\
        <tr><td colspan=99999999>宽</td></tr></table>说明</body>";
    let pages = read(page.as_bytes(), "a.html");
    assert_eq!(
        super::grid(&pages.tables[0]),
        "0:任务×2,1 | 1:单位×1,2\n1:牵头 | 2:配合\n0:甲×2,1 | 1:1.⏎内容 | 2:a⏎b\n1:宽×1,1000"
    );
    assert_eq!(pages.tables[0].before, ["某市", "清单", "表题"]);
    assert_eq!(pages.tail, ["说明"]);
}

#[test]
fn a_page_saved_by_word() {
    let page = "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta http-equiv=Content-Type \
        content=\"text/html; charset=gb2312\"><style><!-- td {x:y} --></style><!--[if gte mso 9]><xml>no</xml><![endif]-->\
        </head><body lang=ZH-CN><div class=WordSection1><table class=MsoTableGrid><tr><td><p class=MsoNormal><span \
        style='font-family:宋体'>一、做好各类规划\r\n主动公开<span lang=EN-US><o:p></o:p></span></span></p></td>\
        <td><p><![if !supportLists]><span lang=EN-US><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span>\
        </span><![endif]>plain\r\nEnglish</p><p style='display: none'>隐</p><span hidden>隐</span></td></tr></table></div>";
    let (bytes, _, _) = encoding_rs::GBK.encode(page);
    assert_eq!(shown(&bytes, "a.htm"), ["0:一、做好各类规划主动公开 | 1:1.   plain English"]);
    // The same without a word about its encoding.
    let (bytes, _, _) = encoding_rs::GBK.encode("<table><tr><td>工作任务</td><td>责任单位𠀀</td></tr></table>");
    assert_eq!(shown(&bytes, "a.html")[0].split(" | ").next(), Some("0:工作任务"));
    let (bytes, _, _) = encoding_rs::GB18030.encode("<table><tr><td>工作任务</td><td>责任单位𠀀</td></tr></table>");
    assert_eq!(shown(&bytes, "a.html"), ["0:工作任务 | 1:责任单位𠀀"]);
}

#[test]
fn layout_tables_lists_and_nested_tables() {
    let page = "<table><tr><td>导航</td><td><table><tr><td>序号<td>任务</tr><tr><td>1<td><ol start=3><li>甲<li>乙</ol></tr>\
        <tr><td>2<td>x<table><tr><td>u<td>v</table></tr></table></td></tr></table>";
    let pages = read(page.as_bytes(), "a.html");
    assert_eq!(pages.tables.len(), 1);
    assert_eq!(super::grid(&pages.tables[0]), "0:序号 | 1:任务\n0:1 | 1:3. 甲⏎4. 乙\n0:2 | 1:x⏎u⇥v");
    assert_eq!(pages.tables[0].before, ["导航"]);
}

#[test]
fn a_page_under_the_name_of_a_workbook_is_said() {
    let pages = read("<html><table><tr><td>任务</table>".as_bytes(), "导出.xls");
    assert_eq!(pages.notes, [Note::OtherType { named: FileType::Xls, is: FileType::Html }]);
    assert_eq!(pages.tables.len(), 1);
}

#[test]
fn rows_that_a_page_hides_are_said() {
    let page = "<table><tr><td>序号<td>任务</tr><tr style='display: none'><td>1<td>旧任务<span>二</span></tr><tr><td>2<td>新任务\
        </tr><tbody hidden><tr><td>3<td>再藏</tr><tr><td> </tr></tbody></table>";
    let pages = read(page.as_bytes(), "a.html");
    assert_eq!(super::grid(&pages.tables[0]), "0:序号 | 1:任务\n0:2 | 1:新任务");
    let text = "1 旧任务 二 3 再藏".to_owned();
    assert_eq!(pages.notes, [Note::HiddenRows { place: "表 1".to_owned(), rows: 2, text }]);
}
