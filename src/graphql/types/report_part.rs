//! The parts of a merged report.

use async_graphql::{Context, ID, Object};
use entity::{progress_report, report_part, unit};

use super::directory::Unit;
use super::object_of_row;
use super::report::ProgressReport;
use crate::domain::report_life::Life;
use crate::graphql::context::{self, id};
use crate::graphql::enums::Completion;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// A part of a merged report.
    ReportPart, report_part::Model
}

connection! {
    /// 汇总所依据的各单位报告的分页列表。
    /// A page of parts.
    ReportPartConnection,
    /// 一个组成部分及其游标。
    /// A part with its cursor.
    ReportPartEdge, ReportPart, report_part::Model
}

/// 牵头单位汇总时取用的一个单位的落实情况。
/// What a lead took over from a co-unit's report into its own.
#[Object]
impl ReportPart {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportPart, self.0.id)
    }

    /// 单位。
    /// The co-unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 取自该单位的第几次提交。
    /// Which revision of the co-unit's report it is.
    async fn revision(&self) -> i32 {
        self.0.source_revision
    }

    /// 取用时的落实情况。
    /// What was done, as it was taken over.
    async fn narrative(&self) -> &str {
        &self.0.narrative
    }

    /// 取用时的完成程度。
    /// How far the work was.
    async fn completion(&self) -> Completion {
        self.0.completion.into()
    }

    /// 取用时的完成百分比。
    /// Per cent done.
    async fn percent(&self) -> Option<i32> {
        self.0.percent
    }

    /// 取用时的完成次数；牵头单位的次数由其自行填报，不由各单位相加。
    /// How often that unit had done the task; the lead states its own count, which is no sum of these.
    async fn done_count(&self) -> Option<i32> {
        self.0.done_count
    }

    /// 该单位的报告；不可见时为空。
    /// The co-unit's report; null when it is invisible.
    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgressReport>> {
        let key = self.0.source_report_id;
        Ok(context::of(ctx)?.row::<progress_report::Entity>(key).await?.map(ProgressReport::from))
    }

    /// 该单位此后是否又有变动：已重新提交、撤回、被退回或正在更正。
    /// Whether the co-unit's report has moved on since: handed in anew, taken back, returned or being corrected.
    async fn moved_on(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let source = context::of(ctx)?.row::<progress_report::Entity>(self.0.source_report_id).await?;
        let stands =
            |row: &progress_report::Model| Life::standing_revision(row.status, row.revision, row.accepted_revision);
        Ok(source.is_none_or(|row| stands(&row) != self.0.source_revision || !handed_in(&row)))
    }

    /// 汇总时间。
    /// When it was merged.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

fn handed_in(row: &progress_report::Model) -> bool {
    use entity::vocabulary::ReportStatus::{Accepted, Submitted};
    matches!(row.status, Submitted | Accepted)
}
