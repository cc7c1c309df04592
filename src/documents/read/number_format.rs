//! What a number looks like in a cell: dates as the office sees them, shares in percent, no noise of binary fractions.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike};

/// How a number is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// As it is.
    General,
    /// With so many decimals.
    Fixed(usize),
    /// As a share, with so many decimals.
    Percent(usize),
    /// As a day or time, by a code.
    Time(String),
}

/// The code of a format that needs no definition; the dates are those of a Chinese Excel.
pub(super) fn built_in(id: u32) -> Look {
    let code = match id {
        1 => return Look::Fixed(0),
        2 | 4 => return Look::Fixed(2),
        9 => return Look::Percent(0),
        10 => return Look::Percent(2),
        14 | 30 => "yyyy/m/d",
        15 | 31 => "yyyy年m月d日",
        16 | 28 | 29 | 51 | 53 | 54 | 58 => "m月d日",
        17 | 27 | 36 | 50 | 52 | 57 => "yyyy年m月",
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => "h:mm",
        22 => "yyyy/m/d h:mm",
        _ => return Look::General,
    };
    Look::Time(code.to_owned())
}

/// The look behind a format code.
pub(super) fn of_code(code: &str) -> Look {
    let code = code.split(';').next().unwrap_or_default();
    let bare = bare(code);
    let lower = bare.to_ascii_lowercase();
    if !lower.contains("general") && lower.contains(['y', 'd', 'h', 's']) || lower.contains("mm") || lower == "m" {
        return Look::Time(code.chars().take(200).collect());
    }
    let decimals = bare.rsplit_once('.').map_or(0, |(_, after)| after.chars().take_while(|c| *c == '0').count());
    if bare.contains('%') {
        Look::Percent(decimals.min(10))
    } else if bare.contains('0') && !bare.contains(['E', '/', '?']) {
        Look::Fixed(decimals.min(15))
    } else {
        Look::General
    }
}

/// Without literals and brackets.
fn bare(code: &str) -> String {
    let mut bare = String::new();
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => while signs.next().is_some_and(|c| c != '"') {},
            '[' => while signs.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                signs.next();
            }
            sign => bare.push(sign),
        }
    }
    bare
}

/// A number as text, and the day when its format shows one.
pub(super) fn show(number: f64, look: &Look, from_1904: bool) -> (String, Option<NaiveDate>) {
    match look {
        Look::Time(code) => match moment(number, from_1904) {
            Some(moment) => written(moment, code),
            None => (plain(number), None),
        },
        Look::Percent(decimals) => (format!("{:.decimals$}%", number * 100.0), None),
        Look::Fixed(decimals) if number.abs() < 1e15 => (format!("{number:.decimals$}"), None),
        _ => (plain(number), None),
    }
}

/// Fifteen digits, as Excel keeps them.
pub(super) fn plain(number: f64) -> String {
    let exact = number.to_string();
    if exact.len() <= 16 {
        return exact;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string().chars().take(400).collect()
}

/// The moment behind a serial number; none outside of what Excel knows.
pub(super) fn moment(serial: f64, from_1904: bool) -> Option<NaiveDateTime> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round();
    let (mut day, second) = ((seconds / 86_400.0).floor() as i64, (seconds % 86_400.0) as i64);
    let origin = if from_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)
    } else {
        // Excel believes in 29 February 1900.
        if day < 60 {
            day += 1;
        }
        NaiveDate::from_ymd_opt(1899, 12, 30)
    };
    origin?.and_hms_opt(0, 0, 0)?.checked_add_signed(Duration::seconds(day * 86_400 + second))
}

