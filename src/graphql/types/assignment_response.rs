//! What units answer to what was issued to them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{assignment, assignment_response, unit, user_account};

use super::assignment::Assignment;
use super::directory::Unit;
use super::object_of_row;
use super::user::User;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{AssignmentResponseKind, ObjectionDecision};
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::after_issue::Receipt;

object_of_row! {
    /// A unit's answer to an assignment.
    AssignmentResponse, assignment_response::Model
}

/// 单位对任务的答复：签收或异议；仅本单位和政务公开办可见。
/// A unit's answer to an assignment, between that unit and the office only.
#[Object]
impl AssignmentResponse {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::AssignmentResponse, self.0.id)
    }

    /// 签收或异议。
    /// Received or objected to.
    async fn kind(&self) -> AssignmentResponseKind {
        self.0.kind.into()
    }

    /// 异议的理由；此后签收的，理由仍予保留。
    /// Why it is objected to; kept when the unit acknowledges later.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 所答复的指派；已撤回的为空。
    /// The assignment; null when it was withdrawn.
    async fn assignment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        Ok(context::of(ctx)?.row::<assignment::Entity>(self.0.assignment_id).await?.map(Assignment::from))
    }

    /// 答复单位。
    /// The unit that answers.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 答复人；不可见时为空。
    /// Who answered; null when invisible.
    async fn responded_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.by_user_id).await?.map(User::from))
    }

    /// 答复时间。
    /// When.
    async fn responded_at(&self) -> DateTime {
        DateTime(self.0.responded_at)
    }

    /// 对异议的处理；待处理时为空。
    /// What was decided about the objection; null while it waits.
    async fn decision(&self) -> Option<ObjectionDecision> {
        self.0.decision.map(Into::into)
    }

    /// 处理的理由。
    /// Why it was decided so.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// 处理时间。
    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// 版本，处理时须带回。
    /// The version to send back with a decision.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// 清单的签收情况，按单位计；只计当前登录者可见的答复。
/// How far the receipt of a list is, counted by units, over the answers the caller sees.
#[derive(SimpleObject)]
pub struct TaskListAcknowledgement {
    /// 有任务的单位数。
    /// Units with something to do.
    units: usize,
    /// 已全部签收的单位数。
    /// Units that acknowledged everything.
    acknowledged: usize,
    /// 尚未全部签收的单位数。
    /// Units that did not yet.
    pending: usize,
    /// 有异议待处理的单位数。
    /// Units with an objection that waits.
    declined: usize,
}

impl From<Receipt> for TaskListAcknowledgement {
    fn from(receipt: Receipt) -> Self {
        let Receipt { units, acknowledged, declined } = receipt;
        Self { units, acknowledged, pending: receipt.pending(), declined }
    }
}
