//! The history of units.

use async_graphql::{Context, ID, Object};
use entity::{unit, unit_change};

use super::directory::Unit;
use super::object_of_row;
use crate::graphql::context::{self, id};
use crate::graphql::enums::UnitChangeKind;
use crate::graphql::page::connection;
use crate::graphql::scalar::Date;
use crate::id::Kind;

object_of_row! {
    /// A line of a unit's history.
    UnitChange, unit_change::Model
}

connection! {
    /// 单位沿革的分页列表。
    /// A page of a unit's history.
    UnitChangeConnection,
    /// 一次变动及其游标。
    /// A line of a unit's history with its cursor.
    UnitChangeEdge, UnitChange, unit_change::Model
}

/// 单位沿革中的一次变动：更名、合并或拆分。
/// What became of a unit: another name, a merger or a split.
#[Object]
impl UnitChange {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::UnitChange, self.0.id)
    }

    /// 种类。
    /// What happened.
    async fn kind(&self) -> UnitChangeKind {
        self.0.kind.into()
    }

    /// 原单位。
    /// The unit it came from.
    #[graphql(name = "fromUnit")]
    async fn earlier(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.from_unit_id).await?.map(Unit::from))
    }

    /// 变动后的单位；更名时即原单位。
    /// The unit it became; the same one when only the name changed.
    async fn to_unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.to_unit_id).await?.map(Unit::from))
    }

    /// 原名称。
    /// The name of the first until then.
    async fn old_name(&self) -> &str {
        &self.0.old_name
    }

    /// 变动后的名称。
    /// The name of the second from then on.
    async fn new_name(&self) -> &str {
        &self.0.new_name
    }

    /// 自哪一日起。
    /// Since which day.
    async fn changed_on(&self) -> Date {
        Date(self.0.changed_on)
    }

    /// 文号。
    /// The document number.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }
}
