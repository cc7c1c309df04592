//! Files made by the tests, sound and otherwise.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub fn docx(body: &str) -> Vec<u8> {
    docx_with(body, "", "")
}

pub fn docx_with(body: &str, numbering: &str, styles: &str) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{body}</w:body></w:document>");
    docx_parts(document.as_bytes(), numbering, styles, &[])
}

pub fn docx_parts(document: &[u8], numbering: &str, styles: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let numbering = format!("<w:numbering {W}>{numbering}</w:numbering>");
    let styles = format!("<w:styles {W}>{styles}</w:styles>");
    let rels = format!(
        r#"<Relationships><Relationship Id="a" Type="{REL}/numbering" Target="numbering.xml"/><Relationship Id="b" Type="{REL}/styles" Target="/word/styles.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships><Relationship Id="a" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>"#
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ];
    parts.extend_from_slice(more);
    zip(&parts)
}

pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

pub fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

pub fn tbl(rows: &[&[String]]) -> String {
    let rows: String = rows.iter().map(|cells| format!("<w:tr>{}</w:tr>", cells.concat())).collect();
    format!("<w:tbl><w:tblPr/>{rows}</w:tbl>")
}

/// A workbook of sheets: name, state, what stands in `<worksheet>`.
pub fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    xlsx_with(sheets, "", "", &[])
}

