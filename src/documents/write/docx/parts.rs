//! The parts of a document beside its text. No author, no company, no times: nobody is named who did not sign.

use super::super::text::escape;
use super::{BODY, HEAD, SECOND, TITLE};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const MAIN: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

pub(super) const CONTENT_TYPES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "<Override PartName=\"/word/fontTable.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml\"/>",
    "<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>",
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
    "<Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/>",
    "</Types>"
);

pub(super) const RELATIONS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>",
    "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties\" Target=\"docProps/app.xml\"/>",
    "</Relationships>"
);

pub(super) const DOCUMENT_RELATIONS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable\" Target=\"fontTable.xml\"/>",
    "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" Target=\"settings.xml\"/>",
    "<Relationship Id=\"rId4\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/>",
    "</Relationships>"
);

pub(super) const APP: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">",
    "<Application>taizhang</Application></Properties>"
);

pub(super) const SETTINGS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    "<w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/>",
    "<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    "</w:settings>"
);

/// The properties: the title and nothing else.
pub(super) fn core(title: &str) -> String {
    format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title></cp:coreProperties>",
        escape(title)
    )
}

/// The text with its frame.
pub(super) fn document(body: &str) -> String {
    format!("{DECLARATION}<w:document {MAIN}><w:body>{body}</w:body></w:document>")
}

/// The number of the page between dashes, as on official papers.
pub(super) fn footer() -> String {
    let field = |kind: &str, inside: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>{inside}");
    let code = "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>";
    let dash = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    format!(
        "{DECLARATION}<w:ftr {MAIN}><w:p><w:pPr><w:pStyle w:val=\"Yejiao\"/></w:pPr>{}{}{}{}{}{}</w:p></w:ftr>",
        dash("— "),
        field("begin", code),
        field("separate", ""),
        dash("1"),
        field("end", ""),
        dash(" —"),
    )
}

/// The fonts by name; where one is missing Word takes the other name.
pub(super) fn fonts() -> String {
    let font = |name: &str, other: &str, family: &str| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/>\
             <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    };
    format!(
        "{DECLARATION}<w:fonts {MAIN}>{}{}{}{}<w:font w:name=\"Times New Roman\"><w:charset w:val=\"00\"/>\
         <w:family w:val=\"roman\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>",
        font(TITLE, "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体,SimSun", "roman"),
        font(HEAD, "SimHei,Noto Sans CJK SC", "swiss"),
        font(BODY, "仿宋,FangSong,华文仿宋,宋体,SimSun", "roman"),
        font(SECOND, "楷体,KaiTi,华文楷体,宋体", "roman"),
    )
}

struct Style<'a> {
    id: &'a str,
    name: &'a str,
    font: &'a str,
    half_points: u32,
    bold: bool,
    paragraph: &'a str,
}

impl Style<'_> {
    fn xml(&self) -> String {
        let bold = if self.bold { "<w:b/><w:bCs/>" } else { "" };
        format!(
            "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"{}\"><w:name w:val=\"{}\"/>\
             <w:basedOn w:val=\"Zhengwen\"/><w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}{bold}<w:sz w:val=\"{}\"/>\
             <w:szCs w:val=\"{}\"/></w:rPr></w:style>",
            self.id,
            self.name,
            self.paragraph,
            faces(self.font),
            self.half_points,
            self.half_points
        )
    }
}

fn faces(font: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"{font}\" w:cs=\"Times New Roman\"/>"
    )
}

/// The styles: title, fields, headings, cells, sections, sums, notes, footer, and the frame of the table.
pub(super) fn styles() -> String {
    const CELL: &str = "<w:spacing w:before=\"20\" w:after=\"20\" w:line=\"280\" w:lineRule=\"atLeast\"/>";
    const CENTER: &str =
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"280\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/>";
    // A section stays with the row below it.
    const SECTION: &str =
        "<w:keepNext/><w:spacing w:before=\"40\" w:after=\"40\" w:line=\"280\" w:lineRule=\"atLeast\"/>";
    let style =
        |id, name, font, half_points, bold, paragraph| Style { id, name, font, half_points, bold, paragraph }.xml();
    let styles = [
        style(
            "Biaoti",
            "台账标题",
            TITLE,
            44,
            false,
            "<w:keepNext/><w:spacing w:before=\"0\" w:after=\"160\" w:line=\"600\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/><w:outlineLvl w:val=\"0\"/>",
        ),
        style("Tianbao", "台账填报栏", BODY, 24, false, "<w:keepNext/><w:spacing w:before=\"0\" w:after=\"80\"/>"),
        style("Biaotou", "台账表头", HEAD, 22, true, CENTER),
        style("Biaowen", "台账表文", BODY, 21, false, CELL),
        style("Dalei", "台账大类", HEAD, 22, true, SECTION),
        style("Xiaolei", "台账小类", SECOND, 22, true, SECTION),
        style("Heji", "台账合计", HEAD, 21, true, CELL),
        style("Zhu", "台账附注", BODY, 21, false, "<w:spacing w:before=\"60\" w:after=\"0\"/>"),
        style("Yejiao", "台账页脚", BODY, 24, false, "<w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/>"),
    ]
    .concat();
    let border = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].into_iter().map(border).collect();
    format!(
        "{DECLARATION}<w:styles {MAIN}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Zhengwen\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
         {styles}<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"Putong\"><w:name w:val=\"Normal Table\"/>\
         <w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/></w:tblPr></w:style>\
         <w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"Biaoge\"><w:name w:val=\"台账表格\"/><w:basedOn w:val=\"Putong\"/>\
         <w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/>\
         <w:left w:w=\"85\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar>\
         </w:tblPr></w:style></w:styles>",
        faces(BODY)
    )
}
