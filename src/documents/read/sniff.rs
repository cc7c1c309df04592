//! What a file is, by its content.

use serde::{Deserialize, Serialize};

use super::{FileLimits, Note, ReadError, cfb, encoding, package::Package};
use crate::domain::lang::Lang;

/// A type of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileType {
    /// Word, since 2007.
    Docx,
    /// Excel, since 2007.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// A web page.
    Html,
    /// Separated values.
    Csv,
    /// Plain text.
    Text,
    /// Word 97 to 2003.
    Doc,
    /// Excel in its binary form.
    Xlsb,
    /// A presentation.
    Presentation,
    /// LibreOffice.
    OpenDocument,
    /// PDF.
    Pdf,
    /// Rich text.
    Rtf,
    /// A web page with its pictures in one file.
    Mhtml,
    /// XML of whatever kind.
    Xml,
    /// A picture.
    Picture,
    /// A package of other files.
    Archive,
    /// A program.
    Program,
    /// Something else.
    Unknown,
}

impl FileType {
    /// What a name promises, if its ending is known.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending.trim().to_ascii_lowercase().as_str() {
            "docx" | "docm" | "dotx" | "dotm" => Self::Docx,
            "xlsx" | "xlsm" | "xltx" | "xltm" => Self::Xlsx,
            "xls" | "xlt" | "et" => Self::Xls,
            "html" | "htm" | "xhtml" => Self::Html,
            "csv" | "tsv" => Self::Csv,
            "txt" | "text" => Self::Text,
            "doc" | "dot" | "wps" => Self::Doc,
            "xlsb" => Self::Xlsb,
            "ppt" | "pptx" => Self::Presentation,
            "odt" | "ods" => Self::OpenDocument,
            "pdf" => Self::Pdf,
            "rtf" => Self::Rtf,
            "mht" | "mhtml" => Self::Mhtml,
            "xml" => Self::Xml,
            "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" => Self::Picture,
            "zip" | "rar" | "7z" | "gz" => Self::Archive,
            "exe" => Self::Program,
            _ => return None,
        })
    }

    /// Whether there is a reader for it.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx | Self::Xls | Self::Html | Self::Csv | Self::Text)
    }

    /// Its name for a person.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Docx => lang.pick(" Word 文档（.docx）", "a Word document (.docx)"),
            Self::Xlsx => lang.pick(" Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)"),
            Self::Xls => lang.pick(" Excel 97-2003 工作簿（.xls）", "an Excel 97-2003 workbook (.xls)"),
            Self::Html => lang.pick("网页", "a web page"),
            Self::Csv => lang.pick(" CSV 文件", "a CSV file"),
            Self::Text => lang.pick("纯文本", "plain text"),
            Self::Doc => lang.pick(" Word 97-2003 文档（.doc）", "a Word 97-2003 document (.doc)"),
            Self::Xlsb => lang.pick(" Excel 二进制工作簿（.xlsb）", "an Excel binary workbook (.xlsb)"),
            Self::Presentation => lang.pick("演示文稿", "a presentation"),
            Self::OpenDocument => lang.pick(" OpenDocument 文件", "an OpenDocument file"),
            Self::Pdf => lang.pick(" PDF 文件", "a PDF file"),
            Self::Rtf => lang.pick(" RTF 文档", "an RTF document"),
            Self::Mhtml => lang.pick("单个文件网页（.mht）", "a single-file web page (.mht)"),
            Self::Xml => lang.pick(" XML 文件", "an XML file"),
            Self::Picture => lang.pick("图片", "a picture"),
            Self::Archive => lang.pick("压缩包", "an archive"),
            Self::Program => lang.pick("程序", "a program"),
            Self::Unknown => lang.pick("无法识别的文件", "a file of unknown type"),
        }
    }
}

/// What was found out about a file.
pub(super) struct Found {
    /// Its type.
    pub(super) file_type: FileType,
    /// Its text, decoded, when the type is a text.
    pub(super) text: String,
    /// What to say about it.
    pub(super) notes: Vec<Note>,
}

