//! From a JSON value to a [`ListDocument`], with everything that can be wrong.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentTarget, DeadlineKind, DeadlineSource};
use serde_json::Value;

use crate::domain::deadline::is_month_end;
use crate::domain::rule::{MAX_OFFSET, Rule};
use crate::domain::text::{is_unwanted, match_key};

use super::list_json::*;
use super::problem::{DocumentProblem, ProblemKind};
use super::reader::{At, Reader, check_format, words};

words!(ColumnRole, AssignmentRole, AssignmentTarget, DeadlineKind, DeadlineSource);

/// Checks a parsed document.
pub(super) fn check(value: &Value) -> Result<ListDocument, Vec<DocumentProblem>> {
    let mut r = Reader::default();
    let document = match r.object(value, "$") {
        Some(root) => document(&mut r, root),
        None => ListDocument::empty(0),
    };
    r.finish(document)
}

fn document(r: &mut Reader, root: At<'_>) -> ListDocument {
    check_format(r, root, FORMAT);
    if root.map.get("year").is_none_or(Value::is_null) {
        r.say("year", ProblemKind::Required);
    }
    let year = r.integer(root, "year", 2000, 2100).and_then(|y| i32::try_from(y).ok()).unwrap_or_default();
    let mut paths = HashMap::new();
    let sections = sections(r, root, &mut paths);
    let tasks = tasks(r, root, &paths);
    ListDocument {
        format: FORMAT,
        title: r.text(root, "title", MAX_NAME),
        year,
        issuer: r.text(root, "issuer", MAX_NAME),
        reporting_period: r.text(root, "reportingPeriod", MAX_NAME),
        columns: columns(r, root),
        sections,
        tasks,
    }
}

fn columns(r: &mut Reader, root: At<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    for (i, item) in r.list(root, "columns", 50, false).iter().enumerate() {
        let path = format!("columns[{i}]");
        let Some(at) = r.object(item, &path) else { continue };
        let header = r.text(at, "header", MAX_NAME);
        if let Some(role) = r.required_word(at, "role") {
            columns.push(Column { header, role });
        }
    }
    columns
}

fn sections(r: &mut Reader, root: At<'_>, paths: &mut HashMap<Vec<String>, String>) -> Vec<SectionItem> {
    let mut sections = Vec::new();
    for (i, item) in r.list(root, "sections", MAX_SECTIONS, false).iter().enumerate() {
        let place = format!("sections[{i}]");
        let Some(at) = r.object(item, &place) else { continue };
        let path = r.texts(at, "path", MAX_DEPTH, MAX_LABEL);
        let title = r.required_text(at, "title", MAX_NAME);
        if path.is_empty() {
            if at.map.get("path").is_none_or(|v| v.is_null() || v.as_array().is_some_and(Vec::is_empty)) {
                r.say(at.of("path"), ProblemKind::Required);
            }
            continue;
        }
        if path.len() > 1 && !paths.contains_key(&path[..path.len() - 1]) {
            r.say(at.of("path"), ProblemKind::MissingParent);
        }
        match paths.get(&path) {
            Some(first) => r.say(at.of("path"), ProblemKind::Duplicate { first: first.clone() }),
            None => {
                paths.insert(path.clone(), at.of("path"));
            }
        }
        sections.push(SectionItem { path, title });
    }
    sections
}

fn tasks(r: &mut Reader, root: At<'_>, paths: &HashMap<Vec<String>, String>) -> Vec<TaskItem> {
    let mut tasks = Vec::new();
    let mut numbers: HashMap<String, String> = HashMap::new();
    for (i, item) in r.list(root, "tasks", MAX_TASKS, true).iter().enumerate() {
        let place = format!("tasks[{i}]");
        let Some(at) = r.object(item, &place) else { continue };
        let task = task(r, at);
        if !task.section_path.is_empty() && !paths.contains_key(&task.section_path) {
            r.say(at.of("sectionPath"), ProblemKind::UnknownSection);
        }
        if let Some(number) = &task.number {
            match numbers.get(&match_key(number)) {
                Some(first) => r.say(at.of("number"), ProblemKind::Duplicate { first: first.clone() }),
                None => {
                    numbers.insert(match_key(number), at.of("number"));
                }
            }
        }
        tasks.push(task);
    }
    tasks
}

fn task(r: &mut Reader, at: At<'_>) -> TaskItem {
    let blank =
        |key: &str| at.map.get(key).is_none_or(|v| v.is_null() || v.as_str().is_some_and(|s| s.trim().is_empty()));
    if blank("title") && blank("requirement") {
        r.say(at.path, ProblemKind::NothingSaid);
    }
    TaskItem {
        number: r.text(at, "number", MAX_LABEL),
        section_path: r.texts(at, "sectionPath", MAX_DEPTH, MAX_LABEL),
        title: r.text(at, "title", MAX_TEXT),
        requirement: r.text(at, "requirement", MAX_TEXT),
        lead_text: r.text(at, "leadText", MAX_TEXT),
        unit_text: r.text(at, "unitText", MAX_TEXT),
        inherited: r.flag(at, "inherited"),
        assignments: assignments(r, at),
        deadline_text: r.text(at, "deadlineText", MAX_NAME),
        deadline: deadline(r, at),
        other_times: other_times(r, at),
        incentive: r.flag(at, "incentive"),
        needs_review: r.flag(at, "needsReview"),
    }
}

