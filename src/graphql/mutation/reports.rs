//! Writing, handing in and taking back of progress reports.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::progress_report;
use uuid::Uuid;

use super::payload;
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::enums::Completion;
use crate::graphql::patch;
use crate::graphql::scalar::Date;
use crate::graphql::types::report::ProgressReport;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::reports::ReportSave;

/// 填写的内容；未给出的项不变，null 表示清空。
/// What is written; what is not given stays, null takes it away.
#[derive(InputObject)]
pub struct ProgressReportSaveInput {
    /// 应报事项。
    /// The obligation that is answered.
    obligation: ID,
    /// 修改所依据的版本；首次填写时不给。
    /// The version the change was made on; not given the first time.
    expected_version: Option<i32>,
    /// 落实情况，至多 10000 字。
    /// What was done, at most 10,000 characters.
    narrative: MaybeUndefined<String>,
    /// 完成程度。
    /// How far the work is.
    completion: MaybeUndefined<Completion>,
    /// 完成百分比，0 至 100。
    /// Per cent done, 0 to 100.
    percent: MaybeUndefined<i32>,
    /// 完成次数，0 至 10000，至报告期末的累计数；仅用于有次数要求的任务（expectedCount 不为空），除无新增情况和不适用外提交时必填。
    /// How often the task was done by the end of the period, 0 to 10,000; only for recurring tasks, whose `expectedCount` is not null. Handing in needs it where at least one is expected, unless there is nothing to report or it does not apply.
    done_count: MaybeUndefined<i32>,
    /// 填报时间：单位在表上写明的日期。
    /// The day the unit writes on it.
    filled_on: MaybeUndefined<Date>,
    /// 填报人姓名，至多 100 字；首次填写未给时取当前用户姓名。
    /// The contact's name, at most 100 characters; the caller's own when not given the first time.
    reporter_name: MaybeUndefined<String>,
    /// 填报人电话：手机号或带区号的固定电话；加密保存。
    /// The contact's telephone number, mobile or with area code; kept encrypted.
    reporter_phone: MaybeUndefined<String>,
}

impl ProgressReportSaveInput {
    /// As the service takes it.
    pub(super) fn save(self) -> async_graphql::Result<ReportSave> {
        Ok(ReportSave {
            obligation: key(Kind::ReportObligation, &self.obligation)?,
            expected_version: self.expected_version,
            narrative: patch(self.narrative),
            completion: patch(self.completion).map(|value| value.map(Into::into)),
            percent: patch(self.percent),
            done_count: patch(self.done_count),
            filled_on: patch(self.filled_on).map(|value| value.map(|day| day.0)),
            reporter_name: patch(self.reporter_name),
            reporter_phone: patch(self.reporter_phone),
        })
    }
}

/// 提交的依据。
/// What the handing in was decided on.
#[derive(InputObject)]
pub struct ProgressReportSubmitInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// 撤回的依据。
/// What the taking back was decided on.
#[derive(InputObject)]
pub struct ProgressReportWithdrawInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

payload! {
    /// 报告变更的结果。
    /// What came of a change of a progress report.
    ProgressReportPayload {
        /// 报告的最新状态；不可见时为空。
        /// The report as it is now; null when invisible.
        progress_report: ProgressReport, progress_report
    }
}

/// 查看填报人电话的结果。
/// What came of asking for the reporter's telephone number.
#[derive(SimpleObject)]
pub struct ProgressReportPhonePayload {
    /// 报告；不可见时为空。
    /// The report; null when invisible.
    progress_report: Option<ProgressReport>,
    /// 完整电话号码；未填写或无权查看时为空。
    /// The number in the clear; null when there is none or it is not for the caller.
    phone: Option<String>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// The report of an obligation as it is now, past what a loader may hold from before a change.
pub(super) async fn report_of(request: &RequestContext, obligation: Uuid) -> async_graphql::Result<Option<Uuid>> {
    let found = request.reader.reports_of_obligations(&[obligation]).await.map_err(|e| top_level(e.into()))?;
    Ok(found.get(&obligation).map(|report| report.id))
}

/// What a reporting unit does.
#[derive(Default)]
pub struct ReportsMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl ReportsMutation {
    /// 填写落实情况：首次填写即建立草稿，草稿和被退回的报告可反复修改（承担任务的单位）。
    /// Writes the report of an obligation; drafts and returned reports can be written again (the reporting unit).
    async fn progress_report_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nWhat is written.")] input: ProgressReportSaveInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let save = input.save()?;
        let obligation = save.obligation;
        let answer = request.service.progress_report_save(&request.caller, idempotency_key, save).await;
        let meant = match &answer {
            Ok(Err(_)) => report_of(request, obligation).await?,
            _ => None,
        };
        ProgressReportPayload::new(request, answer, meant).await
    }

    /// 提交报告：须签发的单位报本单位审签人，否则直接报政务公开办审核（承担任务的单位）。
    /// Hands a report in: to the unit's own approver where the unit asks for a signature, else to the office (the reporting unit).
    async fn progress_report_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportSubmitInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer =
            request.service.progress_report_submit(&request.caller, idempotency_key, id, input.expected_version).await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }

    /// 撤回待签发或待审核的报告，恢复为草稿（承担任务的单位）。
    /// Takes a report back to a draft before the office decided (the reporting unit).
    async fn progress_report_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: ProgressReportWithdrawInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request
            .service
            .progress_report_withdraw(&request.caller, idempotency_key, id, input.expected_version)
            .await;
        ProgressReportPayload::new(request, answer, Some(id)).await
    }

    /// 查看填报人完整电话（政务公开办和本单位填报人），每次查看均留审计记录。
    /// Gives the reporter's telephone number in the clear; every reading leaves an audit row (the office, and the reporting unit for its own).
    #[graphql(guard = "crate::graphql::guard::CONTACTS")]
    async fn progress_report_phone_reveal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe report.")] id: ID,
        #[graphql(
            desc = "此处不起作用：每次查看都单独留痕。\nWithout effect here: every reading is entered by itself."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportPhonePayload> {
        let request = context::of(ctx)?;
        let _ = idempotency_key;
        let id = key(Kind::ProgressReport, &id)?;
        let answer = request.service.progress_report_phone_reveal(&request.caller, id).await.map_err(top_level)?;
        let (phone, errors) = match answer {
            Ok(phone) => (phone, Vec::new()),
            Err(errors) => (None, errors),
        };
        Ok(ProgressReportPhonePayload {
            progress_report: request.fresh::<progress_report::Entity>(id).await?.map(ProgressReport::from),
            phone,
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}
