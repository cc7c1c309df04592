//! The numbers of the tasks: each once, and what is odd about them.

use std::collections::{HashMap, HashSet};

use super::clean::cut;
use super::draft::Draft;
use super::question::{QuestionKind, Questions};
use crate::documents::list_json::MAX_LABEL;
use crate::domain::text::match_key;

/// Makes the numbers unique and asks about what is odd.
pub(super) fn settle(drafts: &mut [Draft], questions: &mut Questions) {
    circled(drafts);
    if drafts.iter().all(|d| d.number.is_none()) {
        for (i, draft) in drafts.iter_mut().enumerate() {
            draft.number = Some((i + 1).to_string());
        }
        questions.ask(QuestionKind::NoNumbers, "tasks").propose(format!("1-{}", drafts.len()));
        return;
    }
    // 1-1, 1-2, 2-1 all the way down are numbers of two levels.
    let levels = drafts.iter().all(|d| d.number.as_ref().is_some_and(|n| n.contains('-')));
    for (i, draft) in drafts.iter().enumerate().filter(|_| !levels) {
        let range = draft.number.as_ref().filter(|n| {
            let code = n.contains(['(', '（']) || n.chars().any(|c| c.is_ascii_alphabetic());
            n.contains(['-', '~', '、']) && n.chars().any(|c| c.is_ascii_digit()) && !code
        });
        if let Some(number) = range {
            let question = questions.ask(QuestionKind::NumberRange, format!("tasks[{i}].number"));
            question.at(&draft.place).task(Some(number)).printed(number).propose(number.clone());
        }
    }
    if restarts(drafts) {
        for draft in drafts.iter_mut() {
            if let Some(number) = &draft.number {
                draft.number = Some(format!("{}-{number}", draft.section.concat()));
            }
        }
        let first = drafts.iter().find_map(|d| d.number.clone()).unwrap_or_default();
        questions
            .ask(QuestionKind::NumbersRestart, "tasks")
            .propose(format!("{first}…"))
            .or([format!("1-{}", drafts.len())]);
    } else {
        gaps(drafts, questions);
    }
    unique(drafts, questions);
}

/// ① and ② are the numbers of a list that has no others; elsewhere they are points of one task.
fn circled(drafts: &mut [Draft]) {
    let mark = |d: &Draft| {
        let text = d.requirement.as_deref().unwrap_or_default();
        text.chars().next().filter(|c| ('①'..='⑳').contains(c) && !text[c.len_utf8()..].contains(['①', '②', '③']))
    };
    if drafts.len() < 2 || drafts.iter().any(|d| d.number.is_some() || mark(d).is_none()) {
        return;
    }
    for draft in drafts.iter_mut() {
        if let (Some(c), Some(text)) = (mark(draft), draft.requirement.take()) {
            draft.number = Some(c.to_string());
            draft.value = u32::from(c).checked_sub(u32::from('①')).map(|n| n + 1);
            draft.requirement = Some(text[c.len_utf8()..].trim_start().to_owned());
        }
    }
}

/// Numbers that begin with 1 again where a section begins, unique within each.
fn restarts(drafts: &[Draft]) -> bool {
    let mut seen: HashSet<(Vec<String>, String)> = HashSet::new();
    let mut all: HashSet<String> = HashSet::new();
    let mut doubled = 0;
    for draft in drafts {
        let Some(number) = &draft.number else { continue };
        if !seen.insert((draft.section.clone(), match_key(number))) {
            return false;
        }
        doubled += usize::from(!all.insert(match_key(number)));
    }
    let ones = drafts.iter().filter(|d| d.value == Some(1)).count();
    doubled > 0 && ones >= 2 && drafts.iter().all(|d| !d.section.is_empty())
}

fn gaps(drafts: &[Draft], questions: &mut Questions) {
    let values: Vec<(usize, u32)> = drafts.iter().enumerate().filter_map(|(i, d)| d.value.map(|v| (i, v))).collect();
    for pair in values.windows(2) {
        let [(_, a), (i, b)] = pair else { continue };
        if *b != a.saturating_add(1) && b != a {
            let question = questions.ask(QuestionKind::NumberGap, format!("tasks[{i}].number"));
            question.at(&drafts[*i].place).task(drafts[*i].number.as_deref()).printed(&format!("{a} → {b}"));
            question.propose(b.to_string());
        }
    }
    if let Some((i, first)) = values.first().filter(|(i, v)| *i == 0 && *v > 1) {
        let question = questions.ask(QuestionKind::NumberGap, format!("tasks[{i}].number"));
        question.at(&drafts[*i].place).task(drafts[*i].number.as_deref()).printed(&first.to_string());
        question.propose(first.to_string());
    }
}

fn unique(drafts: &mut [Draft], questions: &mut Questions) {
    let mut used: HashSet<String> = HashSet::new();
    let mut times: HashMap<String, u32> = HashMap::new();
    let mut last: Option<String> = None;
    for (i, draft) in drafts.iter_mut().enumerate() {
        let (printed, base) = match (&draft.number, &last) {
            (Some(number), _) => (Some(number.clone()), number.clone()),
            // Without a number it belongs behind the one above.
            (None, Some(last)) => (None, last.clone()),
            (None, None) => (None, "0".to_owned()),
        };
        let mut number = base.clone();
        cut(&mut number, MAX_LABEL - 10);
        if printed.is_some() {
            last = Some(base.clone());
        }
        if printed.is_none() || !used.insert(match_key(&number)) {
            // What stands before the first number is 0-1, 0-2 …
            let n = times.entry(match_key(&base)).or_insert(u32::from(base != "0"));
            loop {
                *n += 1;
                let next = format!("{number}-{n}");
                if used.insert(match_key(&next)) {
                    number = next;
                    break;
                }
            }
            let kind = if printed.is_some() { QuestionKind::NumberTwice } else { QuestionKind::NoNumbers };
            let question = questions.ask(kind, format!("tasks[{i}].number"));
            question.at(&draft.place).task(Some(&number)).printed(printed.as_deref().unwrap_or_default());
            question.propose(number.clone());
        }
        draft.number = Some(number);
    }
}
