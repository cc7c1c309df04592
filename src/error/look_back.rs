//! The sentences about looking back, and about tasks that go on in other lists.

use crate::authz::LookBackReason;

/// What a user is told about rounds, findings, rectifications and where tasks come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookBackMessage {
    /// No task has a unit and a day.
    NothingToLookAt,
    /// So many items have no finding.
    FindingsMissing(usize),
    /// A finding has to say what was found.
    FindingText,
    /// The finding names no problem.
    NoProblem,
    /// Exactly one of a day and a number of working days.
    OneDueDay,
    /// Sending back needs a reason.
    WhyReturned,
    /// The task belongs to another issuer's list.
    OtherIssuer,
    /// The task belongs to a list of the same issuer.
    SameIssuer,
    /// The task stands in a draft.
    OriginDraft,
    /// The task was withdrawn.
    TaskWithdrawn,
    /// The task is done.
    TaskDone,
    /// The unit is not on the task.
    UnitNotOnTask,
    /// The task is in this list already.
    AlreadyThere,
    /// The task is not assigned to the unit whose list this is, nor above or below it.
    NotAssigned,
    /// The deadline of the list it comes from has to be looked at; what was printed.
    CheckDeadline(Option<String>),
}

impl LookBackMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::NothingToLookAt => "清单中没有既有责任单位又有明确日期的任务。".into(),
            Self::FindingsMissing(count) => format!("还有 {count} 项没有填写结论，不能结束回头看。"),
            Self::FindingText => "请写明核查情况。".into(),
            Self::NoProblem => "该项结论没有问题，无须整改。".into(),
            Self::OneDueDay => "整改期限请在日期和工作日数中二者择一。".into(),
            Self::WhyReturned => "复核不通过须写明理由。".into(),
            Self::OtherIssuer => "该任务不属于同一发文单位的清单，不能结转。".into(),
            Self::SameIssuer => "该任务属于本单位的清单，请用结转。".into(),
            Self::OriginDraft => "该任务所在清单尚未印发。".into(),
            Self::TaskWithdrawn => "该任务已撤回。".into(),
            Self::TaskDone => "该任务已完成，无须结转。".into(),
            Self::UnitNotOnTask => "该单位不承担此任务。".into(),
            Self::AlreadyThere => "该任务已在此清单中。".into(),
            Self::NotAssigned => "该任务没有指派给发文单位及其上下级。".into(),
            Self::CheckDeadline(Some(text)) => format!("由上一清单结转，原时限“{text}”，请核对本年时限。"),
            Self::CheckDeadline(None) => "由上一清单结转，请核对本年时限。".into(),
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::NothingToLookAt => "No task of the list has both a unit and a day.".into(),
            Self::FindingsMissing(count) => format!("{count} items have no finding yet; the round can't be finished."),
            Self::FindingText => "Say what was found.".into(),
            Self::NoProblem => "The finding names no problem, so there is nothing to put right.".into(),
            Self::OneDueDay => "Give either a day or a number of working days.".into(),
            Self::WhyReturned => "Sending it back needs a reason.".into(),
            Self::OtherIssuer => "The task belongs to a list of another issuer and can't be carried over.".into(),
            Self::SameIssuer => "The task belongs to a list of the same issuer; carry it over.".into(),
            Self::OriginDraft => "The list of the task is not issued yet.".into(),
            Self::TaskWithdrawn => "The task was withdrawn.".into(),
            Self::TaskDone => "The task is done; there is nothing to carry over.".into(),
            Self::UnitNotOnTask => "The unit is not on this task.".into(),
            Self::AlreadyThere => "The task is in this list already.".into(),
            Self::NotAssigned => {
                "The task is assigned neither to the unit whose list this is, nor above or below it.".into()
            }
            Self::CheckDeadline(Some(text)) => {
                format!("Carried over from an earlier list, where the deadline was \"{text}\"; check it.")
            }
            Self::CheckDeadline(None) => "Carried over from an earlier list; check the deadline.".into(),
        }
    }
}

/// The reason of a refusal in Chinese.
pub(super) const fn denied_chinese(reason: LookBackReason) -> &'static str {
    match reason {
        LookBackReason::ListDraft => "清单尚未印发，不能回头看。",
        LookBackReason::Finished => "该轮回头看已结束。",
        LookBackReason::NotFinished => "该轮回头看尚未结束。",
        LookBackReason::NotPlannable => "整改已报完成或已结束，不能再改措施。",
        LookBackReason::NotReportable => "尚未填写整改措施，或整改已报完成、已结束。",
        LookBackReason::NotReported => "单位尚未报整改完成，或已复核。",
        LookBackReason::Over => "该项整改已结束。",
        LookBackReason::OwnRectification => "不能复核本人报完成的整改，须由另一人复核。",
    }
}

/// The reason of a refusal in English.
pub(super) const fn denied_english(reason: LookBackReason) -> &'static str {
    match reason {
        LookBackReason::ListDraft => "The list is not issued yet.",
        LookBackReason::Finished => "The look-back round is finished.",
        LookBackReason::NotFinished => "The look-back round is not finished.",
        LookBackReason::NotPlannable => "The measure can't be changed: it was reported as done, or it is over.",
        LookBackReason::NotReportable => "There is no measure yet, or it was reported as done, or it is over.",
        LookBackReason::NotReported => "The unit has not reported it as done, or it was looked at already.",
        LookBackReason::Over => "The rectification is over.",
        LookBackReason::OwnRectification => {
            "Nobody looks again at what he reported as done himself; somebody else has to."
        }
    }
}
