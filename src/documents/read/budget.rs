//! What a file may cost: limits, and the counting of cells and text against them.

use super::ReadError;

/// The limits of a file.
pub mod limits {
    /// Bytes of a file at most.
    pub const MAX_BYTES: usize = 20 * 1024 * 1024;
    /// Bytes of a package, unpacked, at most.
    pub const MAX_UNPACKED: u64 = 200 * 1024 * 1024;
    /// Parts of a package at most.
    pub const MAX_ENTRIES: usize = 5_000;
    /// Cells of a file at most.
    pub const MAX_CELLS: usize = 200_000;
    /// Places of a grid at most, covered ones counted.
    pub const MAX_PLACES: usize = 1_000_000;
    /// Bytes of text of a file at most.
    pub const MAX_TEXT: usize = 8 * 1024 * 1024;
    /// Columns that a cell may cover.
    pub const MAX_SPAN: usize = 1_000;
    /// Elements within elements at most.
    pub const MAX_DEPTH: usize = 500;
    /// Notes at most.
    pub const MAX_NOTES: usize = 100;
}

/// Counts what was taken from a file.
#[derive(Debug, Default)]
pub(super) struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    /// One more cell.
    pub(super) fn cell(&mut self) -> Result<(), ReadError> {
        self.cells += 1;
        if self.cells > limits::MAX_CELLS { Err(ReadError::TooManyCells) } else { Ok(()) }
    }

    /// More cells.
    pub(super) fn cells(&mut self, count: usize) -> Result<(), ReadError> {
        self.cells = self.cells.saturating_add(count);
        if self.cells > limits::MAX_CELLS { Err(ReadError::TooManyCells) } else { Ok(()) }
    }

    /// More text.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.text = self.text.saturating_add(bytes);
        if self.text > limits::MAX_TEXT { Err(ReadError::TooMuchText) } else { Ok(()) }
    }
}
