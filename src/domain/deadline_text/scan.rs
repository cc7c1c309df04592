//! Characters of a printed time in one normal form, and the small words and numbers in them.

use crate::domain::text::half_width;

/// A text without white space, in half-width forms; each character knows where it stood.
pub(super) struct Scan {
    /// The normal form.
    pub(super) chars: Vec<char>,
    origin: Vec<usize>,
    original: Vec<char>,
}

impl Scan {
    pub(super) fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let (mut chars, mut origin) = (Vec::with_capacity(original.len()), Vec::with_capacity(original.len()));
        for (i, c) in original.iter().enumerate().filter(|(_, c)| !c.is_whitespace() && !c.is_control()) {
            chars.push(dash(half_width(*c)));
            origin.push(i);
        }
        Self { chars, origin, original }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    /// The printed text of a range, without white space.
    pub(super) fn printed(&self, start: usize, end: usize) -> String {
        let (Some(first), Some(last)) = (self.origin.get(start), end.checked_sub(1).and_then(|e| self.origin.get(e)))
        else {
            return String::new();
        };
        if first > last {
            return String::new();
        }
        self.original[*first..=*last].iter().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
    }

    pub(super) fn is(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.at(i + n) == Some(c))
    }

    /// The position behind the first of these words that stands at `i`.
    pub(super) fn any(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().find(|w| self.is(i, w)).map(|w| i + w.chars().count())
    }

    /// The position behind one of these words, or `i`.
    pub(super) fn skip(&self, i: usize, words: &[&str]) -> usize {
        self.any(i, words).unwrap_or(i)
    }

    /// A number in digits or Chinese numerals, at most four digits.
    pub(super) fn number(&self, i: usize) -> Option<(u32, usize)> {
        // Five are enough to know that there are too many.
        let stop = self.len().min(i + 6);
        let end = (i..stop).find(|&j| !self.chars[j].is_ascii_digit()).unwrap_or(stop);
        if end > i {
            let text: String = self.chars[i..end].iter().collect();
            return (end - i <= 4).then(|| text.parse().ok()).flatten().map(|n| (n, end));
        }
        let stop = self.len().min(i + 8);
        let end = (i..stop).find(|&j| !is_numeral(self.chars[j])).unwrap_or(stop);
        if end <= i {
            return None;
        }
        chinese(&self.chars[i..end]).map(|n| (n, end))
    }

    /// A year of four digits, in either script.
    pub(super) fn year(&self, i: usize) -> Option<(i32, usize)> {
        let digits: Vec<u32> = (i..i + 4).map_while(|j| self.at(j).and_then(digit)).collect();
        let year = digits.iter().fold(0_u32, |n, d| n * 10 + d);
        let longer = self.at(i + 4).is_some_and(|c| c.is_ascii_digit());
        (digits.len() == 4 && !longer && (1990..=2100).contains(&year)).then_some((i32::try_from(year).ok()?, i + 4))
    }
}

const fn dash(c: char) -> char {
    match c {
        '~' | '～' | '－' | '﹣' | '―' | '─' | '至' => '-',
        _ => c,
    }
}

fn digit(c: char) -> Option<u32> {
    c.to_digit(10)
        .or_else(|| "〇一二三四五六七八九".chars().position(|d| d == c).and_then(|n| u32::try_from(n).ok()))
        .or(match c {
            '零' | '○' | 'O' => Some(0),
            '两' => Some(2),
            _ => None,
        })
}

const fn is_numeral(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '两')
}

/// 二十一, 一百〇五, 十二, 两.
fn chinese(run: &[char]) -> Option<u32> {
    if run.is_empty() || run.len() > 6 {
        return None;
    }
    let (mut total, mut pending) = (0, None);
    for c in run {
        match c {
            '十' => total += pending.take().unwrap_or(1) * 10,
            '百' => total += pending.take().unwrap_or(1) * 100,
            c => {
                if pending.is_some_and(|p| p != 0) {
                    return None;
                }
                pending = digit(*c);
            }
        }
    }
    Some(total + pending.unwrap_or(0))
}
