//! Words of looking back, and of where tasks come from.

use async_graphql::Enum;
use entity::vocabulary;

/// 回头看的状态。
/// The life of a look-back round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::LookBackStatus")]
pub enum LookBackStatus {
    /// 核查中，各单位不可见。
    /// Findings are being written; units see nothing of it.
    Open,
    /// 已结束，各单位可见对本单位的结论。
    /// Finished; units see what was found about them.
    Finished,
}

/// 核查结论。
/// What looking back found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::LookBackFinding")]
pub enum LookBackFinding {
    /// 已完成。
    /// Done.
    Done,
    /// 部分完成。
    /// Done in part.
    PartlyDone,
    /// 未完成。
    /// Not done.
    NotDone,
    /// 虚报：报称完成而未落实。
    /// Reported as done, and it was not.
    DoneOnPaperOnly,
    /// 不再适用。
    /// It does not apply any more.
    NotApplicable,
}

/// 整改状态。
/// The life of a rectification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::RectificationStatus")]
pub enum RectificationStatus {
    /// 已交办，待报整改措施。
    /// A problem was named; the unit is to say what it will do.
    Opened,
    /// 整改中。
    /// The unit said what it will do.
    Planned,
    /// 已报完成，待复核。
    /// The unit says it is done; the office looks again.
    Reported,
    /// 复核不通过，退回整改。
    /// Sent back to the unit.
    Returned,
    /// 已销号。
    /// Put right and closed.
    Closed,
    /// 已撤销。
    /// Called off.
    Cancelled,
}

/// 复核结论。
/// What the office saw when it looked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum RecheckDecision {
    /// 通过，销号。
    /// It is put right, and closed.
    Closed,
    /// 不通过，退回整改，须写明理由。
    /// It is not, and goes back for a reason.
    Returned,
}

/// 任务来源的种类。
/// How a task came out of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::LineageKind")]
pub enum LineageKind {
    /// 结转：未完成的任务转入同一发文单位的后续清单。
    /// What was left open goes on in a later list of the same issuer.
    CarriedOver,
    /// 分解：本级清单承接上级清单的任务。
    /// A unit's own list takes up a task of a list above.
    Derived,
}
