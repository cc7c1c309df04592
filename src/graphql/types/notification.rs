//! What the caller is told.

use async_graphql::{Context, ID, Object};
use entity::vocabulary::NotificationSubject;
use entity::{
    amendment, extension_request, look_back, notification, progress_report, publication, rectification,
    reporting_period, role_grant, role_grant_request, task_list, unit, urge_notice, user_account,
};

use super::amendment::Amendment;
use super::directory::Unit;
use super::extension::ExtensionRequest;
use super::look_back::LookBack;
use super::publication::Publication;
use super::rectification::Rectification;
use super::report::ProgressReport;
use super::reporting::ReportingPeriod;
use super::role_grant::RoleGrant;
use super::role_grant_request::RoleGrantRequest;
use super::task_list::TaskList;
use super::urge_notice::UrgeNotice;
use super::user::User;
use super::{notification_text, object_of_row};
use crate::graphql::context::{self, RequestContext, id};
use crate::graphql::enums::NotificationKind;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::Visible;
use crate::store::scope::Scoped;

object_of_row! {
    /// Something the caller is told.
    Notification, notification::Model
}

connection! {
    /// 通知的分页列表。
    /// A page of notices.
    NotificationConnection,
    /// 通知及其游标。
    /// A notice with its cursor.
    NotificationEdge, Notification, notification::Model
}

type Found<T> = async_graphql::Result<Option<Visible<T>>>;

impl Notification {
    /// The row it is about, if it is one of that table.
    async fn subject<E: Scoped>(&self, request: &RequestContext, of: NotificationSubject) -> Found<E::Model> {
        if self.0.kind.subject() != of {
            return Ok(None);
        }
        request.row::<E>(self.0.subject_id).await
    }

    pub(super) async fn period_row(&self, request: &RequestContext) -> Found<reporting_period::Model> {
        self.subject::<reporting_period::Entity>(request, NotificationSubject::ReportingPeriod).await
    }

    pub(super) async fn report_row(&self, request: &RequestContext) -> Found<progress_report::Model> {
        self.subject::<progress_report::Entity>(request, NotificationSubject::ProgressReport).await
    }

    pub(super) async fn urge_row(&self, request: &RequestContext) -> Found<urge_notice::Model> {
        self.subject::<urge_notice::Entity>(request, NotificationSubject::UrgeNotice).await
    }

    pub(super) async fn extension_row(&self, request: &RequestContext) -> Found<extension_request::Model> {
        self.subject::<extension_request::Entity>(request, NotificationSubject::ExtensionRequest).await
    }

    pub(super) async fn amendment_row(&self, request: &RequestContext) -> Found<amendment::Model> {
        self.subject::<amendment::Entity>(request, NotificationSubject::Amendment).await
    }

    pub(super) async fn look_back_row(&self, request: &RequestContext) -> Found<look_back::Model> {
        self.subject::<look_back::Entity>(request, NotificationSubject::LookBack).await
    }

    pub(super) async fn publication_row(&self, request: &RequestContext) -> Found<publication::Model> {
        self.subject::<publication::Entity>(request, NotificationSubject::Publication).await
    }

    pub(super) async fn rectification_row(&self, request: &RequestContext) -> Found<rectification::Model> {
        self.subject::<rectification::Entity>(request, NotificationSubject::Rectification).await
    }

    /// The list it is about, or the one its subject belongs to.
    pub(super) async fn list_row(&self, request: &RequestContext) -> Found<task_list::Model> {
        let list = match self.0.kind.subject() {
            NotificationSubject::TaskList => Some(self.0.subject_id),
            NotificationSubject::ReportingPeriod => self.period_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::ProgressReport => self.report_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::UrgeNotice => self.urge_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::ExtensionRequest => self.extension_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::Amendment => self.amendment_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::LookBack => self.look_back_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::Publication => self.publication_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::Rectification => self.rectification_row(request).await?.map(|row| row.task_list_id),
            NotificationSubject::User
            | NotificationSubject::RoleGrant
            | NotificationSubject::RoleGrantRequest
            | NotificationSubject::TotpRemoval => None,
        };
        match list {
            Some(list) => request.row::<task_list::Entity>(list).await,
            None => Ok(None),
        }
    }
}

