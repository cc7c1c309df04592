//! Queries of the audit trail.

use entity::audit_entry;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{OrderBy, OrderField, query};
use crate::store::filter::{Filter, KeyMatch, Terms, TextMatch, TimeRange};
use crate::store::page::{Instead, PageArgs, PageQuery};

/// The one order of the trail: as its rows stand in the chain, those from before it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditOrder;

impl OrderField<audit_entry::Entity> for AuditOrder {
    fn column(self) -> audit_entry::Column {
        audit_entry::Column::At
    }

    fn instead(self) -> Option<Instead> {
        // Letter for letter what the index `ix_audit_entry_place` is made of.
        Some(Instead::Number(Expr::cust("COALESCE(audit_entry.sequence, 0)")))
    }
}

/// A thing of whatever kind: the word of its kind, and its key.
pub type Object = (&'static str, Uuid);

/// Comparisons of what a row is about.
#[derive(Clone, Debug, Default)]
pub struct ObjectMatch {
    /// This one.
    pub eq: Option<Object>,
    /// One of these.
    pub one_of: Option<Vec<Object>>,
    /// Whether there is none.
    pub is_null: Option<bool>,
}

impl ObjectMatch {
    fn condition(&self) -> Condition {
        let is = |(kind, key): &Object| {
            Condition::all().add(audit_entry::Column::ObjectId.eq(*key)).add(audit_entry::Column::ObjectType.eq(*kind))
        };
        let mut all = Condition::all();
        if let Some(object) = &self.eq {
            all = all.add(is(object));
        }
        if let Some(objects) = &self.one_of {
            // One of none is nothing.
            let none = Condition::any().add(Expr::cust("1 = 0"));
            all = all.add(objects.iter().fold(none, |any, object| any.add(is(object))));
        }
        match self.is_null {
            Some(true) => all.add(audit_entry::Column::ObjectId.is_null()),
            Some(false) => all.add(audit_entry::Column::ObjectId.is_not_null()),
            None => all,
        }
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
    /// What it was about.
    pub object: Option<ObjectMatch>,
    /// When.
    pub at: Option<TimeRange>,
    /// Whether it was refused.
    pub refused: Option<bool>,
    /// From which address.
    pub address: Option<TextMatch>,
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
        terms.text(audit_entry::Column::Address, leaf.address.as_ref());
        terms.text(audit_entry::Column::RequestId, leaf.request.as_ref());
        if let Some(object) = &leaf.object {
            terms.add_condition(object.condition());
        }
        match leaf.refused {
            Some(true) => terms.add(audit_entry::Column::Result.eq("REFUSED")),
            Some(false) => terms.add(audit_entry::Column::Result.ne("REFUSED")),
            None => {}
        }
        terms.0
    });
    query(condition, OrderBy { field: AuditOrder, descending: true }, page, None)
}
