//! Exports of the caller.

use async_graphql::{Context, ID, Object};
use entity::{export_job, file, reporting_period, task_list, unit};

use super::directory::Unit;
use super::file::File;
use super::object_of_row;
use super::reporting::ReportingPeriod;
use super::task_list::TaskList;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{ExportFormat, ExportStatus, ExportView};
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// An export.
    ExportJob, export_job::Model
}

connection! {
    /// 导出的分页列表。
    /// A page of exports.
    ExportJobConnection,
    /// 导出及其游标。
    /// An export with its cursor.
    ExportJobEdge, ExportJob, export_job::Model
}

/// 导出：在后台生成，完成后凭 file 下载，保留 24 小时。
/// An export: made in the background, fetched by its `file`, kept for 24 hours.
#[Object]
impl ExportJob {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ExportJob, self.0.id)
    }

    /// 所导出的清单；已不可见时为空。
    /// The list; null when it is not visible any more.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 报告期。
    /// The period, for the views that are about one.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportingPeriod>> {
        match self.0.reporting_period_id {
            Some(key) => Ok(context::of(ctx)?.row::<reporting_period::Entity>(key).await?.map(ReportingPeriod::from)),
            None => Ok(None),
        }
    }

    /// 落实情况表或填报表的单位；为空即本单位。
    /// The unit of a report sheet or form; null means the caller's own.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        match self.0.subject_unit_id {
            Some(key) => Ok(context::of(ctx)?.row::<unit::Entity>(key).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 内容。
    /// What it shows.
    async fn view(&self) -> ExportView {
        self.0.view.into()
    }

    /// 格式。
    /// The form of the file.
    async fn format(&self) -> ExportFormat {
        self.0.format.into()
    }

    /// 状态。
    /// How far it is.
    async fn status(&self) -> ExportStatus {
        self.0.status.into()
    }

    /// 进度，0 至 100。
    /// The progress in percent.
    async fn progress(&self) -> i32 {
        self.0.progress
    }

    /// 失败原因，语言同申请时。
    /// Why nothing came of it, in the language it was asked for in.
    async fn problem(&self) -> Option<&str> {
        self.0.problem.as_deref()
    }

    /// 生成的文件；未完成或已过期时为空。
    /// The file; null while it is not done, and again when its time is over.
    async fn file(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<File>> {
        match self.0.file_id {
            Some(key) => Ok(context::of(ctx)?.row::<file::Entity>(key).await?.map(File::from)),
            None => Ok(None),
        }
    }

    /// 申请时刻。
    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 结束时刻。
    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }
}
