//! Units, groups and people.

use entity::{unit, unit_alias, unit_closure, unit_group, unit_group_member, user_account};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{OrderBy, order_fields, query};
use crate::authz::Actor;
use crate::store::filter::{Filter, KeyMatch, Terms, TextMatch, contains};
use crate::store::page::{PageArgs, PageQuery};
use crate::store::scope;

order_fields! {
    /// Orders of units.
    UnitOrder for unit {
        /// The office's own order.
        Position => Position,
        /// By name.
        Name => Name,
        /// By code.
        Code => Code,
    }
}

order_fields! {
    /// Orders of groups.
    UnitGroupOrder for unit_group {
        /// By name.
        Name => Name,
        /// By code.
        Code => Code,
    }
}

order_fields! {
    /// Orders of people.
    UserOrder for user_account {
        /// By name.
        Name => DisplayName,
    }
}

order_fields! {
    /// Orders of group members.
    MemberOrder for unit_group_member {
        /// As they joined.
        AddedAt => AddedAt,
    }
}

/// Comparisons of units.
#[derive(Clone, Debug, Default)]
pub struct UnitLeaf {
    /// The full name.
    pub name: Option<TextMatch>,
    /// The code.
    pub code: Option<TextMatch>,
    /// The kind.
    pub kind: Option<TextMatch>,
    /// The unit above.
    pub parent: Option<KeyMatch>,
    /// In use.
    pub active: Option<bool>,
    /// Full name, short name or alias contains this.
    pub search: Option<String>,
    /// At or below this unit.
    pub within: Option<Uuid>,
}

/// Comparisons of groups.
#[derive(Clone, Debug, Default)]
pub struct UnitGroupLeaf {
    /// The name.
    pub name: Option<TextMatch>,
    /// Has this member.
    pub member: Option<Uuid>,
}

fn unit_condition(actor: &Actor, leaf: &UnitLeaf) -> Condition {
    let mut terms = Terms::new();
    terms.text(unit::Column::Name, leaf.name.as_ref());
    terms.text(unit::Column::Code, leaf.code.as_ref());
    terms.text(unit::Column::Kind, leaf.kind.as_ref());
    terms.key(unit::Column::ParentId, leaf.parent.as_ref());
    terms.yes(unit::Column::Active, leaf.active);
    if let Some(text) = &leaf.search {
        let aliased = scope::keys::<unit_alias::Entity>(
            actor,
            unit_alias::Column::UnitId,
            Condition::all().add(contains(unit_alias::Column::Alias, text)),
        );
        terms.add_condition(
            Condition::any()
                .add(contains(unit::Column::Name, text))
                .add(contains(unit::Column::ShortName, text))
                .add(unit::Column::Id.in_subquery(aliased)),
        );
    }
    if let Some(top) = leaf.within {
        let below = Query::select()
            .column(unit_closure::Column::DescendantId)
            .from(unit_closure::Entity)
            .and_where(unit_closure::Column::AncestorId.eq(top))
            .take();
        terms.related(unit::Column::Id, below, true);
    }
    terms.0
}

/// Units; under a parent when nested.
pub fn units(
    actor: &Actor,
    filter: &Filter<UnitLeaf>,
    order: OrderBy<UnitOrder>,
    page: PageArgs,
    children: bool,
) -> PageQuery<unit::Entity> {
    let condition = filter.condition(&|leaf| unit_condition(actor, leaf));
    query(condition, order, page, children.then_some(unit::Column::ParentId))
}

/// Groups.
pub fn unit_groups(
    filter: &Filter<UnitGroupLeaf>,
    order: OrderBy<UnitGroupOrder>,
    page: PageArgs,
) -> PageQuery<unit_group::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.text(unit_group::Column::Name, leaf.name.as_ref());
        if let Some(member) = leaf.member {
            let groups = Query::select()
                .column(unit_group_member::Column::UnitGroupId)
                .from(unit_group_member::Entity)
                .and_where(unit_group_member::Column::UnitId.eq(member))
                .take();
            terms.related(unit_group::Column::Id, groups, true);
        }
        terms.0
    });
    query(condition, order, page, None)
}

/// Members of groups.
pub fn members(page: PageArgs) -> PageQuery<unit_group_member::Entity> {
    let order = OrderBy { field: MemberOrder::AddedAt, descending: false };
    query(Condition::all(), order, page, Some(unit_group_member::Column::UnitGroupId))
}

/// People of a unit, as far as they are anybody's contacts.
pub fn contacts(page: PageArgs) -> PageQuery<user_account::Entity> {
    let order = OrderBy { field: UserOrder::Name, descending: false };
    let in_use = Condition::all().add(user_account::Column::DisabledAt.is_null());
    query(in_use, order, page, Some(user_account::Column::UnitId))
}
