//! Columns that say the same kind of thing: which of them counts.

use super::clean::key;
use super::columns::Profile;
use super::grid::Grid;
use super::header::Word;
use crate::documents::list_json::ColumnRole;

/// Several columns of texts: which one says what is to be done, which one names it, and which only adds to it.
pub(super) fn settle_texts(words: &mut [Option<Word>], profiles: &[Profile], doubtful: &mut Vec<usize>) {
    let of = |words: &[Option<Word>], word: Word| -> Vec<usize> {
        (0..words.len()).filter(|&c| words[c] == Some(word) && profiles[c].cells > 0).collect()
    };
    for c in of(words, Word::Problem) {
        let remedy = words[c + 1..].iter().any(|w| matches!(w, Some(Word::Requirement | Word::Goal)));
        let alone = of(words, Word::Task).is_empty() && of(words, Word::Requirement).is_empty();
        words[c] = Some(if remedy || alone { Word::Task } else { Word::Other });
    }
    let goals = of(words, Word::Goal);
    let (mut texts, titles) = (of(words, Word::Requirement), of(words, Word::Task));
    // The fullest one has a cell for each task; of a text that stands for several rows it is a group.
    let fullest = texts.iter().chain(&goals).chain(&titles).map(|&c| profiles[c].cells).max().unwrap_or(0);
    if let Some(&first) = texts.first().filter(|_| texts.len() + goals.len() > 1)
        && profiles[first].cells * 4 <= fullest * 3
        && profiles[first].numbered < 0.5
    {
        words[first] = Some(Word::Section);
        texts.remove(0);
    }
    // A title that stands for several rows will be their section.
    let titled = titles.iter().any(|&c| profiles[c].cells * 4 > fullest * 3);
    if !titled && texts.len() + goals.len() > 1 && (texts.len() > 1 || goals.first() > texts.first()) {
        let first = texts[0];
        let named = texts.len() > 1 || profiles[first].length <= profiles[goals[0]].length + 6.0;
        if named && profiles[first].numbered < 0.5 {
            words[first] = Some(Word::Task);
            texts.remove(0);
        }
    }
    for &c in &goals {
        if texts.is_empty() {
            words[c] = Some(Word::Requirement);
            texts.push(c);
        } else {
            words[c] = Some(Word::Other);
            doubtful.push(c);
        }
    }
    // Their texts are put together, and a person is told.
    doubtful.extend(texts.iter().skip(1));
}

/// 建设单位 beside 责任单位 says who builds, not who answers for it.
pub(super) fn weak_units(words: &mut [Option<Word>], headers: &[Option<String>], doubtful: &mut Vec<usize>) {
    let units: Vec<usize> = (0..words.len()).filter(|&c| words[c] == Some(Word::Units)).collect();
    let strong = |c: usize| {
        headers[c].as_ref().is_none_or(|h| ["责任", "承办", "落实", "主管", "实施"].iter().any(|w| key(h).contains(w)))
    };
    if units.iter().any(|&c| strong(c)) {
        for c in units.into_iter().filter(|&c| !strong(c)) {
            words[c] = Some(Word::Other);
            doubtful.push(c);
        }
    }
}

/// Of several columns of times the last that is full enough is the deadline.
pub(super) fn only_deadline(words: &mut [Option<Word>], profiles: &[Profile], doubtful: &mut Vec<usize>) {
    let times: Vec<usize> =
        (0..words.len()).filter(|&c| words[c] == Some(Word::Deadline) && profiles[c].cells > 0).collect();
    let most = times.iter().map(|&c| profiles[c].cells).max().unwrap_or(0);
    let Some(&chosen) = times.iter().rev().find(|&&c| profiles[c].cells * 2 >= most) else { return };
    for c in times.into_iter().filter(|&c| c != chosen) {
        words[c] = Some(Word::Other);
        doubtful.push(c);
    }
}

/// 一, 二 beside merged sections number these and not the tasks.
pub(super) fn section_number(grid: &Grid<'_>, rows: &[usize], roles: &[ColumnRole]) -> Option<usize> {
    let number = roles.iter().position(|r| *r == ColumnRole::Number)?;
    let section = roles.iter().position(|r| *r == ColumnRole::Section)?;
    let begin = |row: usize, c: usize| grid.cell(row, c).is_some_and(|x| x.row == row && x.column == c);
    let begins = |c: usize| -> Vec<usize> {
        rows.iter().copied().filter(|&row| begin(row, c) && !grid.text(row, c).is_empty()).collect()
    };
    let (numbers, sections) = (begins(number), begins(section));
    let merged = numbers.iter().any(|&row| grid.cell(row, number).is_some_and(|c| c.row_span > 1));
    let chinese = numbers.iter().all(|&row| grid.text(row, number).chars().all(|c| "一二三四五六七八九十".contains(c)));
    (merged && chinese && numbers == sections && numbers.len() < rows.len()).then_some(number)
}
