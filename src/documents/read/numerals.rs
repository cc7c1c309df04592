//! Numbers as Word writes them in front of paragraphs.

/// A number in a format of `w:numFmt`; decimal when the format is not known, none for bullets.
pub(super) fn write(format: &str, number: i64) -> Option<String> {
    let n = number.clamp(0, 99_999);
    let index = usize::try_from(n).unwrap_or_default();
    let plain = n.to_string();
    Some(match format {
        "bullet" | "none" => return None,
        "decimalZero" => format!("{n:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => digits(&plain, '０'),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => match n {
            1..=20 => sign('①', index - 1),
            21..=35 => sign('㉑', index - 21),
            36..=50 => sign('㊱', index - 36),
            _ => plain,
        },
        "decimalEnclosedParen" if (1..=20).contains(&n) => sign('⑴', index - 1),
        "decimalEnclosedFullstop" if (1..=20).contains(&n) => sign('⒈', index - 1),
        "ideographEnclosedCircle" if (1..=10).contains(&n) => sign('㊀', index - 1),
        "upperLetter" => letters(index, b'A'),
        "lowerLetter" => letters(index, b'a'),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting" => counting(n, &PLAIN),
        "chineseLegalSimplified" => counting(n, &LEGAL),
        "ideographLegalTraditional" | "japaneseLegal" => counting(n, &LEGAL_OLD),
        "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => {
            plain.bytes().map(|b| PLAIN_ZERO[usize::from(b - b'0')]).collect()
        }
        "ideographTraditional" if (1..=10).contains(&n) => nth("甲乙丙丁戊己庚辛壬癸", index),
        "ideographZodiac" if (1..=12).contains(&n) => nth("子丑寅卯辰巳午未申酉戌亥", index),
        _ => plain,
    })
}

const PLAIN_ZERO: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

struct Signs {
    digits: [&'static str; 10],
    units: [&'static str; 5],
    /// 十二, not 一十二.
    short_ten: bool,
}

const PLAIN: Signs = Signs {
    digits: ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    units: ["", "十", "百", "千", "万"],
    short_ten: true,
};
const LEGAL: Signs = Signs {
    digits: ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"],
    units: ["", "拾", "佰", "仟", "万"],
    short_ten: false,
};
const LEGAL_OLD: Signs = Signs {
    digits: ["零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"],
    units: ["", "拾", "佰", "仟", "萬"],
    short_ten: false,
};

fn counting(n: i64, signs: &Signs) -> String {
    let mut written = String::new();
    let digits = n.to_string();
    let mut gap = false;
    for (at, digit) in digits.bytes().map(|b| usize::from(b - b'0')).enumerate() {
        let unit = digits.len() - 1 - at;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap && !written.is_empty() {
            written.push_str(signs.digits[0]);
        }
        gap = false;
        if !(signs.short_ten && digit == 1 && unit == 1 && written.is_empty()) {
            written.push_str(signs.digits[digit]);
        }
        written.push_str(signs.units[unit]);
    }
    if written.is_empty() { signs.digits[0].to_owned() } else { written }
}

fn digits(plain: &str, zero: char) -> String {
    plain.bytes().map(|b| offset(zero, usize::from(b - b'0'))).collect()
}

fn sign(first: char, index: usize) -> String {
    offset(first, index).to_string()
}

fn offset(first: char, index: usize) -> char {
    u32::try_from(index).ok().and_then(|index| char::from_u32(u32::from(first) + index)).unwrap_or(first)
}

fn nth(signs: &str, index: usize) -> String {
    signs.chars().nth(index - 1).map(String::from).unwrap_or_default()
}

/// A to Z, then AA to ZZ, as Word counts.
fn letters(index: usize, first: u8) -> String {
    if index == 0 {
        return String::new();
    }
    let letter = char::from(first + u8::try_from((index - 1) % 26).unwrap_or_default());
    std::iter::repeat_n(letter, ((index - 1) / 26 + 1).min(50)).collect()
}

fn roman(mut n: i64) -> String {
    const SIGNS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut written = String::new();
    n = n.min(4_999);
    for (value, text) in SIGNS {
        while n >= value {
            written.push_str(text);
            n -= value;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn as_word_writes_them() {
        for (format, number, expected) in [
            ("decimal", 7, "7"),
            ("decimalZero", 7, "07"),
            ("decimalFullWidth", 12, "１２"),
            ("decimalEnclosedCircle", 3, "③"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedParen", 2, "⑵"),
            ("chineseCounting", 1, "一"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 14, "十四"),
            ("chineseCountingThousand", 20, "二十"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseCountingThousand", 1003, "一千零三"),
            ("ideographDigital", 20, "二〇"),
            ("chineseLegalSimplified", 12, "壹拾贰"),
            ("ideographTraditional", 3, "丙"),
            ("ideographZodiac", 12, "亥"),
            ("upperRoman", 14, "XIV"),
            ("lowerLetter", 28, "bb"),
            ("noSuchFormat", 9, "9"),
        ] {
            assert_eq!(write(format, number).as_deref(), Some(expected), "{format} {number}");
        }
        assert_eq!(write("bullet", 1), None);
        assert_eq!(write("decimal", -5).as_deref(), Some("0"));
        assert!(write("upperRoman", i64::MAX).is_some_and(|text| text.len() < 20));
    }
}
