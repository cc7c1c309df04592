use super::{read, shown};
use taizhang::documents::read::{FileType, Note, ReadError, read_here};

#[test]
fn values_in_every_encoding_and_with_every_separator() {
    let expected = ["0:序号 | 1:任务\n0:1 | 1:甲,⏎乙\"丙\n0:2"];
    let text = "序号,任务\r\n1,\"甲,\r\n乙\"\"丙\"\r\n2\r\n";
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let gb = encoding_rs::GB18030.encode(text).0;
    let files: [(&str, &[u8]); 6] = [
        ("UTF-8", text.as_bytes()),
        ("BOM", &["\u{feff}".as_bytes(), text.as_bytes()].concat()),
        ("GB18030", &gb),
        ("UTF-16LE", &utf16(false)),
        ("UTF-16BE", &utf16(true)),
        ("UTF-16LE without mark", &utf16(false)[2..]),
    ];
    for (what, bytes) in files {
        assert_eq!(shown(bytes, "a.csv"), expected, "{what}");
    }
    for (text, expected) in [
        ("a;b,c\n1;2", "0:a | 1:b,c\n0:1 | 1:2"),
        ("a\tb\n1\t2\n", "0:a | 1:b\n0:1 | 1:2"),
        ("sep=;\na;b,c,d\n", "0:a | 1:b,c,d"),
        ("标题,,\na,b,\n\n1,,\n", "0:标题 | 1:\n0:a | 1:b\n0:1 | 1:"),
    ] {
        assert_eq!(shown(text.as_bytes(), "a.csv"), [expected], "{text}");
    }
    assert_eq!(read(text.as_bytes(), "a.csv").tables[0].cells[4].place, "第 4 行第 1 列");
}

#[test]
fn text_with_separators_is_a_table() {
    let pages = read("标题\n\n任务\t要求\t单位\t\n一、甲\t1.乙\t丙\t\n\t2.丁\t\t\n说明：无\n".as_bytes(), "a.txt");
    assert_eq!(super::grid(&pages.tables[0]), "0:任务 | 1:要求 | 2:单位\n0:一、甲 | 1:1.乙 | 2:丙\n0: | 1:2.丁 | 2:");
    assert_eq!(pages.tables[0].before, ["标题", ""]);
    assert_eq!(pages.tables[0].cells[0].place, "第 3 行第 1 列");
    assert_eq!(pages.tail, ["说明：无"]);
    assert_eq!(
        shown("任务 | 单位 |\n甲 | 乙 |\n丙 |\n".as_bytes(), "a.txt"),
        ["0:任务 | 1:单位\n0:甲 | 1:乙\n0:丙 | 1:"]
    );
    assert_eq!(shown("| a | b |\n|---|:-:|\n| 1 | |\n".as_bytes(), "a.txt"), ["0:a | 1:b\n0:1 | 1:"]);
}

#[test]
fn text_without_separators_stays_as_it_is() {
    let text = "附件\n\n  一、做好各\n类规划\u{c}\n 1.内容 单位\r\n";
    let pages = read(text.as_bytes(), "a.txt");
    assert!(pages.tables.is_empty());
    assert_eq!(pages.tail, ["附件", "", "  一、做好各", "类规划\u{c}", " 1.内容 单位"]);
}

#[test]
fn a_text_with_a_few_bad_bytes_is_still_read_and_said() {
    let mut bytes = "做好各类规划主动公开工作".repeat(5).into_bytes();
    bytes.truncate(bytes.len() - 1);
    let pages = read(&bytes, "a.txt");
    assert!(pages.tail[0].starts_with("做好各类规划") && pages.tail[0].ends_with('\u{fffd}'));
    assert_eq!(pages.notes, [Note::BadBytes]);
}

#[test]
fn the_content_decides_and_lies_are_said() {
    let no = |bytes: &[u8], name: &str| read_here(bytes, name).unwrap_err();
    assert_eq!(no(b"%PDF-1.7 x", "a.docx"), ReadError::NotWhatItsName { named: FileType::Docx, is: FileType::Pdf });
    assert_eq!(no(b"%PDF-1.7 x", "a.pdf"), ReadError::Unsupported { is: FileType::Pdf });
    assert_eq!(no(b"", "a.docx"), ReadError::Empty);
    assert_eq!(
        no(b"\0\x01\x02\x03\xFF", "a.txt"),
        ReadError::NotWhatItsName { named: FileType::Text, is: FileType::Unknown }
    );
    // Values under the name of a workbook are common; a text under the name of a Word file is none.
    let pages = read(b"a\tb\n1\t2\n", "a.xls");
    assert_eq!(pages.notes, [Note::OtherType { named: FileType::Xls, is: FileType::Csv }]);
    assert_eq!(no(b"just words", "a.docx"), ReadError::NotWhatItsName { named: FileType::Docx, is: FileType::Text });
}
