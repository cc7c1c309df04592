//! What a file is for those who keep and fetch it: a media type of a closed list, by its content.
//!
//! Nothing is unpacked or parsed here, because files are poison until a sandbox has looked at them: a package is known by
//! the names that stand in it in the clear. It is a label, the readers find out for themselves.

use entity::vocabulary::MediaType;

/// Bytes looked at for a text.
const HEAD: usize = 4_096;

/// The media type of a file that somebody brings; none for what is not taken.
pub fn media_type(bytes: &[u8], name: &str) -> Option<MediaType> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase()).unwrap_or_default();
    const MAGIC: &[(&[u8], MediaType)] = &[
        (b"%PDF-", MediaType::Pdf),
        (b"{\\rtf", MediaType::Rtf),
        (b"\x89PNG\r\n\x1a\n", MediaType::Png),
        (b"\xFF\xD8\xFF", MediaType::Jpeg),
    ];
    if let Some((_, known)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(*known);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return package(bytes);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return compound(bytes, &ending);
    }
    text(bytes, &ending)
}

fn package(bytes: &[u8]) -> Option<MediaType> {
    let has = |name: &str| memchr(bytes, name.as_bytes());
    // OpenDocument puts its type in front, not packed.
    if let Some(start) = bytes.get(..bytes.len().min(200)).filter(|head| memchr(head, b"mimetypeapplication/vnd.oasis"))
    {
        let of = |kind: &str| memchr(start, kind.as_bytes());
        return match () {
            () if of("opendocument.text") => Some(MediaType::Odt),
            () if of("opendocument.spreadsheet") => Some(MediaType::Ods),
            () => None,
        };
    }
    match () {
        () if has("word/document") => Some(MediaType::Docx),
        () if has("xl/workbook.xml") => Some(MediaType::Xlsx),
        () if has("xl/workbook.bin") => Some(MediaType::Xlsb),
        () if has("ppt/presentation.xml") => Some(MediaType::Pptx),
        () => None,
    }
}

/// The old container names its parts in UTF-16. An encrypted package is kept as what it was named: the reader says so.
fn compound(bytes: &[u8], ending: &str) -> Option<MediaType> {
    let has = |name: &str| memchr(bytes, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    match () {
        () if has("EncryptedPackage") => match ending {
            "xlsx" | "xlsm" | "xls" => Some(MediaType::Xlsx),
            _ => Some(MediaType::Docx),
        },
        () if has("WordDocument") => Some(MediaType::Doc),
        () if has("Workbook") || has("Book") => Some(MediaType::Xls),
        () if has("PowerPoint Document") => Some(MediaType::Ppt),
        () => None,
    }
}

fn text(bytes: &[u8], ending: &str) -> Option<MediaType> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || is_wide(head);
    let strange = |b: &&u8| **b < 32 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B);
    let foreign: [&[u8]; 10] =
        [b"\x7FELF", b"MZ\x90", b"Rar!", b"7z\xBC\xAF", b"\x1F\x8B", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"PK\x05\x06"];
    let strange_ones = head.iter().filter(strange).count();
    if bytes.is_empty() || (!wide && strange_ones * 100 > head.len()) {
        return None;
    }
    // Two letters begin many a text; as the start of a picture they come with control characters.
    if foreign.iter().any(|magic| head.starts_with(magic) && (magic.len() > 2 || strange_ones > 0)) {
        return None;
    }
    let start: String = head.iter().filter(|b| b.is_ascii() && **b != 0).map(|b| char::from(*b)).collect();
    let start = start.trim_start().to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| start.starts_with(word));
    Some(match () {
        () if begins(&["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<div"]) => MediaType::Html,
        () if begins(&["mime-version:"]) => MediaType::Mhtml,
        () if begins(&["<?xml", "<!--", "<!doctype"]) && start.contains("<html") => MediaType::Html,
        () if begins(&["<?xml", "<!--", "<!doctype", "<svg"]) => MediaType::Xml,
        () if begins(&["{", "["]) && ending == "json" => MediaType::Json,
        () if matches!(ending, "html" | "htm" | "xhtml") => MediaType::Html,
        // Systems like to give a table of separated values the name of a workbook.
        () if matches!(ending, "csv" | "tsv" | "xls" | "xlsx" | "et") => MediaType::Csv,
        () => MediaType::Text,
    })
}

/// UTF-16 without its mark: every second byte of what is ASCII is zero.
fn is_wide(head: &[u8]) -> bool {
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|b| **b == 0).count();
    matches!((zeros(0), zeros(1)), (0, 2..) | (2.., 0))
}

fn memchr(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    let mut at = bytes;
    while let Some(found) = at.iter().position(|byte| byte == first) {
        at = &at[found + 1..];
        if at.starts_with(rest) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_and_the_name_only_where_texts_look_alike() {
        let old = |name: &str| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        for (bytes, name, found) in [
            (b"PK\x03\x04....word/document.xml".to_vec(), "a.txt", Some(MediaType::Docx)),
            (b"PK\x03\x04....xl/workbook.xml".to_vec(), "a", Some(MediaType::Xlsx)),
            (b"PK\x03\x04....anything".to_vec(), "a.docx", None),
            (
                b"PK\x03\x04...........mimetypeapplication/vnd.oasis.opendocument.text".to_vec(),
                "a",
                Some(MediaType::Odt),
            ),
            (old("Workbook"), "a.doc", Some(MediaType::Xls)),
            (old("WordDocument"), "a.xls", Some(MediaType::Doc)),
            (old("Unknown"), "a.xls", None),
            (b"%PDF-1.7 ...".to_vec(), "a.docx", Some(MediaType::Pdf)),
            (b"\x89PNG\r\n\x1a\n....".to_vec(), "a", Some(MediaType::Png)),
            (b"\xFF\xD8\xFF\xE0".to_vec(), "a", Some(MediaType::Jpeg)),
            (b"GIF89a".to_vec(), "a.png", None),
            (b"MZ\x90\0\x03".to_vec(), "a.txt", None),
            (b"\0\x01\x02\x03".to_vec(), "a.csv", None),
            (b"BMW, Audi".to_vec(), "a.csv", Some(MediaType::Csv)),
            ("序号,任务".as_bytes().to_vec(), "a.csv", Some(MediaType::Csv)),
            ("序号|任务".as_bytes().to_vec(), "a.txt", Some(MediaType::Text)),
            ("序号|任务".as_bytes().to_vec(), "a.json", Some(MediaType::Text)),
            (b"\xEF\xBB\xBF {\"form\": 1}".to_vec(), "a.json", Some(MediaType::Json)),
            (b"\n<HTML><table>".to_vec(), "a.xls", Some(MediaType::Html)),
            (b"<svg onload='x'>".to_vec(), "a.svg", Some(MediaType::Xml)),
            (b"a\0b\0\n\0".to_vec(), "a.txt", Some(MediaType::Text)),
            (Vec::new(), "a.txt", None),
        ] {
            assert_eq!(media_type(&bytes, name), found, "{name} {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
