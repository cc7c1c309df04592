//! Members of groups.

use async_graphql::{Context, Object};
use entity::{unit, unit_group_member};

use super::directory::Unit;
use super::object_of_row;
use crate::graphql::context;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;

object_of_row! {
    /// A member of a group.
    UnitGroupMember, unit_group_member::Model
}

connection! {
    /// 单位组成员的分页列表。
    /// A page of group members.
    UnitGroupMemberConnection,
    /// 成员及其游标。
    /// A member with its cursor.
    UnitGroupMemberEdge, UnitGroupMember, unit_group_member::Model
}

/// 单位组的一个成员。
/// A member of a group.
#[Object]
impl UnitGroupMember {
    /// 单位。
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 加入时间。
    /// When it was added.
    async fn added_at(&self) -> DateTime {
        DateTime(self.0.added_at)
    }
}
