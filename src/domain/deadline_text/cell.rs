//! A cell that holds a deadline.

use entity::vocabulary::DeadlineKind;

use super::point::{Grain, Point, day_before, point, range};
use super::rules::{recurring, relative};
use super::running::{find, kind_of};
use super::scan::Scan;
use super::series::series;
use super::{Time, running};
use crate::domain::deadline::month_end;
use crate::domain::rule::Rule;

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellReading {
    /// The deadline; NONE when nothing was understood.
    pub deadline: Time,
    /// Further times in the same cell.
    pub others: Vec<Time>,
    /// What a person should look at.
    pub doubts: Vec<TimeDoubt>,
}

/// Something in a printed time that a person should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeDoubt {
    /// Nothing was understood.
    NotUnderstood,
    /// Some of the words were not understood.
    Rest,
    /// 6月前: before June begins, or before it ends?
    BeforeMonth,
    /// 12.31 without a year could be something else; 2026.1 is what a spreadsheet makes of 2026.10.
    BareNumbers,
    /// 5月上旬前: before those ten days begin, or before they end?
    BeforeTenDays,
    /// 2024年: its end, or all of it?
    BareYear,
    /// A length of time without the event it counts from.
    NoEvent,
    /// 定期: how often?
    HowOften,
    /// 3月底开工，11月底完工: the last one was taken.
    SeveralDays,
    /// 7月起: no end is printed.
    NoEnd,
}

const ALL_YEAR: &[&str] = &["全年", "全年度", "贯穿全年", "整年", "1-12月", "一-十二月"];
const ONGOING: &[&str] = &[
    "持续",
    "长期",
    "常态",
    "经常",
    "实时",
    "及时",
    "即时",
    "随时",
    "动态",
    "日常",
    "立行立改",
    "即知即",
    "即行即",
    "即收即",
    "即接即",
    "立整立改",
    "立查立改",
    "边查边改",
    "边学边改",
    "按序时",
    "按照序时",
    "序时进度",
    "马上",
    "立即",
    "常年",
    "不间断",
    "适时",
];
/// Words that may surround a time in its cell and add nothing.
const FILLERS: &[&str] = &[
    "全面",
    "基本",
    "完成",
    "推进",
    "落实",
    "前",
    "以前",
    "之前",
    "内",
    "之内",
    "以内",
    "底",
    "末",
    "止",
    "办结",
    "答复",
    "实施",
    "开展",
    "进行",
    "到位",
    "公开",
    "发布",
    "报送",
    "整改",
    "取得",
    "明显",
    "成效",
    "并",
    "力争",
    "确保",
    "争取",
    "预计",
    "于",
    "在",
    "截止",
    "截至",
    "到",
    "工作",
    "建成",
    "投入",
    "使用",
    "完工",
    "竣工",
    "开工",
    "启动",
    "坚持",
    "性",
    "化",
    "更新",
    "抓好",
    "做好",
    "抓",
    ",",
    "。",
    ";",
    "、",
    "(",
    ")",
    ".",
    ":",
    "时间",
    "时限",
    "任务",
    "全部",
    "左右",
    "份",
    "中",
    "各项",
    "有序",
    "不断",
    "加强",
    "进度",
    "按",
    "计划",
    "年度",
    "办",
    "改",
    "马上",
    "序时",
    "推动",
    "长效",
    "机制",
    "落实见效",
    "见效",
];

/// A cell with more characters is no deadline.
const LONGEST: usize = 300;

