//! The names in a compound file (the container of Office 97 to 2003, and of locked files since).

use std::collections::HashSet;

/// How a compound file begins.
pub(super) const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Names of streams and storages.
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Finds the names. Entries of the directory stand at multiples of 128, whatever became of the tables that lead
    /// there: no chain is followed, so none can mislead.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut names = HashSet::new();
        for entry in bytes.chunks_exact(128).skip(4) {
            let length = usize::from(u16::from_le_bytes([entry[64], entry[65]]));
            let plain =
                (4..=64).contains(&length) && length.is_multiple_of(2) && entry[length - 2..64].iter().all(|b| *b == 0);
            if !plain || !matches!(entry[66], 1 | 2) || names.len() > 1_000 {
                continue;
            }
            let units: Vec<u16> =
                entry[..length - 2].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
            names.insert(String::from_utf16_lossy(&units));
        }
        Self(names)
    }

    /// Whether there is one of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
