//! Queries of the audit trail.

use entity::audit_entry;
use sea_orm::ColumnTrait;

use super::{OrderBy, order_fields, query};
use crate::store::filter::{Filter, KeyMatch, Terms, TextMatch, TimeRange};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of the trail.
    AuditOrder for audit_entry {
        /// As it happened.
        At => At,
    }
}

/// Comparisons of rows of the trail.
#[derive(Clone, Debug, Default)]
pub struct AuditLeaf {
    /// Who.
    pub user: Option<KeyMatch>,
    /// For which unit.
    pub unit: Option<KeyMatch>,
    /// What was asked.
    pub operation: Option<TextMatch>,
    /// When.
    pub at: Option<TimeRange>,
    /// Whether it was refused.
    pub refused: Option<bool>,
    /// In which request.
    pub request: Option<TextMatch>,
}

/// The trail, the latest first.
pub fn audit_entries(filter: &Filter<AuditLeaf>, page: PageArgs) -> PageQuery<audit_entry::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(audit_entry::Column::UserId, leaf.user.as_ref());
        terms.key(audit_entry::Column::UnitId, leaf.unit.as_ref());
        terms.text(audit_entry::Column::Operation, leaf.operation.as_ref());
        terms.range(audit_entry::Column::At, leaf.at.as_ref());
        terms.text(audit_entry::Column::RequestId, leaf.request.as_ref());
        match leaf.refused {
            Some(true) => terms.add(audit_entry::Column::Result.eq("REFUSED")),
            Some(false) => terms.add(audit_entry::Column::Result.ne("REFUSED")),
            None => {}
        }
        terms.0
    });
    query(condition, OrderBy { field: AuditOrder::At, descending: true }, page, None)
}
