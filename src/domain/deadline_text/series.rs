//! Several months, quarters or half-years in a row: 1月、7月; 第一、三季度; 3月、6月、9月和12月底前.

use chrono::NaiveDate;

use super::Time;
use super::point::{Grain, Point};
use super::running::kind_of;
use super::scan::Scan;
use crate::domain::deadline::month_end;

/// Points of a row at most.
const MOST: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Month,
    Quarter,
    Half,
}

/// One of the row: its number, its word when it has one of its own, and where it stands.
struct Item {
    number: u32,
    unit: Option<Unit>,
    year: i32,
    closed: bool,
    /// It has a word of its own.
    named: bool,
    start: usize,
    end: usize,
}

/// A row of at least two that begins at `i`, in its order, and where it ends.
pub(super) fn series(s: &Scan, i: usize, list_year: i32) -> Option<(Vec<Time>, usize)> {
    let mut items: Vec<Item> = Vec::new();
    let (mut at, mut year) = (i, list_year);
    loop {
        let start = at;
        if let Some((y, next)) = s.year(at)
            && let Some(next) = s.any(next, &["年度", "年"])
        {
            (year, at) = (y, next);
        }
        let (number, next) = match s.any(at, &["上"]).map(|n| (1, n)).or_else(|| s.any(at, &["下"]).map(|n| (2, n))) {
            Some(half) => half,
            None => s.number(s.skip(at, &["第"]))?,
        };
        let half = s.is(at, "上") || s.is(at, "下");
        let (unit, end) = [("月份", Unit::Month), ("月", Unit::Month), ("季度", Unit::Quarter), ("季", Unit::Quarter)]
            .into_iter()
            .find(|(word, _)| !half && s.is(next, word))
            .or_else(|| (half && s.is(next, "半年")).then_some(("半年", Unit::Half)))
            .map_or((None, next), |(word, unit)| (Some(unit), next + word.chars().count()));
        let stop = s.skip(end, &["底", "末"]);
        items.push(Item { number, unit, year, closed: stop > end, named: unit.is_some(), start, end: stop });
        at = s.skip(stop, &["以前", "之前", "前"]);
        match s.any(at, &["、", "和", "及", "与"]) {
            Some(next) if items.len() < MOST => at = next,
            _ => break,
        }
    }
    if items.len() < 2 {
        return None;
    }
    // 一、三季度: the word behind the last is that of all before it.
    let mut unit = None;
    for item in items.iter_mut().rev() {
        item.unit = item.unit.or(unit);
        unit = item.unit;
    }
    let mut times = Vec::new();
    let mut last: Option<NaiveDate> = None;
    for item in &items {
        let point = point_of(item)?;
        // Backwards it is no row of deadlines.
        if last.is_some_and(|last| point.last <= last) {
            return None;
        }
        last = Some(point.last);
        // 一 of 一、三季度 says nothing by itself.
        let (from, to) = if item.named { (item.start, item.end) } else { (i, at) };
        times.push(Time::on(s.printed(from, to), kind_of(&point), point.last));
    }
    Some((times, at))
}

fn point_of(item: &Item) -> Option<Point> {
    let (months, most, grain) = match item.unit? {
        Unit::Month => (1, 12, Grain::Month),
        Unit::Quarter => (3, 4, Grain::Quarter),
        Unit::Half => (6, 2, Grain::Half),
    };
    if !(1..=most).contains(&item.number) {
        return None;
    }
    let to = item.number * months;
    let first = NaiveDate::from_ymd_opt(item.year, to + 1 - months, 1)?;
    let last = month_end(item.year, to)?;
    Some(Point { first, last, grain, end: item.end, has_year: false, closed: item.closed })
}