/// A moment in a format, as the office sees it. A format without a day names no day: "2026年12月" is a month.
fn written(moment: NaiveDateTime, code: &str) -> (String, Option<NaiveDate>) {
    let mut text = String::new();
    let (mut shows_day, mut after_hour) = (false, false);
    let signs: Vec<char> = code.chars().collect();
    let noon = code.contains("AM/PM") || code.contains("上午/下午");
    let mut at = 0;
    while at < signs.len() {
        let sign = signs[at];
        let run = signs[at..].iter().take_while(|c| c.eq_ignore_ascii_case(&sign)).count();
        let rest = || signs[at + run..].iter().collect::<String>().to_ascii_lowercase();
        let two = |n: u32| if run >= 2 { format!("{n:02}") } else { n.to_string() };
        let mut used = run;
        match sign.to_ascii_lowercase() {
            'y' | 'e' if run <= 2 && sign.eq_ignore_ascii_case(&'y') => {
                text.push_str(&format!("{:02}", moment.year() % 100));
            }
            'y' | 'e' => text.push_str(&moment.year().to_string()),
            'm' if after_hour || rest().trim_start_matches([':', '"', '分', '.']).starts_with('s') => {
                text.push_str(&two(moment.minute()));
                after_hour = false;
            }
            'm' if run >= 3 => text.push_str(&format!("{}月", moment.month())),
            'm' => text.push_str(&two(moment.month())),
            'd' | 'a' if sign.eq_ignore_ascii_case(&'a') || run >= 3 => {
                if sign.eq_ignore_ascii_case(&'a') && run < 3 {
                    used = if noon { 5 } else { run };
                    text.push_str(if moment.hour() < 12 { "AM" } else { "PM" });
                } else {
                    let day = usize::try_from(moment.weekday().num_days_from_sunday()).unwrap_or_default();
                    let names = ["日", "一", "二", "三", "四", "五", "六"];
                    text.push_str(if run == 3 { "" } else { "星期" });
                    text.push_str(names[day]);
                }
            }
            'd' => {
                shows_day = true;
                text.push_str(&two(moment.day()));
            }
            'h' => {
                after_hour = true;
                let hour = if noon && moment.hour() > 12 { moment.hour() - 12 } else { moment.hour() };
                text.push_str(&two(hour));
            }
            's' => text.push_str(&two(moment.second())),
            '"' => {
                used = signs[at + 1..].iter().position(|c| *c == '"').map_or(signs.len() - at, |end| end + 2);
                text.extend(signs[at..at + used].iter().filter(|c| **c != '"'));
            }
            '[' => used = signs[at..].iter().position(|c| *c == ']').map_or(signs.len() - at, |end| end + 1),
            '\\' => {
                used = 2;
                text.extend(signs.get(at + 1));
            }
            '_' | '*' => used = 2,
            '@' => {}
            '上' if noon => {
                used = 5;
                text.push_str(if moment.hour() < 12 { "上午" } else { "下午" });
            }
            _ => text.extend(std::iter::repeat_n(sign, run)),
        }
        at += used;
    }
    let text = text.trim().to_owned();
    (text, shows_day.then(|| moment.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_the_office_sees_them() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31);
        for (code, expected, date) in [
            ("yyyy\"年\"m\"月\"d\"日\"", "2026年12月31日", day),
            ("yyyy\"年\"m\"月\"d\"日\";@", "2026年12月31日", day),
            ("[$-804]yyyy\"年\"m\"月\"", "2026年12月", None),
            ("yyyy\\-mm\\-dd", "2026-12-31", day),
            ("m\"月\"d\"日\"", "12月31日", day),
            ("yyyy/m/d h:mm:ss", "2026/12/31 18:05:00", day),
            ("yyyy/m/d 上午/下午h:mm", "2026/12/31 下午6:05", day),
            ("yyyy年m月d日 aaaa", "2026年12月31日 星期四", day),
            ("h\"时\"mm\"分\"", "18时05分", None),
            ("mm:ss", "05:00", None),
        ] {
            let look = of_code(code);
            assert!(matches!(look, Look::Time(_)), "{code}");
            assert_eq!(show(46_387.753_472_222_2, &look, false), (expected.to_owned(), date), "{code}");
        }
    }

    #[test]
    fn numbers() {
        for (code, number, expected) in [
            ("General", 1.0, "1"),
            ("General", 0.1 + 0.2, "0.3"),
            ("0%", 0.35, "35%"),
            ("0.00%", 0.9156, "91.56%"),
            ("0.00_ ", 2.5, "2.50"),
            ("@", 7.0, "7"),
            ("#,##0", 1234.4, "1234"),
        ] {
            assert_eq!(show(number, &of_code(code), false), (expected.to_owned(), None), "{code}");
        }
        assert_eq!(moment(1.0, false).map(|m| m.date()), NaiveDate::from_ymd_opt(1900, 1, 1));
        assert_eq!(moment(61.0, false).map(|m| m.date()), NaiveDate::from_ymd_opt(1900, 3, 1));
        assert_eq!(moment(0.0, true).map(|m| m.date()), NaiveDate::from_ymd_opt(1904, 1, 1));
        for strange in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert!(moment(strange, false).is_none());
            assert!(plain(strange).len() < 401);
        }
    }
}
