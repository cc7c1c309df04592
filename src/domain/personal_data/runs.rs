//! Digits as they stand in a text: in one width, without invisible marks, in groups that belong together.

use crate::domain::text::half_width;

/// Signs between two groups of one number at most.
const GAP: usize = 3;

/// A visible character in its half-width form, with its bytes in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Digits without anything between them; `start` and `end` count glyphs.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) digits: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The visible characters of a text.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    let seen = text.char_indices().filter(|(_, c)| !is_mark(*c));
    seen.map(|(start, c)| Glyph { c: plain(c), start, end: start + c.len_utf8() }).collect()
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

fn plain(c: char) -> char {
    match c {
        // Spaces of every width.
        '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => ' ',
        // Digits that only look different: bold, double-struck, sans-serif, monospace.
        '\u{1D7CE}'..='\u{1D7FF}' => char::from_digit((c as u32 - 0x1D7CE) % 10, 10).unwrap_or(c),
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(c as u32 - 0x2070, 10).unwrap_or(c),
        '₀'..='₉' => char::from_digit(c as u32 - 0x2080, 10).unwrap_or(c),
        _ => half_width(c),
    }
}

/// What may stand between the groups of one number.
const fn joins(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '-' | '.' | '·' | '•' | '_' | '(' | ')' | '~' | '/')
}

/// The groups of digits, those that may belong to one number together.
pub(super) fn chains(glyphs: &[Glyph]) -> Vec<Vec<Group>> {
    let mut chains: Vec<Vec<Group>> = Vec::new();
    let mut at = 0;
    while at < glyphs.len() {
        if !glyphs[at].c.is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < glyphs.len() && (glyphs[at].c.is_ascii_digit()) {
            at += 1;
        }
        let mut digits: String = glyphs[start..at].iter().map(|glyph| glyph.c).collect();
        // The last place of an identity number.
        let mark = glyphs.get(at).is_some_and(|glyph| matches!(glyph.c, 'X' | 'x'));
        let alone = glyphs.get(at + 1).is_none_or(|glyph| !glyph.c.is_ascii_alphanumeric());
        if mark && alone && matches!(digits.len(), 3 | 17) {
            digits.push('X');
            at += 1;
        }
        let group = Group { digits, start, end: at };
        let joined = chains.last_mut().filter(|chain| {
            chain.last().is_some_and(|before| {
                let gap = &glyphs[before.end..start];
                gap.len() <= GAP && gap.iter().all(|glyph| joins(glyph.c))
            })
        });
        match joined {
            Some(chain) => chain.push(group),
            None => chains.push(vec![group]),
        }
    }
    chains
}
