//! Queries of grants and of requests for them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{Role, RoleGrantRequestStatus};
use entity::{role_grant, role_grant_request};
use sea_orm::{ColumnTrait, Condition};

use super::{OrderBy, order_fields, query};
use crate::store::filter::{Filter, KeyMatch, Terms, WordMatch};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of grants.
    GrantOrder for role_grant {
        /// As they were made.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of requests for grants.
    GrantRequestOrder for role_grant_request {
        /// As they were made.
        CreatedAt => CreatedAt,
    }
}

/// Comparisons of grants.
#[derive(Clone, Debug, Default)]
pub struct GrantLeaf {
    /// Whose.
    pub user: Option<KeyMatch>,
    /// Where.
    pub unit: Option<KeyMatch>,
    /// What.
    pub role: Option<WordMatch<Role>>,
    /// Whether it holds today.
    pub in_force: Option<bool>,
}

/// Grants, the latest first.
pub fn role_grants(today: NaiveDate, filter: &Filter<GrantLeaf>, page: PageArgs) -> PageQuery<role_grant::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(role_grant::Column::UserId, leaf.user.as_ref());
        terms.key(role_grant::Column::UnitId, leaf.unit.as_ref());
        terms.word(role_grant::Column::Role, leaf.role.as_ref());
        if let Some(wanted) = leaf.in_force {
            let holds = in_force(today);
            terms.add_condition(if wanted { holds } else { holds.not() });
        }
        terms.0
    });
    query(condition, OrderBy { field: GrantOrder::CreatedAt, descending: true }, page, None)
}

/// Whether a grant was neither taken away nor is over.
pub fn is_in_force(grant: &role_grant::Model, today: NaiveDate) -> bool {
    grant.ended_at.is_none() && grant.valid_until.is_none_or(|last| today <= last)
}

/// The same for the database.
pub(in crate::store) fn in_force(today: NaiveDate) -> Condition {
    let last = role_grant::Column::ValidUntil;
    Condition::all()
        .add(role_grant::Column::EndedAt.is_null())
        .add(Condition::any().add(last.is_null()).add(last.gte(today)))
}

/// Where a request stands at a moment: one that nobody decided in time has lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Its own word; pending only while it can be decided.
    Is(RoleGrantRequestStatus),
    /// Pending, and too late.
    Lapsed,
}

/// Comparisons of requests.
#[derive(Clone, Debug, Default)]
pub struct GrantRequestLeaf {
    /// For whom.
    pub user: Option<KeyMatch>,
    /// Where.
    pub unit: Option<KeyMatch>,
    /// What.
    pub role: Option<WordMatch<Role>>,
    /// One of these states.
    pub status: Option<Vec<RequestState>>,
}

/// Requests, the latest first.
pub fn role_grant_requests(
    now: DateTime<Utc>,
    filter: &Filter<GrantRequestLeaf>,
    page: PageArgs,
) -> PageQuery<role_grant_request::Entity> {
    use role_grant_request::Column as C;
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(C::UserId, leaf.user.as_ref());
        terms.key(C::UnitId, leaf.unit.as_ref());
        terms.word(C::Role, leaf.role.as_ref());
        if let Some(states) = &leaf.status {
            let pending = Condition::all().add(C::Status.eq(RoleGrantRequestStatus::Pending));
            // Nothing is none of none.
            let none = Condition::any().add(C::Id.is_null());
            terms.add_condition(states.iter().fold(none, |any, state| {
                any.add(match state {
                    RequestState::Lapsed => pending.clone().add(C::LapsesAt.lte(now)),
                    RequestState::Is(RoleGrantRequestStatus::Pending) => pending.clone().add(C::LapsesAt.gt(now)),
                    RequestState::Is(other) => Condition::all().add(C::Status.eq(*other)),
                })
            }));
        }
        terms.0
    });
    query(condition, OrderBy { field: GrantRequestOrder::CreatedAt, descending: true }, page, None)
}
