//! What headings, section titles and notes say about all tasks below or above them: who leads, until when.

use chrono::NaiveDate;

use super::clean::key;
use super::header::{Word, word};
use crate::domain::deadline_text::find;

/// Remarks that are looked at.
const MOST: usize = 200;
/// A longer line says something else.
const LONGEST: usize = 300;

/// A line beside the list that may say something about its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) text: String,
    /// Where it stands; nothing below a table of Word.
    pub(super) place: String,
}

/// The lines behind a list and the notes in it.
pub(super) fn gather(tail: &[String], notes: Vec<Remark>) -> Vec<Remark> {
    let behind = tail.iter().map(|line| Remark { text: line.clone(), place: String::new() });
    let telling = |r: &Remark| {
        let says = ["牵头", "时限", "期限", "时间"].iter().any(|w| r.text.contains(w));
        says && r.text.chars().nth(LONGEST).is_none()
    };
    notes.into_iter().chain(behind).filter(telling).take(MOST).collect()
}

/// 责任单位（列首位的为牵头单位）, 排名第一的为牵头单位: what no cell says.
pub(super) fn first_leads(text: &str) -> bool {
    const FIRST: &[&str] =
        &["首位", "第一位", "排第一", "第一个", "排名第一", "列第一", "第一名", "居首", "排首", "排在前", "排在最前"];
    let key = key(text);
    key.contains("牵头") && FIRST.iter().any(|w| key.contains(w))
}

/// 未列明时限的，均于12月20日前完成: when those are due that print no deadline.
pub(super) fn due_without_deadline(text: &str, year: i32) -> Option<NaiveDate> {
    const WITHOUT: &[&str] = &["未", "没有", "无"];
    const SAID: &[&str] = &["列", "列明", "列出", "明确", "注明", "写明", "标明", "标注", "规定", "载明", "确定", ""];
    const TIME: &[&str] = &["时限", "期限", "完成时间", "时间节点", "截止时间", "时间"];
    let key = key(text);
    let behind = WITHOUT.iter().flat_map(|a| SAID.iter().map(move |b| format!("{a}{b}"))).find_map(|start| {
        TIME.iter().find_map(|noun| {
            ["", "具体", "完成", "明确"].iter().find_map(|between| {
                let words = format!("{start}{between}{noun}");
                key.find(&words).map(|at| key[at + words.len()..].to_owned())
            })
        })
    })?;
    find(&behind, year).into_iter().filter(|f| f.binds).find_map(|f| f.time.date)
}

/// 市场环境（牵头单位：市甲局）: a title that says who does the tasks below it.
pub(super) fn names_somebody(title: &str) -> bool {
    let key = key(title);
    let headed = key.match_indices(':').any(|(at, _)| {
        let before = key[..at].rsplit(['(', '[', ',', ';', '、', '。']).next().unwrap_or_default();
        matches!(word(before), Some(Word::Lead | Word::Units | Word::Support))
    });
    headed || ["牵头)", "配合)", "负责)", "牵头]", "负责]"].iter().any(|w| key.contains(w))
}

/// The last day that a section title says: 政务环境（2026年底前完成）.
pub(super) fn due_in(title: &str, year: i32) -> Option<NaiveDate> {
    find(title, year).into_iter().filter(|f| f.binds).find_map(|f| f.time.to.or(f.time.date))
}

/// What reads like a remark and not like the name of a group of tasks.
pub(super) fn is_remark(text: &str) -> bool {
    let key = key(text);
    key.starts_with(['(', '['])
        || key.contains([',', '。', ';'])
        || ["报送", "要加强", "要高度", "要认真", "高度重视", "负责解释", "请各"].iter().any(|w| key.contains(w))
}
