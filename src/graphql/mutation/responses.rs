//! Receipt and objection.

use async_graphql::{Context, ID, InputObject, Object};
use entity::{assignment_response, task_list};

use super::assignments::AssignmentPayload;
use super::{VersionInput, payload};
use crate::graphql::context::{self, key};
use crate::graphql::enums::ObjectionDecision;
use crate::graphql::types::assignment_response::AssignmentResponse;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::responses::{Decline, DeclineDecision};

/// 异议。
/// An objection.
#[derive(InputObject)]
pub struct AssignmentDeclineInput {
    /// 操作所依据的指派版本。
    /// The version of the assignment that was read.
    expected_version: i32,
    /// 理由，至多 2000 字。
    /// Why, at most 2000 characters.
    reason: String,
}

/// 对异议的处理。
/// What is decided about an objection.
#[derive(InputObject)]
pub struct AssignmentDeclineDecideInput {
    /// 操作所依据的答复版本。
    /// The version of the objection that was read.
    expected_version: i32,
    /// 采纳或不予采纳。
    /// Upheld or rejected.
    decision: ObjectionDecision,
    /// 理由，至多 2000 字；采纳时即调整的理由，该任务的其他单位也能看到。
    /// Why, at most 2000 characters; of an upheld objection it is the reason of the amendment, which the other units of the task read too.
    reason: String,
}

/// 整单签收的结果。
/// What came of acknowledging a list at once.
#[derive(async_graphql::SimpleObject)]
pub struct TaskListAcknowledgePayload {
    /// 清单；不可见时为空。
    /// The list; null when invisible.
    pub task_list: Option<TaskList>,
    /// 本次签收的任务数。
    /// How many assignments were acknowledged now.
    pub acknowledged: usize,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// 处理异议的结果。
    /// What came of a decision about an objection.
    AssignmentDeclineDecidePayload {
        /// 答复的最新状态；不可见时为空。
        /// The answer as it is now; null when invisible.
        assignment_response: AssignmentResponse, assignment_response
    }
}

/// What units answer.
#[derive(Default)]
pub struct ResponseMutation;

#[Object(guard = "crate::graphql::guard::UNIT_PEOPLE")]
impl ResponseMutation {
    /// 签收一项任务（本单位的填报人、审签人）；曾提出异议的，签收即撤回异议。
    /// Acknowledges an assignment (the people of the unit); an objection made before is taken back by it.
    async fn assignment_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指派。\nThe assignment.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Assignment, &id)?;
        let version = input.expected_version;
        let answer = request.service.assignment_acknowledge(&request.caller, idempotency_key, id, version).await;
        AssignmentPayload::new(request, answer, Some(id)).await
    }

    /// 签收清单中本单位尚未答复的全部任务（本单位的填报人、审签人）。
    /// Acknowledges everything of a list that the unit has not answered yet (the people of the unit).
    async fn task_list_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListAcknowledgePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let answer = request.service.task_list_acknowledge(&request.caller, idempotency_key, id).await;
        let (acknowledged, errors) = match answer.map_err(top_level)? {
            Ok(done) => (done.count, Vec::new()),
            Err(errors) => (0, errors),
        };
        let task_list = request.fresh::<task_list::Entity>(id).await?.map(TaskList::from);
        let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
        Ok(TaskListAcknowledgePayload { task_list, acknowledged, user_errors })
    }

    /// 对一项任务提出异议（本单位的填报人、审签人），由政务公开办处理。
    /// Objects to an assignment (the people of the unit); the office decides.
    async fn assignment_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指派。\nThe assignment.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: AssignmentDeclineInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Assignment, &id)?;
        let decline = Decline { expected_version: input.expected_version, reason: input.reason };
        let answer = request.service.assignment_decline(&request.caller, idempotency_key, id, decline).await;
        AssignmentPayload::new(request, answer, Some(id)).await
    }
}

/// What the office decides.
#[derive(Default)]
pub struct DecisionMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl DecisionMutation {
    /// 处理异议（政务公开办）：采纳则以一次调整撤回该指派，不予采纳则维持。
    /// Decides about an objection (the office): upheld, the assignment is withdrawn by an amendment; rejected, it stays.
    async fn assignment_decline_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "异议（单位的答复）。\nThe objection, a unit's answer.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: AssignmentDeclineDecideInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<AssignmentDeclineDecidePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::AssignmentResponse, &id)?;
        let decision = DeclineDecision {
            expected_version: input.expected_version,
            decision: input.decision.into(),
            reason: input.reason,
        };
        let answer = request.service.assignment_decline_decide(&request.caller, idempotency_key, id, decision).await;
        AssignmentDeclineDecidePayload::new(request, answer, Some(id)).await
    }
}
