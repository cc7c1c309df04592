//! The life of a progress report as a table, and what its content must be.

use entity::vocabulary::{Completion, ReportStatus};

use super::lang::Lang;

/// Characters of a narrative at most.
pub const MAX_NARRATIVE: usize = 10_000;

/// What is done to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// The unit writes.
    Save,
    /// The unit hands it in.
    Submit,
    /// The unit takes it back before the office decided.
    Withdraw,
    /// The office accepts it (通过).
    Accept,
    /// The office returns it (退回).
    Return,
}

impl Verb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[Self::Save, Self::Submit, Self::Withdraw, Self::Accept, Self::Return];
}

/// The verb does not fit the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The state it is in.
    pub status: ReportStatus,
    /// What was asked.
    pub verb: Verb,
}

impl Refused {
    /// The text for a person.
    pub fn text(&self, lang: Lang) -> String {
        let status = match self.status {
            ReportStatus::Draft => lang.pick("草稿", "a draft"),
            ReportStatus::Submitted => lang.pick("已提交", "submitted"),
            ReportStatus::Returned => lang.pick("已退回", "returned"),
            ReportStatus::Accepted => lang.pick("已通过", "accepted"),
        };
        let verb = match self.verb {
            Verb::Save => lang.pick("修改", "changed"),
            Verb::Submit => lang.pick("提交", "submitted"),
            Verb::Withdraw => lang.pick("撤回", "withdrawn"),
            Verb::Accept => lang.pick("通过", "accepted"),
            Verb::Return => lang.pick("退回", "returned"),
        };
        match lang {
            Lang::Zh => format!("落实情况{status}，不能{verb}"),
            Lang::En => format!("the report is {status} and cannot be {verb}"),
        }
    }
}

/// The state after a verb. What was accepted stays as it is.
pub const fn transition(status: ReportStatus, verb: Verb) -> Result<ReportStatus, Refused> {
    use ReportStatus::{Accepted, Draft, Returned, Submitted};
    match (status, verb) {
        (Draft, Verb::Save) => Ok(Draft),
        // A returned report stays marked as returned while it is mended, so that the office sees what is due again.
        (Returned, Verb::Save) => Ok(Returned),
        (Draft | Returned, Verb::Submit) => Ok(Submitted),
        (Submitted, Verb::Withdraw) => Ok(Draft),
        (Submitted, Verb::Accept) => Ok(Accepted),
        (Submitted, Verb::Return) => Ok(Returned),
        (Draft | Returned, Verb::Withdraw | Verb::Accept | Verb::Return)
        | (Submitted, Verb::Save | Verb::Submit)
        | (Accepted, _) => Err(Refused { status, verb }),
    }
}

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

    /// The text for a person.
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NarrativeRequired => lang.pick("请填写落实情况", "tell what was done"),
            Self::ReasonRequired => lang.pick("选择“不适用”时请说明理由", "say why the task does not apply"),
            Self::NarrativeTooLong => {
                lang.pick("落实情况最多10000个字符", "the narrative has at most 10,000 characters")
            }
            Self::NarrativeUnreadable => lang.pick("落实情况含有控制字符", "the narrative contains control characters"),
            Self::CompletionRequired => lang.pick("请选择完成情况", "say how far the work is"),
            Self::PercentOutOfRange => lang.pick("完成比例应在0与100之间", "the percentage must lie between 0 and 100"),
            Self::CompletedBelow100 => {
                lang.pick("已完成的任务完成比例应为100", "a completed task stands at 100 per cent")
            }
            Self::NotStartedAbove0 => {
                lang.pick("未启动的任务完成比例应为0", "a task that is not started stands at 0 per cent")
            }
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
