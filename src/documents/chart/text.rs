//! Names of others in a picture: made harmless, measured, wrapped, shortened.

use crate::domain::text::is_unwanted;

use super::model::MAX_LABEL;

/// A name without control characters, marks of direction and invisible characters, on one line, at most `MAX_LABEL` long.
pub fn clean(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if is_unwanted(c) || is_invisible(c) || (c == ' ' && out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    if let Some((end, _)) = out.char_indices().nth(MAX_LABEL) {
        out.truncate(end);
        out.pop();
        out.push('…');
    }
    out
}

/// Characters that show nothing but change what stands beside them, and characters that XML does not allow.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Text between tags or inside quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The width of a character in hundredths of the size of the type, estimated on the safe side.
fn advance(c: char) -> u32 {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{FE00}'..='\u{FE0F}' => 0,
        ' ' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | 'i' | 'j' | 'l' | 'I' => 32,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 92,
        'A'..='Z' => 68,
        c if c < '\u{1100}' => 58,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' => 100,
        _ => 100,
    }
}

/// The width of a text at this size of type.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).map(f64::from).sum::<f64>() * size / 100.0
}

/// A text in at most so many lines of this width, as even as they get; what does not fit ends in an ellipsis.
pub fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let greedy = fill(text, size, room, lines);
    if greedy.len() < 2 || greedy.last().is_some_and(|line| line.ends_with('…')) {
        return greedy;
    }
    // A last line of two characters looks like a mistake.
    let even = width(text, size) / greedy.len() as f64 + size;
    let evened = fill(text, size, even.min(room), lines);
    if evened.len() == greedy.len() && !evened.last().is_some_and(|line| line.ends_with('…')) {
        evened
    } else {
        greedy
    }
}

/// Line after line, each as full as it gets.
fn fill(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && out.len() < lines {
        if width(rest, size) <= room {
            out.push(rest.to_owned());
            return out;
        }
        if out.len() + 1 == lines {
            out.push(shorten(rest, size, room));
            return out;
        }
        let end = line_end(rest, size, room);
        out.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    out
}

/// Where the first line ends: at a space if that wastes little, never before a closing mark.
fn line_end(text: &str, size: f64, room: f64) -> usize {
    let mut used = 0.0;
    let mut end = 0;
    let mut space = None;
    for (at, c) in text.char_indices() {
        used += f64::from(advance(c)) * size / 100.0;
        if used > room && at > 0 {
            break;
        }
        if c == ' ' {
            space = Some(at);
        }
        end = at + c.len_utf8();
    }
    let next = text[end..].chars().next();
    let inside_word =
        next.is_some_and(|c| c.is_ascii_alphanumeric()) && text[..end].ends_with(|c: char| c.is_ascii_alphanumeric());
    match space {
        Some(at) if inside_word && at > 0 => at,
        _ if next.is_some_and(|c| "，。、；：）》”’」】)".contains(c)) => {
            let before = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
            if before > 0 { before } else { end }
        }
        _ => end,
    }
}

/// The beginning of a text with an ellipsis, within this width.
fn shorten(text: &str, size: f64, room: f64) -> String {
    let room = room - size;
    let mut out = String::new();
    let mut used = 0.0;
    for c in text.chars() {
        used += f64::from(advance(c)) * size / 100.0;
        if used > room {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_even_and_break_where_people_would() {
        for (text, room, lines, expected) in [
            ("市教育局", 100.0, 2, &["市教育局"][..]),
            ("深化重点领域信息公开", 90.0, 2, &["深化重点领域", "信息公开"]),
            ("发展改革，公开", 45.0, 2, &["发展改", "革，公开"]),
            ("Ministry of Silly Walks", 80.0, 3, &["Ministry of", "Silly Walks"]),
            ("虚构市人力资源局", 40.0, 1, &["虚构市…"]),
            ("", 40.0, 2, &[]),
        ] {
            assert_eq!(wrap(text, 10.0, room, lines), expected, "{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text = "（一）推进、落实；ABC def 第12条，「公开」。".repeat(4);
        for room in 20..200 {
            for line in wrap(&text, 10.0, f64::from(room), 4) {
                assert!(width(&line, 10.0) <= f64::from(room), "{line} in {room}");
            }
        }
    }
}
