//! The times of a task: the deadline from its column or from its text, and all others.

use chrono::{Datelike, Days, NaiveDate};
use entity::vocabulary::{DeadlineKind, DeadlineSource};

use super::clean::cut;
use super::draft::Draft;
use super::question::{ImportQuestion, QuestionKind, Questions};
use crate::documents::list_json::{DeadlineItem, MAX_NAME, MAX_OTHER_TIMES, OtherTime};
use crate::domain::deadline::{is_month_end, month_end};
use crate::domain::deadline_text::{Time, TimeDoubt, find, read_cell};

/// What was understood about the times of a task.
pub(super) struct Times {
    pub(super) text: Option<String>,
    pub(super) deadline: DeadlineItem,
    pub(super) others: Vec<OtherTime>,
}

/// Reads the times of a task.
pub(super) fn times(draft: &Draft, has_column: bool, year: i32, path: &str, questions: &mut Questions) -> Times {
    let mut out = Times { text: None, deadline: DeadlineItem::NONE, others: Vec::new() };
    let mut others: Vec<Time> = Vec::new();
    if let Some(printed) = draft.deadline.as_ref().filter(|p| !p.text.is_empty()) {
        let mut text = printed.text.clone();
        cut(&mut text, MAX_NAME);
        out.text = Some(text);
        match printed.date {
            Some(date) => {
                out.deadline = DeadlineItem {
                    kind: DeadlineKind::FixedDate,
                    date: Some(date),
                    source: Some(DeadlineSource::Column),
                    ..DeadlineItem::NONE
                };
            }
            None => {
                let reading = read_cell(&printed.text, year);
                if reading.deadline.kind != DeadlineKind::None {
                    out.deadline = item(&reading.deadline, DeadlineSource::Column);
                }
                others.extend(reading.others);
                if !printed.merged {
                    let days = others.iter().filter_map(|time| time.date).collect::<Vec<_>>();
                    let past = out.deadline.date.filter(|date| date.year() < year);
                    // However much is unclear about a cell, it is asked about once.
                    match (doubt(&reading.doubts), past) {
                        (Some(doubt), _) => {
                            let question = ask(doubt, &printed.text, &out.deadline, path, questions);
                            question.at(&printed.place).task(draft.number.as_deref());
                            if doubt == TimeDoubt::SeveralDays {
                                question.or(days.iter().map(ToString::to_string));
                            }
                        }
                        (None, Some(date)) => {
                            let question = questions.ask(QuestionKind::Deadline, format!("{path}.deadline"));
                            question.at(&printed.place).task(draft.number.as_deref()).printed(&printed.text);
                            question.propose(date.to_string()).or(in_year(date, year).map(|d| d.to_string()));
                            question.zh = format!("完成时限早于清单年度 {year} 年，请核对。");
                            question.en =
                                format!("The deadline lies before the year of the list, {year}. Is it right?");
                        }
                        (None, None) => {}
                    }
                }
            }
        }
    }
    for (heading, text) in &draft.plans {
        let mut time = read_cell(heading, year).deadline;
        time.text = format!("{heading}：{text}");
        others.push(time);
    }
    for text in [&draft.title, &draft.requirement].into_iter().flatten() {
        for found in find(text, year) {
            if !has_column && found.binds && out.deadline.kind == DeadlineKind::None {
                out.text = Some(found.time.text.clone());
                out.deadline = item(&found.time, DeadlineSource::Text);
            } else {
                others.push(found.time);
            }
        }
    }
    for time in others {
        let mut text = time.text;
        cut(&mut text, MAX_NAME);
        let other = OtherTime { text, kind: time.kind, date: time.date, from: time.from, to: time.to, rule: time.rule };
        if !out.others.contains(&other) && out.others.len() < MAX_OTHER_TIMES && !other.text.is_empty() {
            out.others.push(other);
        }
    }
    out
}

fn item(time: &Time, source: DeadlineSource) -> DeadlineItem {
    DeadlineItem {
        kind: time.kind,
        date: time.date,
        from: time.from,
        to: time.to,
        rule: time.rule.clone(),
        source: Some(source),
    }
}

/// The doubt that says most.
fn doubt(doubts: &[TimeDoubt]) -> Option<TimeDoubt> {
    doubts.iter().find(|doubt| **doubt != TimeDoubt::Rest).or(doubts.first()).copied()
}

/// The same day of another year; the end of a month stays one.
fn in_year(date: NaiveDate, year: i32) -> Option<NaiveDate> {
    if is_month_end(date) { month_end(year, date.month()) } else { date.with_year(year) }
}

fn ask<'a>(
    doubt: TimeDoubt,
    text: &str,
    deadline: &DeadlineItem,
    path: &str,
    questions: &'a mut Questions,
) -> &'a mut ImportQuestion {
    let kind = match doubt {
        TimeDoubt::BeforeMonth | TimeDoubt::BeforeTenDays => QuestionKind::BeforeMonth,
        TimeDoubt::NoEvent => QuestionKind::NoEvent,
        TimeDoubt::HowOften => QuestionKind::HowOften,
        TimeDoubt::NotUnderstood
        | TimeDoubt::Rest
        | TimeDoubt::BareNumbers
        | TimeDoubt::BareYear
        | TimeDoubt::NoEnd
        | TimeDoubt::SeveralDays => QuestionKind::Deadline,
    };
    let question = questions.ask(kind, format!("{path}.deadline")).printed(text);
    match (doubt, deadline.date) {
        (TimeDoubt::BeforeMonth, Some(date)) => {
            let end = date.succ_opt().and_then(|next| month_end(next.year(), next.month()));
            question.propose(date.to_string()).or(end.map(|d| d.to_string()));
        }
        (TimeDoubt::BeforeTenDays, Some(date)) => {
            let days = match date.day() {
                10 | 20 => 10,
                last => last.saturating_sub(20),
            };
            let before = date.checked_sub_days(Days::new(u64::from(days)));
            question.propose(date.to_string()).or(before.map(|d| d.to_string()));
            question.zh = "“某旬前”是指该旬开始之前还是结束之前？".into();
            question.en = "Does it mean before those ten days begin, or before they end?".into();
        }
        // A spreadsheet drops the 0 of 2026.10.
        (TimeDoubt::BareNumbers, Some(date)) if text.trim_end().ends_with(".1") && is_month_end(date) => {
            let october = month_end(date.year(), 10);
            question.propose(date.to_string()).or(october.map(|d| d.to_string()));
        }
        (TimeDoubt::HowOften, _) => {
            question.propose("ONGOING").or(["month", "quarter", "6 months", "year"].map(str::to_owned));
        }
        (_, Some(date)) => {
            question.propose(date.to_string());
        }
        (_, None) => {
            question.propose(deadline.kind.as_str());
        }
    }
    question
}
