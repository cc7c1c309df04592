//! Texts on their way into a file: what XML cannot hold, what a spreadsheet would run, how wide they are.

use std::borrow::Cow;

use crate::domain::text::half_width;

/// Whether XML 1.0 has no place for a character.
const fn is_illegal(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Without the characters that XML cannot hold, and with one kind of line end.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_illegal(c) || c == '\r') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().filter(|c| !is_illegal(*c)).collect())
}

/// With the five signs of XML written out.
pub(super) fn escape(text: &str) -> String {
    quick_xml::escape::escape(clean(text).as_ref()).into_owned()
}

/// Whether a spreadsheet would take a field of a text file for a formula.
fn runs(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().chars().next().is_some_and(|c| matches!(half_width(c), '=' | '+' | '@') || is_minus(c))
}

/// The minus on a keyboard, of either width; a Chinese dash begins no formula.
const fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－' | '−')
}

/// A field of a text file that no spreadsheet runs: an apostrophe stands before it.
pub(super) fn defuse(text: &str) -> Cow<'_, str> {
    if runs(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A field as it was before [`defuse`].
pub(in crate::documents) fn fuse(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if runs(rest.trim_start_matches('\'')) => rest,
        _ => field,
    }
}

/// How wide a text is, in half-width characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if (c as u32) < 0x2000 { 1 } else { 2 }).sum()
}

/// Lines a text takes in a column of so many half-width characters.
pub(super) fn lines(text: &str, columns: f64) -> usize {
    // A character that does not fit at the end of a line leaves a place empty.
    let columns = (columns - 1.0).max(2.0);
    text.lines().map(|line| ((width(line) as f64 / columns).ceil() as usize).max(1)).sum::<usize>().max(1)
}
