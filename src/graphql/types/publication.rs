//! Publications.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{publication, publication_finding, publication_step, reporting_period, task_list, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::publication_parts::{PublicationFindingConnection, PublicationStepConnection};
use super::reporting::ReportingPeriod;
use super::task_list::TaskList;
use super::user::User;
use super::viewer_can::Permission;
use crate::authz::{Action, State};
use crate::domain::publication::ReviewStep;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{PublicationKind, PublicationReviewStep, PublicationStatus};
use crate::graphql::filter::{
    IdFilter, PublicationKindFilter, PublicationStatusFilter, StringFilter, filter_input, order_input,
};
use crate::graphql::loader::StepsOfPublication;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::service::publishing::subject_of;
use crate::store::query::publishing;

object_of_row! {
    /// A publication.
    Publication, publication::Model
}

connection! {
    /// 公开稿的分页列表。
    /// A page of publications.
    PublicationConnection,
    /// 公开稿及其游标。
    /// A publication with its cursor.
    PublicationEdge, Publication, publication::Model
}

filter_input! {
    /// 公开稿筛选。
    /// Which publications.
    PublicationFilter => publishing::PublicationLeaf {
        /// 类别。
        /// What is published.
        kind: PublicationKindFilter => |v| v.into(),
        /// 状态。
        /// The state.
        status: PublicationStatusFilter => |v| v.into(),
        /// 标题。
        /// The title.
        title: StringFilter => |v| v.into(),
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 报告期。
        /// The period.
        period: IdFilter => |v| v.keys(Kind::ReportingPeriod)?,
        /// 发布单位。
        /// The unit that publishes.
        issuer: IdFilter => |v| v.keys(Kind::Unit)?,
    }
}

order_input! {
    /// 公开稿排序。
    /// In which order publications come.
    PublicationOrder,
    /// 公开稿排序依据。
    /// By what publications are ordered.
    PublicationOrderField => publishing::PublicationOrder, default CreatedAt {
        /// 编制时间。
        /// By the time they were prepared.
        CreatedAt,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
        /// 标题。
        /// By title.
        Title,
    }
}

/// 对公开稿可做的操作。
/// What the caller may do with a publication.
#[derive(SimpleObject)]
pub struct PublicationPermissions {
    /// 修改文字。
    /// Replace text of it.
    redact: Permission,
    /// 审查当前环节。
    /// Decide about it at the step it waits for.
    review: Permission,
    /// 发布。
    /// Put it before the public.
    publish: Permission,
    /// 撤回。
    /// Take it back.
    withdraw: Permission,
}

/// 公开稿：从已印发的清单或已通过的报告中截取的快照，经内容审核、保密审查、签发后发布，各环节由不同的人办理。
/// A snapshot of an issued list or of accepted reports on its way to the public: content review, secrecy review and approval, each by somebody else.
#[Object]
impl Publication {
    /// 标识；公众阅读时用同一标识。
    /// The identifier; the public knows it by the same.
    pub async fn id(&self) -> ID {
        id(Kind::Publication, self.0.id)
    }

    /// 类别。
    /// What is published.
    async fn kind(&self) -> PublicationKind {
        self.0.kind.into()
    }

    /// 标题。
    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 状态。
    /// Where it stands.
    async fn status(&self) -> PublicationStatus {
        self.0.status.into()
    }

    /// 清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 报告期；公开清单时为空。
    /// The period; null for a list.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        match self.0.reporting_period_id {
            Some(key) => Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from)),
            None => Ok(None),
        }
    }

    /// 发布单位，即清单的发文单位。
    /// The unit that publishes: the issuer of the list.
    async fn issuer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.issuer_unit_id).await?.map(Unit::from))
    }

    /// 编制人，或最后修改文字的人；不可见时为空。
    /// Who took the snapshot, or replaced text of it last; null when invisible.
    async fn prepared_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.prepared_by).await?.map(User::from))
    }

    /// 审查轮次，自 1 起；每次退回加一。
    /// The round of review, from 1; a return begins the next.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// 待办的审查环节；不在审查中时为空。
    /// The step it waits for; null when it waits for none.
    async fn next_step(&self) -> Option<PublicationReviewStep> {
        ReviewStep::next(self.0.status).map(Into::into)
    }

    /// 快照的 SHA-256 校验值。
    /// The SHA-256 of the snapshot.
    async fn checksum(&self) -> &str {
        &self.0.checksum
    }

    /// 未处理的疑似个人信息数；不为零则不能通过保密审查。
    /// How many findings of personal data are open; the secrecy review does not pass before there is none.
    async fn open_finding_count(&self) -> i32 {
        self.0.open_findings
    }

    /// 因单位启用签发而报告未经签发，未予收入的报告数。
    /// How many accepted reports were left out because their unit signs and nobody signed them.
    async fn left_out_count(&self) -> i32 {
        self.0.left_out
    }

    /// 疑似个人信息，按其在公开稿中的次序；摘录已遮盖。
    /// What the detectors found, in the order of the document; the excerpts are masked.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "只取未处理的，默认全部。\nOnly the open ones; all unless said.")] open: Option<bool>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<PublicationFindingConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = publishing::publication_findings(page, open == Some(true));
        Ok(request.nested::<publication_finding::Entity>(self.0.id, query).await?.into())
    }

    /// 办理记录，最早的在前。
    /// What was done to it, the earliest first.
    async fn steps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<PublicationStepConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = publishing::publication_steps(page);
        Ok(request.nested::<publication_step::Entity>(self.0.id, query).await?.into())
    }

    /// 所替换的公开稿。
    /// The publication whose place it takes.
    async fn replaces(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Publication>> {
        match self.0.replaces_id {
            Some(key) => Ok(context::of(ctx)?.row::<publication::Entity>(key).await?.map(Publication::from)),
            None => Ok(None),
        }
    }

    /// 已替换本稿的公开稿。
    /// The publication that took its place.
    async fn replaced_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Publication>> {
        match self.0.replaced_by_id {
            Some(key) => Ok(context::of(ctx)?.row::<publication::Entity>(key).await?.map(Publication::from)),
            None => Ok(None),
        }
    }

    /// 公众阅读的路径，发布中才有。
    /// The path at which the public reads it, while it is published.
    async fn public_path(&self) -> Option<String> {
        let public = self.0.status == entity::vocabulary::PublicationStatus::Published;
        public.then(|| format!("/public/publications/{}", id(Kind::Publication, self.0.id).as_str()))
    }

    /// 发布时间。
    /// When it was published.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// 撤回时间。
    /// When it was withdrawn.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// 撤回理由；公众看不到。
    /// Why it was withdrawn; the public does not see it.
    async fn withdrawal_reason(&self) -> Option<&str> {
        self.0.withdrawal_reason.as_deref()
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 编制时间。
    /// When it was prepared.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<PublicationPermissions> {
        let request = context::of(ctx)?;
        let steps = request.load(StepsOfPublication(self.0.id)).await?.unwrap_or_default();
        let subject = request.subject_over(self.0.issuer_unit_id).await?;
        let done = steps.iter().map(|step| &**step);
        let subject = subject_of(subject, done, self.0.round, request.actor().user_id);
        let state = State { publication: Some(self.0.status), ..State::default() };
        let ask = |action| Permission::ask(action, subject, state, request.lang);
        Ok(PublicationPermissions {
            redact: ask(Action::PublicationRedact),
            review: ask(Action::PublicationReview),
            publish: ask(Action::PublicationPublish),
            withdraw: ask(Action::PublicationWithdraw),
        })
    }
}
