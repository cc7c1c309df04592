//! What the caller may do about an obligation and its report.

use async_graphql::SimpleObject;
use entity::vocabulary::PeriodStatus;
use entity::{progress_report, report_obligation, reporting_period};

use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject};
use crate::graphql::context::RequestContext;
use crate::graphql::loader::{ReopeningsOf, ReportingLeadOn};
use crate::service::reopenings::holds;

/// 对报告可做的操作。
/// What the caller may do with a report.
#[derive(SimpleObject)]
pub struct ReportPermissions {
    /// 填写。
    /// Write it.
    save: Permission,
    /// 提交。
    /// Hand it in.
    submit: Permission,
    /// 撤回。
    /// Take it back.
    withdraw: Permission,
    /// 通过。
    /// Accept it.
    accept: Permission,
    /// 退回。
    /// Return it.
    #[graphql(name = "return")]
    return_it: Permission,
    /// 申请延期。
    /// Ask for more time.
    request_extension: Permission,
    /// 签发。
    /// Sign it.
    sign: Permission,
    /// 退回填报人。
    /// Send it back inside the unit.
    send_back: Permission,
    /// 更正已通过的报告。
    /// Correct it after acceptance.
    correct: Permission,
    /// 放弃更正，恢复已通过的内容。
    /// Give up its correction.
    cancel_correction: Permission,
    /// 汇总其他单位的落实情况。
    /// Merge what the co-units handed in into it.
    merge: Permission,
}

/// What the caller may do about an obligation and its report.
pub(super) async fn permissions(
    request: &RequestContext,
    obligation: &report_obligation::Model,
    report: Option<&progress_report::Model>,
) -> async_graphql::Result<ReportPermissions> {
    let (subject, state) = request.standing_on_reporting(obligation.task_list_id).await?;
    let period = request.row::<reporting_period::Entity>(obligation.reporting_period_id).await?;
    let lead = request.load(ReportingLeadOn(obligation.task_id)).await?;
    let subject = Subject {
        reporting_lead: lead.is_some_and(|lead| lead.unit_id == Some(obligation.unit_id)),
        reporter: request.actor().reports_for(obligation.unit_id),
        approver: request.actor().signs_for(obligation.unit_id),
        signed_it: report.is_some_and(|row| row.signed_by_user_id == Some(request.actor().user_id)),
        submitted_it: report.is_some_and(|row| row.reporter_user_id == Some(request.actor().user_id)),
        ..subject
    };
    let closed = period.as_ref().is_some_and(|row| row.status == PeriodStatus::Closed);
    let period = match period.map(|row| row.status) {
        // Closed for the others, and open again for this unit?
        Some(PeriodStatus::Closed) => {
            let reopened = request.load(ReopeningsOf(obligation.reporting_period_id)).await?.unwrap_or_default();
            let open = reopened.iter().any(|row| row.unit_id == obligation.unit_id && holds(row, request.today));
            Some(if open { PeriodStatus::Open } else { PeriodStatus::Closed })
        }
        other => other,
    };
    let correcting = report.is_some_and(|row| row.accepted_revision.is_some());
    let released = obligation.released_at.is_some();
    let state = State { period, report: report.map(|row| row.status), correcting, released, ..state };
    let ask = |action| Permission::ask(action, subject, state, request.lang);
    Ok(ReportPermissions {
        save: ask(Action::ReportSave),
        submit: ask(Action::ReportSubmit),
        withdraw: ask(Action::ReportWithdraw),
        accept: ask(Action::ReportAccept),
        return_it: ask(Action::ReportReturn),
        request_extension: if closed {
            Permission::ask(
                Action::ExtensionCreate,
                subject,
                State { period: Some(PeriodStatus::Closed), ..state },
                request.lang,
            )
        } else {
            ask(Action::ExtensionCreate)
        },
        sign: ask(Action::ReportSign),
        send_back: ask(Action::ReportSendBack),
        correct: ask(Action::ReportCorrect),
        cancel_correction: ask(Action::ReportCorrectionCancel),
        merge: ask(Action::ReportMerge),
    })
}