/// Reads the deadline in a cell of its own.
pub fn read_cell(text: &str, year: i32) -> CellReading {
    let s = Scan::new(without_midnight(text));
    let printed = s.printed(0, s.len());
    let mut reading =
        CellReading { deadline: Time::plain(printed.clone(), DeadlineKind::None), others: vec![], doubts: vec![] };
    if s.len() == 0 {
        return reading;
    }
    if s.len() > LONGEST {
        reading.doubts.push(TimeDoubt::NotUnderstood);
        return reading;
    }
    let Some((mut deadline, end)) = first(&s, year, &mut reading) else {
        reading.doubts.push(TimeDoubt::NotUnderstood);
        return reading;
    };
    deadline.text = printed;
    let mut rest = skip_fillers(&s, end);
    while rest < s.len() {
        let tail = s.printed(rest, s.len());
        if let Some(next) = word_end(&s, rest, ONGOING) {
            if deadline.kind != DeadlineKind::Ongoing && deadline.kind != DeadlineKind::AllYear {
                reading.others.push(Time::plain(tail.clone(), DeadlineKind::Ongoing));
            }
            rest = skip_fillers(&s, next);
            continue;
        }
        let mut more = find(&tail, year);
        // 3月底开工，11月底完工: the last day is the deadline, and a person is asked.
        if let Some(last) =
            (0..more.len()).rev().find(|&i| more[i].time.date > deadline.date && deadline.date.is_some())
        {
            std::mem::swap(&mut more[last].time, &mut deadline);
            more[last].time.text = s.printed(0, end);
            deadline.text.clone_from(&reading.deadline.text);
            if !reading.doubts.contains(&TimeDoubt::SeveralDays) {
                reading.doubts.push(TimeDoubt::SeveralDays);
            }
        } else if more.is_empty() && !reading.doubts.contains(&TimeDoubt::Rest) {
            reading.doubts.push(TimeDoubt::Rest);
        }
        reading.others.extend(more.into_iter().map(|f| f.time));
        break;
    }
    reading.deadline = deadline;
    reading.others.truncate(10);
    reading
}

/// 2026/06/30 00:00 is how a program writes a day.
fn without_midnight(text: &str) -> &str {
    let midnight = ["00:00:00", "00:00", "0:00:00", "0:00"];
    let day = midnight.iter().find_map(|hour| text.trim_end().strip_suffix(hour));
    day.filter(|day| day.ends_with([' ', 'T', '\u{a0}'])).map_or(text, |day| day.trim_end_matches('T'))
}

fn skip_fillers(s: &Scan, mut i: usize) -> usize {
    while let Some(next) = s.any(i, FILLERS) {
        i = next;
    }
    i
}

fn word_end(s: &Scan, i: usize, words: &[&str]) -> Option<usize> {
    s.any(i, words)
}

/// The time a cell is about, and where it ends.
fn first(s: &Scan, year: i32, reading: &mut CellReading) -> Option<(Time, usize)> {
    let doubts = &mut reading.doubts;
    // 至2026年12月底: the sign of 至 is that of all dashes.
    let until = s.skip(skip_fillers(s, 0), &["截-", "-"]);
    let start = skip_fillers(s, until).min(s.len());
    let both = [0, start];
    let starts = if start == 0 { &both[..1] } else { &both[..] };
    for &i in starts {
        if let Some(placed) = recurring(s, i) {
            // How long a term is, the calendar of the schools says.
            if placed.dropped || s.any(i, &["每学期", "每个学期"]).is_some() {
                doubts.push(TimeDoubt::Rest);
            }
            return Some((Time::by_rule(String::new(), placed.rule), placed.end));
        }
    }
    if let Some((mut times, end)) = series(s, start, year)
        && let Some(last) = times.pop()
    {
        doubts.push(TimeDoubt::SeveralDays);
        reading.others.append(&mut times);
        return Some((last, end));
    }
    if let Some((a, b)) = range(s, start, year) {
        return Some((whole_year_or_window(a, b), b.end));
    }
    if let Some(time) = points(s, start, year, doubts) {
        return Some(time);
    }
    if let Some(placed) = relative(s, 0, true) {
        if placed.eventless {
            doubts.push(TimeDoubt::NoEvent);
        }
        return Some((Time::by_rule(String::new(), placed.rule), placed.end));
    }
    let end_of_year = || month_end(year, 12);
    for &i in starts {
        if let Some(end) = word_end(s, i, ALL_YEAR) {
            return Some((Time::on(String::new(), DeadlineKind::AllYear, end_of_year()?), end));
        }
        if let Some(end) = s.any(i, &["年内", "年度内", "本年度", "当年内", "年度"]) {
            return Some((Time::on(String::new(), DeadlineKind::MonthEnd, end_of_year()?), end));
        }
        if let Some(end) = word_end(s, i, ONGOING) {
            return Some((Time::plain(String::new(), DeadlineKind::Ongoing), end));
        }
        if let Some(end) = s.any(i, &["定期", "不定期"]) {
            doubts.push(TimeDoubt::HowOften);
            return Some((Time::plain(String::new(), DeadlineKind::Ongoing), end));
        }
    }
    // Somewhere in a sentence.
    let mut found: Vec<Time> = find(&s.printed(0, s.len()), year).into_iter().map(|f| f.time).collect();
    let dated = found.iter().filter(|time| time.date.is_some()).count();
    // ①3月底；②11月底: of several days the last.
    let at = (0..found.len()).max_by_key(|&at| (found[at].date, std::cmp::Reverse(at)))?;
    doubts.push(if dated > 1 { TimeDoubt::SeveralDays } else { TimeDoubt::Rest });
    let time = found.swap_remove(at);
    reading.others.extend(found);
    Some((time, s.len()))
}

