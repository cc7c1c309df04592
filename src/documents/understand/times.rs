//! The times of a task: the deadline from its column or from its text, and all others.

use entity::vocabulary::{DeadlineKind, DeadlineSource};

use super::clean::cut;
use super::draft::Draft;
use super::question::{QuestionKind, Questions};
use crate::documents::list_json::{DeadlineItem, MAX_NAME, MAX_OTHER_TIMES, OtherTime};
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
                    for doubt in &reading.doubts {
                        ask(*doubt, &printed.text, &printed.place, &out.deadline, draft, path, questions);
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

fn ask(
    doubt: TimeDoubt,
    text: &str,
    place: &str,
    deadline: &DeadlineItem,
    draft: &Draft,
    path: &str,
    questions: &mut Questions,
) {
    let kind = match doubt {
        TimeDoubt::BeforeMonth => QuestionKind::BeforeMonth,
        TimeDoubt::NoEvent => QuestionKind::NoEvent,
        TimeDoubt::HowOften => QuestionKind::HowOften,
        TimeDoubt::NotUnderstood
        | TimeDoubt::Rest
        | TimeDoubt::BareNumbers
        | TimeDoubt::BareYear
        | TimeDoubt::NoEnd
        | TimeDoubt::SeveralDays => QuestionKind::Deadline,
    };
    let question =
        questions.ask(kind, format!("{path}.deadline")).at(place).task(draft.number.as_deref()).printed(text);
    match (doubt, deadline.date) {
        (TimeDoubt::BeforeMonth, Some(date)) => {
            let end = date.succ_opt().and_then(|next| {
                use chrono::Datelike;
                crate::domain::deadline::month_end(next.year(), next.month())
            });
            question.propose(date.to_string()).or(end.map(|d| d.to_string()));
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
}
