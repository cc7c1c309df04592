//! A section as it was printed: its label and title in one text.

use crate::documents::list_json::{ListDocument, SectionItem};
use crate::documents::understand::echo;

/// The printed text of a section: the first way of writing that is read back the same.
pub(super) fn printed(list: &ListDocument, section: &SectionItem) -> String {
    let label = section.path.last().map(String::as_str).unwrap_or_default();
    let label = plain_label(list, section, label);
    let title = section.title.as_str();
    section_line(label, title)
}

/// A section on a line of its own: 一、加强主动公开, （一）空间规划, the title alone where it has no label.
pub fn section_line(label: &str, title: &str) -> String {
    let start: String = title.chars().take(45).collect();
    if label == title || label == start || title.starts_with(label) && label.chars().count() >= 45 {
        return title.to_owned();
    }
    let mut ways = [
        format!("{label}、{title}"),
        format!("{label}{title}"),
        format!("{label} {title}"),
        format!("{label}.{title}"),
    ];
    if label.ends_with('）') {
        ways.swap(0, 1);
    }
    let right = |text: &&String| match echo::sections(text).as_slice() {
        [] => echo::number_in_text(text, None, false).is_some_and(|(l, t)| l == label && t == title),
        [(l, t)] => l == label && t == title,
        _ => false,
    };
    ways.iter().find(right).unwrap_or(&ways[2]).clone()
}

/// A label that was printed twice got a number to tell it apart; on paper it has none.
fn plain_label<'a>(list: &ListDocument, section: &SectionItem, label: &'a str) -> &'a str {
    let Some((plain, rest)) = label.rsplit_once('（') else { return label };
    let numbered = rest.strip_suffix('）').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let depth = section.path.len();
    let twin = list.sections.iter().any(|s| {
        s.path.len() == depth && s.path[..depth - 1] == section.path[..depth - 1] && s.path[depth - 1] == plain
    });
    if numbered && twin { plain } else { label }
}
