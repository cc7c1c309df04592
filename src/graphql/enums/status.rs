//! Who owes what.

use async_graphql::Enum;

use crate::domain::due;
use crate::service::status;

/// 应报事项的时限状态。
/// How an obligation stands to its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "due::DueState")]
pub enum ReportDueState {
    /// 按时报送。
    /// Handed in in time.
    OnTime,
    /// 逾期报送。
    /// Handed in too late.
    Late,
    /// 未到期。
    /// Not handed in, and there is time.
    NotDue,
    /// 逾期未报。
    /// Not handed in, and there is none.
    Overdue,
    /// 无时限：清单调整后不再应报、也未报送的事项。应报的事项总有到期日（报告期的，或本单位的），所以统计中没有此项。
    /// No day: what is owed no more since the list was amended, and was not received. What is owed always has a day, that of its period or its own, so this occurs at a single obligation and in no figures.
    NoDate,
}

/// 报送情况的分组。
/// What the figures of reporting are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "status::StatusKey")]
pub enum ReportingStatusGrouping {
    /// 应报单位。
    /// The unit that owes.
    Unit,
    /// 一级工作任务（大项）。
    /// The outermost section.
    Section,
    /// 牵头单位；有几个牵头单位的各计一次。
    /// The lead unit; what has several counts for each.
    Lead,
    /// 单位组；属于几个组的各计一次。
    /// The group of the unit; what is in several counts for each.
    Group,
    /// 清单。
    /// The list.
    List,
}
