//! Files made to do harm: each ends in a plain sentence or a bounded answer, and the parent does not feel it.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use taizhang::documents::read::{FileLimits, ReadError, limits, read_within};
use taizhang::documents::sandbox::{self, Program};
use taizhang::domain::lang::Lang;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::make::{
    Value, compound, docx, docx_parts, docx_with, inline, p, record, tbl, tc, xls, xlsx, xlsx_with, zip,
};

struct Poison {
    what: String,
    name: &'static str,
    bytes: Vec<u8>,
    /// Codes that are right; "OK" for an answer; empty when either will do.
    expected: &'static [&'static str],
}

#[derive(Default)]
struct Cupboard(Vec<Poison>);

impl Cupboard {
    fn put(
        &mut self,
        what: impl Into<String>,
        name: &'static str,
        bytes: impl Into<Vec<u8>>,
        expected: &'static [&'static str],
    ) {
        self.0.push(Poison { what: what.into(), name, bytes: bytes.into(), expected });
    }
}

const OK: &[&str] = &["OK"];
const DAMAGED: &[&str] = &["DAMAGED"];
const LAUGHS: &str = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
    <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>";

fn sheet(inner: &str) -> Vec<u8> {
    xlsx(&[("S", "", &format!("<sheetData>{inner}</sheetData>"))])
}

/// Every n-th of all poison files: what it is, its name, its bytes, and whether it may only be refused.
pub fn every(n: usize) -> Vec<(String, &'static str, Vec<u8>, bool)> {
    let mut made = Cupboard::default();
    for shelf in [packages, markup, sheets, texts] {
        shelf(&mut made);
    }
    let refused = |expected: &[&str]| !expected.is_empty() && !expected.contains(&"OK");
    made.0.into_iter().step_by(n).map(|p| (p.what, p.name, p.bytes, refused(p.expected))).collect()
}

