//! What stood on a past day, from what is known to have happened; and how many obligations stood how.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::vocabulary::{Completion, ReportStatus, ReviewDecision};

use super::due::DueState;
use super::roll_up::{Line, RollUp};

/// One handing in of a report, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handing {
    /// When it was handed in.
    pub at: DateTime<Utc>,
    /// What it said.
    pub completion: Completion,
    /// When the unit took it back, if it did.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// What the office decided, and when.
    pub decided: Option<(DateTime<Utc>, ReviewDecision)>,
}

/// Everything that happened to an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// When it arose.
    pub created_at: DateTime<Utc>,
    /// The times something was handed in, in their order.
    pub handings: Vec<Handing>,
}

/// How an obligation stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The state of its report; `None` while nothing had been handed in.
    pub status: Option<ReportStatus>,
    /// What the report said when it was handed in last.
    pub completion: Option<Completion>,
    /// When it was handed in last.
    pub handed_in_at: Option<DateTime<Utc>>,
}

/// The state of a report that was handed in, by what had become of it.
pub const fn state_after(withdrawn: bool, decision: Option<ReviewDecision>) -> ReportStatus {
    match (decision, withdrawn) {
        (Some(ReviewDecision::Accepted), _) => ReportStatus::Accepted,
        (Some(ReviewDecision::Returned), _) => ReportStatus::Returned,
        (None, true) => ReportStatus::Draft,
        (None, false) => ReportStatus::Submitted,
    }
}

impl History {
    /// How it stood right before `end`; `None` when it was not owed yet.
    pub fn before(&self, end: DateTime<Utc>) -> Option<Standing> {
        if self.created_at >= end {
            return None;
        }
        let Some(last) = self.handings.iter().rev().find(|handing| handing.at < end) else {
            return Some(Standing::default());
        };
        let withdrawn = last.withdrawn_at.is_some_and(|at| at < end);
        let decision = last.decided.filter(|(at, _)| *at < end).map(|(_, decision)| decision);
        Some(Standing {
            status: Some(state_after(withdrawn, decision)),
            completion: Some(last.completion),
            handed_in_at: Some(last.at),
        })
    }
}

/// How many obligations stand how. Always: expected = the sum over the due states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// The sums by the state of the reports.
    pub sums: RollUp,
    /// The sums by how they stand to their day.
    pub due: BTreeMap<DueState, u32>,
}

impl StatusCounts {
    /// Counts `count` obligations that stand alike.
    pub fn add(&mut self, line: Line, due: DueState, count: u32) {
        self.sums = std::mem::take(&mut self.sums).and(&RollUp::of([line]).times(count));
        *self.due.entry(due).or_default() += count;
    }

    /// How many stand so to their day.
    pub fn of(&self, due: DueState) -> u32 {
        self.due.get(&due).copied().unwrap_or_default()
    }
}
