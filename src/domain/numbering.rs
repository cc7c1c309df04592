//! The natural order of printed numbers: 2 before 10, 九 before 十, （二） before （十）.

use std::cmp::Ordering;

use super::text::half_width;

/// A piece of a printed number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// A number, however it was written.
    Number(u64),
    /// Anything else.
    Text(String),
}

/// What a printed number is sorted by; brackets, dots and spaces only separate.
pub fn natural_key(printed: &str) -> Vec<Piece> {
    let chars: Vec<char> = printed.chars().map(half_width).collect();
    let mut pieces = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let class = class_of(chars[i]);
        let end = (i..chars.len()).find(|&j| class_of(chars[j]) != class).unwrap_or(chars.len());
        let run = &chars[i..end];
        match class {
            Class::Digit => pieces.push(Piece::Number(decimal(run.iter().filter_map(|c| c.to_digit(10))))),
            Class::Chinese => pieces.push(Piece::Number(chinese(run))),
            Class::Circled => pieces.extend(run.iter().map(|c| Piece::Number(circled(*c)))),
            Class::Other => pieces.push(Piece::Text(run.iter().collect())),
            Class::Separator => {}
        }
        i = end;
    }
    pieces
}

/// Compares printed numbers in their natural order.
pub fn compare(a: &str, b: &str) -> Ordering {
    natural_key(a).cmp(&natural_key(b)).then_with(|| a.cmp(b))
}

/// Compares paths of section labels in their natural order; a parent comes before its children.
pub fn compare_paths(a: &[String], b: &[String]) -> Ordering {
    let keys = |path: &[String]| path.iter().map(|label| natural_key(label)).collect::<Vec<_>>();
    keys(a).cmp(&keys(b)).then_with(|| a.cmp(b))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Chinese,
    Circled,
    Separator,
    Other,
}

fn class_of(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        _ if chinese_digit(c).is_some() || chinese_unit(c).is_some() => Class::Chinese,
        '①'..='⑳' => Class::Circled,
        _ if c.is_whitespace() || c.is_ascii_punctuation() || "、。〔〕【】《》〈〉·—–．".contains(c) => {
            Class::Separator
        }
        _ => Class::Other,
    }
}

fn chinese_digit(c: char) -> Option<u64> {
    "〇一二三四五六七八九".chars().position(|d| d == c).map(|n| n as u64).or(match c {
        '零' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

const fn chinese_unit(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        _ => None,
    }
}

fn circled(c: char) -> u64 {
    u64::from(u32::from(c).saturating_sub(u32::from('①'))) + 1
}

fn decimal(digits: impl Iterator<Item = u32>) -> u64 {
    digits.fold(0, |n, d| n.saturating_mul(10).saturating_add(d.into()))
}

/// 二十一, 一百〇五; without units digit by digit (二〇二六).
fn chinese(run: &[char]) -> u64 {
    if run.iter().all(|c| chinese_unit(*c).is_none()) {
        return run.iter().filter_map(|c| chinese_digit(*c)).fold(0, |n, d| n.saturating_mul(10).saturating_add(d));
    }
    let (mut total, mut digit) = (0_u64, None);
    for &c in run {
        match chinese_unit(c) {
            Some(unit) => total = total.saturating_add(digit.take().unwrap_or(1) * unit),
            None => digit = chinese_digit(c),
        }
    }
    total.saturating_add(digit.unwrap_or(0))
}
