//! Times without a day: so long after an event, so often per span.

use super::scan::Scan;
use crate::domain::rule::{Every, MAX_OFFSET, OffsetUnit, RecurringRule, RelativeRule, Rule, Span, SpanUnit};

/// A rule and where it stands.
pub(super) struct Placed {
    pub(super) rule: Rule,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The rule counts how often: it is a deadline of its own. A mere "every day" is not.
    pub(super) counted: bool,
    /// No event was printed.
    pub(super) eventless: bool,
    /// A day or month within the span is printed (每月5日前) and not kept.
    pub(super) dropped: bool,
}

/// The event of a relative deadline that names none.
pub(super) const NO_EVENT: &str = "（未写明）";
const INSIDE: &[&str] = &["以内", "之内", "内"];
const AFTER: &[&str] = &["之日起", "当日起", "之日", "之后", "以后", "后", "起"];
const BREAKS: &str = ",;。:!?";

/// A length of time: 20个工作日, 两周, 24小时.
fn length(s: &Scan, i: usize) -> Option<(i32, OffsetUnit, usize)> {
    if let Some(end) = s.any(i, &["半个月"]) {
        return Some((15, OffsetUnit::Day, end));
    }
    if let Some(end) = s.any(i, &["半年"]) {
        return Some((6, OffsetUnit::Month, end));
    }
    let (n, next) = s.number(i)?;
    let n = i32::try_from(n).ok()?;
    let next = s.skip(next, &["个"]);
    let found = [
        ("工作日", 1, OffsetUnit::Workday),
        ("自然日", 1, OffsetUnit::Day),
        ("日历日", 1, OffsetUnit::Day),
        ("小时", 0, OffsetUnit::Day),
        ("星期", 7, OffsetUnit::Day),
        ("周", 7, OffsetUnit::Day),
        ("月", 1, OffsetUnit::Month),
        ("天", 1, OffsetUnit::Day),
        ("日", 1, OffsetUnit::Day),
        ("年", 12, OffsetUnit::Month),
    ]
    .into_iter()
    .find(|(word, _, _)| s.is(next, word))?;
    let (word, factor, unit) = found;
    let offset = if factor == 0 { (n + 23) / 24 } else { n.checked_mul(factor)? };
    // 12月 is a month; 12个月 a length.
    if word == "月" && s.at(next.wrapping_sub(1)) != Some('个') {
        return None;
    }
    (1..=MAX_OFFSET).contains(&offset).then_some((offset, unit, next + word.chars().count()))
}

/// 收到申请后，不能当场答复的，20个工作日内; the length may stand anywhere from `from` on.
pub(super) fn relative(s: &Scan, from: usize, whole_cell: bool) -> Option<Placed> {
    for i in from..s.len() {
        if i > 0 && s.at(i - 1).is_some_and(|c| c.is_ascii_digit()) {
            continue;
        }
        let Some((offset, unit, end)) = length(s, i) else { continue };
        let clause = if whole_cell { from } else { sentence_start(s, from, i) };
        if let Some(end) = s.any(end, INSIDE) {
            if let Some((event, condition)) = event_after(s, clause, i, whole_cell) {
                let rule = RelativeRule { event, offset, unit, condition };
                return Some(placed(rule, clause, end, false));
            }
            if whole_cell && clause == i {
                let rule = RelativeRule { event: NO_EVENT.into(), offset, unit, condition: None };
                return Some(placed(rule, i, end, true));
            }
        }
        // 会议召开前3个工作日, 提前3个工作日
        if i > clause && s.is(i - 1, "前") {
            let early = i >= clause + 2 && s.is(i - 2, "提前");
            let event_end = if early { i - 2 } else { i - 1 };
            let start = (clause..event_end).rev().find(|&j| s.at(j).is_some_and(|c| BREAKS.contains(c)));
            let event = s.printed(start.map_or(clause, |j| j + 1), event_end);
            let eventless = event.is_empty();
            if eventless && !early || !eventless && !whole_cell && !is_event(&event) {
                continue;
            }
            let event = if eventless { NO_EVENT.to_owned() } else { event };
            let rule = RelativeRule { event, offset: -offset, unit, condition: None };
            return Some(placed(rule, start.map_or(clause, |j| j + 1), s.skip(end, INSIDE), eventless));
        }
    }
    None
}

