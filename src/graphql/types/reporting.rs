//! Periods and obligations.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::vocabulary::{Completion as StoredCompletion, ReportStatus as StoredStatus};
use entity::{assignment, report_obligation, reporting_period, task, task_list, unit};

use super::assignment::Assignment;
use super::directory::Unit;
use super::object_of_row;
use super::report::ProgressReport;
use super::task::Task;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::{Action, State};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{Completion, PeriodKind, PeriodStatus};
use crate::graphql::filter::{DateFilter, IdFilter, PeriodStatusFilter, filter_input, filter_or_default, order_input};
use crate::graphql::loader::{CountsOfPeriod, ReportOfObligation};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::query::reports;
use crate::store::reader::PeriodCounts;

object_of_row! {
    /// A reporting period.
    ReportingPeriod, reporting_period::Model
}
object_of_row! {
    /// An obligation to report.
    ReportObligation, report_obligation::Model
}

connection! {
    /// 报告期的分页列表。
    /// A page of reporting periods.
    ReportingPeriodConnection,
    /// 报告期及其游标。
    /// A reporting period with its cursor.
    ReportingPeriodEdge, ReportingPeriod, reporting_period::Model
}
connection! {
    /// 应报事项的分页列表。
    /// A page of obligations.
    ReportObligationConnection,
    /// 应报事项及其游标。
    /// An obligation with its cursor.
    ReportObligationEdge, ReportObligation, report_obligation::Model
}

filter_input! {
    /// 报告期筛选。
    /// Which reporting periods.
    ReportingPeriodFilter => reports::ReportingPeriodLeaf {
        /// 状态。
        /// The state.
        status: PeriodStatusFilter => |v| v.into(),
        /// 截止日（报告内容）。
        /// The last day of the period.
        ends_on: DateFilter => |v| v.into(),
        /// 报送截止日。
        /// The day reports are due.
        due_on: DateFilter => |v| v.into(),
    }
}

order_input! {
    /// 报告期排序。
    /// In which order periods come.
    ReportingPeriodOrder,
    /// 报告期排序依据。
    /// By what periods are ordered.
    ReportingPeriodOrderField => reports::ReportingPeriodOrder, default EndsOn {
        /// 报告期截止日。
        /// By the last day.
        EndsOn,
        /// 报送截止日。
        /// By the due day.
        DueOn,
    }
}

filter_input! {
    /// 应报事项筛选。
    /// Which obligations.
    ReportObligationFilter => reports::ReportObligationLeaf {
        /// 应报单位。
        /// The unit that owes.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 任务。
        /// The task.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 报告期。
        /// The period.
        period: IdFilter => |v| v.keys(Kind::ReportingPeriod)?,
        /// 是否应报未报（就所见而言）。
        /// Whether nothing is handed in yet, as far as the caller sees.
        missing_report: bool => |v| v,
    }
}

order_input! {
    /// 应报事项排序。
    /// In which order obligations come.
    ReportObligationOrder,
    /// 应报事项排序依据。
    /// By what obligations are ordered.
    ReportObligationOrderField => reports::ReportObligationOrder, default CreatedAt {
        /// 产生时间。
        /// By the time they arose.
        CreatedAt,
    }
}

/// 对报告期可做的操作。
/// What the caller may do with a reporting period.
#[derive(SimpleObject)]
pub struct ReportingPeriodPermissions {
    /// 关闭。
    /// Close it.
    close: Permission,
}

/// 某一完成程度的报告数。
/// How many reports say so.
#[derive(SimpleObject)]
pub struct CompletionCount {
    /// 完成程度。
    /// How far the work is.
    completion: Completion,
    /// 报告数。
    /// How many.
    count: i32,
}

/// 汇总：仅统计当前登录者可见的应报事项与报告。
/// The roll-up, over exactly the obligations and reports the caller sees.
#[derive(SimpleObject)]
pub struct RollUp {
    /// 应报。
    /// Expected.
    expected: i32,
    /// 已报（含已通过）。
    /// Received, accepted ones included.
    received: i32,
    /// 已通过。
    /// Accepted.
    accepted: i32,
    /// 已退回、待重报。
    /// Returned and not handed in again.
    returned: i32,
    /// 未报（含草稿）。
    /// Missing, drafts included.
    missing: i32,
    /// 报送率，0 至 1；无应报时为空。
    /// Received of expected, 0 to 1; null when nothing is expected.
    receipt_rate: Option<f64>,
    /// 已报各完成程度的数目。
    /// How many of the received say what.
    completions: Vec<CompletionCount>,
}

