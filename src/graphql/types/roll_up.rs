//! The sums of a period: over what the caller sees, or as they were frozen.

use async_graphql::SimpleObject;
use entity::vocabulary::Completion as StoredCompletion;

use crate::domain::roll_up::{Line, RollUp as Sums};
use crate::graphql::enums::Completion;
use crate::store::reader::PeriodCounts;

/// 某一完成程度的报告数。
/// How many reports say so.
#[derive(SimpleObject)]
pub struct CompletionCount {
    /// 完成程度。
    /// How far the work is.
    completion: Completion,
    /// 报告数。
    /// How many.
    count: i32,
}

/// 汇总数：报告期的 rollUp 仅统计当前登录者可见的应报事项与报告，frozenRollUp 为关闭时固定的全部。
/// Sums of a period; `rollUp` is over exactly the obligations and reports the caller sees, `frozenRollUp` over all of them as they were frozen.
#[derive(SimpleObject)]
pub struct RollUp {
    /// 应报。
    /// Expected.
    pub(super) expected: i32,
    /// 已报（含已通过）。
    /// Received, accepted ones included.
    pub(super) received: i32,
    /// 已通过。
    /// Accepted.
    pub(super) accepted: i32,
    /// 已退回、待重报。
    /// Returned and not handed in again.
    pub(super) returned: i32,
    /// 未报（含草稿）。
    /// Missing, drafts included.
    pub(super) missing: i32,
    /// 报送率，0 至 1；无应报时为空。
    /// Received of expected, 0 to 1; null when nothing is expected.
    receipt_rate: Option<f64>,
    /// 已报各完成程度的数目。
    /// How many of the received say what.
    completions: Vec<CompletionCount>,
}

impl From<PeriodCounts> for RollUp {
    fn from(counts: PeriodCounts) -> Self {
        let number = |n: i64| u32::try_from(n).unwrap_or_default();
        let told: i64 = counts.reports.iter().map(|(_, n)| n).sum();
        let nothing = Line { status: None, completion: None };
        let lines = counts.reports.into_iter().chain([(nothing, counts.expected - told)]);
        lines.fold(Sums::default(), |sums, (line, n)| sums.and(&Sums::of([line]).times(number(n)))).into()
    }
}

impl From<Sums> for RollUp {
    fn from(sums: Sums) -> Self {
        let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let completions = StoredCompletion::ALL.iter().map(|completion| CompletionCount {
            completion: (*completion).into(),
            count: number(sums.completion.get(completion).copied().unwrap_or_default()),
        });
        Self {
            expected: number(sums.expected),
            received: number(sums.received),
            accepted: number(sums.accepted),
            returned: number(sums.returned),
            missing: number(sums.missing),
            receipt_rate: sums.receipt_rate(),
            completions: completions.collect(),
        }
    }
}
