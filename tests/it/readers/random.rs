//! Whatever the bytes, reading ends with an answer.

use proptest::prelude::*;
use taizhang::documents::read::{limits, read_here};

use super::make::{Value, docx, docx_with, inline, p, tbl, tc, xls, xlsx_with};

const NAMES: [&str; 7] = ["a.docx", "a.xlsx", "a.xls", "a.html", "a.csv", "a.txt", "noname"];

fn check(bytes: &[u8], name: &str) {
    let answer = read_here(bytes, name);
    assert_eq!(answer, read_here(bytes, name), "the same bytes, another answer");
    if let Ok(pages) = answer {
        let cells: usize = pages.tables.iter().map(|table| table.cells.len()).sum();
        assert!(cells <= limits::MAX_CELLS);
        for table in &pages.tables {
            assert!(table.rows * table.columns <= limits::MAX_PLACES);
            assert!(table.hidden_rows.iter().all(|row| *row < table.rows));
            assert!(table.hidden_columns.iter().all(|column| *column < table.columns));
            for cell in &table.cells {
                assert!(cell.row_span >= 1 && cell.row + cell.row_span <= table.rows, "{cell:?}");
                assert!(cell.column_span >= 1 && cell.column + cell.column_span <= table.columns, "{cell:?}");
            }
        }
    }
}

fn sound_word() -> String {
    let restart = r#"<w:vMerge w:val="restart"/>"#;
    tbl(&[
        &[tc("", "任务"), tc(r#"<w:gridSpan w:val="2"/>"#, "单位")],
        &[tc(restart, "甲"), tc("", "1"), tc("", "x")],
        &[tc("<w:vMerge/>", ""), tc("<w:hMerge/>", "2"), tc("", "")],
    ]) + &p("尾")
}

fn sound_sheet() -> String {
    format!(
        "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData><row r=\"1\" hidden=\"1\">{}{}<c r=\"C1\" s=\"1\"><v>46387</v></c></row><row><c t=\"s\"><v>0</v></c><c><f>A1</f></c>\
         </row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
        inline("A1", "任务"),
        inline("B1", "单位")
    )
}

const STYLES: &str = "<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m\\月d_日 [h]:mm AM/PM\"/></numFmts>\
    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/></cellXfs>";
const NUMBERING: &str = "<w:abstractNum w:abstractNumId=\"7\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
    <w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\">\
    <w:abstractNumId w:val=\"7\"/></w:num>";
const PAGE: &str = "<html><head><meta charset=gbk><style>x</style></head><body><table><tr><th rowspan=2>任务<th colspan=2>单位\
    <tr><td style='display:none'>x<td>a<table><tr><td>b</table></tr></table><ol start=2><li>c</ol></body></html>";

/// Changes of a text: at a place, so many signs out, something in.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    let piece = prop_oneof![
        "[<>/=\"'&;#%0-9a-z ]{0,6}",
        Just("99999999999999999999".to_owned()),
        Just("-1".to_owned()),
        Just("</w:tbl>".to_owned()),
        Just("<w:tbl><w:tr><w:tc>".to_owned()),
        Just("<table><tr><td rowspan=9999>".to_owned()),
        Just("ZZZ99999999".to_owned()),
        Just("\u{0}\u{feff}\u{1F600}年".to_owned()),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, piece), 1..6)
}

fn changed(text: &str, changes: &[(prop::sample::Index, usize, String)]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for (at, out, put) in changes {
        let at = at.index(signs.len() + 1);
        let end = (at + out).min(signs.len());
        signs.splice(at..end, put.chars());
    }
    signs.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(start in 0_usize..6, bytes in prop::collection::vec(any::<u8>(), 0..3_000), name in 0_usize..7) {
        let magic: &[u8] = [&b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<html>", b"\xEF\xBB\xBF", b"\xFF\xFE"][start];
        check(&[magic, &bytes].concat(), NAMES[name]);
    }

    #[test]
    fn random_text(text in "(?s)[a,;\t|\"'\n\r<>/=年月 -]{0,400}", name in 0_usize..7) {
        check(text.as_bytes(), NAMES[name]);
        check(&encoding_rs::GB18030.encode(&text).0, NAMES[name]);
    }

    #[test]
    fn changed_documents(changes in changes()) {
        check(&docx(&changed(&sound_word(), &changes)), "a.docx");
        check(&docx_with(&sound_word(), &changed(NUMBERING, &changes), &changed(STYLES, &changes)), "a.docx");
    }

    #[test]
    fn changed_workbooks(changes in changes()) {
        let shared = "<si><t>共享_x000D_</t></si>";
        check(&xlsx_with(&[("S", "", &changed(&sound_sheet(), &changes))], shared, STYLES, &[]), "a.xlsx");
        let (shared, styles) = (changed(shared, &changes), changed(STYLES, &changes));
        check(&xlsx_with(&[("S", "", &sound_sheet())], &shared, &styles, &[]), "a.xlsx");
    }

    #[test]
    fn changed_pages(changes in changes()) {
        let page = changed(PAGE, &changes);
        check(page.as_bytes(), "a.html");
        check(&encoding_rs::GBK.encode(&page).0, "a.html");
    }

    #[test]
    fn changed_bytes(kind in 0_usize..3, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        let (mut bytes, name) = match kind {
            0 => (docx(&sound_word()), "a.docx"),
            1 => (xlsx_with(&[("S", "", &sound_sheet())], "", STYLES, &[]), "a.xlsx"),
            _ => {
                let cells = [(1, 1, Value::Text("任务清单")), (2, 1, Value::Number(1.5)), (2, 2, Value::Day(46387.0))];
                (xls(&cells, &[[1, 1, 1, 2]], false), "a.xls")
            }
        };
        for (at, byte) in &edits {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&bytes, name);
    }
}
