//! Section labels (一、（二）第一部分) and task numbers (1. 2、（3）) at the start of a text.

use crate::domain::text::half_width;

/// How high a section stands; lower numbers are outer.
pub(super) type Rank = u8;

/// Section of a list without printed labels.
pub(super) const UNLABELLED: Rank = 20;

/// A label at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) rank: Rank,
    pub(super) label: String,
    pub(super) title: String,
}

const fn is_numeral(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
}

/// 一、做好… · （二）做好… · 第一部分 …
pub(super) fn section(text: &str) -> Option<Label> {
    let text = text.trim();
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).map(|c| half_width(*c));
    let rest = |i: usize| {
        let rest: String = chars[i.min(chars.len())..].iter().collect();
        rest.trim_start_matches(['、', '.', '．', ' ', '\u{3000}', '：', ':']).trim().to_owned()
    };
    let numerals = |i: usize| (i..chars.len()).take_while(|&j| is_numeral(chars[j])).count();
    if at(0) == Some('第') {
        let n = numerals(1).max((1..chars.len()).take_while(|&j| chars[j].is_ascii_digit()).count());
        let tail: String = chars.iter().skip(1 + n).take(2).collect();
        let word = ["部分", "章", "篇", "类", "板块", "节"].iter().find(|w| tail.starts_with(**w));
        return match word {
            Some(word) if n > 0 => {
                let end = 1 + n + word.chars().count();
                let label: String = chars[..end].iter().collect();
                let title = rest(end);
                Some(Label { rank: 0, title: if title.is_empty() { label.clone() } else { title }, label })
            }
            _ => None,
        };
    }
    if matches!(at(0), Some('(' | '[')) {
        let n = numerals(1);
        if n > 0 && n <= 4 && matches!(at(1 + n), Some(')' | ']')) {
            let label: String = chars[1..=n].iter().collect();
            let title = rest(n + 2);
            return (!title.is_empty()).then(|| Label { rank: 2, label: format!("（{label}）"), title });
        }
        return None;
    }
    let n = numerals(0);
    if n > 0 && n <= 4 && matches!(at(n), Some('、' | '.' | ',' | ':')) {
        let title = rest(n + 1);
        return (!title.is_empty()).then(|| Label { rank: 1, label: chars[..n].iter().collect(), title });
    }
    None
}

/// The labels in a section cell: one, or one per line (一、… then （一）…).
pub(super) fn sections(raw: &str) -> Vec<Label> {
    let mut out: Vec<Label> = Vec::new();
    for line in raw.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match section(line) {
            Some(label) if out.last().is_none_or(|l| l.rank < label.rank) => out.push(label),
            _ => match out.last_mut() {
                Some(last) => {
                    last.title.push('\n');
                    last.title.push_str(line);
                }
                None => return Vec::new(),
            },
        }
    }
    out
}

/// A number at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    /// As printed, without its dot.
    pub(super) number: String,
    /// Its value, when it is a plain number.
    pub(super) value: Option<u32>,
    /// The mark behind it: a full stop and a bracket are different kinds of numbers.
    pub(super) mark: char,
    /// The text behind it.
    pub(super) rest: String,
}