/// 通知：内容按当前可见的范围生成；所涉对象不再可见时，通知也不再列出（本单位异议的处理结果除外）。
/// Something the caller is told. What it says is made of what the caller sees now; when its subject is not visible any more, neither is it, but for the decision of the unit's own objection.
#[Object]
impl Notification {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Notification, self.0.id)
    }

    /// 类别。
    /// Of what.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// 内容，语言随 Accept-Language；所涉内容有一部分不可见时为空。
    /// The sentence, in the language asked for by Accept-Language; null when a part of it is not visible.
    async fn text(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        notification_text::sentence(self, context::of(ctx)?).await
    }

    /// 所涉单位：本单位；告知政务公开办的为有所动作的单位；授权的为授权所在单位。
    /// The unit: one's own, or for the office the one that did something, or where a right holds.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 所涉清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(self.list_row(context::of(ctx)?).await?.map(TaskList::from))
    }

    /// 所涉报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        Ok(self.period_row(context::of(ctx)?).await?.map(ReportingPeriod::from))
    }

    /// 被退回的报告。
    /// The report that was returned or sent back.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        Ok(self.report_row(context::of(ctx)?).await?.map(ProgressReport::from))
    }

    /// 催办通知。
    /// The notice by which the unit was urged.
    async fn urge_notice(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<UrgeNotice>> {
        Ok(self.urge_row(context::of(ctx)?).await?.map(UrgeNotice::from))
    }

    /// 延期申请。
    /// The request for more time.
    async fn extension_request(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ExtensionRequest>> {
        Ok(self.extension_row(context::of(ctx)?).await?.map(ExtensionRequest::from))
    }

    /// 清单的调整。
    /// The amendment.
    async fn amendment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Amendment>> {
        Ok(self.amendment_row(context::of(ctx)?).await?.map(Amendment::from))
    }

    /// 回头看。
    /// The round of looking back.
    async fn look_back(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LookBack>> {
        Ok(self.look_back_row(context::of(ctx)?).await?.map(LookBack::from))
    }

    /// 整改。
    /// The rectification.
    async fn rectification(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Rectification>> {
        Ok(self.rectification_row(context::of(ctx)?).await?.map(Rectification::from))
    }

    /// 公开稿。
    /// The publication.
    async fn publication(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Publication>> {
        Ok(self.publication_row(context::of(ctx)?).await?.map(Publication::from))
    }

    /// 所涉账号：本人，或申请解除其动态口令的用户。
    /// The account: one's own, or that of whom one-time passwords shall be taken away from.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        let request = context::of(ctx)?;
        let removal = self.0.kind.subject() == NotificationSubject::TotpRemoval;
        let of = if removal { NotificationSubject::TotpRemoval } else { NotificationSubject::User };
        Ok(self.subject::<user_account::Entity>(request, of).await?.map(User::from))
    }

    /// 获得或被收回的授权。
    /// The right that was given or taken away.
    async fn role_grant(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<RoleGrant>> {
        let request = context::of(ctx)?;
        Ok(self.subject::<role_grant::Entity>(request, NotificationSubject::RoleGrant).await?.map(RoleGrant::from))
    }

    /// 待审批的授权申请。
    /// The request for a right.
    async fn role_grant_request(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<RoleGrantRequest>> {
        let (request, of) = (context::of(ctx)?, NotificationSubject::RoleGrantRequest);
        Ok(self.subject::<role_grant_request::Entity>(request, of).await?.map(RoleGrantRequest::from))
    }

    /// 发生时间。
    /// When it happened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 已读时间。
    /// When it was read.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }
}
