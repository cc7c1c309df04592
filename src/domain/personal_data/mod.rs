//! Telephone, identity and bank card numbers and mail addresses in running text: where they stand, and the text without
//! them.
//!
//! A number that is let through stands on the internet for ever, one reported wrongly costs a click. So in doubt it is
//! reported, except where a rule says what else it is: an amount, a date, a document number, a credit code.

mod checks;
mod runs;

use entity::vocabulary::PersonalDataKind;

use self::checks::{is_bank_card, is_credit_code, is_day, is_id_15, is_id_18};
use self::runs::{Glyph, Group, chains, glyphs};
use super::text::mask_phone;

/// Characters shown on either side of a finding.
const AROUND: usize = 12;
/// Digits of the longest number that is looked for.
const LONGEST: usize = 19;
/// What stands for what is hidden.
const HIDDEN: &str = "****";

/// Something personal in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: PersonalDataKind,
    /// Its first byte.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
}

/// Everything personal in a text, in its order, without overlaps.
pub fn find(text: &str) -> Vec<Finding> {
    let glyphs = glyphs(text);
    let mut found = mails(&glyphs);
    for chain in chains(&glyphs) {
        let mut at = 0;
        while at < chain.len() {
            match number(&glyphs, &chain[at..]) {
                Some((kind, from, count)) => {
                    let last = chain[at + count - 1].end;
                    found.push(Finding { kind, start: glyphs[from].start, end: glyphs[last - 1].end });
                    at += count;
                }
                None => at += 1,
            }
        }
    }
    found.extend(local_numbers(&glyphs, &found));
    found.sort_by_key(|one| (one.start, one.end));
    let mut end = 0;
    found.retain(|one| {
        let apart = one.start >= end;
        end = end.max(one.end);
        apart
    });
    found
}

/// The text with everything personal hidden: `138****1234` of a telephone, nothing of the rest.
pub fn mask(text: &str) -> String {
    mask_these(text, &find(text))
}