fn placed(rule: RelativeRule, start: usize, end: usize, eventless: bool) -> Placed {
    Placed { rule: Rule::Relative(rule), start, end, counted: true, eventless, dropped: false }
}

/// In running text only a short noun phrase is an event.
fn is_event(text: &str) -> bool {
    let n = text.chars().count();
    (2..=12).contains(&n)
        && ["会议", "召开", "举行", "施行", "实施", "截止", "到期", "届满"].iter().any(|w| text.contains(w))
}

/// The event and the condition between `start` and a length.
fn event_after(s: &Scan, start: usize, length: usize, whole_cell: bool) -> Option<(String, Option<String>)> {
    for i in start + 1..length {
        let Some(end) = s.any(i, AFTER) else { continue };
        if end > length {
            continue;
        }
        let rest = trim(s, end, length);
        // "后" must end its clause, else it is a part of a word (后续).
        let closed = end == length || s.at(end).is_some_and(|c| BREAKS.contains(c)) || s.any(end, &["的"]).is_some();
        if !closed {
            continue;
        }
        let begin = (start..i).rev().find(|&j| s.at(j).is_some_and(|c| BREAKS.contains(c))).map_or(start, |j| j + 1);
        let before = trim(s, start, begin);
        // 自 belongs to 起; in 自评结束后 it is a part of the event.
        let starts: &[&str] =
            if s.is(end - 1, "起") { &["自", "从"] } else { &["应当在", "应在", "在", "于"] };
        let begin = s.skip(begin, starts);
        let event = s.printed(begin, i);
        if event.is_empty() || !whole_cell && event.chars().count() > 40 {
            return None;
        }
        let condition = if rest.is_empty() { before } else { rest };
        return Some((event, Some(condition).filter(|c| whole_cell && c.chars().count() >= 2)));
    }
    None
}

fn trim(s: &Scan, start: usize, end: usize) -> String {
    let is_break = |i: &usize| s.at(*i).is_some_and(|c| BREAKS.contains(c));
    let first = (start..end).find(|i| !is_break(i)).unwrap_or(end);
    let last = (first..end).rev().find(|i| !is_break(i)).map_or(first, |i| i + 1);
    s.printed(first, last)
}

fn sentence_start(s: &Scan, from: usize, i: usize) -> usize {
    (from..i).rev().find(|&j| s.at(j).is_some_and(|c| matches!(c, '。' | ';'))).map_or(from, |j| j + 1)
}

fn span_unit(s: &Scan, i: usize) -> Option<(SpanUnit, u32, usize)> {
    [
        ("半年", SpanUnit::Month, 6),
        ("学期", SpanUnit::Month, 6),
        ("工作日", SpanUnit::Day, 1),
        ("季度", SpanUnit::Quarter, 1),
        ("年度", SpanUnit::Year, 1),
        ("星期", SpanUnit::Week, 1),
        ("月度", SpanUnit::Month, 1),
        ("日", SpanUnit::Day, 1),
        ("天", SpanUnit::Day, 1),
        ("周", SpanUnit::Week, 1),
        ("月", SpanUnit::Month, 1),
        ("季", SpanUnit::Quarter, 1),
        ("年", SpanUnit::Year, 1),
    ]
    .into_iter()
    .find(|(word, _, _)| s.is(i, word))
    .map(|(word, unit, count)| (unit, count, i + word.chars().count()))
}

/// What is checked, reported or held so often; 季度检查.
const CHECKS: &[&str] =
    &["自查", "督查", "检查", "通报", "调度", "报告", "监测", "巡查", "抽查", "督导", "小结", "例会", "报送"];

