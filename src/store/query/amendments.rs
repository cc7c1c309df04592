//! Amendments and their changes; the history of units.

use entity::{amendment, amendment_change, unit_change};
use sea_orm::Condition;

use super::{OrderBy, order_fields, query};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of amendments.
    AmendmentOrder for amendment {
        /// By number.
        Number => Number,
    }
}

order_fields! {
    /// Orders of changes.
    AmendmentChangeOrder for amendment_change {
        /// As they were made.
        Position => Position,
    }
}

order_fields! {
    /// Orders of a unit's history.
    UnitChangeOrder for unit_change {
        /// By day.
        ChangedOn => ChangedOn,
    }
}

/// The amendments of lists, the latest first.
pub fn amendments(page: PageArgs) -> PageQuery<amendment::Entity> {
    let order = OrderBy { field: AmendmentOrder::Number, descending: true };
    query(Condition::all(), order, page, Some(amendment::Column::TaskListId))
}

/// The changes of amendments, in their order.
pub fn amendment_changes(page: PageArgs) -> PageQuery<amendment_change::Entity> {
    let order = OrderBy { field: AmendmentChangeOrder::Position, descending: false };
    query(Condition::all(), order, page, Some(amendment_change::Column::AmendmentId))
}

/// What became of units, the latest first.
pub fn unit_changes(page: PageArgs) -> PageQuery<unit_change::Entity> {
    let order = OrderBy { field: UnitChangeOrder::ChangedOn, descending: true };
    query(Condition::all(), order, page, Some(unit_change::Column::UnitId))
}
