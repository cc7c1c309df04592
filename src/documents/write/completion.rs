//! 完成情况 as people write it: a word, behind it a share in per cent, and how often a recurring task was done.

use entity::vocabulary::Completion;

use super::views::completion_word;
use crate::domain::text::match_key;

/// What stands behind 完成情况: the word, the share in per cent, how often.
pub(super) type Said = (Completion, Option<u8>, Option<i32>);

/// 3次 out of 基本完成80%，3次, and what is left.
fn times(plain: &str) -> Option<(String, Option<i32>)> {
    let Some((before, behind)) = plain.split_once('次') else { return Some((plain.to_owned(), None)) };
    let left = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = before[left.len()..].parse().ok()?;
    Some((format!("{}{behind}", left.trim_end_matches('共')), Some(count)))
}

/// 基本完成80%, 基本完成（80%）, 基本完成80%，3次.
pub(super) fn completion(text: &str) -> Option<Said> {
    let (plain, count) = times(&match_key(text))?;
    let word: String = plain.chars().take_while(|c| !c.is_ascii_digit() && *c != '(').collect();
    let word = word.trim_end_matches(['。', '，', ',', '、', ':']);
    let digits: String = plain.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let percent = if digits.is_empty() { None } else { Some(digits.parse().ok().filter(|p| *p <= 100)?) };
    let also = [
        (Completion::NotStarted, "未开展"),
        (Completion::Limited, "有限进展"),
        (Completion::Limited, "推进中"),
        (Completion::Completed, "完成"),
        (Completion::NothingToReport, "无新增"),
        (Completion::NothingToReport, "本期无新增情况"),
    ];
    let usual = Completion::ALL.iter().map(|c| (*c, completion_word(*c)));
    let found = usual.chain(also).find(|(_, w)| *w == word).map(|(c, _)| c)?;
    Some((found, percent, count))
}
