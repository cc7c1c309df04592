//! Lists: started, changed, removed, issued, closed, put away.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::task_list;

use super::{VersionInput, delete_payload, payload};
use crate::graphql::context::{self, key};
use crate::graphql::patch;
use crate::graphql::scalar::Date;
use crate::graphql::types::task_list::TaskList;
use crate::id::Kind;
use crate::service::issue::Issue;
use crate::service::lists::{NewTaskList, TaskListChange};

/// 新清单。
/// A new list.
#[derive(InputObject)]
pub struct TaskListCreateInput {
    /// 发文单位，须为本政务公开办所在单位或其下级。
    /// The issuing unit, at or below the office.
    issuer: ID,
    /// 年度，2000 至 2100。
    /// The year, 2000 to 2100.
    year: i32,
    /// 标题，至多 500 字。
    /// The title, at most 500 characters.
    title: String,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
    /// 落款，原文照录。
    /// The issuer as printed.
    issuer_text: Option<String>,
    /// 配合单位是否也须报送，默认否。
    /// Whether supporting units owe reports too; false unless said.
    support_reports: Option<bool>,
}

/// 对草稿的修改；未给出的项不变。
/// Changes of a draft; what is not given stays.
#[derive(InputObject)]
pub struct TaskListUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 年度。
    /// The year.
    year: Option<i32>,
    /// 标题。
    /// The title.
    title: Option<String>,
    /// 文号；null 表示取消。
    /// The document number; null takes it away.
    document_number: MaybeUndefined<String>,
    /// 落款；null 表示取消。
    /// The issuer as printed; null takes it away.
    issuer_text: MaybeUndefined<String>,
    /// 配合单位是否也须报送；印发后不能再改。
    /// Whether supporting units owe reports too; fixed once the list is issued.
    support_reports: Option<bool>,
}

/// 印发。
/// How a list is put in force.
#[derive(InputObject)]
pub struct TaskListIssueInput {
    /// 清单的版本；章节、任务、指派的修改也会使其增加，因此印发的必是所见的内容。
    /// The version of the list; changes of its sections, tasks and assignments count too, so what is issued is what was read.
    expected_version: i32,
    /// 印发日期，默认当天。
    /// The day of issue; today when none is given.
    issued_on: Option<Date>,
    /// 文号。
    /// The document number.
    document_number: Option<String>,
}

payload! {
    /// 清单变更的结果。
    /// What came of a change of a list.
    TaskListPayload {
        /// 清单的最新状态；不可见时为空。
        /// The list as it is now; null when invisible.
        task_list: TaskList, task_list
    }
}

delete_payload! {
    /// 删除清单的结果。
    /// What came of the removal of a list.
    TaskListDeletePayload {
        /// 未能删除时清单的最新状态。
        /// The list as it is now, when it was not removed.
        task_list: TaskList, task_list, TaskList
    }
}

/// The verbs on lists.
#[derive(Default)]
pub struct ListMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ListMutation {
    /// 新建清单（发文单位的政务公开办）。
    /// Starts a list (the office at or above the issuer).
    async fn task_list_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let new = NewTaskList {
            issuer: key(Kind::Unit, &input.issuer)?,
            year: input.year,
            title: input.title,
            document_number: input.document_number,
            issuer_text: input.issuer_text,
            support_reports: input.support_reports.unwrap_or_default(),
        };
        let answer = request.service.task_list_create(&request.caller, idempotency_key, new).await;
        TaskListPayload::new(request, answer, None).await
    }

    /// 修改清单草稿（发文单位的政务公开办）。
    /// Changes a draft (the office at or above the issuer).
    async fn task_list_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let change = TaskListChange {
            expected_version: input.expected_version,
            year: input.year,
            title: input.title,
            document_number: patch(input.document_number),
            issuer_text: patch(input.issuer_text),
            support_reports: input.support_reports,
        };
        let answer = request.service.task_list_update(&request.caller, idempotency_key, id, change).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 删除清单草稿及其全部内容（发文单位的政务公开办）。
    /// Removes a draft with everything in it (the office at or above the issuer).
    async fn task_list_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_delete(&request.caller, idempotency_key, id, version).await;
        TaskListDeletePayload::new(request, answer, Some(id)).await
    }

    /// 印发清单（发文单位的政务公开办）：把单位组展开为单位并固定，推算相对时限；有任务无人负责或导入问题待确认时拒绝。
    /// Puts a draft in force (the office at or above the issuer): groups become units and are frozen, relative deadlines get their days; refused while a task has nobody or a question of the import is open.
    async fn task_list_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListIssueInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let issue = Issue {
            expected_version: input.expected_version,
            issued_on: input.issued_on.map(|day| day.0),
            document_number: input.document_number,
        };
        let answer = request.service.task_list_issue(&request.caller, idempotency_key, id, issue).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 办结清单（发文单位的政务公开办）；仍有未关闭的报告期时拒绝。
    /// Closes a list (the office at or above the issuer); refused while periods are open.
    async fn task_list_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_close(&request.caller, idempotency_key, id, version).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 归档已办结的清单（发文单位的政务公开办）。
    /// Puts a closed list away (the office at or above the issuer).
    async fn task_list_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_archive(&request.caller, idempotency_key, id, version).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }
}