impl Found {
    fn of(file_type: FileType) -> Self {
        Self { file_type, text: String::new(), notes: Vec::new() }
    }
}

const MAGIC: &[(&[u8], FileType)] = &[
    (b"%PDF", FileType::Pdf),
    (b"{\\rtf", FileType::Rtf),
    (b"\x89PNG", FileType::Picture),
    (b"\xFF\xD8\xFF", FileType::Picture),
    (b"GIF8", FileType::Picture),
    (b"II*\0", FileType::Picture),
    (b"MM\0*", FileType::Picture),
    (b"Rar!", FileType::Archive),
    (b"7z\xBC\xAF", FileType::Archive),
    (b"\x1F\x8B", FileType::Archive),
    (b"\x7FELF", FileType::Program),
    (b"MZ\x90", FileType::Program),
];

/// Finds out what a file is.
pub(super) fn sniff(bytes: &[u8], named: Option<FileType>, within: FileLimits) -> Result<Found, ReadError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes, within);
    }
    if bytes.starts_with(cfb::MAGIC) {
        return compound(bytes);
    }
    if let Some((_, file_type)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Ok(Found::of(*file_type));
    }
    let Some((text, bad)) = encoding::decode(bytes) else { return Ok(Found::of(FileType::Unknown)) };
    let file_type = text_type(&text, named);
    let notes = if bad { vec![Note::BadBytes] } else { Vec::new() };
    Ok(Found { file_type, text, notes })
}

fn zipped(bytes: &[u8], within: FileLimits) -> Result<Found, ReadError> {
    let package = Package::open(bytes, within)?;
    let file_type = if package.has("word/document.xml") || package.has_under("word/document") {
        FileType::Docx
    } else if package.has("xl/workbook.xml") {
        FileType::Xlsx
    } else if package.has("xl/workbook.bin") {
        FileType::Xlsb
    } else if package.has("ppt/presentation.xml") {
        FileType::Presentation
    } else if package.has("content.xml") && package.has("mimetype") {
        FileType::OpenDocument
    } else {
        FileType::Archive
    };
    let mut found = Found::of(file_type);
    if package.has_ending("/vbaProject.bin") {
        found.notes.push(Note::Macros);
    }
    Ok(found)
}

fn compound(bytes: &[u8]) -> Result<Found, ReadError> {
    let names = cfb::Names::of(bytes);
    let file_type = if names.has("EncryptedPackage") || names.has("EncryptionInfo") {
        return Err(ReadError::Encrypted);
    } else if names.has("Workbook") || names.has("Book") {
        FileType::Xls
    } else if names.has("WordDocument") {
        FileType::Doc
    } else if names.has("PowerPoint Document") {
        FileType::Presentation
    } else {
        FileType::Unknown
    };
    let mut found = Found::of(file_type);
    if names.has("_VBA_PROJECT_CUR") || names.has("_VBA_PROJECT") {
        found.notes.push(Note::Macros);
    }
    Ok(found)
}

fn text_type(text: &str, named: Option<FileType>) -> FileType {
    let head: String = text.trim_start().chars().take(2_000).collect::<String>().to_ascii_lowercase();
    let page = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<div"];
    if page.iter().any(|start| head.starts_with(start)) {
        return FileType::Html;
    }
    if head.starts_with("mime-version:") {
        return FileType::Mhtml;
    }
    if head.starts_with("<?xml") || head.starts_with("<!--") || head.starts_with("<!doctype") {
        return if head.contains("<html") { FileType::Html } else { FileType::Xml };
    }
    match named {
        Some(FileType::Html) => FileType::Html,
        // Systems like to give a table of separated values the name of a workbook.
        Some(FileType::Csv | FileType::Xls | FileType::Xlsx) => FileType::Csv,
        _ => FileType::Text,
    }
}
