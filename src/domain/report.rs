//! What the content of a progress report must be. What may be done to it, and when, stands in `authz::policy`.

use entity::vocabulary::Completion;

/// Characters of a narrative at most.
pub const MAX_NARRATIVE: usize = 10_000;

/// When the content is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// While writing: gaps are fine, nonsense is not.
    Save,
    /// When handing in: nothing may be missing.
    Submit,
}

/// What is wrong with the content of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportProblem {
    /// Nothing is told.
    NarrativeRequired,
    /// 不适用 needs a reason in the narrative.
    ReasonRequired,
    /// The narrative is too long.
    NarrativeTooLong,
    /// The narrative holds control characters.
    NarrativeUnreadable,
    /// How far the work is was not said.
    CompletionRequired,
    /// Not between 0 and 100.
    PercentOutOfRange,
    /// 已完成 is 100 per cent.
    CompletedBelow100,
    /// 未启动 is 0 per cent.
    NotStartedAbove0,
}

impl ReportProblem {
    /// The field of the input that is meant.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NarrativeRequired | Self::ReasonRequired | Self::NarrativeTooLong | Self::NarrativeUnreadable => {
                "narrative"
            }
            Self::CompletionRequired => "completion",
            Self::PercentOutOfRange | Self::CompletedBelow100 | Self::NotStartedAbove0 => "percent",
        }
    }
}

/// Everything that is wrong with the content of a report, at once.
pub fn validate_report(
    narrative: &str,
    completion: Option<Completion>,
    percent: Option<i32>,
    stage: Stage,
) -> Vec<ReportProblem> {
    let mut problems = Vec::new();
    if stage == Stage::Submit && narrative.trim().is_empty() {
        match completion {
            Some(Completion::NothingToReport) => {}
            Some(Completion::NotApplicable) => problems.push(ReportProblem::ReasonRequired),
            _ => problems.push(ReportProblem::NarrativeRequired),
        }
    }
    if narrative.chars().nth(MAX_NARRATIVE).is_some() {
        problems.push(ReportProblem::NarrativeTooLong);
    }
    if narrative.chars().any(super::text::is_unwanted) {
        problems.push(ReportProblem::NarrativeUnreadable);
    }
    if stage == Stage::Submit && completion.is_none() {
        problems.push(ReportProblem::CompletionRequired);
    }
    match (percent, completion) {
        (Some(p), _) if !(0..=100).contains(&p) => problems.push(ReportProblem::PercentOutOfRange),
        (Some(p), Some(Completion::Completed)) if p != 100 => problems.push(ReportProblem::CompletedBelow100),
        (Some(p), Some(Completion::NotStarted)) if p != 0 => problems.push(ReportProblem::NotStartedAbove0),
        _ => {}
    }
    problems
}