/// 每年至少听取1次, 每日发布, 季度检查, 月自查、季督查, 避免2周内; starting exactly at `i`.
pub(super) fn recurring(s: &Scan, i: usize) -> Option<Placed> {
    let make = |spans: Vec<Span>, times: Option<u32>, end: usize| {
        let every = match spans.as_slice() {
            [one] => Every::One(*one),
            _ => Every::Many(spans),
        };
        let rule = Rule::Recurring(RecurringRule { every, min_times: times });
        Some(Placed { rule, start: i, end, counted: times.is_some(), eventless: false, dropped: false })
    };
    if let Some(at) = s.any(i, &["每隔", "每"]) {
        let (n, next) = s.number(at).filter(|(n, _)| (1..=100).contains(n)).unwrap_or((1, at));
        let next = s.skip(next, &["个"]);
        let (unit, factor, end) = span_unit(s, next)?;
        let span = Span { count: n * factor, unit };
        let (counted, behind, stop) = match times(s, end) {
            Some((times, from, stop)) => (Some(times), from, stop),
            None => (None, phrase_end(s, end, 8), phrase_end(s, end, 4)),
        };
        let dropped = says_when(s, end, behind);
        return make(vec![span], counted, stop).map(|placed| Placed { dropped, ..placed });
    }
    // 一年两次, 一季一报
    if s.is(i, "一")
        && let Some((unit, factor, end)) = span_unit(s, i + 1)
        && let Some((n, next)) = s.number(end)
        && let Some(end) = s.any(next, &["次", "报", "查", "评", "调度", "通报", "更新"])
    {
        return make(vec![Span { count: factor, unit }], Some(n.clamp(1, 1_000)), end);
    }
    // 年内至少听取1次, 年度内至少参加1次
    if let Some(end) = s.any(i, &["年度内", "年内", "全年"])
        && let Some((n, _, end)) = times(s, end).filter(|_| s.any(end, LEAST).is_some())
    {
        return make(vec![Span { count: 1, unit: SpanUnit::Year }], Some(n), end);
    }
    // 避免2周内信息不更新
    if let Some(at) = s.any(i, &["避免", "防止", "杜绝"])
        && let Some((n, next)) = s.number(at).filter(|(n, _)| (1..=100).contains(n))
        && let Some((unit, factor, end)) = span_unit(s, s.skip(next, &["个"]))
        && let Some(end) = s.any(end, INSIDE)
    {
        let end = phrase_end(s, end, 8);
        return make(vec![Span { count: n * factor, unit }], None, end);
    }
    // 月自查、季督查
    let mut spans = Vec::new();
    let mut end = i;
    let boundary = i == 0 || s.at(i - 1).is_none_or(|c| !c.is_ascii_digit() && !"年个本当上下".contains(c));
    let mut at = if boundary { i } else { s.len() };
    while let Some((unit, factor, next)) = span_unit(s, at)
        && let Some(next) = s.any(next, CHECKS)
        && spans.len() < 4
    {
        spans.push(Span { count: factor, unit });
        end = next;
        at = s.skip(next, &["、", ","]);
    }
    if spans.is_empty() || matches!(spans.as_slice(), [Span { unit: SpanUnit::Year | SpanUnit::Day, .. }]) {
        return None;
    }
    make(spans, None, end)
}

const LEAST: &[&str] = &["至少", "不少于", "不低于", "最少", "原则上不少于", "-少"];

/// Whether the words behind 每月 say a day or month within it: 5日前, 首月, 上旬; its end they may say.
fn says_when(s: &Scan, from: usize, to: usize) -> bool {
    let bare = s.skip(from, &["度"]);
    let end = s.any(s.skip(bare, &["的", "年", "月", "季度", "季", "周"]), &["底", "末", "终"]);
    let words = s.printed(end.unwrap_or(bare).min(to), to);
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let counts = ["一次", "一报", "一评", "一调度", "一通报", "一季", "一月"];
    let numbered = words.contains(numeral) && !counts.iter().any(|w| words.contains(w));
    let named = ["首月", "次月", "首周", "旬", "月初", "年初", "周初", "季初", "上半", "下半"];
    let before = words.contains('前') && end.is_none() && !words.contains("提前");
    numbered || before || words.starts_with('初') || named.iter().any(|w| words.contains(w))
}

/// 至少听取1次: how often, within the clause, and where the number begins.
fn times(s: &Scan, from: usize) -> Option<(u32, usize, usize)> {
    for i in from..(from + 14).min(s.len()) {
        if s.at(i).is_some_and(|c| BREAKS.contains(c)) {
            return None;
        }
        if let Some((n @ 1..=1_000, next)) = s.number(i)
            && let Some(end) = s.any(next, &["次", "期", "场", "批", "篇", "轮", "遍", "回"])
        {
            return Some((n, i, end));
        }
    }
    None
}

/// The end of a phrase: the next punctuation, `most` characters at most.
pub(super) fn phrase_end(s: &Scan, from: usize, most: usize) -> usize {
    (from..s.len().min(from + most))
        .find(|&j| s.at(j).is_some_and(|c| BREAKS.contains(c) || matches!(c, '、' | '(' | ')' | '"')))
        .unwrap_or_else(|| s.len().min(from + most))
}