/// `1.做好…` `1、` `（1）` `①` `1.1 …`; a year, a count (`26个`) and a decimal are no numbers.
pub(super) fn numbered(text: &str, expected: Option<u32>) -> Option<Numbered> {
    let text = text.trim_start();
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).map(|c| half_width(*c));
    let digits =
        |i: usize| (i..chars.len().min(i + 5)).take_while(|&j| at(j).is_some_and(|c| c.is_ascii_digit())).count();
    let number = |i: usize, n: usize| -> String { (i..i + n).filter_map(at).collect() };
    let rest = |i: usize| -> String { chars[i.min(chars.len())..].iter().collect::<String>().trim_start().to_owned() };
    if let Some(c @ '①'..='⑳') = at(0) {
        return Some(Numbered { number: c.to_string(), value: None, mark: '①', rest: rest(1) });
    }
    if at(0) == Some('(') {
        let n = digits(1);
        if (1..=3).contains(&n) && at(1 + n) == Some(')') {
            let value = number(1, n).parse().ok();
            return Some(Numbered { number: number(1, n), value, mark: '(', rest: rest(n + 2) });
        }
        return None;
    }
    let n = digits(0);
    if n == 0 || n > 4 {
        return None;
    }
    let value: Option<u32> = number(0, n).parse().ok();
    let right = value.is_some() && value == expected;
    let first = number(0, n);
    match at(n)? {
        mark @ ('.' | '、' | ')' | '．') => {
            let m = digits(n + 1);
            if m == 0 {
                let text = rest(n + 1);
                // "1.、" and "1．. " happen.
                let text = text.trim_start_matches(['、', '.', '．']).trim_start().to_owned();
                return (!text.is_empty()).then_some(Numbered { number: first, value, mark, rest: text });
            }
            let behind = at(n + 1 + m);
            let is_time = behind.is_some_and(|c| "年月日季周个名项".contains(c)) || m >= 3;
            if mark != '.' || (is_time && (right || expected.is_none())) {
                return Some(Numbered { number: first, value, mark, rest: rest(n + 1) });
            }
            // 3.5万 is an amount, 1.2 推进 a number of two levels.
            let amount = behind.is_none_or(|c| "万亿倍%元公千百米吨".contains(c));
            if amount {
                return None;
            }
            let mut end = n + 1 + m;
            while at(end) == Some('.') && digits(end + 1) > 0 {
                end += 1 + digits(end + 1);
            }
            let number: String = (0..end).filter_map(at).collect();
            let text = rest(end).trim_start_matches(['、', '.', '．', ' ', '\u{3000}']).to_owned();
            (!text.is_empty()).then_some(Numbered { number, value: None, mark: '.', rest: text })
        }
        ',' if right => Some(Numbered { number: first, value, mark: ',', rest: rest(n + 1) }),
        c if c.is_whitespace() && right => Some(Numbered { number: first, value, mark: ' ', rest: rest(n + 1) }),
        _ => None,
    }
}

/// A cell of a number column: `12`, `12.`, `（3）`, `1-3`, `1-（3）`, `CY-01`, `十二`; nothing when it holds anything else.
pub(super) fn number_cell(text: &str) -> Option<(String, Option<u32>)> {
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).take(20).collect();
    if is_code(&plain) || is_bracketed(&plain) {
        return Some((text.split_whitespace().collect(), None));
    }
    let bare = plain.trim_end_matches(['.', '、', ')', ',', '。']).trim_start_matches(['(', 'N', 'n', '№', '第']);
    let bare = bare.strip_prefix("o.").unwrap_or(bare).trim_end_matches('项');
    if bare.is_empty() || bare.chars().count() > 12 {
        return None;
    }
    // Spreadsheets write 3.0 for 3.
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    let digits = bare.chars().any(|c| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '~' | '、'));
    let chinese = bare.chars().all(is_numeral);
    let circled = bare.chars().count() == 1 && bare.chars().all(|c| ('①'..='⑳').contains(&c));
    let letters = bare.chars().count() <= 4
        && bare.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && bare.chars().skip(1).all(|c| c.is_ascii_digit() || c == '-');
    (digits || chinese || circled || letters).then(|| (bare.to_owned(), bare.parse().ok()))
}

/// CY-01, A1, XM-2026-003: a few letters and figures, as a file keeper writes them.
fn is_code(plain: &str) -> bool {
    let letters = plain.chars().take_while(char::is_ascii_alphabetic).count();
    let mut parts = plain[letters..].strip_prefix('-').unwrap_or(&plain[letters..]).split(['-', '.']);
    let figures = |part: &str| !part.is_empty() && part.len() <= 6 && part.chars().all(|c| c.is_ascii_digit());
    let number = plain[..letters].eq_ignore_ascii_case("no");
    (1..=4).contains(&letters) && plain.len() <= 16 && !number && parts.all(figures)
}

/// 1-(1), 2(3): a point within a number.
fn is_bracketed(plain: &str) -> bool {
    let Some((number, point)) = plain.strip_suffix(')').and_then(|p| p.split_once('(')) else { return false };
    let number = number.strip_suffix(['-', '.']).unwrap_or(number);
    let figures = |part: &str| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    figures(number) && figures(point)
}
