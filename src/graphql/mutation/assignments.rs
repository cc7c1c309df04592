//! Who does what for a task of a draft.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::assignment;

use super::{VersionInput, delete_payload, payload};
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::{AssignmentRole, AssignmentTarget};
use crate::graphql::patch;
use crate::graphql::types::assignment::Assignment;
use crate::id::Kind;
use crate::service::assignments::{AssignmentChange, NewAssignment, Whom};

/// 新指派。
/// A new assignment.
#[derive(InputObject)]
pub struct AssignmentCreateInput {
    /// 任务。
    /// The task.
    task: ID,
    /// 角色：牵头、责任或配合。
    /// The role.
    role: AssignmentRole,
    /// 对象类型；给出 unit 或 group 时可省略。
    /// What it names; may be left out beside `unit` or `group`.
    target: Option<AssignmentTarget>,
    /// 单位。
    /// The unit.
    unit: Option<ID>,
    /// 单位组。
    /// The group.
    group: Option<ID>,
    /// 原文称呼；未给出 unit 和 group 时按此称呼在名录中查找。
    /// The name as printed; without `unit` and `group` it is looked up in the directory.
    name: Option<String>,
    /// 职责范围，如“负责市政府规章”。
    /// The part it is limited to.
    scope_note: Option<String>,
    /// 在单元格中的次序，从 0 起，其后的依次后移；不填排在最后。
    /// The place in the cell, from 0, moving the later ones on; at the end when none is given.
    position: Option<i32>,
}

/// 对指派的修改；未给出的项不变。
/// Changes of an assignment; what is not given stays.
#[derive(InputObject)]
pub struct AssignmentUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 角色。
    /// The role.
    role: Option<AssignmentRole>,
    /// 对象类型；给出 unit 或 group 时可省略。
    /// What it names; may be left out beside `unit` or `group`.
    target: Option<AssignmentTarget>,
    /// 单位。
    /// The unit.
    unit: Option<ID>,
    /// 单位组。
    /// The group.
    group: Option<ID>,
    /// 原文称呼；未给出 unit 和 group 时按此称呼在名录中查找。
    /// The name as printed; without `unit` and `group` it is looked up in the directory.
    name: Option<String>,
    /// 职责范围；null 表示取消。
    /// The part it is limited to; null takes it away.
    scope_note: MaybeUndefined<String>,
    /// 在单元格中的次序。
    /// The place in the cell.
    position: Option<i32>,
}

payload! {
    /// 指派变更的结果。
    /// What came of a change of an assignment.
    AssignmentPayload {
        /// 指派的最新状态；不可见时为空。
        /// The assignment as it is now; null when invisible.
        assignment: Assignment, assignment
    }
}

delete_payload! {
    /// 删除指派的结果。
    /// What came of the removal of an assignment.
    AssignmentDeletePayload {
        /// 未能删除时指派的最新状态。
        /// The assignment as it is now, when it was not removed.
        assignment: Assignment, assignment, Assignment
    }
}

/// The verbs on assignments.
#[derive(Default)]
pub struct AssignmentMutation;

#[Object]
impl AssignmentMutation {
    /// 为草稿中的任务新增指派（发文单位的政务公开办）。
    /// Adds an assignment to a task of a draft (the office at or above the issuer).
    async fn assignment_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: AssignmentCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentPayload> {
        let request = context::of(ctx)?;
        let whom = Whom {
            target: input.target.map(Into::into),
            unit: optional_key(Kind::Unit, input.unit.as_ref())?,
            group: optional_key(Kind::UnitGroup, input.group.as_ref())?,
            name: input.name,
        };
        let new = NewAssignment {
            task: key(Kind::Task, &input.task)?,
            role: input.role.into(),
            whom,
            scope_note: input.scope_note,
            position: input.position,
        };
        let answer = request.service.assignment_create(&request.caller, idempotency_key, new).await;
        AssignmentPayload::new(request, answer, None).await
    }

    /// 修改草稿中的指派（发文单位的政务公开办）。
    /// Changes an assignment of a draft (the office at or above the issuer).
    async fn assignment_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指派。\nThe assignment.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: AssignmentUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Assignment, &id)?;
        let whom = Whom {
            target: input.target.map(Into::into),
            unit: optional_key(Kind::Unit, input.unit.as_ref())?,
            group: optional_key(Kind::UnitGroup, input.group.as_ref())?,
            name: input.name,
        };
        let change = AssignmentChange {
            expected_version: input.expected_version,
            role: input.role.map(Into::into),
            whom,
            scope_note: patch(input.scope_note),
            position: input.position,
        };
        let answer = request.service.assignment_update(&request.caller, idempotency_key, id, change).await;
        AssignmentPayload::new(request, answer, Some(id)).await
    }

    /// 删除草稿中的指派（发文单位的政务公开办）。
    /// Removes an assignment of a draft (the office at or above the issuer).
    async fn assignment_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指派。\nThe assignment.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Assignment, &id)?;
        let version = input.expected_version;
        let answer = request.service.assignment_delete(&request.caller, idempotency_key, id, version).await;
        AssignmentDeletePayload::new(request, answer, Some(id)).await
    }
}
