//! Which obligations, and in which order.

use crate::graphql::filter::{DateFilter, IdFilter, filter_input, order_input};
use crate::id::Kind;
use crate::store::query::{OrderBy, reports};

filter_input! {
    /// 应报事项筛选。
    /// Which obligations.
    ReportObligationFilter => reports::ReportObligationLeaf {
        /// 应报单位。
        /// The unit that owes.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 任务。
        /// The task.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 报告期。
        /// The period.
        period: IdFilter => |v| v.keys(Kind::ReportingPeriod)?,
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 到期日。
        /// The day it is due.
        due_on: DateFilter => |v| v.into(),
        /// 是否应报未报（就所见而言）。
        /// Whether nothing is handed in yet, as far as the caller sees.
        missing_report: bool => |v| v,
        /// 是否尚未办结：未报、退回待重报或待审核（就所见而言）。
        /// Whether nothing is accepted yet, so that it stands in the way of closing, as far as the caller sees.
        outstanding: bool => |v| v,
        /// 是否逾期未报（就所见而言）。
        /// Whether nothing is handed in yet and it is too late, as far as the caller sees.
        overdue: bool => |v| v,
        /// 是否因清单调整不再应报。
        /// Whether it is owed no more since the list was amended.
        released: bool => |v| v,
    }
}

order_input! {
    /// 应报事项排序。
    /// In which order obligations come.
    ReportObligationOrder,
    /// 应报事项排序依据。
    /// By what obligations are ordered.
    ReportObligationOrderField => reports::ReportObligationOrder, default CreatedAt {
        /// 产生时间。
        /// By the time they arose.
        CreatedAt,
        /// 到期日。
        /// By the day they are due.
        DueOn,
    }
}

impl ReportObligationOrder {
    /// The store's order, by the due day unless said.
    pub fn or_due(order: Option<Self>) -> OrderBy<reports::ReportObligationOrder> {
        match order {
            Some(_) => Self::or_default(order),
            None => OrderBy { field: reports::ReportObligationOrder::DueOn, descending: false },
        }
    }
}
