//! Requests for more time.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{extension_request, report_obligation, reporting_period, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::obligation::ReportObligation;
use super::reporting::ReportingPeriod;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject};
use crate::graphql::context::{self, id};
use crate::graphql::enums::ExtensionStatus;
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;

object_of_row! {
    /// A request for more time.
    ExtensionRequest, extension_request::Model
}

connection! {
    /// 延期申请的分页列表。
    /// A page of requests for more time.
    ExtensionRequestConnection,
    /// 延期申请及其游标。
    /// A request for more time with its cursor.
    ExtensionRequestEdge, ExtensionRequest, extension_request::Model
}

/// 对延期申请可做的操作。
/// What the caller may do with a request for more time.
#[derive(SimpleObject)]
pub struct ExtensionRequestPermissions {
    /// 审批。
    /// Decide about it.
    decide: Permission,
    /// 撤回。
    /// Take it back.
    withdraw: Permission,
}

/// 延期申请：单位为一项应报请求延期，由政务公开办审批。
/// A request of a unit for more time for one obligation, and what the office decided.
#[Object]
impl ExtensionRequest {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ExtensionRequest, self.0.id)
    }

    /// 应报事项。
    /// The obligation.
    async fn obligation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportObligation>> {
        let key = self.0.report_obligation_id;
        Ok(context::of(ctx)?.row::<report_obligation::Entity>(key).await?.map(ReportObligation::from))
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        let key = self.0.reporting_period_id;
        Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from))
    }

    /// 申请单位。
    /// The unit that asks.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 申请延至。
    /// The day asked for.
    async fn until(&self) -> Date {
        Date(self.0.until_on)
    }

    /// 理由。
    /// The reason.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// 状态。
    /// What became of it.
    async fn status(&self) -> ExtensionStatus {
        self.0.status.into()
    }

    /// 批准延至。
    /// The day granted.
    async fn granted_until(&self) -> Option<Date> {
        self.0.granted_until.map(Date)
    }

    /// 审批意见。
    /// What the office said.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// 申请人；不可见时为空。
    /// Who asked; null when invisible.
    async fn requested_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.requested_by).await?.map(User::from))
    }

    /// 审批人；不可见时为空。
    /// Who decided; null when invisible.
    async fn decided_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.decided_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 审批时间。
    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 申请时间。
    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<ExtensionRequestPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let period = request.row::<reporting_period::Entity>(self.0.reporting_period_id).await?;
        let asked_for_it = self.0.requested_by == request.actor().user_id;
        let subject = Subject { reporter: request.actor().reports_for(self.0.unit_id), asked_for_it, ..subject };
        let state = State { period: period.map(|row| row.status), extension: Some(self.0.status), ..state };
        let ask = |action| Permission::ask(action, subject, state, request.lang);
        Ok(ExtensionRequestPermissions {
            decide: ask(Action::ExtensionDecide),
            withdraw: ask(Action::ExtensionWithdraw),
        })
    }
}
