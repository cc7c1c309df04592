//! Notices by which units are urged.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{report_obligation, reporting_period, task_list, unit, urge_notice, urge_notice_item};

use super::directory::Unit;
use super::object_of_row;
use super::obligation::ReportObligation;
use super::reporting::ReportingPeriod;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject};
use crate::domain::urging::{reply_open, reply_overdue};
use crate::graphql::context::{self, id};
use crate::graphql::enums::UrgeGrade;
use crate::graphql::filter::{IdFilter, filter_input};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::notices;

object_of_row! {
    /// A notice by which a unit is urged.
    UrgeNotice, urge_notice::Model
}
object_of_row! {
    /// Something a notice is about.
    UrgeNoticeItem, urge_notice_item::Model
}

connection! {
    /// 催办通知的分页列表。
    /// A page of notices by which units are urged.
    UrgeNoticeConnection,
    /// 催办通知及其游标。
    /// A notice with its cursor.
    UrgeNoticeEdge, UrgeNotice, urge_notice::Model
}
connection! {
    /// 催办所涉事项的分页列表。
    /// A page of what a notice is about.
    UrgeNoticeItemConnection,
    /// 催办所涉事项及其游标。
    /// Something a notice is about with its cursor.
    UrgeNoticeItemEdge, UrgeNoticeItem, urge_notice_item::Model
}

filter_input! {
    /// 催办通知筛选。
    /// Which notices.
    UrgeNoticeFilter => notices::UrgeNoticeLeaf {
        /// 被催办单位。
        /// The unit that is urged.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 清单。
        /// The list.
        task_list: IdFilter => |v| v.keys(Kind::TaskList)?,
        /// 所涉事项的报告期。
        /// The period of something it is about.
        period: IdFilter => |v| v.keys(Kind::ReportingPeriod)?,
        /// 等级。
        /// How urgent.
        grade: UrgeGrade => |v| v.into(),
        /// 是否已读。
        /// Whether it was read.
        read: bool => |v| v,
        /// 是否已回复。
        /// Whether it was replied to.
        replied: bool => |v| v,
        /// 是否要求回复而尚未回复。
        /// Whether a reply is wanted that has not come.
        reply_open: bool => |v| v,
        /// 是否逾期未回复。
        /// Whether a reply was wanted by a day that is over, and has not come.
        reply_overdue: bool => |v| v,
    }
}

/// 对催办通知可做的操作。
/// What the caller may do with a notice.
#[derive(SimpleObject)]
pub struct UrgeNoticePermissions {
    /// 回复。
    /// Reply to it.
    reply: Permission,
    /// 标为已读。
    /// Mark it as read.
    mark_read: Permission,
}

/// The number of a notice as offices print it.
pub(super) fn document_number(notice: &urge_notice::Model) -> String {
    format!("催办〔{}〕{}号", notice.year, notice.number)
}

/// 催办通知：仅发文的政务公开办和被催办单位可见。
/// A notice by which a unit is urged; between the office of the list and that unit only.
#[Object]
impl UrgeNotice {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::UrgeNotice, self.0.id)
    }

    /// 文号，如“催办〔2026〕1号”。
    /// Its number as printed.
    async fn document_number(&self) -> String {
        document_number(&self.0)
    }

    /// 年度。
    /// The year it is numbered in.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 该清单当年的第几号。
    /// Its number among those of the list in that year.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// 等级。
    /// How urgent it is.
    async fn grade(&self) -> UrgeGrade {
        self.0.grade.into()
    }

    /// 被催办单位。
    /// The unit that is urged.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 报告期；所涉事项属于多个报告期时，为其中逾期最久（同日到期的取最早开始）的一个，各事项的报告期见 items。
    /// The period; where the items are of several, that of what is late longest, or of equals the one that began first. Each item names its own.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        let period = context::of(ctx)?.row::<reporting_period::Entity>(self.0.reporting_period_id).await?;
        Ok(period.map(ReportingPeriod::from))
    }

    /// 催办时未报的事项。
    /// What was owed when it was sent.
    async fn items(
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
    ) -> async_graphql::Result<UrgeNoticeItemConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<urge_notice_item::Entity>(self.0.id, notices::urge_notice_items(page)).await?.into())
    }

    /// 补充说明。
    /// What the office says besides.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// 发出时已逾期天数（自然日）；未到期时为 0。
    /// Days overdue when it was sent; 0 when the day had not come.
    async fn days_overdue(&self) -> i32 {
        self.0.days_overdue
    }

    /// 须在此日前回复；不要求回复时为空。
    /// The day by which a reply is wanted; null when none is.
    async fn reply_due_on(&self) -> Option<Date> {
        self.0.reply_due_on.map(Date)
    }

    /// 是否要求回复而尚未回复。
    /// Whether a reply is wanted that has not come.
    async fn reply_open(&self) -> bool {
        reply_open(self.0.reply_due_on, self.0.replied_at.is_some())
    }

    /// 是否逾期未回复：要求回复的日期已过，尚未回复。
    /// Whether a reply was wanted by a day that is over, and has not come.
    async fn reply_overdue(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(reply_overdue(self.0.reply_due_on, self.0.replied_at.is_some(), context::of(ctx)?.today))
    }

    /// 回复。
    /// The reply.
    async fn reply(&self) -> Option<&str> {
        self.0.reply.as_deref()
    }

    /// 回复时间。
    /// When it was replied to.
    async fn replied_at(&self) -> Option<DateTime> {
        self.0.replied_at.map(DateTime)
    }

    /// 被催办单位标为已读的时间。
    /// When the unit marked it as read.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 发出时间。
    /// When it was sent.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前用户可做的操作。
    /// What the caller may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<UrgeNoticePermissions> {
        let request = context::of(ctx)?;
        let subject = Subject { reporter: request.actor().reports_for(self.0.unit_id), ..Subject::default() };
        let ask = |action| {
            Permission::ask(
                action,
                subject,
                State { replied: self.0.replied_at.is_some(), ..State::default() },
                request.lang,
            )
        };
        Ok(UrgeNoticePermissions { reply: ask(Action::UrgeReply), mark_read: ask(Action::UrgeRead) })
    }
}

/// 催办所涉的一项应报。
/// Something a notice is about.
#[Object]
impl UrgeNoticeItem {
    /// 应报事项；已不可见时为空。
    /// What was owed; null when it is not visible any more.
    async fn obligation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportObligation>> {
        let row = context::of(ctx)?.row::<report_obligation::Entity>(self.0.report_obligation_id).await?;
        Ok(row.map(ReportObligation::from))
    }
}
