//! Upkeep of groups of units.

use async_graphql::{Context, ID, InputObject, Object};
use entity::unit_group;

use super::payload;
use crate::graphql::context::{self, key, keys};
use crate::graphql::enums::GroupExpansion;
use crate::graphql::types::directory::UnitGroup;
use crate::id::Kind;
use crate::service::groups::{NewUnitGroup, UnitGroupChange};

/// 新单位组，属于当前用户的根单位。
/// A new group under the caller's root.
#[derive(InputObject)]
pub struct UnitGroupCreateInput {
    /// 编码，同一根单位下唯一，至多 64 字。
    /// The code, unique under the root, at most 64 characters.
    code: String,
    /// 名称，如“各乡镇人民政府”；不得与其他单位、单位组的任何称呼重复。
    /// The name as printed; no other unit or group may bear it.
    name: String,
    /// 其他称呼，至多 50 个。
    /// Other names, at most 50.
    aliases: Option<Vec<String>>,
    /// 成员单位，至多 2000 个。
    /// Its units, at most 2,000.
    members: Vec<ID>,
    /// 成员是否已确认齐全，默认否。
    /// Whether the office has confirmed that nobody is missing; false unless said.
    members_complete: Option<bool>,
    /// 印发时如何展开，默认全部成员。
    /// How it becomes units when a list is issued; MEMBERS unless said.
    expansion: Option<GroupExpansion>,
}

/// 对单位组的修改；未给出的项不变。已印发的清单不受影响。
/// Changes of a group; what is not given stays. Lists that are issued keep their units.
#[derive(InputObject)]
pub struct UnitGroupUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 编码。
    /// The code.
    code: Option<String>,
    /// 名称。
    /// The name.
    name: Option<String>,
    /// 全部其他称呼（整体替换）。
    /// All other names; replaces those there are.
    aliases: Option<Vec<String>>,
    /// 全部成员（整体替换）。
    /// All its units; replaces those there are.
    members: Option<Vec<ID>>,
    /// 成员是否已确认齐全。
    /// Whether nobody is missing.
    members_complete: Option<bool>,
    /// 印发时如何展开。
    /// How it becomes units when a list is issued.
    expansion: Option<GroupExpansion>,
}

payload! {
    /// 单位组变更的结果。
    /// What came of a change of a group.
    UnitGroupPayload {
        /// 单位组的最新状态；不可见时为空。
        /// The group as it is now; null when invisible.
        unit_group: UnitGroup, unit_group
    }
}

/// Upkeep of groups.
#[derive(Default)]
pub struct GroupMutation;

#[Object]
impl GroupMutation {
    /// 新建单位组（根单位的政务公开办或系统管理员）。
    /// Makes a group (the office or the system administrator of the root).
    async fn unit_group_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: UnitGroupCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitGroupPayload> {
        let request = context::of(ctx)?;
        let new = NewUnitGroup {
            code: input.code,
            name: input.name,
            aliases: input.aliases.unwrap_or_default(),
            members: keys(Kind::Unit, &input.members)?,
            members_complete: input.members_complete.unwrap_or_default(),
            expansion: input.expansion.unwrap_or(GroupExpansion::Members).into(),
        };
        let answer = request.service.unit_group_create(&request.caller, idempotency_key, new).await;
        UnitGroupPayload::new(request, answer, None).await
    }

    /// 修改单位组（根单位的政务公开办或系统管理员）。
    /// Changes a group (the office or the system administrator of the root).
    async fn unit_group_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位组。\nThe group.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: UnitGroupUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitGroupPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::UnitGroup, &id)?;
        let change = UnitGroupChange {
            expected_version: input.expected_version,
            code: input.code,
            name: input.name,
            aliases: input.aliases,
            members: input.members.map(|members| keys(Kind::Unit, &members)).transpose()?,
            members_complete: input.members_complete,
            expansion: input.expansion.map(Into::into),
        };
        let answer = request.service.unit_group_update(&request.caller, idempotency_key, id, change).await;
        UnitGroupPayload::new(request, answer, Some(id)).await
    }
}
