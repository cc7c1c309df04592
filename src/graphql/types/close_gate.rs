//! What stands in the way of closing a period.

use async_graphql::{Context, Object};
use entity::{report_obligation, reporting_period};

use super::obligation::ReportObligationConnection;
use super::roll_up::RollUp;
use super::viewer_can::Permission;
use crate::authz::{Action, State};
use crate::error::{Message, PeriodMessage};
use crate::graphql::context::{self, RequestContext};
use crate::graphql::loader::{CountsOfPeriod, TasksWithEndedUnits};
use crate::graphql::page::Asked;
use crate::graphql::user_error::UserErrorCode;
use crate::store::Visible;
use crate::store::query::{OrderBy, reports};

/// A period before its closing.
pub struct CloseGate(pub(super) Visible<reporting_period::Model>);

impl CloseGate {
    async fn sums(&self, request: &RequestContext) -> async_graphql::Result<RollUp> {
        Ok(request.load(CountsOfPeriod(self.0.id)).await?.unwrap_or_default().into())
    }
}

/// 关闭前的核对，仅就当前登录者可见的应报事项而言。
/// What still stands in the way of closing a period, over exactly the obligations the caller sees.
#[Object]
impl CloseGate {
    /// 能否直接关闭；尚有未报、退回或待审核的，关闭时须设 acceptMissing。
    /// Whether it can be closed as it is; while something is missing, returned or undecided, closing needs `acceptMissing`.
    async fn can_close(&self, ctx: &Context<'_>) -> async_graphql::Result<Permission> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_reporting(self.0.task_list_id).await?;
        let state = State { period: Some(self.0.status), ..state };
        let asked = Permission::ask(Action::PeriodClose, subject, state, request.lang);
        let sums = self.sums(request).await?;
        if !asked.allowed || sums.accepted == sums.expected {
            return Ok(asked);
        }
        let number = |n: i32| u32::try_from(n).unwrap_or_default();
        let waiting = number(sums.received - sums.accepted);
        let why = PeriodMessage::Incomplete(number(sums.missing), number(sums.returned), waiting);
        let reason = Some(Message::Period(why).text(request.lang));
        Ok(Permission { allowed: false, code: Some(UserErrorCode::Conflict), reason })
    }

    /// 未报（含草稿）。
    /// How many are missing, drafts included.
    async fn missing_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.sums(context::of(ctx)?).await?.missing)
    }

    /// 已退回、待重报。
    /// How many were returned and not handed in again.
    async fn returned_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.sums(context::of(ctx)?).await?.returned)
    }

    /// 已报送、待审核；关闭后不能再审核。
    /// How many wait for a decision, which nobody can make after closing.
    async fn submitted_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let sums = self.sums(context::of(ctx)?).await?;
        Ok(sums.received - sums.accepted)
    }

    /// 承担单位已停用的任务数，这些单位不再应报，须调整清单另行明确；用 tasks(filter: { unitOutOfUse: true }) 查看。
    /// How many tasks of the list have a unit on them that is out of use and owes nothing more, until the list is amended; `tasks(filter: { unitOutOfUse: true })` shows them.
    async fn unit_out_of_use_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let count = context::of(ctx)?.load(TasksWithEndedUnits(self.0.task_list_id)).await?.unwrap_or_default();
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// 尚未通过的应报事项：未报、退回或待审核。
    /// The obligations for which nothing is accepted yet: missing, returned or undecided.
    async fn outstanding(
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
    ) -> async_graphql::Result<ReportObligationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let order = OrderBy { field: reports::ReportObligationOrder::CreatedAt, descending: false };
        let of = reports::ObligationsOf::Period;
        let query = reports::report_obligations(
            request.actor(),
            &request.late_days(),
            &reports::outstanding(),
            order,
            page,
            of,
        );
        Ok(request.nested::<report_obligation::Entity>(self.0.id, query).await?.into())
    }
}