fn packages(to: &mut Cupboard) {
    let mut honest = docx_parts(b"<w:document/>", "", "", &[("word/media/a.bin", &[b' '; 77_777])]);
    patch_sizes(&mut honest, 77_777, 201 << 20);
    to.put("a bomb that says so", "a.docx", honest, &["BOMB"]);
    let spaces = vec![b' '; 8 << 20];
    let mut lying = docx_parts(&[b"<w:document>", &spaces[..], b"</w:document>"].concat(), "", "", &[]);
    patch_sizes(&mut lying, spaces.len() + 25, 1_000);
    to.put("a bomb that lies", "a.docx", lying, &["BOMB", "DAMAGED"]);
    let names: String = (0..60).map(|i| format!("<sheet name=\"{i}\" id=\"r0\"/>")).collect();
    let relations = "<Relationships><Relationship Id=\"r0\" Type=\"x/worksheet\" Target=\"s.xml\"/></Relationships>";
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", format!("<workbook>{names}</workbook>").into_bytes().leak()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/s.xml", &[b"<worksheet>", &spaces[..], b"</worksheet>"].concat()),
    ];
    to.put("a large sheet sixty times", "a.xlsx", zip(&parts), &["BOMB", "TIMED_OUT"]);
    let inner = zip(&[("a", &[b'0'; 1 << 20])]);
    let nested = zip(&[("1.zip", &zip(&[("2.zip", &zip(&[("3.zip", &inner)]))]))]);
    to.put("a package in a package in a package", "a.docx", nested, &["NOT_WHAT_ITS_NAME"]);
    to.put("a package of nothing", "a.xlsx", zip(&[]), &["NOT_WHAT_ITS_NAME", "DAMAGED"]);
    let climbing = docx_parts(
        b"<w:document><w:body/></w:document>",
        "",
        "",
        &[("../../../../etc/cron.d/x", b"* * * * * root x"), ("/etc/passwd", b"x"), ("C:\\windows\\x", b"x")],
    );
    to.put("names that climb", "a.docx", climbing, OK);
    let many: Vec<String> = (0..5_001).map(|i| format!("word/{i}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    to.put("5,001 entries", "a.docx", zip(&many), &["TOO_MANY_ENTRIES"]);
    let mut twice = docx_parts(b"<w:document><w:body/></w:document>", "", "", &[("word/documenT.xml", b"<x>")]);
    replace_all(&mut twice, b"word/documenT.xml", b"word/document.xml");
    to.put("the same entry twice", "a.docx", twice, &[]);
    let sound = docx(&(p("x") + &tbl(&[&[tc("", "a")]])));
    for part in 1..=9 {
        let cut = sound.len() * part / 10;
        to.put(format!("a document cut at {part}0 %"), "a.docx", &sound[..cut], DAMAGED);
    }
    let book = sheet(&format!("<row>{}</row>", inline("A1", "x")));
    for part in [3, 6, 9] {
        to.put(format!("a workbook cut at {part}0 %"), "a.xlsx", &book[..book.len() * part / 10], DAMAGED);
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"<w:document/>").unwrap();
    let mut locked = writer.finish().unwrap().into_inner();
    // The flag of encryption in both headers.
    locked[6] |= 1;
    let central = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    to.put("an entry that is locked", "a.docx", locked, &["ENCRYPTED"]);
    to.put("a workbook without its sheet", "a.xlsx", zip(&[("xl/workbook.xml", b"<workbook/>")]), OK);
    let loops =
        "<Relationships><Relationship Id=\"r0\" Type=\"x/worksheet\" Target=\"../xl/workbook.xml\"/></Relationships>";
    let workbook = "<workbook><sheets><sheet name=\"a\" id=\"r0\"/></sheets></workbook>";
    let parts: [(&str, &[u8]); 2] =
        [("xl/workbook.xml", workbook.as_bytes()), ("xl/_rels/workbook.xml.rels", loops.as_bytes())];
    to.put("a sheet that is the workbook", "a.xlsx", zip(&parts), OK);
    let macros = xlsx_with(&[("S", "", "")], "", "", &[("xl/vbaProject.bin", b"evil")]);
    to.put("macros", "a.xlsm", macros, OK);
}

fn markup(to: &mut Cupboard) {
    let document = format!(
        "<?xml version=\"1.0\"?>{LAUGHS}<w:document><w:body><w:p><w:r><w:t>&c;&d;</w:t></w:r></w:p></w:body></w:document>"
    );
    to.put("laughter in a document", "a.docx", docx_parts(document.as_bytes(), "", "", &[]), &["ENTITIES"]);
    let book = zip(&[("xl/workbook.xml", format!("{LAUGHS}<workbook>&c;</workbook>").as_bytes())]);
    to.put("laughter in a workbook", "a.xlsx", book, &["ENTITIES"]);
    to.put("entities without definition", "a.docx", docx(&p("&c;&d;&#x110000;&#0;&")), &[]);
    let html = format!("<!DOCTYPE html [{}<table><tr><td>&c;</table>", &LAUGHS[12..]);
    to.put("laughter in a page", "a.html", html, OK);
    to.put(
        "elements 100,000 deep",
        "a.docx",
        docx(&("<w:ins>".repeat(100_000) + &"</w:ins>".repeat(100_000))),
        &["TOO_DEEP"],
    );
    to.put(
        "tables 400 deep",
        "a.docx",
        docx(&("<w:tbl><w:tr><w:tc>".repeat(150) + &"</w:tc></w:tr></w:tbl>".repeat(150))),
        OK,
    );
    to.put("no end of starts", "a.docx", docx(&"<w:p>".repeat(100)), DAMAGED);
    let attribute = format!("<w:p w:x=\"{}\"/>", "a".repeat(10_000_000));
    to.put("an attribute of 10 MB", "a.docx", docx(&attribute), OK);
    let attributes: String = (0..50_000).fold(String::new(), |mut all, i| {
        let _ = write!(all, " a{i}=\"\"");
        all
    });
    to.put("50,000 attributes", "a.docx", docx(&format!("<w:p{attributes}/>")), OK);
    to.put("9 MB in one cell", "a.docx", docx(&tbl(&[&[tc("", &"字".repeat(3_000_000))]])), &["TOO_MUCH_TEXT"]);
    let spans = tbl(&[&[tc("<w:gridSpan w:val=\"1000000000\"/>", "a"), tc("<w:gridSpan w:val=\"-5\"/>", "b")]]);
    to.put("a span of 10^9", "a.docx", docx(&spans), OK);
    let wide: Vec<String> = (0..2_000).map(|_| tc("<w:gridSpan w:val=\"1000\"/>", "a")).collect();
    to.put("2,000 wide cells", "a.docx", docx(&tbl(&[&wide])), &["TOO_MANY_CELLS"]);
    to.put(
        "200,001 cells",
        "a.docx",
        docx(&format!("<w:tbl>{}</w:tbl>", format!("<w:tr>{}</w:tr>", "<w:tc/>".repeat(3)).repeat(66_667))),
        &["TOO_MANY_CELLS"],
    );
    to.put(
        "bad UTF-8 in XML",
        "a.docx",
        docx_parts(b"<w:document><w:body>\xFF\xFE\xC0\x80</w:body></w:document>", "", "", &[]),
        &[],
    );
    to.put(
        "XML in UTF-16",
        "a.docx",
        docx_parts(&"\u{feff}<w:document/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "", "", &[]),
        &[],
    );
    to.put("a part of zeros", "a.docx", docx_parts(&[0; 100_000], "", "", &[]), DAMAGED);
    let numbering = "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"9223372036854775807\"/>\
        <w:numFmt w:val=\"upperLetter\"/><w:lvlText w:val=\"%1%1%1%9%0%\"/></w:lvl><w:lvl w:ilvl=\"99999\"/></w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>";
    let styles = "<w:style w:styleId=\"a\"><w:basedOn w:val=\"b\"/></w:style><w:style w:styleId=\"b\"><w:basedOn w:val=\"a\"/></w:style>";
    let body = "<w:p><w:pPr><w:pStyle w:val=\"a\"/></w:pPr></w:p>".to_owned()
        + &"<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:p>".repeat(3);
    to.put("numbers without end, styles in a ring", "a.docx", docx_with(&body, numbering, styles), OK);
    to.put(
        "fields that never end",
        "a.docx",
        docx(&"<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>".repeat(20_000)),
        OK,
    );
}

fn sheets(to: &mut Cupboard) {
    let far = |address: &str| sheet(&format!("<row>{}</row><row>{}</row>", inline("A1", "a"), inline(address, "b")));
    to.put("a far cell", "a.xlsx", far("XFD1048576"), &["FAR_CELL"]);
    to.put("a cell beyond the end", "a.xlsx", far("ZZZ9999999"), OK);
    to.put("an address that is none", "a.xlsx", far("A99999999999999999999999"), OK);
    let merged = |range: &str, count: usize| {
        let merges = format!("<mergeCell ref=\"{range}\"/>").repeat(count);
        let rows = format!("<row>{}{}</row>", inline("A1", "a"), inline("Z5000", "b"));
        xlsx(&[("S", "", &format!("<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>"))])
    };
    to.put("the whole sheet merged", "a.xlsx", merged("A1:XFD1048576", 1), OK);
    to.put("merged 100,000 times", "a.xlsx", merged("A1:XFD1048576", 100_000), DAMAGED);
    to.put("merged upside down", "a.xlsx", merged("Z9:A1", 10), OK);
    let row = "<c t=\"str\"><v>1</v></c>".repeat(100);
    to.put(
        "200,001 cells in a sheet",
        "a.xlsx",
        sheet(&(format!("<row>{row}</row>").repeat(2_000) + &format!("<row>{row}</row>"))),
        &["TOO_MANY_CELLS"],
    );
    to.put(
        "a row number beyond all",
        "a.xlsx",
        sheet("<row r=\"18446744073709551615\"><c><v>1</v></c></row><row><c><v>1</v></c></row>"),
        &[],
    );
    to.put(
        "a shared text that is not there",
        "a.xlsx",
        sheet("<row><c t=\"s\"><v>99999999999999999999</v></c></row>"),
        OK,
    );
    let strings = "<si/>".repeat(2 * limits::MAX_CELLS + 1);
    to.put("shared texts without end", "a.xlsx", xlsx_with(&[("S", "", "")], &strings, "", &[]), &["TOO_MANY_CELLS"]);
    let long = format!("<si><t>{}</t></si>", "x".repeat(1_000_000));
    let uses = "<c t=\"s\"><v>0</v></c>".repeat(100);
    to.put(
        "one long text a hundred times",
        "a.xlsx",
        xlsx_with(&[("S", "", &format!("<sheetData><row>{uses}</row></sheetData>"))], &long, "", &[]),
        &["TOO_MUCH_TEXT"],
    );
    to.put("dates beyond the calendar", "a.xlsx", xlsx_with(&[("S", "", "<sheetData><row><c s=\"0\"><v>1e308</v></c><c s=\"0\"><v>NaN</v></c><c s=\"9999\"><v>-1e300</v></c></row></sheetData>")], "", "<cellXfs><xf numFmtId=\"14\"/></cellXfs>", &[]), OK);
    to.put(
        "formulas that reach outside",
        "a.xlsx",
        sheet("<row><c><f>cmd|'/C calc'!A0</f></c><c><f>WEBSERVICE(\"http://x\")</f><v>1</v></c></row>"),
        OK,
    );
    let cells = [(0, 0, Value::Text("a")), (65_535, 255, Value::Text("b"))];
    to.put("a far cell in an old workbook", "a.xls", xls(&cells, &[], false), &["FAR_CELL", "OUT_OF_MEMORY"]);
    to.put("a locked old workbook", "a.xls", xls(&[], &[], true), &["ENCRYPTED"]);
    to.put(
        "a locked new document",
        "a.docx",
        compound(&[("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")]),
        &["ENCRYPTED"],
    );
    to.put("a locked new workbook", "a.xlsx", compound(&[("EncryptedPackage", b"x")]), &["ENCRYPTED"]);
    to.put("an old Word file", "a.doc", compound(&[("WordDocument", b"x")]), &["UNSUPPORTED"]);
    to.put("an old Word file as a new one", "a.docx", compound(&[("WordDocument", b"x")]), &["NOT_WHAT_ITS_NAME"]);
    to.put("rubbish in an old workbook", "a.xls", compound(&[("Workbook", &[0xAB; 9_000])]), &[]);
    to.put("records without end", "a.xls", compound(&[("Workbook", &record(0x0809, &[0; 16]).repeat(400))]), &[]);
    let mut rings = xls(&cells[..1], &[], false);
    // The second sector of the stream follows upon itself.
    rings[512 + 3 * 4..512 + 4 * 4].copy_from_slice(&3_u32.to_le_bytes());
    to.put("a compound file in rings", "a.xls", rings, &[]);
    for part in [2, 5, 8] {
        let whole = xls(&cells[..1], &[], false);
        to.put(format!("an old workbook cut at {part}0 %"), "a.xls", &whole[..whole.len() * part / 10], &[]);
    }
}

fn texts(to: &mut Cupboard) {
    to.put("100,000 divs", "a.html", "<div>".repeat(100_000), &["TOO_DEEP"]);
    to.put("100,000 tables", "a.html", "<table><tr><td>".repeat(100_000), &["TOO_DEEP"]);
    to.put(
        "spans of 10^9",
        "a.html",
        "<table><tr><td colspan=1000000000 rowspan=1000000000>a<td colspan=-1>b</table>",
        OK,
    );
    to.put(
        "wide and high",
        "a.html",
        format!("<table>{}</table>", "<tr><td colspan=1000 rowspan=65534>a".repeat(2_000)),
        &["TOO_MANY_CELLS"],
    );
    to.put(
        "200,001 cells in a page",
        "a.html",
        format!("<table>{}</table>", "<tr><td><td><td>".repeat(66_667)),
        &["TOO_MANY_CELLS"],
    );
    to.put(
        "formats that multiply",
        "a.html",
        (0..400).map(|i| format!("<b id={i}>")).collect::<String>() + &"<p>x".repeat(20_000),
        &[],
    );
    to.put(
        "an attribute of 10 MB in a page",
        "a.html",
        format!("<table title=\"{}\"><tr><td>a</table>", "a".repeat(10_000_000)),
        OK,
    );
    to.put("a comment that never ends", "a.html", format!("<html><!--{}", "x".repeat(1_000_000)), OK);
    to.put("a page of line ends", "a.html", "<html>".to_owned() + &"<br>".repeat(100_000), OK);
    to.put("a quote that never closes", "a.csv", format!("a,\"{}", "b,\n".repeat(1_000_000)), OK);
    to.put("200,001 values", "a.csv", "1,2,3\n".repeat(66_667), &["TOO_MANY_CELLS"]);
    to.put("a row of 300,000 values", "a.csv", ",1".repeat(300_000), &["TOO_MANY_CELLS"]);
    to.put("ragged beyond measure", "a.csv", "1\n".repeat(100_000) + &"1,".repeat(50_000), &["TOO_MANY_CELLS"]);
    to.put("values in UTF-16", "a.csv", "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), OK);
    to.put("half a sign of UTF-16", "a.csv", b"\xFF\xFEa\0,\0\x3D".to_vec(), OK);
    to.put("zeros", "a.csv", vec![0; 1_000_000], &["NOT_WHAT_ITS_NAME"]);
    to.put("zeros among text", "a.csv", [&"a,b\n".repeat(100).into_bytes()[..], b"\0\0\0"].concat(), OK);
    to.put("bad UTF-8", "a.txt", b"\xC3\x28\xA0\xA1\xE2\x28\xA1\xF0\x28\x8C\xBC\xFF\xFE".to_vec(), &[]);
    to.put("two million lines", "a.txt", "\n".repeat(2_000_000), &["TOO_MANY_CELLS"]);
    to.put("9 MB of text", "a.txt", "一\n".repeat(2_300_000), &["TOO_MUCH_TEXT", "TOO_MANY_CELLS"]);
    to.put("20 MiB and one byte", "a.txt", vec![b'a'; limits::MAX_BYTES + 1], &["TOO_BIG"]);
    to.put("20 MiB of one line", "a.txt", vec![b'a'; limits::MAX_BYTES], &["TOO_MUCH_TEXT"]);
    to.put("nothing", "a.docx", Vec::new(), &["EMPTY"]);
    to.put("a PDF as a document", "a.docx", b"%PDF-1.7\n1 0 obj".to_vec(), &["NOT_WHAT_ITS_NAME"]);
    to.put("a picture as a workbook", "a.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), &["NOT_WHAT_ITS_NAME"]);
    to.put("a program as a document", "a.docx", b"MZ\x90\0\x03\0\0\0".to_vec(), &["NOT_WHAT_ITS_NAME"]);
    to.put("a text as a document", "a.docx", b"hello".to_vec(), &["NOT_WHAT_ITS_NAME"]);
    to.put("a rich text as a document", "a.doc", b"{\\rtf1 x}".to_vec(), &["UNSUPPORTED", "NOT_WHAT_ITS_NAME"]);
    to.put("a name that is a command", "x; rm -rf / #.txt", b"a".to_vec(), OK);
}

/// Writes another unpacked size into both headers of every entry that has the first one.
fn patch_sizes(package: &mut [u8], from: usize, to: u32) {
    replace_all(package, &u32::try_from(from).unwrap().to_le_bytes(), &to.to_le_bytes());
}

fn replace_all(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|window| window == from) {
        bytes[at + found..at + found + from.len()].copy_from_slice(to);
        at += found + from.len();
    }
}

/// Resident memory of this process, in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_taizhang"))
}

/// The memory of a process is only worth measuring when nothing else runs in it.
#[test]
fn each_ends_in_a_sentence_or_an_answer() {
    print!("{}", crate::support::alone("readers::poison::alone"));
}

#[tokio::test]
#[ignore = "run by each_ends_in_a_sentence_or_an_answer, in a process of its own"]
async fn alone() {
    let program = program();
    let mut made = Cupboard::default();
    for shelf in [packages, markup, sheets, texts] {
        shelf(&mut made);
    }
    let count = made.0.len();
    assert!(count >= 60, "{count}");
    let mut wrong = Vec::new();
    let mut grown = Vec::new();
    // An allocator keeps the room of the largest answer it has seen; so it sees that one first.
    let most = sandbox::read("1,2,3,4\n".repeat(limits::MAX_CELLS / 4).as_bytes(), "a.csv", &program).await.unwrap();
    assert_eq!(most.tables[0].cells.len(), limits::MAX_CELLS);
    drop(most);
    for poison in made.0 {
        let before = resident();
        let began = Instant::now();
        let result = sandbox::read(&poison.bytes, poison.name, &program).await;
        let code = match &result {
            Ok(pages) => {
                let cells: usize = pages.tables.iter().map(|table| table.cells.len()).sum();
                assert!(cells <= limits::MAX_CELLS, "{}", poison.what);
                "OK"
            }
            Err(fault) => {
                for lang in Lang::ALL {
                    assert!(fault.text(*lang).chars().count() > 4, "{}", poison.what);
                }
                fault.code()
            }
        };
        println!("{:>6} ms  {code:<18} {}", began.elapsed().as_millis(), poison.what);
        let right = if poison.expected.is_empty() { code != "UNAVAILABLE" } else { poison.expected.contains(&code) };
        if !right {
            wrong.push(format!("{}: {code}, not {:?}", poison.what, poison.expected));
        }
        drop(result);
        let growth = resident().saturating_sub(before);
        if growth > 4 * 1024 {
            grown.push(format!("{}: {growth} KiB", poison.what));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(grown.is_empty(), "the parent grew: {grown:#?}");
}

#[tokio::test]
async fn a_sound_file_comes_through_whole() {
    let file = docx(&(p("标题") + &tbl(&[&[tc("", "甲")]]) + &p("尾")));
    let pages = sandbox::read(&file, "a.docx", &program()).await.unwrap();
    assert_eq!(pages, super::read(&file, "a.docx"));
    assert_eq!(pages.tables[0].before, ["标题"]);
}

#[tokio::test]
async fn a_child_that_is_silent_or_missing() {
    let sleepy = tempfile::tempdir().unwrap();
    let script = sleepy.path().join("sleepy");
    std::fs::write(&script, "#!/bin/sh\nexec sleep 30\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let began = Instant::now();
    let waiting = Program::at(&script).waiting(Duration::from_millis(200));
    assert_eq!(sandbox::read(b"a", "a.txt", &waiting).await, Err(ReadError::TimedOut));
    assert!(began.elapsed() < Duration::from_secs(10));
    let missing = Program::at("/nowhere/at/all");
    assert_eq!(sandbox::read(b"a", "a.txt", &missing).await, Err(ReadError::Unavailable));
    // One that dies without a word.
    let dying = Program::at("/bin/false");
    assert_eq!(sandbox::read(&vec![b'a'; 1 << 20], "a.txt", &dying).await, Err(ReadError::Damaged));
}

#[test]
fn the_child_has_given_everything_away() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .arg("read-document")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    // It waits for its file; until then it can be looked at.
    let began = Instant::now();
    let limit = |name: &str| -> Vec<String> {
        let limits = of("limits");
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect()
    };
    while limit("Max open files") != ["3", "3"] && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(limit("Max open files"), ["3", "3"]);
    // The three numbers it may use are in use: nothing can be opened beside them, no file and no socket of whatever network.
    assert!((0..3).all(|number| std::fs::read_link(format!("/proc/{}/fd/{number}", child.id())).is_ok()));
    assert_eq!(limit("Max address space"), ["536870912", "536870912"]);
    assert_eq!(limit("Max cpu time"), ["20", "21"]);
    assert_eq!(limit("Max file size"), ["0", "0"]);
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert!(of("status").contains("NoNewPrivs:\t1"));
    assert_eq!(of("environ"), "");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_limit_can_be_set_and_holds_at_its_value() {
    let start = FileLimits::default();
    let rows: String = (1..=10).map(|r| format!("<row r=\"{r}\">{}</row>", inline(&format!("A{r}"), "甲"))).collect();
    let book = xlsx(&[("清单", "visible", &format!("<sheetData>{rows}</sheetData>"))]);
    let parts = 5;
    let unpacked = |limits: u64| FileLimits { unpacked: limits, ..start };
    let said = |limits: FileLimits| read_within(&book, "a.xlsx", limits).err();
    assert_eq!(said(FileLimits { bytes: book.len(), ..start }), None);
    assert_eq!(said(FileLimits { bytes: book.len() - 1, ..start }), Some(ReadError::TooBig));
    assert_eq!(said(FileLimits { cells: 10, ..start }), None);
    assert_eq!(said(FileLimits { cells: 9, ..start }), Some(ReadError::TooManyCells));
    let entries = (1..50).find(|&n| said(FileLimits { entries: n, ..start }).is_none()).unwrap();
    assert_eq!(entries, parts);
    assert_eq!(said(FileLimits { entries: entries - 1, ..start }), Some(ReadError::TooManyEntries));
    let enough = (1..20_000).find(|&n| said(unpacked(n)).is_none()).unwrap();
    assert_eq!(said(unpacked(enough - 1)), Some(ReadError::Bomb));
    // The child takes them upon itself.
    let small = Program::at(env!("CARGO_BIN_EXE_taizhang")).within(FileLimits { cells: 9, ..start });
    assert_eq!(sandbox::read(&book, "a.xlsx", &small).await, Err(ReadError::TooManyCells));
    let poor = Program::at(env!("CARGO_BIN_EXE_taizhang")).within(FileLimits { memory: 16 << 20, ..start });
    assert!(sandbox::read(&vec![b'a'; 8 << 20], "a.txt", &poor).await.is_err());
    assert!(sandbox::read(&book, "a.xlsx", &Program::at(env!("CARGO_BIN_EXE_taizhang"))).await.is_ok());
}
