//! Many reports in one call, with an outcome for each.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::progress_report;
use uuid::Uuid;

use super::reports::ProgressReportSaveInput;
use crate::domain::lang::Lang;
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::types::report::ProgressReport;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::report_bulk::{ItemOutcome, ReportItem};

/// 多份要填写的报告。
/// Several reports to be written.
#[derive(InputObject)]
pub struct ProgressReportSaveManyInput {
    /// 各份的内容，至多 100 份。
    /// What is written in each, at most 100.
    items: Vec<ProgressReportSaveInput>,
}

/// 要提交的一份报告。
/// A report to be handed in.
#[derive(InputObject)]
pub struct ProgressReportSubmitItem {
    /// 报告。
    /// The report.
    id: ID,
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// 多份要提交的报告。
/// Several reports to be handed in.
#[derive(InputObject)]
pub struct ProgressReportSubmitManyInput {
    /// 报告，至多 100 份。
    /// The reports, at most 100.
    items: Vec<ProgressReportSubmitItem>,
}

/// 要签发的一份报告。
/// A report to be signed.
#[derive(InputObject)]
pub struct ProgressReportSignItem {
    /// 报告。
    /// The report.
    id: ID,
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
}

/// 多份要签发的报告。
/// Several reports to be signed.
#[derive(InputObject)]
pub struct ProgressReportSignManyInput {
    /// 报告，至多 100 份。
    /// The reports, at most 100.
    items: Vec<ProgressReportSignItem>,
}

/// 要通过的一份报告。
/// A report to be accepted.
#[derive(InputObject)]
pub struct ProgressReportAcceptItem {
    /// 报告。
    /// The report.
    id: ID,
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 意见，至多 2000 字。
    /// A comment, at most 2,000 characters.
    comment: Option<String>,
}

/// 多份要通过的报告。
/// Several reports to be accepted.
#[derive(InputObject)]
pub struct ProgressReportAcceptManyInput {
    /// 报告，至多 100 份。
    /// The reports, at most 100.
    items: Vec<ProgressReportAcceptItem>,
}

/// 其中一份的结果；各份互不影响。
/// What came of one of them; each stands for itself.
#[derive(SimpleObject)]
pub struct ProgressReportItemPayload {
    /// 报告的最新状态；没有或不可见时为空。
    /// The report as it is now; null when there is none or it is invisible.
    progress_report: Option<ProgressReport>,
    /// 需要用户处理的问题，位置从这一份的内容算起；为空表示成功。
    /// What the user has to mend, with places inside this item; empty means done.
    user_errors: Vec<UserError>,
}

/// 批量操作的结果。
/// What came of many reports.
#[derive(SimpleObject)]
pub struct ProgressReportManyPayload {
    /// 逐份的结果，次序与所给一致；整批未处理时为空。
    /// One outcome for each, in the order given; empty when none was looked at.
    outcomes: Vec<ProgressReportItemPayload>,
    /// 成功的份数。
    /// How many were done.
    done_count: i32,
    /// 整批的问题，如份数过多；为空表示已逐份处理。
    /// What is wrong with the call as a whole, such as too many items; empty means that each was looked at.
    user_errors: Vec<UserError>,
}

impl ProgressReportManyPayload {
    async fn new(request: &RequestContext, answer: Answer<Vec<ItemOutcome>>) -> async_graphql::Result<Self> {
        let outcomes = match answer.map_err(top_level)? {
            Ok(outcomes) => outcomes,
            Err(errors) => {
                let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
                return Ok(Self { outcomes: Vec::new(), done_count: 0, user_errors });
            }
        };
        let keys: Vec<Uuid> = outcomes.iter().filter_map(|outcome| outcome.report).collect();
        let seen = request.reader.by_keys::<progress_report::Entity>(&keys).await;
        let seen = seen.map_err(|error| top_level(error.into()))?;
        let done = outcomes.iter().filter(|outcome| outcome.errors.is_empty()).count();
        let said = |outcome: ItemOutcome| ProgressReportItemPayload {
            progress_report: outcome.report.and_then(|id| seen.get(&id)).cloned().map(ProgressReport::from),
            user_errors: outcome
                .errors
                .into_iter()
                .map(|error| {
                    let text = if request.lang == Lang::Zh { error.zh } else { error.en };
                    UserError::said(error.code, text, error.field)
                })
                .collect(),
        };
        Ok(Self {
            outcomes: outcomes.into_iter().map(said).collect(),
            done_count: i32::try_from(done).unwrap_or(i32::MAX),
            user_errors: Vec::new(),
        })
    }
}

/// What a reporting unit does with many.
#[derive(Default)]
pub struct ReportBulkMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl ReportBulkMutation {
    /// 一次填写多份报告，如整张表；逐份给出结果（承担任务的单位）。
    /// Writes many reports at once, such as the whole sheet, with an outcome for each (the reporting unit).
    async fn progress_report_save_many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nWhat is written.")] input: ProgressReportSaveManyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportManyPayload> {
        let request = context::of(ctx)?;
        let items = input.items.into_iter().map(ProgressReportSaveInput::save).collect::<Result<Vec<_>, _>>()?;
        let answer = request.service.progress_report_save_many(&request.caller, idempotency_key, items).await;
        ProgressReportManyPayload::new(request, answer).await
    }

