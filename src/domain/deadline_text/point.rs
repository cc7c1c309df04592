//! Points in time as they are printed: a day, a month, a quarter, a half-year, a year, and ranges of them.

use chrono::{Datelike, Days, NaiveDate};

use super::scan::Scan;
use crate::domain::deadline::month_end;

/// A stretch of days that was printed as one thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) grain: Grain,
    /// Where it ends in the text.
    pub(super) end: usize,
    /// The year was printed.
    pub(super) has_year: bool,
    /// 底, 末: its last day is meant.
    pub(super) closed: bool,
}

/// How fine a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    /// A day.
    Day,
    /// 上旬, 中旬: ten days.
    TenDays,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A half-year.
    Half,
    /// A year.
    Year,
}

/// 底, 末 and what may follow them.
const CLOSERS: &[&str] = &["底", "末", "终"];
const YEARS: &[(&str, i32)] =
    &[("今年", 0), ("本年度", 0), ("本年", 0), ("当年", 0), ("明年", 1), ("次年", 1), ("翌年", 1), ("去年", -1)];

/// The point that starts at `i`.
pub(super) fn point(s: &Scan, i: usize, list_year: i32) -> Option<Point> {
    if let Some(point) = numeric(s, i, list_year) {
        return Some(point);
    }
    let (mut year, mut has_year, mut at) = (list_year, false, i);
    if let Some((y, next)) = s.year(i)
        && let Some(next) = s.any(next, &["年度", "年"])
    {
        (year, has_year, at) = (y, true, next);
    } else if let Some((y, next)) = short_year(s, i, list_year) {
        (year, has_year, at) = (y, true, next);
    } else if let Some((word, shift)) = YEARS.iter().find(|(w, _)| s.is(i, w)) {
        (year, has_year, at) = (list_year + shift, true, i + word.chars().count());
    }
    // "2024年的12月"
    let after_year = s.skip(at, &["的"]);
    if let Some(point) = part(s, after_year, year, has_year) {
        return Some(point);
    }
    // 2月30日: a month follows that is none, so this is not the year alone.
    if s.number(after_year).is_some_and(|(_, next)| s.at(next) == Some('月')) {
        return None;
    }
    let (first, last) = (NaiveDate::from_ymd_opt(year, 1, 1)?, month_end(year, 12)?);
    let bare = ["年底", "年末", "年终"].iter().find(|w| s.is(i, w));
    let (end, closed) = match (has_year, bare) {
        (true, _) => (s.skip(at, CLOSERS), s.any(at, CLOSERS).is_some()),
        (false, Some(word)) => (i + word.chars().count(), true),
        (false, None) => return None,
    };
    Some(Point { first, last, grain: Grain::Year, end, has_year, closed })
}

/// 26年6月, 26年底: two figures for a year near that of the list, with something of it behind them.
fn short_year(s: &Scan, i: usize, list_year: i32) -> Option<(i32, usize)> {
    let figures = (i..i + 3).take_while(|&j| s.at(j).is_some_and(|c| c.is_ascii_digit())).count();
    let (n, next) = s.number(i).filter(|_| figures == 2)?;
    let next = s.any(next, &["年"])?;
    let year = 2000 + i32::try_from(n).ok()?;
    let goes_on = part(s, next, year, true).is_some() || s.any(next, CLOSERS).is_some();
    (goes_on && (year - list_year).abs() <= 3).then_some((year, next))
}

/// 20261031 and nothing else.
fn eight_figures(s: &Scan, i: usize) -> Option<Point> {
    let figures: String = (i..s.len()).map_while(|j| s.at(j).filter(char::is_ascii_digit)).take(9).collect();
    let date = NaiveDate::parse_from_str(&figures, "%Y%m%d").ok()?;
    let fits = figures.len() == 8 && (2000..=2100).contains(&date.year());
    fits.then_some(Point { first: date, last: date, grain: Grain::Day, end: i + 8, has_year: true, closed: true })
}

