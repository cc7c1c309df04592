//! Names and telephone numbers: matching what was printed, hiding what is personal.

/// The half-width form of a full-width letter, digit or sign, and one form for each kind of bracket and dash.
#[inline]
pub const fn half_width(c: char) -> char {
    match c {
        // The letters of Chinese, which most of a text is made of.
        '\u{3400}'..='\u{9FFF}' => c,
        '\u{FF01}'..='\u{FF5E}' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(half) => half,
            None => c,
        },
        '\u{3000}' | '\u{00A0}' => ' ',
        '〔' | '【' => '[',
        '〕' | '】' => ']',
        '﹙' => '(',
        '﹚' => ')',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        _ => c,
    }
}

/// The form in which names are compared: half-width, without white space and invisible marks, small letters.
pub fn match_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let kept = name.chars().map(half_width).filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c));
    key.extend(kept.flat_map(char::to_lowercase));
    key
}

/// Longest login name, characters.
pub const LOGIN_CHARS: usize = 64;

/// Whether somebody can be called so: what can be seen, without blanks, and not too long.
pub fn is_login(login: &str) -> bool {
    let shown = |c: char| !c.is_whitespace() && !c.is_control() && !is_invisible(c);
    (1..=LOGIN_CHARS).contains(&login.chars().count()) && login.chars().all(shown)
}

/// How the login names of the program's own accounts begin.
pub const OWN_LOGINS: &str = "operator.";

/// Whether nobody else may be called so.
pub fn is_reserved_login(login: &str) -> bool {
    login.get(..OWN_LOGINS.len()).is_some_and(|start| start.eq_ignore_ascii_case(OWN_LOGINS))
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// Control characters, and marks that turn the direction of writing around; line breaks and tabs are part of texts.
pub fn is_unwanted(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A telephone number in its stored form (`13812341234`, `0431-23456789`), or nothing when it is none.
///
/// Mobile numbers of the mainland have 11 digits; landlines need their area code and may have an extension.
pub fn parse_phone(text: &str) -> Option<String> {
    let compact: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let compact = compact.strip_prefix("+86").or_else(|| compact.strip_prefix("0086")).unwrap_or(&compact);
    let compact = compact.trim_start_matches('-');
    if compact.chars().any(|c| !(c.is_ascii_digit() || matches!(c, '-' | '(' | ')'))) {
        return None;
    }
    let digits: String = compact.chars().filter(char::is_ascii_digit).collect();
    let bytes = digits.as_bytes();
    if bytes.len() == 11 && bytes[0] == b'1' && matches!(bytes[1], b'3'..=b'9') {
        return (!compact.contains(['(', ')'])).then_some(digits);
    }
    landline(compact)
}

/// `0431-23456789`, `(0431)23456789`, `043123456789`, `010-2345678-801`: no subscriber's number starts with 0 or 1.
fn landline(compact: &str) -> Option<String> {
    let plain = compact.replace('(', "").replace(')', "-");
    let (area, rest) = split_area(&plain)?;
    let mut parts = rest.splitn(2, '-');
    let number = parts.next()?;
    let extension = parts.next();
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let fine = matches!(number.len(), 7 | 8)
        && all_digits(number)
        && !number.starts_with(['0', '1'])
        && extension.is_none_or(|e| (1..=6).contains(&e.len()) && all_digits(e));
    fine.then(|| match extension {
        Some(extension) => format!("{area}-{number}-{extension}"),
        None => format!("{area}-{number}"),
    })
}

/// Beijing and the 02x cities have three digits, everyone else four.
fn split_area(plain: &str) -> Option<(&str, &str)> {
    let three = plain.starts_with("010") || plain.starts_with("02");
    let length = if three { 3 } else { 4 };
    let (area, rest) = plain.split_at_checked(length)?;
    let fine = area.starts_with('0') && !area.starts_with("00") && area.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| (area, rest.strip_prefix('-').unwrap_or(rest)))
}

/// A telephone number that may be shown to anybody: `138****1234`, `0431-****678`.
///
/// What is no telephone number is hidden altogether.
pub fn mask_phone(text: &str) -> String {
    const HIDDEN: &str = "****";
    match parse_phone(text) {
        Some(phone) => match phone.split_once('-') {
            Some((area, rest)) => {
                let number = rest.split('-').next().unwrap_or_default();
                format!("{area}-{HIDDEN}{}", &number[number.len() - 3..])
            }
            None => format!("{}{HIDDEN}{}", &phone[..3], &phone[7..]),
        },
        None => HIDDEN.to_owned(),
    }
}