    /// 一次提交多份报告，逐份给出结果（承担任务的单位）。
    /// Hands many reports in at once, with an outcome for each (the reporting unit).
    async fn progress_report_submit_many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe reports.")] input: ProgressReportSubmitManyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportManyPayload> {
        let request = context::of(ctx)?;
        let item = |item: ProgressReportSubmitItem| -> async_graphql::Result<ReportItem> {
            let id = key(Kind::ProgressReport, &item.id)?;
            Ok(ReportItem { id, expected_version: item.expected_version, comment: None })
        };
        let items = input.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let answer = request.service.progress_report_submit_many(&request.caller, idempotency_key, items).await;
        ProgressReportManyPayload::new(request, answer).await
    }
}

/// What an approver does with many.
#[derive(Default)]
pub struct SigningBulkMutation;

#[Object(guard = "crate::graphql::guard::SIGNING")]
impl SigningBulkMutation {
    /// 一次签发多份报告，逐份给出结果（填报单位审签人；不能签发本人提交的报告）。
    /// Signs many reports at once, with an outcome for each (the approver of the reporting unit; nobody signs what he handed in himself).
    async fn progress_report_sign_many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe reports.")] input: ProgressReportSignManyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportManyPayload> {
        let request = context::of(ctx)?;
        let item = |item: ProgressReportSignItem| -> async_graphql::Result<ReportItem> {
            let id = key(Kind::ProgressReport, &item.id)?;
            Ok(ReportItem { id, expected_version: item.expected_version, comment: None })
        };
        let items = input.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let answer = request.service.progress_report_sign_many(&request.caller, idempotency_key, items).await;
        ProgressReportManyPayload::new(request, answer).await
    }
}

/// What the office does with many.
#[derive(Default)]
pub struct ReviewBulkMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ReviewBulkMutation {
    /// 一次通过多份报告，逐份给出结果（政务公开办；不能审核本人提交或签发的报告）。
    /// Accepts many reports at once, with an outcome for each (the office; nobody accepts what he handed in or signed himself).
    async fn progress_report_accept_many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。\nThe reports.")] input: ProgressReportAcceptManyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportManyPayload> {
        let request = context::of(ctx)?;
        let item = |item: ProgressReportAcceptItem| -> async_graphql::Result<ReportItem> {
            let id = key(Kind::ProgressReport, &item.id)?;
            Ok(ReportItem { id, expected_version: item.expected_version, comment: item.comment })
        };
        let items = input.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let answer = request.service.progress_report_accept_many(&request.caller, idempotency_key, items).await;
        ProgressReportManyPayload::new(request, answer).await
    }
}
