//! Check digits and the days inside numbers.

use chrono::NaiveDate;

/// The provinces and regions an identity number begins with (GB/T 2260).
const REGIONS: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

/// An identity number of eighteen places, with its day of birth and its check digit (GB 11643).
pub(super) fn is_id_18(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.len() != 18 || !REGIONS.contains(&&digits[..2]) || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let born = NaiveDate::parse_from_str(&digits[6..14], "%Y%m%d").ok();
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = bytes[..17].iter().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let check = b"10X98765432"[sum as usize % 11];
    born.is_some_and(in_a_life) && bytes[17] == check
}

/// An identity number of the old form: fifteen digits, born in the twentieth century.
pub(super) fn is_id_15(digits: &str) -> bool {
    digits.len() == 15
        && digits.bytes().all(|b| b.is_ascii_digit())
        && REGIONS.contains(&&digits[..2])
        // The county is never 00 there.
        && &digits[4..6] != "00"
        && NaiveDate::parse_from_str(&format!("19{}", &digits[6..12]), "%Y%m%d").is_ok()
}

fn in_a_life(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (1900..=2099).contains(&day.year())
}

/// A bank card: 16 to 19 digits that begin as cards do, with the check digit of Luhn.
pub(super) fn is_bank_card(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let begins = digits.starts_with(['3', '4', '5', '6']) || digits.starts_with("95");
    if !(16..=19).contains(&bytes.len()) || !begins || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    // The same digit over and over is no card.
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return false;
    }
    let doubled = |(at, byte): (usize, &u8)| {
        let digit = u32::from(byte - b'0');
        match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        }
    };
    bytes.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// 统一社会信用代码: eighteen places with the check digit of GB 32100.
pub(super) fn is_credit_code(code: &str) -> bool {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: &u8| SIGNS.iter().position(|sign| sign == byte);
    let Some(values) = code.as_bytes().iter().map(value).collect::<Option<Vec<usize>>>() else { return false };
    if values.len() != 18 || !code.starts_with(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'N', 'Y']) {
        return false;
    }
    let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum: usize = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31 == values[17]
}

/// Eight digits that are a day: 20260501.
pub(super) fn is_day(digits: &str) -> bool {
    digits.len() == 8
        && digits.starts_with(['1', '2'])
        && NaiveDate::parse_from_str(digits, "%Y%m%d").is_ok_and(in_a_life)
}
