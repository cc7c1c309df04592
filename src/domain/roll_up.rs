//! The sums of a reporting period: what is expected, what came, how far the work is.

use std::collections::BTreeMap;

use entity::vocabulary::{Completion, ReportStatus};
use serde::{Deserialize, Serialize};

/// One obligation as the sums see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The state of its report, if there is one.
    pub status: Option<ReportStatus>,
    /// What the report says, if it says so.
    pub completion: Option<Completion>,
}

impl Line {
    /// The line of a report. Once a revision is accepted it counts, whatever becomes of a correction of it.
    pub fn of(status: ReportStatus, completion: Option<Completion>, accepted: Option<Completion>) -> Self {
        match accepted {
            Some(_) => Self { status: Some(ReportStatus::Accepted), completion: accepted },
            None => Self { status: Some(status), completion },
        }
    }
}

/// Sums over obligations. Always: expected = received + returned + missing, received = accepted + submitted.
///
/// Only counts are kept, so that a frozen period never disagrees with itself; rates are computed from them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RollUp {
    /// 应报: obligations.
    pub expected: u32,
    /// 已报: handed in and not returned.
    pub received: u32,
    /// Of these, waiting for the office.
    pub submitted: u32,
    /// 通过: of these, accepted.
    pub accepted: u32,
    /// 退回: returned and not handed in again.
    pub returned: u32,
    /// 未报: nothing, or nothing that has left the unit.
    pub missing: u32,
    /// Of the received ones, those without news.
    pub nothing_to_report: u32,
    /// Of the received ones, those that say the task does not apply.
    pub not_applicable: u32,
    /// How far the received ones are.
    pub completion: BTreeMap<Completion, u32>,
}

impl RollUp {
    /// The sums over some obligations.
    pub fn of(lines: impl IntoIterator<Item = Line>) -> Self {
        lines.into_iter().fold(Self::default(), Self::with)
    }

    /// The sums with one more obligation.
    #[must_use]
    pub fn with(mut self, line: Line) -> Self {
        self.expected += 1;
        match line.status {
            None | Some(ReportStatus::Draft | ReportStatus::Signing) => self.missing += 1,
            Some(ReportStatus::Returned) => self.returned += 1,
            Some(status @ (ReportStatus::Submitted | ReportStatus::Accepted)) => {
                self.received += 1;
                match status {
                    ReportStatus::Accepted => self.accepted += 1,
                    _ => self.submitted += 1,
                }
                if let Some(completion) = line.completion {
                    *self.completion.entry(completion).or_default() += 1;
                    match completion {
                        Completion::NothingToReport => self.nothing_to_report += 1,
                        Completion::NotApplicable => self.not_applicable += 1,
                        _ => {}
                    }
                }
            }
        }
        self
    }

    /// The sums of two sets of obligations together.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.expected += other.expected;
        self.received += other.received;
        self.submitted += other.submitted;
        self.accepted += other.accepted;
        self.returned += other.returned;
        self.missing += other.missing;
        self.nothing_to_report += other.nothing_to_report;
        self.not_applicable += other.not_applicable;
        for (completion, count) in &other.completion {
            *self.completion.entry(*completion).or_default() += count;
        }
        self
    }

    /// The sums of as many sets that are all alike.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        for sum in [
            &mut self.expected,
            &mut self.received,
            &mut self.submitted,
            &mut self.accepted,
            &mut self.returned,
            &mut self.missing,
            &mut self.nothing_to_report,
            &mut self.not_applicable,
        ] {
            *sum = sum.saturating_mul(count);
        }
        self.completion.values_mut().for_each(|sum| *sum = sum.saturating_mul(count));
        self
    }

    /// 报送率: received of expected; nothing when nothing is expected.
    pub fn receipt_rate(&self) -> Option<f64> {
        rate(self.received, self.expected)
    }

    /// 完成率: completed of expected, without those that do not apply.
    pub fn completion_rate(&self) -> Option<f64> {
        let completed = self.completion.get(&Completion::Completed).copied().unwrap_or_default();
        rate(completed, self.expected.saturating_sub(self.not_applicable))
    }
}

/// A part of a whole between 0 and 1.
fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}
