//! Tasks that say the same as others.

use std::collections::HashMap;

use super::clean::key;
use super::question::{QuestionKind, Questions};
use crate::documents::list_json::TaskItem;

/// A shorter sentence is a phrase of the trade.
const SHORTEST: usize = 12;
/// A sentence in more tasks than this is a formula.
const FORMULA: usize = 6;

/// Points out tasks whose text is part of another's.
pub(super) fn point_out(tasks: &[TaskItem], places: &[String], questions: &mut Questions) {
    let texts: Vec<String> = tasks
        .iter()
        .map(|t| {
            key(&format!("{}{}", t.title.as_deref().unwrap_or_default(), t.requirement.as_deref().unwrap_or_default()))
        })
        .map(|t| t.trim_end_matches(['。', ';']).to_owned())
        .collect();
    let mut by_sentence: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, text) in texts.iter().enumerate() {
        for sentence in text.split(['。', ';']).filter(|s| s.chars().count() >= SHORTEST) {
            let tasks = by_sentence.entry(sentence).or_default();
            if tasks.last() != Some(&i) {
                tasks.push(i);
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = by_sentence
        .values()
        .filter(|tasks| (2..=FORMULA).contains(&tasks.len()))
        .flat_map(|tasks| tasks.iter().flat_map(|&a| tasks.iter().map(move |&b| (a, b))))
        .filter(|&(a, b)| a != b && texts[a].contains(texts[b].as_str()) && (texts[a] != texts[b] || a < b))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (whole, part) in pairs.into_iter().take(100) {
        let number = |i: usize| tasks[i].number.clone().unwrap_or_else(|| format!("#{}", i + 1));
        let question = questions.ask(QuestionKind::Overlap, format!("tasks[{part}]"));
        question.at(places.get(part).map_or("", String::as_str)).task(tasks[part].number.as_deref());
        question.printed(&texts[part]);
        question.zh = format!("第 {} 项的内容也在第 {} 项中，是否重复？", number(part), number(whole));
        question.en =
            format!("What task {} says is also part of task {}. Is it meant twice?", number(part), number(whole));
        question.propose("保留两项").or([format!("删去第 {} 项", number(part))]);
    }
}