/// The surroundings of a finding, with it and its neighbours hidden.
pub fn excerpt(text: &str, findings: &[Finding], which: Finding) -> String {
    let before = text[..which.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let after = text[which.end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| which.end + at);
    // What reaches over the edge is taken whole, so that no half of a number is shown.
    let near: Vec<Finding> = findings.iter().copied().filter(|one| one.start < after && one.end > before).collect();
    let from = near.iter().map(|one| one.start).min().unwrap_or(before).min(before);
    let to = near.iter().map(|one| one.end).max().unwrap_or(after).max(after);
    let moved: Vec<Finding> =
        near.iter().map(|one| Finding { start: one.start - from, end: one.end - from, ..*one }).collect();
    let shown = mask_these(&text[from..to], &moved);
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{shown}{}", dots(from > 0), dots(to < text.len()))
}

fn mask_these(text: &str, findings: &[Finding]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for one in findings {
        out.push_str(&text[at..one.start]);
        out.push_str(&hidden(one.kind, &text[one.start..one.end]));
        at = one.end;
    }
    out.push_str(&text[at..]);
    out
}

fn hidden(kind: PersonalDataKind, what: &str) -> String {
    match kind {
        PersonalDataKind::Phone => mask_phone(&what.replace(['.', '·', '_'], "-")),
        PersonalDataKind::IdCard | PersonalDataKind::BankCard | PersonalDataKind::Email => HIDDEN.to_owned(),
    }
}

/// What begins with the first group of a chain: its kind, its first glyph, and how many groups it takes.
fn number(glyphs: &[Glyph], chain: &[Group]) -> Option<(PersonalDataKind, usize, usize)> {
    let first = chain.first()?;
    let (mut digits, mut phone, mut card) = (String::new(), None, None);
    for count in 1..=chain.len().min(LONGEST) {
        let groups = &chain[..count];
        digits.push_str(&groups[count - 1].digits);
        if digits.len() > LONGEST {
            break;
        }
        let sizes: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
        let Some(kind) = kind_of(&digits, &sizes) else { continue };
        if is_something_else(glyphs, groups, kind, &digits) {
            continue;
        }
        match kind {
            // The first end is the end: what follows is another number.
            PersonalDataKind::Phone => phone = phone.or(Some((kind, first.start, count))),
            // Cards of several lengths begin alike; the longest is meant.
            _ => card = Some((kind, first.start, count)),
        }
    }
    card.or(phone)
}

fn kind_of(digits: &str, sizes: &[usize]) -> Option<PersonalDataKind> {
    let spelt = sizes.iter().all(|size| *size == 1);
    if is_id_18(digits) && (sizes.len() <= 5 || spelt) || (is_id_15(digits) && sizes.len() == 1) {
        return Some(PersonalDataKind::IdCard);
    }
    if is_mobile(digits, sizes) || is_landline(digits, sizes) {
        return Some(PersonalDataKind::Phone);
    }
    let (last, others) = sizes.split_last()?;
    let grouped = others.iter().all(|size| *size >= 4) && *last >= 1;
    (is_bank_card(digits) && (grouped || spelt)).then_some(PersonalDataKind::BankCard)
}

fn is_mobile(digits: &str, sizes: &[usize]) -> bool {
    // +86, 86 and 0086, written onto the number or apart from it.
    for prefix in ["0086", "86"] {
        if let Some(rest) = digits.strip_prefix(prefix).filter(|rest| rest.len() == 11) {
            let mut own = sizes.to_vec();
            if own.first() == Some(&prefix.len()) {
                own.remove(0);
            } else if own.first().is_some_and(|size| *size > prefix.len()) {
                own[0] -= prefix.len();
            }
            // Written onto the number, it stands before a form that people use.
            if is_mobile(rest, &own) && own.first().is_some_and(|size| matches!(size, 1 | 3 | 7 | 11)) {
                return true;
            }
        }
    }
    // 138 0013 8000, 138-00138000, 1380013 8000; but not 13 2026 12345.
    let broken_up = sizes.len() <= 5 && sizes.iter().all(|size| *size >= 2) && sizes.first().is_some_and(|n| *n >= 3);
    let bytes = digits.as_bytes();
    bytes.len() == 11
        && bytes[0] == b'1'
        && matches!(bytes[1], b'3'..=b'9')
        && (broken_up || sizes.iter().all(|size| *size == 1))
}

fn is_landline(digits: &str, sizes: &[usize]) -> bool {
    for prefix in ["0086", "86"] {
        // Abroad the zero of the area is left out.
        let apart = sizes.first() == Some(&prefix.len()) && sizes.len() >= 2;
        if let Some(rest) = digits.strip_prefix(prefix).filter(|_| apart) {
            let zero = if rest.starts_with('0') { "" } else { "0" };
            let mut own = sizes[1..].to_vec();
            own[0] += zero.len();
            if own.len() >= 2 && is_landline(&format!("{zero}{rest}"), &own) {
                return true;
            }
        }
    }
    let area = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return false,
    };
    let Some(number) = digits.get(area..) else { return false };
    let whole = sizes.len() == 1 || sizes[0] == area && (sizes.len() == 2 || sizes.len() == 3 && sizes[1] >= 3);
    matches!(number.len(), 7 | 8) && !number.starts_with(['0', '1']) && whole
}

/// What follows an amount.
const MEASURES: &[&str] =
    &["元", "万元", "亿元", "万人", "人次", "平方米", "亩", "公顷", "吨", "千瓦", "立方米", "美元"];

/// A number of the right form that its surroundings tell to be no personal one.
fn is_something_else(glyphs: &[Glyph], groups: &[Group], kind: PersonalDataKind, digits: &str) -> bool {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return true };
    let after: String = glyphs[last.end..].iter().take(4).map(|glyph| glyph.c).collect();
    let before: String = glyphs[..first.start].iter().rev().take(14).map(|glyph| glyph.c).collect();
    // `before` runs backwards.
    let amount = MEASURES.iter().any(|measure| after.starts_with(measure))
        && !["元旦", "元宵", "元月"].iter().any(|day| after.starts_with(day));
    let with_cents = groups.len() == 2 && last.start == groups[0].end + 1 && glyphs[groups[0].end].c == '.';
    if with_cents && amount {
        return true;
    }
    if groups.len() == 1 && (amount || before.starts_with(['¥', '￥', '$'])) {
        return true;
    }
    // 1234567890123.45
    let mut rest = after.chars();
    let fraction = rest.next() == Some('.') && rest.next().is_some_and(|c| c.is_ascii_digit());
    let decimals = glyphs[last.end..].iter().skip(1).take_while(|glyph| glyph.c.is_ascii_digit()).count();
    if groups.len() == 1 && fraction && decimals <= 4 {
        return true;
    }
    // 〔2026〕13800138000号
    if before.starts_with(']') && after.starts_with('号') {
        return true;
    }
    let code: String = before.chars().rev().collect();
    if kind != PersonalDataKind::Phone && is_credit_code(digits) && code.contains("信用代码") {
        return true;
    }
    in_credit_code(glyphs, first.start, last.end)
}

