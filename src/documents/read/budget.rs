//! What a file may cost: limits, and the counting of cells and text against them.

use serde::{Deserialize, Serialize};

use super::ReadError;

/// The limits of a file that an operator may set; the start values are those of [`limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLimits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Bytes of a package, unpacked.
    pub unpacked: u64,
    /// Parts of a package.
    pub entries: usize,
    /// Cells of a file.
    pub cells: usize,
    /// Bytes of memory of the process that reads it.
    pub memory: u64,
    /// Seconds of processor time of that process.
    pub cpu_seconds: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            bytes: limits::MAX_BYTES,
            unpacked: limits::MAX_UNPACKED,
            entries: limits::MAX_ENTRIES,
            cells: limits::MAX_CELLS,
            memory: limits::MAX_MEMORY,
            cpu_seconds: limits::MAX_CPU_SECONDS,
        }
    }
}

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
    /// Memory of the process that reads a file, in bytes of its address space.
    pub const MAX_MEMORY: u64 = 512 * 1024 * 1024;
    /// Seconds of processor time of that process.
    pub const MAX_CPU_SECONDS: u64 = 20;
    /// Places of a grid at most, covered ones counted.
    pub const MAX_PLACES: usize = 1_000_000;
    /// Bytes of what hidden rows say, about, that are kept for a person to know them again.
    pub const HIDDEN_CHARS: usize = 500;
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
    /// The limits of this file.
    pub(super) limits: FileLimits,
    cells: usize,
    text: usize,
}

impl Budget {
    /// Nothing counted yet.
    pub(super) fn within(limits: FileLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// One more cell.
    pub(super) fn cell(&mut self) -> Result<(), ReadError> {
        self.cells += 1;
        if self.cells > self.limits.cells { Err(ReadError::TooManyCells) } else { Ok(()) }
    }

    /// More cells.
    pub(super) fn cells(&mut self, count: usize) -> Result<(), ReadError> {
        self.cells = self.cells.saturating_add(count);
        if self.cells > self.limits.cells { Err(ReadError::TooManyCells) } else { Ok(()) }
    }

    /// More text.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.text = self.text.saturating_add(bytes);
        if self.text > limits::MAX_TEXT { Err(ReadError::TooMuchText) } else { Ok(()) }
    }
}
