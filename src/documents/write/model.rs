//! What every writer writes: sheets of one table each, with a title, lines above and notes below.

use chrono::NaiveDate;

/// A file to be: its sheets in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// The sheets; a workbook shows them as tabs, a document and a text file below each other.
    pub sheets: Vec<Sheet>,
    /// The day the properties of a workbook name; a file without it names a fixed day, so that equal books are equal bytes.
    pub made_on: Option<NaiveDate>,
}

impl From<Sheet> for Book {
    fn from(sheet: Sheet) -> Self {
        Self { sheets: vec![sheet], made_on: None }
    }
}

/// One table with what stands around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The name of the tab.
    pub name: String,
    /// The title above the table.
    pub title: Option<String>,
    /// Lines between title and table; the fields of a line stand side by side (填报单位：… 填报时间：…).
    pub lines: Vec<Vec<String>>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows below the headings.
    pub rows: Vec<Row>,
    /// Lines below the table.
    pub notes: Vec<String>,
    /// The sheet of paper.
    pub paper: Paper,
    /// Charts beside the table; only a workbook has them.
    pub charts: Vec<Chart>,
}

/// The sheet of paper, always A4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// Wider than high.
    #[default]
    Landscape,
    /// Higher than wide.
    Portrait,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its heading; an empty one shares the cell of the heading on its right when `joined` is set.
    pub heading: String,
    /// The heading of the next column covers this one too.
    pub joined: bool,
    /// How wide it is, in half-width characters (a line has 132, an upright one 88); none means that its texts decide.
    pub width: Option<f64>,
    /// How its cells are aligned.
    pub align: Align,
    /// What a place covered from above says in a file that has no merged cells.
    pub below: Below,
    /// Words a workbook offers to choose from; others may be typed all the same.
    pub choices: Vec<String>,
}

impl Column {
    /// A column whose width comes from its texts.
    pub fn new(heading: impl Into<String>, align: Align) -> Self {
        Self { heading: heading.into(), align, ..Self::default() }
    }

    /// The same column with a width of its own.
    pub fn width(mut self, width: f64) -> Self {
        self.width = Some(width);
        self
    }
}

/// How a cell is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// To the left: sentences.
    #[default]
    Left,
    /// In the middle: numbers and short words.
    Center,
}

/// What a covered place says where cells cannot be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Below {
    /// Nothing.
    #[default]
    Blank,
    /// 同上.
    Same,
    /// The text above once more.
    Again,
}

/// A row below the headings.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A section over the whole width, 0 is the outermost.
    Section {
        /// How deep it lies.
        level: u8,
        /// What it says.
        text: String,
    },
    /// Cells, one slot for each column.
    Cells {
        /// The slots.
        slots: Vec<Slot>,
        /// A row of sums.
        strong: bool,
    },
}

impl Row {
    /// A plain row.
    pub fn cells(slots: Vec<Slot>) -> Self {
        Self::Cells { slots, strong: false }
    }
}

/// A place of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// A cell that begins here and covers so many rows.
    Cell {
        /// What it holds.
        value: Value,
        /// Rows it covers, at least 1.
        rows: usize,
    },
    /// Covered by the cell above.
    Covered,
}

impl Slot {
    /// A cell of one row.
    pub const fn one(value: Value) -> Self {
        Self::Cell { value, rows: 1 }
    }

    /// A text of one row.
    pub fn text(text: impl Into<String>) -> Self {
        Self::one(Value::text(text))
    }
}

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// A text; never a formula, whatever it begins with.
    Text(String),
    /// A number.
    Number(f64),
    /// A share, shown in per cent.
    Share(f64),
    /// A day.
    Date(NaiveDate),
    /// A number that a workbook computes again.
    Formula {
        /// How.
        formula: Formula,
        /// What comes out.
        result: f64,
    },
}

impl Value {
    /// A text, or nothing when it is blank.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A count.
    pub fn count(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

/// A formula in terms of the model: rows and columns count from 0, rows below the headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// The sum of the own column over rows, both ends within.
    Sum {
        /// First row.
        from: usize,
        /// Last row.
        to: usize,
    },
    /// One column of the own row by another, a dash when there is nothing to divide by.
    Share {
        /// The column above the line.
        of: usize,
        /// The column below the line.
        by: usize,
    },
    /// The sum of a column of another sheet over the rows that have the text of this row's first cell in a key column.
    Matching {
        /// The other sheet, by its position in the book.
        sheet: usize,
        /// The key column there.
        key: usize,
        /// The column that is added up there.
        column: usize,
        /// How many rows count there, from the first.
        rows: usize,
    },
}

/// A bar chart over the table's own cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// The column with the names.
    pub names: usize,
    /// The columns with the numbers, one series each.
    pub series: Vec<usize>,
    /// First row.
    pub from: usize,
    /// Last row.
    pub to: usize,
}
