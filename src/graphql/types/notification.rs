//! What the caller is told.

use async_graphql::{Context, ID, Object};
use entity::vocabulary::NotificationKind as StoredKind;
use entity::{notification, progress_report, reporting_period, task, task_list, unit, urge_notice};

use super::directory::Unit;
use super::object_of_row;
use super::report::ProgressReport;
use super::reporting::ReportingPeriod;
use super::task_list::TaskList;
use super::urge_notice::UrgeNotice;
use crate::graphql::context::{self, RequestContext, id};
use crate::graphql::enums::NotificationKind;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::Visible;

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
    async fn list_row(&self, request: &RequestContext) -> Found<task_list::Model> {
        match self.0.kind {
            StoredKind::ListIssued => request.row::<task_list::Entity>(self.0.subject_id).await,
            StoredKind::PeriodOpened | StoredKind::ReportsSubmitted | StoredKind::ReportsAccepted => {
                match self.period_row(request).await? {
                    Some(period) => request.row::<task_list::Entity>(period.task_list_id).await,
                    None => Ok(None),
                }
            }
            StoredKind::ReportReturned | StoredKind::Urged => Ok(None),
        }
    }

    async fn period_row(&self, request: &RequestContext) -> Found<reporting_period::Model> {
        match self.0.kind {
            StoredKind::PeriodOpened | StoredKind::ReportsSubmitted | StoredKind::ReportsAccepted => {
                request.row::<reporting_period::Entity>(self.0.subject_id).await
            }
            StoredKind::ListIssued | StoredKind::ReportReturned | StoredKind::Urged => Ok(None),
        }
    }

    async fn report_row(&self, request: &RequestContext) -> Found<progress_report::Model> {
        match self.0.kind {
            StoredKind::ReportReturned => request.row::<progress_report::Entity>(self.0.subject_id).await,
            _ => Ok(None),
        }
    }

    async fn urge_row(&self, request: &RequestContext) -> Found<urge_notice::Model> {
        match self.0.kind {
            StoredKind::Urged => request.row::<urge_notice::Entity>(self.0.subject_id).await,
            _ => Ok(None),
        }
    }

    /// The sentence, made of what the caller sees now; nothing when a part of it is not seen any more.
    async fn sentence(&self, request: &RequestContext) -> async_graphql::Result<Option<String>> {
        let lang = request.lang;
        let list = self.list_row(request).await?.map(|list| list.title.clone());
        let period = self.period_row(request).await?;
        Ok(match (self.0.kind, list, period) {
            (StoredKind::ListIssued, Some(list), _) => Some(
                lang.pick(
                    &format!("《{list}》已印发，其中有本单位承担的任务。"),
                    &format!("“{list}” has been issued; some of its tasks are your unit's."),
                )
                .to_owned(),
            ),
            (StoredKind::PeriodOpened, Some(list), Some(period)) => Some(
                lang.pick(
                    &format!("《{list}》{}报送开始，请于{}前报送。", period.label, period.due_on),
                    &format!("Reporting for {} of “{list}” has begun; it is due on {}.", period.label, period.due_on),
                )
                .to_owned(),
            ),
            (StoredKind::ReportsSubmitted, Some(list), Some(period)) => {
                let unit = request.row::<unit::Entity>(self.0.unit_id).await?;
                unit.map(|unit| {
                    lang.pick(
                        &format!("{}报送了《{list}》{}的落实情况，请审核。", unit.name, period.label),
                        &format!("{} handed in reports for {} of “{list}”; please decide.", unit.name, period.label),
                    )
                    .to_owned()
                })
            }
            (StoredKind::ReportsAccepted, Some(list), Some(period)) => Some(
                lang.pick(
                    &format!("《{list}》{}的落实情况已审核通过。", period.label),
                    &format!("Reports for {} of “{list}” were accepted.", period.label),
                )
                .to_owned(),
            ),
            (StoredKind::ReportReturned, ..) => match self.report_row(request).await? {
                Some(report) => {
                    let period = request.row::<reporting_period::Entity>(report.reporting_period_id).await?;
                    let task = request.row::<task::Entity>(report.task_id).await?;
                    period.zip(task).map(|(period, task)| {
                        lang.pick(
                            &format!("第{}项任务{}的落实情况被退回，请修改后重报。", task.number, period.label),
                            &format!(
                                "The report on task {} for {} was returned to be mended.",
                                task.number, period.label
                            ),
                        )
                        .to_owned()
                    })
                }
                None => None,
            },
            (StoredKind::Urged, ..) => self.urge_row(request).await?.map(|notice| {
                let number = super::urge_notice::document_number(&notice);
                lang.pick(&format!("收到{number}，请及时报送。"), &format!("Your unit was urged by {number}."))
                    .to_owned()
            }),
            _ => None,
        })
    }
}

/// 通知：内容按当前可见的范围生成；所涉对象不再可见时，通知也不再列出。
/// Something the caller is told. What it says is made of what the caller sees now; when its subject is not visible any more, neither is it.
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
        self.sentence(context::of(ctx)?).await
    }

    /// 所涉单位：本单位；报送通知为报送的单位。
    /// The unit: one's own, or the one that handed in.
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
    /// The report that was returned.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        Ok(self.report_row(context::of(ctx)?).await?.map(ProgressReport::from))
    }

    /// 催办通知。
    /// The notice by which the unit was urged.
    async fn urge_notice(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<UrgeNotice>> {
        Ok(self.urge_row(context::of(ctx)?).await?.map(UrgeNotice::from))
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
