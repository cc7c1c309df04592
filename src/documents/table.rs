//! What every reader of office files makes: tables of cells with their spans, and the paragraphs around them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::read::Note;

/// A file, read: its tables in order, with the text around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// The tables.
    pub tables: Vec<Table>,
    /// Paragraphs behind the last table, or all of them when there is no table.
    pub tail: Vec<String>,
    /// What a person should know about the reading.
    pub notes: Vec<Note>,
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Where it stands, as a person would say it: "表 1", a sheet's name.
    pub place: String,
    /// On a hidden sheet.
    pub hidden: bool,
    /// The paragraphs between the table before (or the start of the file) and this one.
    pub before: Vec<String>,
    /// Rows of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub columns: usize,
    /// Rows that the file hides, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_rows: Vec<usize>,
    /// Columns that the file hides, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_columns: Vec<usize>,
    /// The cells, by row and column of their upper left corner; covered places have none.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Row of its upper left corner, from 0.
    pub row: usize,
    /// Column of its upper left corner, from 0.
    pub column: usize,
    /// Rows it covers, at least 1.
    pub row_span: usize,
    /// Columns it covers, at least 1.
    pub column_span: usize,
    /// The text; paragraphs and soft breaks are `\n`, automatic numbers are written out.
    pub text: String,
    /// The day, when the file itself says that the cell is a date.
    pub date: Option<NaiveDate>,
    /// Where it stands, as a person would say it: "表 1 第 3 行第 2 列", "Sheet1!B7".
    pub place: String,
}
