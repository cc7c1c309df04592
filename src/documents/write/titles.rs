//! Titles of the sheets that follow from a list.

use crate::documents::understand::echo;
use crate::domain::text::half_width;

/// The ends of titles of lists, longer ones first.
const ENDS: &[&str] = &[
    "任务分工表",
    "任务清单",
    "分工方案",
    "任务分工",
    "任务分解表",
    "分解表",
    "责任分解",
    "落实情况表",
    "清单",
    "分工表",
    "台账",
    "分工",
    "一览表",
];

/// 2026年…任务清单 becomes 2026年…任务落实情况表（1–6月）.
pub(super) fn with_period(list_title: Option<&str>, ending: &str, period: &str) -> String {
    let title = list_title.unwrap_or("政务公开工作");
    // A period in the title of the list is replaced, with what stands behind it: two would be read as the first.
    let opened = |period: &str| {
        let mut found = title.match_indices(period).map(|(at, _)| title[..at].trim_end());
        found.find_map(|before| before.strip_suffix(|c| matches!(half_width(c), '(' | '[')))
    };
    let bare = echo::period(title).as_deref().and_then(opened).unwrap_or(title).trim_end();
    let found = ENDS.iter().find_map(|end| bare.strip_suffix(end).map(|start| (start, end.contains("任务"))));
    let (start, task) = found.unwrap_or((bare, false));
    let task = if task { "任务" } else { "" };
    let period = period.trim();
    if period.is_empty() { format!("{start}{task}{ending}") } else { format!("{start}{task}{ending}（{period}）") }
}
