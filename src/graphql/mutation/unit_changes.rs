//! What becomes of units.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::{amendment, unit};

use super::directory::UnitPayload;
use crate::graphql::context::{self, key, keys};
use crate::graphql::patch;
use crate::graphql::scalar::Date;
use crate::graphql::types::amendment::Amendment;
use crate::graphql::types::directory::Unit;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::unit_changes::{Merge, Occasion, Rename, Split};

/// 单位更名。
/// Another name of a unit.
#[derive(InputObject)]
pub struct UnitRenameInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 新名称，至多 200 字；原名称留作曾用名。
    /// The new name, at most 200 characters; the old one stays as another name.
    name: String,
    /// 新简称；null 表示取消。
    /// The new short name; null takes it away.
    short_name: MaybeUndefined<String>,
    /// 自哪一日起，不晚于今天。
    /// Since which day, not after today.
    on: Date,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
}

/// 单位合并。
/// A merger of units.
#[derive(InputObject)]
pub struct UnitMergeInput {
    /// 操作所依据的版本（合并后的单位）。
    /// The version of the successor that was read.
    expected_version: i32,
    /// 并入的单位，至多 100 个；不得有在用的下级单位。
    /// The units that become part of it, at most 100; none in use may stand below them.
    sources: Vec<ID>,
    /// 理由，至多 2000 字；即有关清单调整的理由。
    /// Why, at most 2000 characters; the reason of the amendments of lists too.
    reason: String,
    /// 自哪一日起，不晚于今天。
    /// Since which day, not after today.
    on: Date,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
}

/// 单位拆分。
/// A split of a unit.
#[derive(InputObject)]
pub struct UnitSplitInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 承接的单位（须已建立），至多 100 个。
    /// The units that take parts of it, made before, at most 100.
    into: Vec<ID>,
    /// 原单位是否撤销。
    /// Whether the unit itself ends.
    ends: bool,
    /// 自哪一日起，不晚于今天。
    /// Since which day, not after today.
    on: Date,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
}

/// 合并的结果。
/// What came of a merger.
#[derive(async_graphql::SimpleObject)]
pub struct UnitMergePayload {
    /// 合并后的单位；不可见时为空。
    /// The successor as it is now; null when invisible.
    pub unit: Option<Unit>,
    /// 因合并而作的清单调整；未经授权的清单不在其中，由其发文单位另行调整。
    /// The amendments by which assignments moved; lists of other offices are amended by those.
    pub amendments: Vec<Amendment>,
    /// 被并入的单位，至多 100 个；其人员（contacts）不会自动转移，须逐一确认。
    /// The units that became part of it, at most 100; their people (`contacts`) are not moved by themselves.
    pub sources: Vec<Unit>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    pub user_errors: Vec<UserError>,
}

/// The verbs on units that change.
#[derive(Default)]
pub struct UnitChangeMutation;

#[Object(guard = "crate::graphql::guard::DIRECTORY")]
impl UnitChangeMutation {
    /// 单位更名（政务公开办或系统管理员）：原名称留作曾用名，并记入沿革。
    /// Gives a unit another name (the office or the system administrator); the old one stays as an alias and in the history.
    async fn unit_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位。\nThe unit.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: UnitRenameInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Unit, &id)?;
        let rename = Rename {
            expected_version: input.expected_version,
            name: input.name,
            short_name: patch(input.short_name),
            occasion: Occasion { on: input.on.0, document_number: input.document_number },
        };
        let answer = request.service.unit_rename(&request.caller, idempotency_key, id, rename).await;
        UnitPayload::new(request, answer, Some(id)).await
    }

    /// 单位合并（政务公开办或系统管理员）：被并入的单位停用，别名归入合并后的单位，其在执行中清单上的任务以调整转入，获准的延期和未办结的整改随之转入；合并后的单位可查看转入任务上原单位报过的情况，并可沿用。
    /// Merges units into one (the office or the system administrator): the others go out of use, their aliases move, and what they do in lists in force moves by amendments, with the time they were given and what they still have to put right. On these tasks the successor reads what they handed in, and may carry it forward.
    async fn unit_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "合并后的单位。\nThe successor.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: UnitMergeInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitMergePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Unit, &id)?;
        let merge = Merge {
            expected_version: input.expected_version,
            sources: keys(Kind::Unit, &input.sources)?,
            reason: input.reason,
            occasion: Occasion { on: input.on.0, document_number: input.document_number },
        };
        let answer = request.service.unit_merge(&request.caller, idempotency_key, id, merge).await;
        let (sources, done, errors) = match answer.map_err(top_level)? {
            Ok(merged) => (merged.sources, merged.amendments, Vec::new()),
            Err(errors) => (Vec::new(), Vec::new(), errors),
        };
        let fault = |e: crate::store::StoreError| top_level(e.into());
        let reader = &request.reader;
        let amendments = reader.rows_where::<amendment::Entity>(amendment::Column::Id, &done).await.map_err(fault)?;
        let sources = reader.rows_where::<unit::Entity>(unit::Column::Id, &sources).await.map_err(fault)?;
        Ok(UnitMergePayload {
            unit: request.fresh::<unit::Entity>(id).await?.map(Unit::from),
            amendments: amendments.into_iter().map(Amendment::from).collect(),
            sources: sources.into_iter().map(Unit::from).collect(),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }

    /// 单位拆分（政务公开办或系统管理员）：记入沿革；任务由政务公开办另行调整。单位撤销的，仍挂在其名下的任务用 tasks(filter: { unitOutOfUse: true }) 查询，新的报告期对其不再产生应报。
    /// Enters that other units took parts of one (the office or the system administrator); the office amends the lists. Where the unit ends, tasks(filter: { unitOutOfUse: true }) has the tasks that still stand with it, and new periods expect nothing of it.
    async fn unit_split(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位。\nThe unit.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: UnitSplitInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UnitPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Unit, &id)?;
        let split = Split {
            expected_version: input.expected_version,
            into: keys(Kind::Unit, &input.into)?,
            ends: input.ends,
            occasion: Occasion { on: input.on.0, document_number: input.document_number },
        };
        let answer = request.service.unit_split(&request.caller, idempotency_key, id, split).await;
        UnitPayload::new(request, answer, Some(id)).await
    }
}
