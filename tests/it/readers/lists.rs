//! The five real lists say the same in every form.

use taizhang::documents::table::Table;

use super::read;
use crate::documents::shared_documents;

const LISTS: [(&str, usize); 5] =
    [("town-2021", 36), ("bureau-2021", 33), ("shulan-2024", 74), ("tongcheng-2024", 32), ("putian-2021", 37)];

/// Cells as position, spans and text without white space; rows above the heads (a title in a sheet) left out.
fn essence(table: &Table) -> Vec<(usize, usize, usize, usize, String)> {
    let whole = |row: usize| {
        table.cells.iter().any(|cell| cell.row == row && cell.column == 0 && cell.column_span == table.columns)
    };
    let skip = (0..table.rows).take_while(|row| whole(*row)).count();
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let cells = table.cells.iter().filter(|cell| cell.row >= skip);
    cells.map(|c| (c.row - skip, c.column, c.row_span, c.column_span, plain(&c.text))).collect()
}

#[test]
fn the_same_grid_from_word_excel_and_the_web() {
    let Some(folder) = shared_documents() else { return };
    for (list, tasks) in LISTS {
        let of = |ending: &str| {
            let name = format!("{list}.{ending}");
            read(&std::fs::read(folder.join(&name)).unwrap(), &name)
        };
        let (docx, xlsx, html) = (of("docx"), of("xlsx"), of("html"));
        let word = essence(&docx.tables[0]);
        assert!(docx.tables[0].rows > tasks, "{list}");
        assert!(word.iter().filter(|cell| cell.4.chars().count() > 3).count() > tasks, "{list}");
        assert_eq!(word, essence(&html.tables[0]), "{list}: docx and html");
        assert_eq!(word, essence(&xlsx.tables[0]), "{list}: docx and xlsx");
        for pages in [&docx, &xlsx, &html] {
            assert_eq!(pages.tables.len(), 1, "{list}");
            assert!(pages.notes.is_empty(), "{list}: {:?}", pages.notes);
        }
        assert_eq!(docx.tables[0].before.is_empty(), xlsx.tables[0].rows == docx.tables[0].rows, "{list}: title");
    }
}

#[test]
fn the_texts_of_pages_and_prints() {
    let Some(folder) = shared_documents() else { return };
    for (list, columns) in [
        ("bureau-2021", Some(3)),
        ("tongcheng-2024", Some(5)),
        ("putian-2021", Some(5)),
        ("town-2021", None),
        ("shulan-2024", None),
    ] {
        let bytes = std::fs::read(folder.join(format!("{list}.txt"))).unwrap();
        let pages = read(&bytes, "list.txt");
        match columns {
            Some(columns) => {
                assert_eq!(pages.tables.len(), 1, "{list}");
                assert_eq!(pages.tables[0].columns, columns, "{list}");
                assert!(pages.tables[0].rows > 30, "{list}");
            }
            None => {
                assert!(pages.tables.is_empty(), "{list}");
                let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
                assert_eq!(pages.tail.join("\n"), text.strip_suffix('\n').unwrap_or(&text), "{list}");
            }
        }
    }
}
