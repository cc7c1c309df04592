//! The sentences about what comes after a list's issue.

/// What goes wrong with receipts, objections, amendments and units that change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterIssue {
    /// A change that changes nothing.
    NothingChanges,
    /// The unit has acknowledged already.
    Acknowledged,
    /// Nothing is left to acknowledge.
    NothingToAcknowledge,
    /// An objection waits for its decision, or had it.
    Declined,
    /// There is no objection that waits for a decision.
    NoObjection,
    /// Not a group, so there is nobody to take over.
    NoGroup,
    /// The unit is not in the group; its name.
    NotInGroup(String),
    /// The unit is named twice or is its own successor.
    SameUnit,
    /// The unit is out of use; its name.
    OutOfUse(String),
    /// A day that has not come yet.
    NotYet,
    /// Other units stand below; the name of the one above.
    UnitsBelow(String),
}

impl AfterIssue {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::NothingChanges => "该项调整没有改变任何内容。".into(),
            Self::Acknowledged => "该任务已签收。".into(),
            Self::NothingToAcknowledge => "没有待签收的任务。".into(),
            Self::Declined => "该任务已提出异议，不能重复提出。".into(),
            Self::NoObjection => "没有待处理的异议。".into(),
            Self::NoGroup => "该指派不是单位组，没有可补充的成员。".into(),
            Self::NotInGroup(name) => format!("“{name}”现不在该单位组中。"),
            Self::SameUnit => "同一单位只能出现一次，且不能并入自身。".into(),
            Self::OutOfUse(name) => format!("“{name}”已停用。"),
            Self::NotYet => "日期不能晚于今天。".into(),
            Self::UnitsBelow(name) => format!("“{name}”下仍有在用的下级单位，请先调整。"),
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::NothingChanges => "This change changes nothing.".into(),
            Self::Acknowledged => "The unit has acknowledged this already.".into(),
            Self::NothingToAcknowledge => "Nothing is left to acknowledge.".into(),
            Self::Declined => "The unit has objected to this already.".into(),
            Self::NoObjection => "There is no objection that waits for a decision.".into(),
            Self::NoGroup => "This assignment names no group, so there is nobody to take over.".into(),
            Self::NotInGroup(name) => format!("“{name}” is not in the group now."),
            Self::SameUnit => "Each unit may stand here once, and none becomes part of itself.".into(),
            Self::OutOfUse(name) => format!("“{name}” is out of use."),
            Self::NotYet => "The day must not lie after today.".into(),
            Self::UnitsBelow(name) => format!("Units in use stand below “{name}”; move them first."),
        }
    }
}