fn assignments(r: &mut Reader, task: At<'_>) -> Vec<AssignmentItem> {
    let mut assignments = Vec::new();
    for (i, item) in r.list(task, "assignments", MAX_ASSIGNMENTS, false).iter().enumerate() {
        let place = format!("{}[{i}]", task.of("assignments"));
        let Some(at) = r.object(item, &place) else { continue };
        let name = r.required_text(at, "name", MAX_NAME);
        let role = r.required_word(at, "role");
        let target = r.required_word(at, "target");
        let scope_note = r.text(at, "scopeNote", MAX_NAME);
        if let (Some(role), Some(target)) = (role, target) {
            assignments.push(AssignmentItem { name, role, target, scope_note });
        }
    }
    assignments
}

fn deadline(r: &mut Reader, task: At<'_>) -> DeadlineItem {
    let path = task.of("deadline");
    let at = match task.map.get("deadline") {
        None | Some(Value::Null) => return DeadlineItem::NONE,
        Some(value) => match r.object(value, &path) {
            Some(at) => at,
            None => return DeadlineItem::NONE,
        },
    };
    let kind = r.required_word(at, "kind");
    let (date, from, to, rule) = times(r, at, kind);
    let source = r.word(at, "source");
    DeadlineItem { kind: kind.unwrap_or(DeadlineKind::None), date, from, to, rule, source }
}

fn other_times(r: &mut Reader, task: At<'_>) -> Vec<OtherTime> {
    let mut times_found = Vec::new();
    for (i, item) in r.list(task, "otherTimes", MAX_OTHER_TIMES, false).iter().enumerate() {
        let place = format!("{}[{i}]", task.of("otherTimes"));
        let Some(at) = r.object(item, &place) else { continue };
        let text = r.required_text(at, "text", MAX_NAME);
        let kind = r.required_word(at, "kind");
        let (date, from, to, rule) = times(r, at, kind);
        if let Some(kind) = kind {
            times_found.push(OtherTime { text, kind, date, from, to, rule });
        }
    }
    times_found
}

type Times = (Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>, Option<Rule>);

fn times(r: &mut Reader, at: At<'_>, kind: Option<DeadlineKind>) -> Times {
    let (date, from, to) = (r.date(at, "date"), r.date(at, "from"), r.date(at, "to"));
    let rule = rule(r, at);
    let absent = |key: &str| at.map.get(key).is_none_or(Value::is_null);
    match kind {
        Some(DeadlineKind::FixedDate | DeadlineKind::MonthEnd) if absent("date") => {
            r.say(at.of("date"), ProblemKind::DateMissing)
        }
        Some(DeadlineKind::MonthEnd) if date.is_some_and(|d| !is_month_end(d)) => {
            r.say(at.of("date"), ProblemKind::NotMonthEnd)
        }
        Some(DeadlineKind::Window) => {
            let end = if absent("to") { "date" } else { "to" };
            if absent("from") {
                r.say(at.of("from"), ProblemKind::DateMissing);
            }
            if absent(end) {
                r.say(at.of("to"), ProblemKind::DateMissing);
            }
            if let (Some(from), Some(to)) = (from, to.or(date))
                && to < from
            {
                r.say(at.of("to"), ProblemKind::WindowReversed);
            }
        }
        // Without a rule nothing could ever be computed, and nobody would be asked.
        Some(DeadlineKind::Relative | DeadlineKind::Recurring) if absent("rule") => {
            r.say(at.of("rule"), ProblemKind::Required)
        }
        _ => {}
    }
    (date, from, to, rule)
}

fn rule(r: &mut Reader, at: At<'_>) -> Option<Rule> {
    let value = at.map.get("rule").filter(|v| !v.is_null())?;
    let rule = serde_json::from_value::<Rule>(value.clone()).ok().filter(is_sane);
    if rule.is_none() {
        r.say(at.of("rule"), ProblemKind::InvalidRule);
    }
    rule
}

/// Whether a rule stays within bounds and says something.
pub(crate) fn is_sane(rule: &Rule) -> bool {
    let fine =
        |text: &str| !text.trim().is_empty() && text.chars().nth(MAX_NAME).is_none() && !text.chars().any(is_unwanted);
    match rule {
        Rule::Relative(rule) => {
            fine(&rule.event)
                && (-MAX_OFFSET..=MAX_OFFSET).contains(&rule.offset)
                && rule.condition.as_deref().is_none_or(fine)
        }
        Rule::Recurring(rule) => {
            (1..=12).contains(&rule.every.spans().len()) && rule.min_times.is_none_or(|n| (1..=1_000).contains(&n))
        }
        Rule::Words(text) => fine(text),
    }
}
