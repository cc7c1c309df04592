//! What the writers ask the reader, so that what is written is read back the same.

use super::clean::joined;
use super::labels;
use super::title;

/// The number at the start of a text and what follows it, when `expected` would be the next number.
pub(in crate::documents) fn number_in_text(text: &str, expected: Option<u32>, alone: bool) -> Option<(String, String)> {
    match labels::numbered(text, expected).filter(|n| n.mark != '①') {
        Some(n) => Some((n.number, joined(&n.rest))),
        // Tasks may be numbered 一、二、三、 themselves, where nothing else stands beside them.
        None if alone => labels::section(text).filter(|l| l.rank == 1).map(|l| (l.label, joined(&l.title))),
        None => None,
    }
}

/// Labels and titles of the sections that a cell or row says.
pub(in crate::documents) fn sections(text: &str) -> Vec<(String, String)> {
    labels::sections(text).into_iter().map(|l| (l.label, joined(&l.title).replace('\n', ""))).collect()
}

/// The text after the joining of wrapped lines.
pub(in crate::documents) fn one_text(text: &str) -> String {
    joined(text)
}

/// The year a title says.
pub(in crate::documents) fn year_in(title: &str) -> Option<i32> {
    title::year_in(title)
}

/// The reporting period in a title.
pub(in crate::documents) fn period(title: &str) -> Option<String> {
    title::period(title)
}

/// What a unit cell says where nobody is named.
pub(in crate::documents) const NOBODY: &str = "—";