pub fn xlsx_with(sheets: &[(&str, &str, &str)], shared: &str, styles: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut names = String::new();
    let mut rels = format!(
        r#"<Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/>"#
    );
    let mut parts = Vec::new();
    for (index, (name, state, inner)) in sheets.iter().enumerate() {
        names += &format!(r#"<sheet name="{name}" sheetId="{index}" state="{state}" r:id="r{index}"/>"#);
        rels +=
            &format!(r#"<Relationship Id="r{index}" Type="{REL}/worksheet" Target="worksheets/sheet{index}.xml"/>"#);
        parts.push((format!("xl/worksheets/sheet{index}.xml"), format!("<worksheet>{inner}</worksheet>")));
    }
    let workbook = format!(r#"<workbook xmlns:r="{REL}"><sheets>{names}</sheets></workbook>"#);
    let rels = format!("<Relationships>{rels}</Relationships>");
    let shared = format!("<sst>{shared}</sst>");
    let styles = format!("<styleSheet>{styles}</styleSheet>");
    let mut all: Vec<(&str, &[u8])> = vec![
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    all.extend(parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    all.extend_from_slice(more);
    zip(&all)
}

pub fn inline(address: &str, text: &str) -> String {
    format!(r#"<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// A compound file of these streams.
pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    let padded: Vec<Vec<u8>> = streams
        .iter()
        .map(|(_, bytes)| {
            let mut bytes = bytes.to_vec();
            bytes.resize(bytes.len().max(4096).next_multiple_of(512), 0);
            bytes
        })
        .collect();
    let directory_sectors = (streams.len() + 1).div_ceil(4);
    let data_sectors: usize = padded.iter().map(|bytes| bytes.len() / 512).sum();
    let fat_sectors = (data_sectors + directory_sectors + 8).div_ceil(120);
    let mut fat = vec![0xFFFF_FFFD_u32; fat_sectors];
    let mut chain = |count: usize| {
        let start = fat.len();
        fat.extend((0..count).map(|i| if i + 1 == count { END } else { u32::try_from(start + i + 1).unwrap() }));
        u32::try_from(start).unwrap()
    };
    let directory_at = chain(directory_sectors);
    let starts: Vec<u32> = padded.iter().map(|bytes| chain(bytes.len() / 512)).collect();
    fat.resize(fat_sectors * 128, 0xFFFF_FFFF);
    let mut file = vec![0_u8; 512];
    file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    file[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    let mut put = |at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(44, u32::try_from(fat_sectors).unwrap());
    put(48, directory_at);
    put(56, 4096);
    put(60, END);
    put(68, END);
    for i in 0..109 {
        put(76 + 4 * i, if i < fat_sectors { u32::try_from(i).unwrap() } else { 0xFFFF_FFFF });
    }
    file.extend(fat.iter().flat_map(|entry| entry.to_le_bytes()));
    let mut directory = entry("Root Entry", 5, 1, 0xFFFF_FFFF, END, 0);
    for (i, (name, _)) in streams.iter().enumerate() {
        let next = if i + 1 < streams.len() { u32::try_from(i + 2).unwrap() } else { 0xFFFF_FFFF };
        directory.extend(entry(name, 2, 0xFFFF_FFFF, next, starts[i], padded[i].len()));
    }
    directory.resize(directory_sectors * 512, 0);
    file.extend(directory);
    file.extend(padded.concat());
    file
}

fn entry(name: &str, kind: u8, child: u32, right: u32, start: u32, size: usize) -> Vec<u8> {
    let mut entry = vec![0_u8; 128];
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry[..units.len()].copy_from_slice(&units);
    entry[64..66].copy_from_slice(&u16::try_from(units.len() + 2).unwrap().to_le_bytes());
    entry[66] = kind;
    entry[67] = 1;
    entry[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
    entry[72..76].copy_from_slice(&right.to_le_bytes());
    entry[76..80].copy_from_slice(&child.to_le_bytes());
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
    entry
}

pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A value in a cell of [`xls`].
pub enum Value {
    Text(&'static str),
    Number(f64),
    Day(f64),
}

/// A workbook of Excel 97 with a hidden sheet before the one with these cells and merged ranges (rows, then columns).
pub fn xls(cells: &[(u16, u16, Value)], merged: &[[u16; 4]], locked: bool) -> Vec<u8> {
    let mut texts = Vec::new();
    let mut sheet = record(0x0809, &words(&[0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0, 6, 0]));
    for (row, column, value) in cells {
        sheet.extend(match value {
            Value::Text(text) => {
                texts.push(*text);
                record(0x00FD, &words(&[*row, *column, 0, u16::try_from(texts.len() - 1).unwrap(), 0]))
            }
            Value::Number(n) => record(0x0203, &[words(&[*row, *column, 0]), n.to_le_bytes().to_vec()].concat()),
            Value::Day(n) => record(0x0203, &[words(&[*row, *column, 1]), n.to_le_bytes().to_vec()].concat()),
        });
    }
    let mut ranges = words(&[u16::try_from(merged.len()).unwrap()]);
    merged.iter().for_each(|range| ranges.extend(words(range)));
    sheet.extend(record(0x00E5, &ranges));
    sheet.extend(record(0x000A, &[]));
    let empty = [record(0x0809, &words(&[0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0, 6, 0])), record(0x000A, &[])].concat();
    let name = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut sst = [u32::try_from(texts.len()).unwrap().to_le_bytes(); 2].concat();
    for text in &texts {
        sst.extend(words(&[u16::try_from(text.encode_utf16().count()).unwrap()]));
        sst.push(1);
        sst.extend(name(text));
    }
    let globals = |hidden_at: u32, shown_at: u32| {
        let bound = |at: u32, state: u8, text: &str| {
            let length = u8::try_from(text.encode_utf16().count()).unwrap();
            record(0x0085, &[at.to_le_bytes().to_vec(), vec![state, 0, length, 1], name(text)].concat())
        };
        let xf = |format: u16| record(0x00E0, &words(&[0, format, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0]));
        [
            record(0x0809, &words(&[0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0, 6, 0])),
            if locked { record(0x002F, &words(&[1, 1, 1, 0, 0, 0])) } else { Vec::new() },
            record(0x0042, &words(&[1200])),
            xf(0),
            xf(14),
            bound(hidden_at, 1, "备用"),
            bound(shown_at, 0, "清单"),
            record(0x00FC, &sst),
            record(0x000A, &[]),
        ]
        .concat()
    };
    let length = u32::try_from(globals(0, 0).len()).unwrap();
    let stream = [globals(length, length + u32::try_from(empty.len()).unwrap()), empty, sheet].concat();
    compound(&[("Workbook", &stream)])
}
