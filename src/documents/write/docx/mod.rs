//! `.docx`: the table as an office prints it.

mod parts;
mod table;

use super::error::WriteError;
use super::model::{Book, Paper, Sheet};
use super::package::pack;
use super::text::escape;

/// Fonts of official papers.
const TITLE: &str = "方正小标宋简体";
const HEAD: &str = "黑体";
const BODY: &str = "仿宋_GB2312";
const SECOND: &str = "楷体_GB2312";

/// Twentieths of a point: the short and the long side of A4.
const A4: (u32, u32) = (11_906, 16_838);
/// Margins of a sheet: top, right, bottom, left.
const MARGINS: (u32, u32, u32, u32) = (1_134, 1_134, 1_021, 1_134);

/// Writes a document.
pub fn docx(book: &Book) -> Result<Vec<u8>, WriteError> {
    let mut body = String::new();
    for (i, sheet) in book.sheets.iter().enumerate() {
        put_sheet(&mut body, sheet);
        if i + 1 < book.sheets.len() {
            // The next part begins on a page of its own, which may lie the other way.
            body.push_str(&format!("<w:p><w:pPr>{}</w:pPr></w:p>", section(sheet.paper)));
        }
    }
    let last = book.sheets.last().map_or(Paper::default(), |s| s.paper);
    body.push_str(&section(last));
    let title = book.sheets.iter().find_map(|s| s.title.as_deref()).unwrap_or_default();
    pack(&[
        ("[Content_Types].xml", parts::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", parts::RELATIONS.to_owned()),
        ("docProps/core.xml", parts::core(title)),
        ("docProps/app.xml", parts::APP.to_owned()),
        ("word/_rels/document.xml.rels", parts::DOCUMENT_RELATIONS.to_owned()),
        ("word/document.xml", parts::document(&body)),
        ("word/styles.xml", parts::styles()),
        ("word/fontTable.xml", parts::fonts()),
        ("word/settings.xml", parts::SETTINGS.to_owned()),
        ("word/footer1.xml", parts::footer()),
    ])
}

/// Width of the text on a sheet.
const fn text_width(paper: Paper) -> u32 {
    let (_, right, _, left) = MARGINS;
    match paper {
        Paper::Landscape => A4.1 - left - right,
        Paper::Portrait => A4.0 - left - right,
    }
}

fn section(paper: Paper) -> String {
    let (width, height, lies) = match paper {
        Paper::Landscape => (A4.1, A4.0, " w:orient=\"landscape\""),
        Paper::Portrait => (A4.0, A4.1, ""),
    };
    let (top, right, bottom, left) = MARGINS;
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"{lies}/>\
         <w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" w:header=\"720\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>"
    )
}

fn put_sheet(body: &mut String, sheet: &Sheet) {
    if let Some(title) = &sheet.title {
        body.push_str(&paragraph("Biaoti", "", title));
    }
    for line in &sheet.lines {
        // Fields side by side stand at tab stops that share the width.
        let step = text_width(sheet.paper) / u32::try_from(line.len()).unwrap_or(1).max(1);
        let stops: String =
            (1..line.len()).map(|i| format!("<w:tab w:val=\"left\" w:pos=\"{}\"/>", step * i as u32)).collect();
        let stops = if stops.is_empty() { stops } else { format!("<w:tabs>{stops}</w:tabs>") };
        body.push_str(&paragraph("Tianbao", &stops, &line.join("\t")));
    }
    table::put(body, sheet);
    for note in &sheet.notes {
        body.push_str(&paragraph("Zhu", "", note));
    }
    // A table may not be the last thing of a document.
    if sheet.notes.is_empty() {
        body.push_str("<w:p><w:pPr><w:pStyle w:val=\"Zhu\"/></w:pPr></w:p>");
    }
}

/// A paragraph in a style.
fn paragraph(style: &str, properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{}</w:p>", run(text))
}

/// A run: line ends are soft breaks, tabs are tabs.
fn run(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut out = String::from("<w:r>");
    for (i, line) in escape(text).split(['\n', '\u{2028}', '\u{2029}']).enumerate() {
        if i > 0 {
            out.push_str("<w:br/>");
        }
        for (j, piece) in line.split('\t').enumerate() {
            if j > 0 {
                out.push_str("<w:tab/>");
            }
            if !piece.is_empty() {
                out.push_str("<w:t xml:space=\"preserve\">");
                out.push_str(piece);
                out.push_str("</w:t>");
            }
        }
    }
    out.push_str("</w:r>");
    out
}
