//! Upkeep of units.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::unit;

use super::payload;
use crate::graphql::context::{self, key};
use crate::graphql::patch;
use crate::graphql::types::directory::Unit;
use crate::id::Kind;
use crate::service::directory::{NewUnit, UnitChange};

/// 新单位。
/// A new unit.
#[derive(InputObject)]
pub struct UnitCreateInput {
    /// 上级单位。
    /// The unit above.
    parent: ID,
    /// 编码，同一根单位下唯一，至多 64 字。
    /// The code, unique under the root, at most 64 characters.
    code: String,
    /// 全称，至多 200 字。
    /// The full name, at most 200 characters.
    name: String,
    /// 简称。
    /// The short name.
    short_name: Option<String>,
    /// 类别，如 bureau、township。
    /// The kind, such as bureau or township.
    kind: String,
    /// 在同级中的次序。
    /// The place among its siblings.
    position: Option<i32>,
    /// 其他称呼，至多 50 个。
    /// Other names, at most 50.
    aliases: Option<Vec<String>>,
}

/// 对单位的修改；未给出的项不变。
/// Changes of a unit; what is not given stays.
#[derive(InputObject)]
pub struct UnitUpdateInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 全称。
    /// The full name.
    name: Option<String>,
    /// 简称；null 表示取消。
    /// The short name; null takes it away.
    short_name: MaybeUndefined<String>,
    /// 类别。
    /// The kind.
    kind: Option<String>,
    /// 在同级中的次序。
    /// The place among its siblings.
    position: Option<i32>,
    /// 是否在用；新的报告期不要求停用的单位报送。
    /// Whether it is in use; new periods expect nothing of a unit that is not.
    active: Option<bool>,
    /// 全部其他称呼（整体替换）。
    /// All other names; replaces those there are.
    aliases: Option<Vec<String>>,
}

payload! {
    /// 单位变更的结果。
    /// What came of a change of a unit.
    UnitPayload {
        /// 单位的最新状态；不可见时为空。
        /// The unit as it is now; null when invisible.
        unit: Unit, unit
    }
}

/// Upkeep of units.
#[derive(Default)]
pub struct DirectoryMutation;

#[Object(guard = "crate::graphql::guard::DIRECTORY")]
impl DirectoryMutation {
    /// 新建单位（政务公开办或系统管理员）。
    /// Makes a unit below another (the office or the system administrator).
    async fn unit_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe unit.")] input: UnitCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitPayload> {
        let request = context::of(ctx)?;
        let new = NewUnit {
            parent: key(Kind::Unit, &input.parent)?,
            code: input.code,
            name: input.name,
            short_name: input.short_name,
            kind: input.kind,
            position: input.position,
            aliases: input.aliases.unwrap_or_default(),
        };
        let answer = request.service.unit_create(&request.caller, idempotency_key, new).await;
        UnitPayload::new(request, answer, None).await
    }

    /// 修改单位（政务公开办或系统管理员）。
    /// Changes a unit (the office or the system administrator).
    async fn unit_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位。\nThe unit.")] id: ID,
        #[graphql(desc = "修改内容。\nThe changes.")] input: UnitUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Unit, &id)?;
        let change = UnitChange {
            expected_version: input.expected_version,
            name: input.name,
            short_name: patch(input.short_name),
            kind: input.kind,
            position: input.position,
            active: input.active,
            aliases: input.aliases,
        };
        let answer = request.service.unit_update(&request.caller, idempotency_key, id, change).await;
        UnitPayload::new(request, answer, Some(id)).await
    }
}
