//! Which tasks, and in which order.

use async_graphql::ID;

use crate::graphql::context::key;
use crate::graphql::enums::AssignmentRole;
use crate::graphql::filter::{DateFilter, DeadlineKindFilter, IdFilter, StringFilter, filter_input, order_input};
use crate::graphql::user_error::bad_request;
use crate::id::Kind;
use crate::store::query::lists;

filter_input! {
    /// 任务筛选。
    /// Which tasks.
    TaskFilter => lists::TaskLeaf {
        /// 印发的编号。
        /// The number as printed.
        number: StringFilter => |v| v.into(),
        /// 名称或要求包含。
        /// Title or requirement contains this.
        text: String => |v| v,
        /// 所在章节（仅该节）。
        /// The section itself.
        section: IdFilter => |v| v.keys(Kind::Section)?,
        /// 所在章节及其下级。
        /// The section or one below it.
        within_section: ID => |v| key(Kind::Section, &v)?,
        /// 是否激励性指标。
        /// Marked as an incentive.
        incentive: bool => |v| v,
        /// 是否待人工确认。
        /// Waits for a person to look at it.
        needs_review: bool => |v| v,
        /// 涉及此单位。
        /// This unit is assigned.
        unit: ID => |v| key(Kind::Unit, &v)?,
        /// 有单位任此角色；与 unit 同用时指该单位的角色。
        /// Some unit has this role; together with `unit`, that unit.
        role: AssignmentRole => |v| v.into(),
        /// 时限类型。
        /// The kind of the deadline.
        deadline_kind: DeadlineKindFilter => |v| v.into(),
        /// 时限日期。
        /// The day of the deadline.
        due_on: DateFilter => |v| v.into(),
        /// 涉及本单位。
        /// Assigned to the caller's own unit.
        mine: bool => |v| v,
        /// 是否已过时限（清单执行中）。
        /// Past its deadline while the list is in force.
        overdue: bool => |v| v,
        /// 今日起若干天内到期，0 至 3660。
        /// Due within so many days from today, 0 to 3660.
        due_within_days: i32 => |v| u32::try_from(v).ok().filter(|days| *days <= 3660)
            .ok_or_else(|| bad_request("dueWithinDays lies between 0 and 3660"))?,
        /// 此报告期仍有应报未报。
        /// Somebody visible still owes the report for this period.
        missing_report_in: ID => |v| key(Kind::ReportingPeriod, &v)?,
        /// 是否有承担单位已停用（如已拆分、撤销）；新的报告期对停用的单位不再产生应报。
        /// Whether a unit on it is out of use (split up, merged by somebody who may not amend the list); new periods expect nothing of such units.
        unit_out_of_use: bool => |v| v,
    }
}

order_input! {
    /// 任务排序。
    /// In which order tasks come.
    TaskOrder,
    /// 任务排序依据。
    /// By what tasks are ordered.
    TaskOrderField => lists::TaskOrder, default Position {
        /// 印发顺序。
        /// As printed.
        Position,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}