/// A part of a code of eighteen letters and digits whose own check digit is right.
fn in_credit_code(glyphs: &[Glyph], start: usize, end: usize) -> bool {
    let letter = |glyph: &Glyph| glyph.c.is_ascii_alphanumeric();
    let from = glyphs[..start].iter().rposition(|glyph| !letter(glyph)).map_or(0, |at| at + 1);
    let to = glyphs[end..].iter().position(|glyph| !letter(glyph)).map_or(glyphs.len(), |at| end + at);
    let code: String = glyphs[from..to].iter().map(|glyph| glyph.c.to_ascii_uppercase()).collect();
    // The last place of an identity number may be a letter too.
    code.get(..17).is_some_and(|places| places.bytes().any(|b| b.is_ascii_alphabetic())) && is_credit_code(&code)
}

/// Words behind which seven or eight digits are a telephone number without its area.
const TELEPHONE: &[&str] = &["电话", "热线", "传真", "座机", "联系方式", "联系人", "手机", "TEL", "FAX", "PHONE"];

/// Numbers without their area: behind a word that says so, or in a row behind a number that has one.
fn local_numbers(glyphs: &[Glyph], found: &[Finding]) -> Vec<Finding> {
    let mut local: Vec<Finding> = Vec::new();
    for chain in chains(glyphs) {
        for (at, group) in chain.iter().enumerate() {
            let two = chain.get(at + 1).filter(|next| {
                matches!((group.digits.len(), next.digits.len()), (3 | 4, 4) | (4, 3)) && next.start - group.end == 1
            });
            let digits = format!("{}{}", group.digits, two.map_or("", |next| &next.digits));
            let fits = matches!(digits.len(), 7 | 8) && !digits.starts_with(['0', '1']) && !is_day(&digits);
            let end = two.map_or(group.end, |next| next.end);
            let (start_byte, end_byte) = (glyphs[group.start].start, glyphs[end - 1].end);
            let free = |one: &Finding| one.end <= start_byte || one.start >= end_byte;
            if !fits || !found.iter().all(free) || !local.iter().all(free) {
                continue;
            }
            let numbers = found.iter().chain(&local).filter(|one| one.kind == PersonalDataKind::Phone);
            let before = numbers.map(|one| one.end).filter(|end| *end <= start_byte).max();
            let in_row = before.is_some_and(|end| {
                let from = glyphs.partition_point(|glyph| glyph.start < end);
                let gap = &glyphs[from..group.start];
                gap.len() <= 3 && gap.iter().all(|glyph| " 、/,，;；或和及".contains(glyph.c))
            });
            if in_row || is_announced(glyphs, group.start) {
                local.push(Finding { kind: PersonalDataKind::Phone, start: start_byte, end: end_byte });
            }
        }
    }
    local
}

fn is_announced(glyphs: &[Glyph], at: usize) -> bool {
    let before = glyphs[..at].iter().rev().take(12);
    let clause: Vec<char> = before.map(|glyph| glyph.c).take_while(|c| !"。；;\n".contains(*c)).collect();
    let clause: String = clause.iter().rev().map(|c| c.to_ascii_uppercase()).collect();
    TELEPHONE.iter().any(|word| match clause.rfind(word) {
        Some(place) => !clause[place + word.len()..].chars().any(|c| c.is_ascii_digit()),
        None => false,
    })
}

fn mails(glyphs: &[Glyph]) -> Vec<Finding> {
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let mut found = Vec::new();
    for (at, _) in glyphs.iter().enumerate().filter(|(_, glyph)| glyph.c == '@') {
        let before = glyphs[..at].iter().rev().take_while(|glyph| local(glyph.c)).count();
        let after: String = glyphs[at + 1..].iter().map(|glyph| glyph.c).take_while(|c| domain(*c)).collect();
        let after = after.trim_end_matches(['.', '-']);
        let last = after.rsplit('.').next().unwrap_or_default();
        let known = after.contains('.') && last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        if before > 0 && known {
            let (start, end) = (glyphs[at - before].start, glyphs[at + after.len()].end);
            found.push(Finding { kind: PersonalDataKind::Email, start, end });
        }
    }
    found
}
