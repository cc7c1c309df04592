//! The lexer guard: a document is measured in linear time before the parser sees it.
//!
//! The parser recurses with every bracket, so a small document can overflow its stack and take the process along.
//! What this lexer cannot read is refused and never handed on.

use super::refusal::{Measure, Refusal};
use crate::config::Limits;

/// What a document consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lexed {
    /// Characters, comments and white space too.
    pub characters: usize,
    /// Tokens, comments and commas not counted.
    pub tokens: usize,
    /// Deepest nesting of `(`, `[` and `{`.
    pub depth: usize,
}

/// Reads a document and refuses it when it is not made of tokens or goes past a limit.
pub fn check(document: &str, limits: &Limits) -> Result<Lexed, Refusal> {
    let characters = document.chars().count();
    at_most(Measure::Characters, characters, limits.document_chars)?;
    if document.contains('\0') {
        return Err(Refusal::NullCharacter);
    }
    let mut lexer = Lexer { text: document, at: 0 };
    let mut lexed = Lexed { characters, ..Lexed::default() };
    let mut open = 0_usize;
    while let Some(token) = lexer.next_token()? {
        lexed.tokens += 1;
        at_most(Measure::Tokens, lexed.tokens, limits.document_tokens)?;
        match token {
            b'(' | b'[' | b'{' => {
                open += 1;
                lexed.depth = lexed.depth.max(open);
                at_most(Measure::BracketDepth, open, limits.bracket_depth)?;
            }
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    Ok(lexed)
}

/// Deepest nesting of a JSON text, without reading it as JSON.
pub fn json_depth(text: &[u8]) -> usize {
    let (mut open, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => in_string = true,
            (false, b'[' | b'{') => {
                open += 1;
                deepest = deepest.max(open);
            }
            (false, b']' | b'}') => open = open.saturating_sub(1),
            (false, _) => {}
        }
    }
    deepest
}

/// Refuses what is past its limit.
pub(super) fn at_most(measure: Measure, asked: usize, limit: usize) -> Result<(), Refusal> {
    let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    if asked > limit { Err(Refusal::TooMuch(measure, wide(asked), wide(limit))) } else { Ok(()) }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// The first byte of the next token, the token itself being passed over.
    fn next_token(&mut self) -> Result<Option<u8>, Refusal> {
        self.skip_ignored();
        let rest = self.rest();
        let Some(&first) = rest.first() else {
            return Ok(None);
        };
        let length = match first {
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}' => 1,
            b'.' if rest.starts_with(b"...") => 3,
            b'"' if rest.starts_with(b"\"\"\"") => self.block_string()?,
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => run(rest, |b| b == b'_' || b.is_ascii_alphanumeric()),
            _ => return Err(self.wrong()),
        };
        self.at += length;
        Ok(Some(first))
    }

    fn skip_ignored(&mut self) {
        loop {
            let rest = self.rest();
            self.at += match rest.first() {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => 1,
                Some(b'#') => run(rest, |b| b != b'\n' && b != b'\r'),
                Some(0xEF) if rest.starts_with(b"\xEF\xBB\xBF") => 3,
                _ => return,
            };
        }
    }

    fn string(&self) -> Result<usize, Refusal> {
        let rest = self.rest();
        let mut at = 1;
        while let Some(byte) = rest.get(at) {
            match byte {
                b'"' => return Ok(at + 1),
                b'\n' | b'\r' => break,
                // The escape would be a null character by the time it reaches a resolver.
                b'\\' if rest[at..].starts_with(b"\\u0000") => return Err(Refusal::NullCharacter),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        Err(self.wrong())
    }

    fn block_string(&self) -> Result<usize, Refusal> {
        let rest = self.rest();
        let mut at = 3;
        while at < rest.len() {
            if rest[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if rest[at..].starts_with(b"\"\"\"") {
                return Ok(at + 3);
            } else {
                at += 1;
            }
        }
        Err(self.wrong())
    }

    fn number(&self) -> Result<usize, Refusal> {
        let rest = self.rest();
        let digits = |from: usize| run(&rest[from.min(rest.len())..], |b| b.is_ascii_digit());
        let mut at = usize::from(rest[0] == b'-');
        let whole = digits(at);
        at += whole;
        if rest.get(at) == Some(&b'.') && digits(at + 1) > 0 {
            at += 1 + digits(at + 1);
        }
        if matches!(rest.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
            let exponent = digits(at + 1 + sign);
            at += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
        let glued = rest.get(at).is_some_and(|b| *b == b'_' || *b == b'.' || b.is_ascii_alphanumeric());
        if whole == 0 || glued { Err(self.wrong()) } else { Ok(at) }
    }

    /// A syntax error at the present place.
    fn wrong(&self) -> Refusal {
        let before = &self.text[..self.at];
        let line = 1 + before.bytes().filter(|b| *b == b'\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        Refusal::Syntax(line, column)
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| !belongs(*b)).unwrap_or(bytes.len())
}
