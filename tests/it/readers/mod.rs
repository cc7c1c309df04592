//! The readers of office files.

mod docx;
mod html;
mod lists;
pub mod make;
pub mod poison;
mod random;
mod sheets;
mod texts;

use taizhang::documents::read::read_here;
use taizhang::documents::table::{Pages, Table};

/// Reads and shows each table as lines: cells by `|`, spans as `×rows,columns`.
fn shown(bytes: &[u8], name: &str) -> Vec<String> {
    read(bytes, name).tables.iter().map(grid).collect()
}

fn read(bytes: &[u8], name: &str) -> Pages {
    read_here(bytes, name).unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
}

fn grid(table: &Table) -> String {
    let mut lines = vec![Vec::new(); table.rows];
    for cell in &table.cells {
        let spans = match (cell.row_span, cell.column_span) {
            (1, 1) => String::new(),
            (rows, columns) => format!("×{rows},{columns}"),
        };
        lines[cell.row].push(format!("{}:{}{spans}", cell.column, cell.text.replace('\n', "⏎").replace('\t', "⇥")));
    }
    lines.iter().map(|cells| cells.join(" | ")).collect::<Vec<_>>().join("\n")
}
