//! Printed text put into order: stray markup, wrapped lines, white space between Chinese characters.

use crate::domain::text::{half_width, is_unwanted};
use crate::domain::unit_expression::{WORD_ENDS, looks_like_a_unit};

/// Tags that fall out of web pages into texts.
const TAGS: &[&str] = &["p", "br", "div", "span", "strong", "b", "u", "em", "td", "tr", "font"];

/// Takes stray tags and unwanted characters out; `<p>` and `<br>` are line breaks.
pub(super) fn raw(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        push_wanted(&mut out, &rest[..open]);
        let after = &rest[open..];
        match after.char_indices().take(80).find(|(_, c)| *c == '>') {
            Some((close, _)) if is_tag(&after[1..close]) => {
                let first = after[1..close].trim_start_matches('/').chars().next().map(|c| c.to_ascii_lowercase());
                if matches!(first, Some('p' | 'b' | 'd' | 't')) {
                    out.push('\n');
                }
                rest = &after[close + 1..];
            }
            _ => {
                out.push('<');
                rest = &after[1..];
            }
        }
    }
    push_wanted(&mut out, rest);
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

fn push_wanted(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|c| !is_unwanted(*c) && !matches!(c, '\u{200B}' | '\u{FEFF}' | '\r')));
}

fn is_tag(inside: &str) -> bool {
    let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
    TAGS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether two characters want a space between them when a line is joined.
fn wants_space(a: char, b: char) -> bool {
    a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric()
}

const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '“' | '”' | '‘' | '’')
}

/// Joins wrapped lines, and takes white space between Chinese characters away.
///
/// A line that begins with a number of its own stays a line.
pub(super) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let (Some(a), Some(b)) = (out.chars().last(), line.chars().next()) {
            if matches!(a, '。' | '；' | ';' | '：' | ':') && begins_item(line) {
                out.push('\n');
            } else if wants_space(a, b) {
                out.push(' ');
            }
        }
        push_squeezed(&mut out, line);
    }
    out
}

fn push_squeezed(out: &mut String, line: &str) {
    let chars: Vec<char> = line.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_whitespace() {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        let end = (i..chars.len()).find(|&j| !chars[j].is_whitespace()).unwrap_or(chars.len());
        let around = (i.checked_sub(1).map(|j| chars[j]), chars.get(end));
        if let (Some(a), Some(b)) = around
            && !(is_wide(a) && is_wide(*b))
        {
            out.push(' ');
        }
        i = end;
    }
}

fn begins_item(line: &str) -> bool {
    let plain: Vec<char> = line.chars().take(4).map(half_width).collect();
    match plain.as_slice() {
        ['①'..='⑳', ..] | ['(', '0'..='9' | '一'..='十', ..] => true,
        [a, b, ..] if a.is_ascii_digit() => matches!(b, '.' | '、' | ')') || b.is_ascii_digit(),
        ['一' | '二' | '三' | '四' | '五', '是', ..] => true,
        _ => false,
    }
}

/// A unit cell: lines that end with a finished name stay apart, the others are joined.
pub(super) fn unit_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_whitespace() {
        if let Some(a) = out.chars().last() {
            let last: String = out.rsplit(is_mark).next().unwrap_or_default().to_owned();
            let starts = piece.chars().next().is_some_and(|c| is_mark(c) || matches!(c, '）' | ')'));
            let said = ["牵头", "配合", "落实", "负责"].iter().any(|w| last.ends_with(w));
            let finished = said || looks_like_a_unit(&last) && last.chars().count() >= 3;
            let open = opened(&out);
            let goes_on = piece.chars().count() <= 1 || WORD_ENDS.iter().any(|w| piece.starts_with(w));
            if !is_mark(a)
                && !starts
                && !open
                && (is_heading(piece) || finished && !goes_on && !continues(&last, piece))
            {
                out.push(' ');
            }
        }
        out.push_str(piece);
    }
    out
}

/// 配合单位：: a word of role with its noun before a colon begins something new.
fn is_heading(piece: &str) -> bool {
    let plain = key(piece);
    plain.split_once(':').is_some_and(|(word, _)| {
        word.chars().count() <= 6 && ["单位", "部门", "科室", "股室", "主体"].iter().any(|noun| word.ends_with(noun))
    })
}

/// 办 at the end of a line and 公室 on the next are one word; so are 政府 and 办公室, and words of role and tail.
fn continues(last: &str, next: &str) -> bool {
    let tails =
        ["牵头", "配合", "按", "执行", "落实", "负责", "等", "及", "和", "与", "(", "（", "职责", "分别", "协助"];
    tails.iter().any(|w| next.starts_with(w))
        || (last.ends_with("政府") && (next.starts_with("各") || next.starts_with("办")))
        || (last.ends_with('市') || last.ends_with('县') || last.ends_with('区') || last.ends_with('镇'))
}

fn opened(text: &str) -> bool {
    let mut depth = 0_i32;
    for c in text.chars() {
        match half_width(c) {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

fn is_mark(c: char) -> bool {
    matches!(half_width(c), '、' | ',' | ';' | ':' | '。' | ' ')
}

/// The text without white space and in half-width forms: what headings are compared by.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    key.extend(text.chars().map(half_width).filter(|c| !c.is_whitespace()));
    key
}

/// Cuts a text to so many characters; tells whether it did.
pub(super) fn cut(text: &mut String, most: usize) -> bool {
    match text.char_indices().nth(most) {
        Some((at, _)) => {
            text.truncate(at);
            true
        }
        None => false,
    }
}