impl From<PeriodCounts> for RollUp {
    fn from(counts: PeriodCounts) -> Self {
        let number = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
        let of = |wanted: &[StoredStatus]| -> i64 {
            counts
                .reports
                .iter()
                .filter(|(line, _)| line.status.is_some_and(|s| wanted.contains(&s)))
                .map(|(_, n)| n)
                .sum()
        };
        let received = of(&[StoredStatus::Submitted, StoredStatus::Accepted]);
        let returned = of(&[StoredStatus::Returned]);
        let completions = StoredCompletion::ALL
            .iter()
            .map(|wanted| {
                let count = counts
                    .reports
                    .iter()
                    .filter(|(line, _)| {
                        matches!(line.status, Some(StoredStatus::Submitted | StoredStatus::Accepted))
                            && line.completion == Some(*wanted)
                    })
                    .map(|(_, n)| n)
                    .sum();
                CompletionCount { completion: (*wanted).into(), count: number(count) }
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let receipt_rate = (counts.expected > 0).then(|| received as f64 / counts.expected as f64);
        Self {
            expected: number(counts.expected),
            received: number(received),
            accepted: number(of(&[StoredStatus::Accepted])),
            returned: number(returned),
            missing: number(counts.expected - received - returned),
            receipt_rate,
            completions,
        }
    }
}

/// 报告期，如“1–6月”。
/// A reporting period of a list.
#[Object]
impl ReportingPeriod {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportingPeriod, self.0.id)
    }

    /// 类型。
    /// The kind.
    async fn kind(&self) -> PeriodKind {
        self.0.kind.into()
    }

    /// 名称，如“1–6月”。
    /// The label, as offices write it.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// 起始日。
    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// 截止日。
    /// The last day.
    async fn ends_on(&self) -> Date {
        Date(self.0.ends_on)
    }

    /// 报送截止日。
    /// The day reports are due.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 状态。
    /// The state.
    async fn status(&self) -> PeriodStatus {
        self.0.status.into()
    }

    /// 开启时间。
    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// 关闭时间。
    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// 所在清单。
    /// The list it belongs to.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 应报事项。
    /// The obligations to report.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn report_obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<ReportObligationFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<ReportObligationOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, ReportObligationOrder::or_default(order_by));
        let query = reports::report_obligations(request.actor(), &filter, order, page, reports::ObligationsOf::Period);
        Ok(request.nested::<report_obligation::Entity>(self.0.id, query).await?.into())
    }

    /// 汇总。
    /// The roll-up under the caller's own scope.
    async fn roll_up(&self, ctx: &Context<'_>) -> async_graphql::Result<RollUp> {
        Ok(context::of(ctx)?.load(CountsOfPeriod(self.0.id)).await?.unwrap_or_default().into())
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<ReportingPeriodPermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let state = State { period: Some(self.0.status), ..state };
        Ok(ReportingPeriodPermissions { close: Permission::ask(Action::PeriodClose, subject, state, request.lang) })
    }
}

/// 应报事项：一项指派在一个报告期内应报送的落实情况。
/// What one assignment owes for one period; so "missing" is a fact.
#[Object]
impl ReportObligation {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportObligation, self.0.id)
    }

    /// 报告期。
    /// The period.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        Ok(context::of(ctx)?
            .row::<reporting_period::Entity>(self.0.reporting_period_id)
            .await?
            .map(ReportingPeriod::from))
    }

    /// 任务。
    /// The task.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        Ok(context::of(ctx)?.row::<task::Entity>(self.0.task_id).await?.map(Task::from))
    }

    /// 指派。
    /// The assignment.
    async fn assignment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Assignment>> {
        Ok(context::of(ctx)?.row::<assignment::Entity>(self.0.assignment_id).await?.map(Assignment::from))
    }

    /// 应报单位。
    /// The unit that owes.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 报告；尚无或不可见时为空。
    /// The report; null when there is none or it is invisible.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        Ok(context::of(ctx)?.load(ReportOfObligation(self.0.id)).await?.map(ProgressReport::from))
    }

    /// 产生时间。
    /// When it arose.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do about it.
    async fn viewer_can(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<super::report_permissions::ReportPermissions> {
        let request = context::of(ctx)?;
        let report = request.load(ReportOfObligation(self.0.id)).await?;
        super::report_permissions::permissions(request, &self.0, report.as_deref()).await
    }
}
