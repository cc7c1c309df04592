//! The order in which sections and tasks are printed.

use crate::documents::list_json::ListDocument;

/// One step down the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A section begins, or goes on after another one.
    Section(usize),
    /// A task, by its position.
    Task(usize),
}

/// Sections before their tasks, empty ones too; a section that goes on later is said again.
pub(super) fn steps(list: &ListDocument) -> Vec<Step> {
    let place = |path: &[String]| list.sections.iter().position(|s| s.path == path);
    let mut out = Vec::new();
    let mut next = 0;
    let mut current: Option<&[String]> = None;
    for (i, task) in list.tasks.iter().enumerate() {
        let path = task.section_path.as_slice();
        if let Some(at) = place(path) {
            if at >= next {
                out.extend((next..=at).map(Step::Section));
                next = at + 1;
            } else if current != Some(path) {
                let known = current.unwrap_or_default();
                let same = known.iter().zip(path).take_while(|(a, b)| a == b).count().min(path.len() - 1);
                out.extend((same + 1..=path.len()).filter_map(|n| place(&path[..n])).map(Step::Section));
            }
            current = Some(path);
        }
        out.push(Step::Task(i));
    }
    out.extend((next..list.sections.len()).map(Step::Section));
    out
}