/// 12月, 12月31日, 上半年, 第三季度 of a year.
pub(super) fn part(s: &Scan, i: usize, year: i32, has_year: bool) -> Option<Point> {
    let make = |from: u32, to: u32, grain: Grain, end: usize| {
        let (first, last) = (NaiveDate::from_ymd_opt(year, from, 1)?, month_end(year, to)?);
        let closed = s.any(end, CLOSERS).is_some();
        Some(Point { first, last, grain, end: s.skip(end, CLOSERS), has_year, closed })
    };
    if let Some(end) = s.any(i, &["上半年"]) {
        return make(1, 6, Grain::Half, end);
    }
    if let Some(end) = s.any(i, &["下半年"]) {
        return make(7, 12, Grain::Half, end);
    }
    if s.is(i, "Q")
        && let Some((q @ 1..=4, end)) = s.number(i + 1)
    {
        return make(q * 3 - 2, q * 3, Grain::Quarter, end);
    }
    let ordinal = s.skip(i, &["第"]);
    let quarter = s.any(i, &["首季度"]).map(|end| (1, end)).or_else(|| {
        let (n, next) = s.number(ordinal)?;
        Some((n, s.any(next, &["季度", "季"])?))
    });
    if let Some((q @ 1..=4, end)) = quarter {
        return make(q * 3 - 2, q * 3, Grain::Quarter, end);
    }
    let (month, next) = s.number(i)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    let after = s.any(next, &["月份", "月"])?;
    // 3个月 is a length, not a month; "个" stops it before this point.
    if let Some((day, next)) = s.number(after)
        && let Some(end) = s.any(next, &["日", "号"])
    {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        return Some(Point { first: date, last: date, grain: Grain::Day, end, has_year, closed: true });
    }
    let ten = |from: u32, to: u32, end: usize| {
        let (first, last) = (NaiveDate::from_ymd_opt(year, month, from)?, NaiveDate::from_ymd_opt(year, month, to)?);
        Some(Point { first, last, grain: Grain::TenDays, end: s.skip(end, CLOSERS), has_year, closed: true })
    };
    if let Some(end) = s.any(after, &["上旬", "初"]) {
        return ten(1, 10, end);
    }
    if let Some(end) = s.any(after, &["中旬", "月中"]) {
        return ten(11, 20, end);
    }
    if let Some(end) = s.any(after, &["下旬"]) {
        let mut point = make(month, month, Grain::Month, end)?;
        point.first = NaiveDate::from_ymd_opt(year, month, 21)?;
        point.closed = true;
        return Some(point);
    }
    make(month, month, Grain::Month, after)
}

/// 2024-12-31, 2024.12.31, 2024/12, 12.31.
fn numeric(s: &Scan, i: usize, list_year: i32) -> Option<Point> {
    let separator = |at: usize| s.at(at).filter(|c| matches!(c, '-' | '.' | '/'));
    let digits = |at: usize| s.number(at).filter(|_| s.at(at).is_some_and(|c| c.is_ascii_digit()));
    if let Some(point) = eight_figures(s, i).filter(|_| i == 0) {
        return Some(point);
    }
    if let Some((year, next)) = s.year(i)
        && let Some(mark) = separator(next)
        && let Some((month @ 1..=12, next)) = digits(next + 1)
    {
        if separator(next) == Some(mark)
            && let Some((day, end)) = digits(next + 1)
        {
            let date = NaiveDate::from_ymd_opt(year, month, day)?;
            return Some(Point { first: date, last: date, grain: Grain::Day, end, has_year: true, closed: true });
        }
        if s.at(next).is_some_and(|c| c == '年' || c == '月') {
            return None;
        }
        let (first, last) = (NaiveDate::from_ymd_opt(year, month, 1)?, month_end(year, month)?);
        return Some(Point { first, last, grain: Grain::Month, end: next, has_year: true, closed: false });
    }
    // Without a year only a cell of its own is a date: "12.31".
    let (month, next) = digits(i)?;
    if i != 0 || s.at(next) != Some('.') {
        return None;
    }
    let (day, end) = digits(next + 1)?;
    let date = NaiveDate::from_ymd_opt(list_year, month, day).filter(|_| end == s.len() || s.is(end, "前"))?;
    Some(Point { first: date, last: date, grain: Grain::Day, end, has_year: false, closed: true })
}

/// 7月-8月, 5-6月份, 3月1日至15日; nothing when no second point follows.
pub(super) fn range(s: &Scan, i: usize, list_year: i32) -> Option<(Point, Point)> {
    let i = s.skip(i, &["自", "从"]);
    // 5-6月份: the first month has no word of its own.
    let bare = || {
        let (y, has_year, at) = match s.year(i) {
            Some((y, next)) => (y, true, s.any(next, &["年"])?),
            None => (list_year, false, i),
        };
        let (month, next) = s.number(at)?;
        (s.at(next) == Some('-')).then_some(())?;
        let second = part(s, next + 1, y, has_year).filter(|p| p.grain <= Grain::Month)?;
        let first = NaiveDate::from_ymd_opt(y, month, 1).filter(|_| month <= 12)?;
        let point = Point { first, last: month_end(y, month)?, end: next, ..second };
        Some((point, second))
    };
    if let Some((first, second)) = bare()
        && first.first <= second.last
    {
        return Some((first, second));
    }
    let first = point(s, i, list_year)?;
    let dash = s.skip(first.end, &["起", "开始"]);
    let next = s.any(dash, &["-", "到"])?;
    // 3月1日至15日
    if first.grain == Grain::Day
        && let Some((day, at)) = s.number(next)
        && let Some(end) = s.any(at, &["日", "号"])
    {
        let date = first.first.with_day(day).filter(|d| *d >= first.first)?;
        return Some((first, Point { first: date, last: date, end, ..first }));
    }
    let year = first.first.year();
    let mut second = point(s, next, year)?;
    if second.last < first.first && !second.has_year {
        // 11月至次年 is written, 11月-2月 means the same.
        second = point(s, next, year + 1)?;
    }
    (second.last >= first.first).then_some((first, second))
}

/// So many days before a day.
pub(super) fn day_before(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(1))
}
