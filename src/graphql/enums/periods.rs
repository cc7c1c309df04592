//! Words of periods: schedules, freezes, requests for more time.

use async_graphql::Enum;
use entity::vocabulary;

/// 自动开启的频次。
/// How often a schedule opens a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ScheduleEvery")]
pub enum ScheduleEvery {
    /// 每月。
    /// Every month.
    Month,
    /// 每季度。
    /// Every quarter.
    Quarter,
    /// 每半年。
    /// Every half-year.
    HalfYear,
}

/// 汇总数固定的缘由。
/// Why the sums of a period were frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::FreezeCause")]
pub enum FreezeCause {
    /// 报告期关闭。
    /// The period was closed.
    Closing,
    /// 重新开放中通过了一份报告。
    /// A report was accepted under a reopening.
    Reopening,
}

/// 延期申请的状态。
/// What became of a request for more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExtensionStatus")]
pub enum ExtensionStatus {
    /// 待批。
    /// Waits for the office.
    Pending,
    /// 同意。
    /// Time was granted.
    Granted,
    /// 不同意。
    /// No time was granted.
    Refused,
    /// 已撤回。
    /// The unit took it back.
    Withdrawn,
}

/// 对延期申请的审批结论。
/// What the office decides about a request for more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum ExtensionDecision {
    /// 同意。
    /// Time is granted.
    Granted,
    /// 不同意，须写明理由。
    /// No time is granted, for a reason.
    Refused,
}
