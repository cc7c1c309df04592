//! What stands around periods: schedules, reopenings, freezes, requests for more time.

use entity::{extension_request, period_freeze, period_reopening, period_schedule};
use sea_orm::Condition;

use super::{OrderBy, order_fields, query};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of schedules.
    PeriodScheduleOrder for period_schedule {
        /// By the time they were made.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of reopenings.
    PeriodReopeningOrder for period_reopening {
        /// By the time they were made.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of freezes.
    PeriodFreezeOrder for period_freeze {
        /// By number.
        Number => Number,
    }
}

order_fields! {
    /// Orders of requests for more time.
    ExtensionRequestOrder for extension_request {
        /// By the time they were made.
        CreatedAt => CreatedAt,
    }
}

/// Schedules of lists, the oldest first.
pub fn period_schedules(page: PageArgs) -> PageQuery<period_schedule::Entity> {
    let order = OrderBy { field: PeriodScheduleOrder::CreatedAt, descending: false };
    query(Condition::all(), order, page, Some(period_schedule::Column::TaskListId))
}

/// Reopenings of periods, the newest first.
pub fn period_reopenings(page: PageArgs) -> PageQuery<period_reopening::Entity> {
    let order = OrderBy { field: PeriodReopeningOrder::CreatedAt, descending: true };
    query(Condition::all(), order, page, Some(period_reopening::Column::ReportingPeriodId))
}

/// Freezes of periods, the newest first.
pub fn period_freezes(page: PageArgs) -> PageQuery<period_freeze::Entity> {
    let order = OrderBy { field: PeriodFreezeOrder::Number, descending: true };
    query(Condition::all(), order, page, Some(period_freeze::Column::ReportingPeriodId))
}

/// Where requests for more time are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionsOf {
    /// Per period.
    Period,
    /// Per obligation.
    Obligation,
}

/// Requests for more time, the newest first.
pub fn extension_requests(page: PageArgs, of: ExtensionsOf) -> PageQuery<extension_request::Entity> {
    let order = OrderBy { field: ExtensionRequestOrder::CreatedAt, descending: true };
    let parent = match of {
        ExtensionsOf::Period => extension_request::Column::ReportingPeriodId,
        ExtensionsOf::Obligation => extension_request::Column::ReportObligationId,
    };
    query(Condition::all(), order, page, Some(parent))
}