fn whole_year_or_window(a: Point, b: Point) -> Time {
    use chrono::Datelike;
    let whole = a.first.year() == b.last.year() && a.first.ordinal() == 1 && (b.last.month(), b.last.day()) == (12, 31);
    match whole && a.grain == Grain::Month {
        true => Time::on(String::new(), DeadlineKind::AllYear, b.last),
        false => Time::window(String::new(), a.first, b.last),
    }
}

fn points(s: &Scan, start: usize, year: i32, doubts: &mut Vec<TimeDoubt>) -> Option<(Time, usize)> {
    let mut p = point(s, start, year)?;
    if p.grain == Grain::Year && p.has_year && !p.closed {
        if let Some(end) = word_end(s, p.end, ALL_YEAR) {
            return Some((Time::on(String::new(), DeadlineKind::AllYear, p.last), end));
        }
        // 2026年春节前: the year of something that only a calendar knows.
        let behind = skip_fillers(s, p.end);
        let ends = behind > p.end || behind >= s.len() || word_end(s, behind, ONGOING).is_some();
        if !ends {
            return None;
        }
        if s.any(p.end, &["内", "以内", "之内", "完成"]).is_none() {
            doubts.push(TimeDoubt::BareYear);
        }
    }
    if let Some(end) = s.any(p.end, &["起", "开始"]) {
        doubts.push(TimeDoubt::NoEnd);
        return Some((Time::plain(String::new(), DeadlineKind::Ongoing), end));
    }
    let before = s.any(p.end, &["以前", "之前", "前"]);
    if before.is_some() && !p.closed && p.grain != Grain::Day && p.grain != Grain::TenDays {
        // Literally it is over when the month begins; many offices mean its end.
        doubts.push(TimeDoubt::BeforeMonth);
        p.last = day_before(p.first)?;
    }
    // 2026.1: a spreadsheet drops the 0 of 2026.10.
    if p.grain == Grain::Month && p.end == s.len() && s.is(p.end - 2, ".1") {
        doubts.push(TimeDoubt::BareNumbers);
    }
    if p.grain == Grain::TenDays && before.is_some() || before.is_some() && s.is(p.end - 1, "旬") {
        doubts.push(TimeDoubt::BeforeTenDays);
    }
    if p.grain == Grain::Day && !p.has_year && (s.at(start + 1) == Some('.') || s.at(start + 2) == Some('.')) {
        doubts.push(TimeDoubt::BareNumbers);
    }
    let kind = kind_of(&p);
    Some((Time::on(String::new(), kind, p.last), before.unwrap_or(p.end)))
}

/// A rule that only says "regularly".
pub(super) fn how_often() -> Rule {
    Rule::Words(running::HOW_OFTEN.into())
}
