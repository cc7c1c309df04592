//! Times in running text: only what is surely a time that binds.

use entity::vocabulary::DeadlineKind;

use super::Time;
use super::cell::how_often;
use super::point::{Grain, Point, point, range};
use super::rules::{phrase_end, recurring, relative};
use super::scan::Scan;
use crate::domain::deadline::is_month_end;

/// A time in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The time.
    pub time: Time,
    /// It says by when or how often at least, so it can be the deadline of a list without such a column.
    pub binds: bool,
}

/// What 定期 comes to.
pub(super) const HOW_OFTEN: &str = "频次未定";
const MOST: usize = 10;

/// Finds the times in a running text, in their order.
pub fn find(text: &str, year: i32) -> Vec<Found> {
    let s = Scan::new(text);
    let mut found = Vec::new();
    let (mut i, mut sentence, mut quoted) = (0, 0, 0_usize);
    while i < s.len() && found.len() < MOST {
        match s.at(i) {
            Some('《') => quoted += 1,
            Some('》') => quoted = quoted.saturating_sub(1),
            Some('。' | ';') => sentence = i + 1,
            _ => {}
        }
        // What stands in the title of another paper is no time of this one.
        if quoted > 0 {
            i += 1;
            continue;
        }
        match at(&s, i, sentence, year) {
            Some((one, end)) => {
                found.push(one);
                i = end.max(i + 1);
            }
            None => i += 1,
        }
    }
    found
}

/// The characters a time can begin with; most of a text is none of them.
fn can_begin(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, 'Q' | 'O' | '○')
        || "〇零一二三四五六七八九十百两每年全避防杜半工季星月日天周学定上下今本当明次翌去首第自从".contains(c)
}

fn at(s: &Scan, i: usize, sentence: usize, year: i32) -> Option<(Found, usize)> {
    let begins = s.at(i).is_some_and(can_begin);
    if begins && let Some(found) = point_or_rule(s, i, year) {
        return found;
    }
    // 自信息形成之日起20个工作日内: looked for once per sentence, from the length itself.
    if i == sentence || i.checked_sub(1).and_then(|j| s.at(j)).is_some_and(|c| matches!(c, ',' | '。' | ';')) {
        // A sentence that is longer says something else.
        let most = s.len().min(i + 80);
        let stop = (i..most).find(|&j| s.at(j).is_some_and(|c| matches!(c, '。' | ';'))).unwrap_or(most);
        if !(i..stop).any(|j| matches!(s.at(j), Some('内' | '前'))) {
            return None;
        }
        let clause = Scan::new(&s.printed(i, stop));
        if let Some(placed) = relative(&clause, 0, false) {
            let text = clause.printed(placed.start, placed.end);
            return Some((Found { time: Time::by_rule(text, placed.rule), binds: !placed.eventless }, i + placed.end));
        }
    }
    None
}

/// A time that begins exactly here; `Some(None)` when a number goes on to the left and nothing can.
fn point_or_rule(s: &Scan, i: usize, year: i32) -> Option<Option<(Found, usize)>> {
    if let Some(placed) = recurring(s, i) {
        let text = s.printed(placed.start, placed.end);
        return Some(Some((Found { time: Time::by_rule(text, placed.rule), binds: placed.counted }, placed.end)));
    }
    if s.is(i, "定期")
        && s.any(i + 2, &["组织", "开展", "通报", "调度", "检查", "评估", "更新", "培训", "报送"]).is_some()
    {
        let end = phrase_end(s, i + 2, 10);
        return Some(Some((Found { time: Time::by_rule(s.printed(i, end), how_often()), binds: false }, end)));
    }
    // A number goes on to the left: 12月 in 112月 is none.
    let inside =
        i > 0 && s.at(i - 1).is_some_and(|c| c.is_ascii_digit() || "第.-/年〇一二三四五六七八九十".contains(c));
    if inside {
        return Some(None);
    }
    if let Some((a, b)) = range(s, i, year).filter(|(a, b)| a.grain <= Grain::Month && b.grain <= Grain::Month) {
        let end = s.skip(b.end, &["期间", "底前", "前"]);
        let end = phrase_end(s, end, 14);
        return Some(Some((Found { time: Time::window(s.printed(i, end), a.first, b.last), binds: true }, end)));
    }
    if let Some(p) = point(s, i, year)
        && let Some(end) = binds(s, i, &p)
    {
        return Some(Some((Found { time: Time::on(s.printed(i, end), kind_of(&p), p.last), binds: true }, end)));
    }
    None
}

/// Whether a point in running text is a time by which something is due, and where its words end.
fn binds(s: &Scan, i: usize, p: &Point) -> Option<usize> {
    let past = ["截至", "截-", "截止", "自", "从", "以来", "去年"];
    let before = (1..=2).filter_map(|n| i.checked_sub(n)).any(|j| past.iter().any(|w| s.is(j, w)));
    if before || s.any(p.end, &["起", "以来", "开始", "度"]).is_some() {
        return None;
    }
    let end = s.any(p.end, &["以前", "之前", "前", "之内", "以内", "内"]);
    match (end, p.closed, p.grain) {
        (Some(end), _, Grain::Day | Grain::TenDays) => Some(end),
        (Some(end), true, _) => Some(end),
        (Some(end), false, _) if s.is(end - 1, "内") => Some(end),
        // 年底完成, 6月底报送 without 前.
        (None, true, grain) if grain > Grain::TenDays => Some(p.end),
        (None, false, Grain::Half | Grain::Quarter) => s.any(p.end, &["完成", "报送"]),
        _ => None,
    }
}

/// A printed end of a month, or a day.
pub(super) fn kind_of(p: &Point) -> DeadlineKind {
    if matches!(p.grain, Grain::Day | Grain::TenDays) || !is_month_end(p.last) {
        DeadlineKind::FixedDate
    } else {
        DeadlineKind::MonthEnd
    }
}
