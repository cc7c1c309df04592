//! From bytes to text: byte order marks, UTF-8, what a page says of itself, GB18030, and a guess.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Text, and whether bytes had to be replaced; none when this is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, bool)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(with(encoding, bytes));
    }
    if let Some(encoding) = wide(bytes) {
        return Some(with(encoding, bytes));
    }
    if is_binary(bytes) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((clean(text), false));
    }
    if mostly_utf8(bytes) {
        return Some(with(UTF_8, bytes));
    }
    let said = of_page(bytes).filter(|encoding| *encoding != UTF_8);
    Some(with(said.unwrap_or_else(|| guess(bytes)), bytes))
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> (String, bool) {
    let (text, _, bad) = encoding.decode(bytes);
    (clean(&text), bad)
}

/// One kind of line end; no zero bytes.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// UTF-16 without its mark: of text in it, every second byte of ASCII signs is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4_096)];
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if !bytes.len().is_multiple_of(2) || even + odd < 2 {
        return None;
    }
    // Line ends and digits are enough: one side only, and no other control characters once decoded.
    let encoding = match (even, odd) {
        (0, _) => UTF_16LE,
        (_, 0) => UTF_16BE,
        _ => return None,
    };
    let (text, bad) = encoding.decode_without_bom_handling(head);
    let strange = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
    (!bad && strange == 0).then_some(encoding)
}

/// Zero bytes or many control characters.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(65_536)];
    let strange =
        head.iter().filter(|b| **b < 32 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B)).count();
    strange * 100 > head.len()
}

/// A text cut in the middle of a sign, or with a few bad bytes, is still UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 10
}

/// What a page says in `<meta>`.
fn of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(8_192)].to_ascii_lowercase();
    let found = head.windows(8).position(|window| window == b"charset=")?;
    let rest = &head[found + 8..];
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))?;
    Encoding::for_label(&rest[..end]).filter(|encoding| encoding.is_ascii_compatible())
}

/// GB18030 is what offices have; Big5 only when it fits better.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if found == BIG5 && GB18030.decode(bytes).2 { BIG5 } else { GB18030 }
}
